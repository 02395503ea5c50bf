"""What becomes of a page in the archive: whose it is, what is doubtful about it, and what it may not replace."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.archive.archive import Archive
from crawler.archive.warc import RawPage
from crawler.errors import Doubtful, NotAnArticle, OtherArticle
from crawler.listings.listed import Listed, Source
from crawler.listings.sections import GOC_NHIN, parse_sections
from crawler.reading.layouts import parse_layouts, read_layouts
from crawler.runs.captured import Captured
from crawler.runs.keeping import Keeper
from crawler.urls import article_address
from tests.helpers import NOON
from tests.replica.pieces import LAST, Piece, specimens
from tests.replica.site import create_site

DAY = timedelta(1)
NOW = LAST + DAY


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[Keeper]:
    with Archive.open(tmp_path) as archive:
        archive.crawls.begin(NOON)
        yield Keeper(archive, (GOC_NHIN,), read_layouts())


@pytest.fixture(scope="module")
def pieces() -> list[Piece]:
    return [piece for piece in specimens() if piece.section == "Góc nhìn"]


def of_layout(pieces: list[Piece], layout: str) -> Piece:
    return next(piece for piece in pieces if piece.layout == layout)


def html(piece: Piece) -> str:
    return create_site([piece]).test_client().get(piece.path).text


def captured(piece: Piece, body: str | None = None, content_type: str = "text/html") -> Captured:
    text = html(piece) if body is None else body
    page = RawPage(piece.url, NOW, text.encode(), (("Content-Type", content_type),))
    return Captured(article_address(piece.url).id, page)


def listed(keeper: Keeper, piece: Piece, section: str = "goc-nhin", title: str | None = None) -> None:
    item = Listed(article_address(piece.url), piece.title if title is None else title, piece.published_at)
    keeper.frontier.want(1, [item], Source.SECTION if section else Source.SITEMAP, section)


def codes(keeper: Keeper, number: int) -> set[tuple[str, str]]:
    return {(doubt.field, doubt.code) for doubt in keeper.archive.doubts(number)}


def without_section(text: str) -> str:
    return text.replace("Góc nhìn", "").replace("/goc-nhin", "/").replace("/Danh-muc/goc-nhin", "/")


def test_what_the_section_lists_is_of_it_though_the_page_says_nothing(keeper: Keeper, pieces: list[Piece]) -> None:
    piece = of_layout(pieces, "classic")
    listed(keeper, piece)
    assert keeper.keep(captured(piece, without_section(html(piece)))).outcome == "new"
    kept = keeper.archive.get(piece.id)
    assert kept is not None
    assert (kept.section, kept.text) == ("Góc nhìn", piece.text)
    assert codes(keeper, piece.id) == {("section", "unsaid")}


def test_what_only_a_sitemap_names_needs_a_section(keeper: Keeper, pieces: list[Piece]) -> None:
    piece = of_layout(pieces, "classic")
    listed(keeper, piece, section="")
    with pytest.raises(NotAnArticle, match="names no section"):
        keeper.keep(captured(piece, without_section(html(piece))))


@pytest.mark.parametrize(
    "badge",
    [
        '<span class="c-detail-head__cat"><a href="/goc-nhin">› GÓC NHÌN</a></span>',
        '<span class="c-detail-head__cat"><a href="/goc-nhin/thoi-luan">Thời luận</a></span>',
        '<ol class="breadcrumb"><li class="breadcrumb-item"><a href="/goc-nhin">Góc nhìn</a></li>'
        '<li class="breadcrumb-item"><a href="/goc-nhin/thoi-luan">Thời luận</a></li></ol>',
        '<ol class="breadcrumb"><li class="breadcrumb-item"><a href="/goc-nhin">Góc nhìn</a></li>'
        '<li class="breadcrumb-item"><a href="#">TITLE</a></li></ol>',
    ],
)
def test_any_step_of_the_trail_names_the_section(keeper: Keeper, pieces: list[Piece], badge: str) -> None:
    piece = of_layout(pieces, "classic")
    listed(keeper, piece, section="")
    shown = '<span class="c-detail-head__cat"><a href="/goc-nhin">Góc nhìn</a></span>'
    text = html(piece)
    assert shown in text
    assert keeper.keep(captured(piece, text.replace(shown, badge.replace("TITLE", piece.title)))).outcome == "new"
    kept = keeper.archive.get(piece.id)
    assert kept is not None
    assert (kept.section, codes(keeper, piece.id)) == ("Góc nhìn", set())


def test_a_page_of_another_section_that_ours_lists_is_kept_and_told(keeper: Keeper, pieces: list[Piece]) -> None:
    piece = of_layout(pieces, "longform")
    listed(keeper, piece)
    found = keeper.keep(captured(piece, html(replace(piece, section="Kinh tế"))))
    assert (found.outcome, found.contradicted) == ("elsewhere", True)
    assert [number for number, _ in keeper.frontier.kept_pages()] == [piece.id]
    assert keeper.frontier.quarantined() == {}
    assert keeper.frontier.recheck(1, NOW, None) == 1, "a full run asks for it again"
    assert keeper.frontier.recheck(1, NOW + DAY, 50) == 0


def test_two_sections_share_an_archive(tmp_path: Path, pieces: list[Piece]) -> None:
    sections = parse_sections("goc-nhin, moi-ngay-mot-chuyen")
    ours, neighbour = of_layout(pieces, "longform"), of_layout(pieces, "classic")
    with Archive.open(tmp_path) as archive:
        keeper = Keeper(archive, sections, read_layouts())
        for piece in (ours, replace(neighbour, section="Mỗi ngày một chuyện")):
            assert keeper.keep(captured(piece, html(piece))).outcome == "new"
        assert [article.section for article in archive.current((ours.id, neighbour.id))] == [
            "Góc nhìn",
            "Mỗi ngày một chuyện",
        ]


def test_a_claimed_charset_does_no_harm(keeper: Keeper, pieces: list[Piece]) -> None:
    for layout in ("longform", "classic"):
        piece = of_layout(pieces, layout)
        listed(keeper, piece)
        keeper.keep(captured(piece, content_type="text/html; charset=iso-8859-1"))
        kept = keeper.archive.get(piece.id)
        assert kept is not None
        assert (kept.title, kept.text) == (piece.title, piece.text)


RENAMED = 'class="entry entry-no-padding"'


def test_a_doubtful_reading_is_archived_and_a_sound_one_amends_it(keeper: Keeper, pieces: list[Piece]) -> None:
    piece = of_layout(pieces, "longform")
    listed(keeper, piece)
    renamed = html(piece).replace(RENAMED, 'class="content-v2"')
    assert keeper.keep(captured(piece, renamed)).outcome == "new"
    assert ("text", "other_rule") in codes(keeper, piece.id)
    corrected = html(replace(piece, body=(*piece.body, "Một câu mới.")))
    assert keeper.keep(captured(piece, corrected)).outcome == "amended"
    kept = keeper.archive.get(piece.id)
    assert kept is not None
    assert (kept.revision, kept.text.endswith("Một câu mới."), codes(keeper, piece.id)) == (1, True, set())


def test_a_doubtful_reading_does_not_replace_a_sound_one(keeper: Keeper, pieces: list[Piece]) -> None:
    piece = of_layout(pieces, "longform")
    listed(keeper, piece)
    keeper.keep(captured(piece))
    other = html(replace(piece, body=(*piece.body, "Một câu mới."))).replace(RENAMED, 'class="content-v2"')
    with pytest.raises(Doubtful):
        keeper.keep(captured(piece, other))
    same = html(piece).replace(RENAMED, 'class="content-v2"')
    assert keeper.keep(captured(piece, same)).outcome == "unchanged"
    assert codes(keeper, piece.id) == set()


def test_a_file_of_four_lines_mends_a_layout(tmp_path: Path, pieces: list[Piece]) -> None:
    piece = of_layout(pieces, "longform")
    mended = parse_layouts('[longform]\nbody = [".content-v2"]\n', "mine.toml", read_layouts())
    with Archive.open(tmp_path) as archive:
        keeper = Keeper(archive, (GOC_NHIN,), mended)
        keeper.keep(captured(piece, html(piece).replace(RENAMED, 'class="content-v2"')))
        assert archive.rules(piece.id, 1)["text"] == ".content-v2"
        assert codes(keeper, piece.id) == set()


def test_nobody_elses_page_takes_an_articles_place(keeper: Keeper, pieces: list[Piece]) -> None:
    """A content management system's slip: every legacy page states the same canonical address."""
    legacy = [piece for piece in pieces if piece.layout == "legacy"]
    assert len(legacy) > 3
    other = of_layout(pieces, "classic")
    for piece in legacy:
        listed(keeper, piece)
        text = html(piece).replace("</head>", f'<link rel="canonical" href="{other.url}"></head>')
        assert keeper.keep(captured(piece, text)).outcome == "new"
    for piece in legacy:
        kept = keeper.archive.get(-(piece.legacy_id or 0))
        assert kept is not None
        assert (kept.title, kept.aliases, kept.revision) == (piece.title, (), 1)
        assert ("url", "other_address") in codes(keeper, kept.id)
    assert keeper.archive.get(other.id) is None


def test_a_legacy_page_is_joined_with_an_address_made_of_its_title(keeper: Keeper, pieces: list[Piece]) -> None:
    piece = of_layout(pieces, "legacy")
    text = html(piece).replace(
        "</head>", f'<link rel="canonical" href="https://hanoimoi.vn/{piece.slug}-777001.html"></head>'
    )
    listed(keeper, piece)
    keeper.keep(captured(piece, text))
    kept = keeper.archive.get(-(piece.legacy_id or 0))
    assert kept is not None
    assert (kept.id, kept.aliases) == (777001, (-(piece.legacy_id or 0),))
    assert codes(keeper, 777001) == set()


def test_a_legacy_page_does_not_overwrite_what_stands_at_the_address_it_states(
    keeper: Keeper, pieces: list[Piece]
) -> None:
    piece, other = of_layout(pieces, "legacy"), replace(of_layout(pieces, "longform"), id=777001)
    keeper.keep(captured(other, html(other)))
    address = f"https://hanoimoi.vn/{piece.slug}-{other.id}.html"
    listed(keeper, piece)
    text = html(piece).replace("</head>", f'<link rel="canonical" href="{address}"></head>')
    keeper.keep(captured(piece, text))
    kept, legacy = keeper.archive.get(other.id), keeper.archive.get(-(piece.legacy_id or 0))
    assert kept is not None
    assert legacy is not None
    assert (kept.title, kept.revision, legacy.title) == (other.title, 1, piece.title)
    assert ("url", "other_address") in codes(keeper, legacy.id)


def test_a_redirect_to_a_different_article_changes_nothing(keeper: Keeper, pieces: list[Piece]) -> None:
    one, other = pieces[0], pieces[1]
    listed(keeper, one)
    with pytest.raises(OtherArticle):
        keeper.keep(replace(captured(other), number=one.id))
    assert keeper.archive.ids() == []


def test_a_counter_in_the_text_is_a_doubt_and_no_flood_of_revisions(keeper: Keeper, pieces: list[Piece]) -> None:
    piece = of_layout(pieces, "longform")
    listed(keeper, piece)

    def fetched(views: int, last: str = "") -> str:
        body = (*piece.body[:-1], piece.body[-1] + last, f"Lượt xem bài này cho đến nay là {views} lượt.")
        return keeper.keep(captured(piece, html(replace(piece, body=body)))).outcome

    assert [fetched(views) for views in range(8)] == ["new", "revised", "revised", "amended", *["unchanged"] * 4]
    assert ("text", "unsteady") in codes(keeper, piece.id)
    assert fetched(9, " Một câu đính chính.") == "revised", "a correction elsewhere is one all the same"
    kept = keeper.archive.get(piece.id)
    assert kept is not None
    assert kept.revision == 4


def test_corrections_between_which_nothing_changes_are_revisions(keeper: Keeper, pieces: list[Piece]) -> None:
    piece = of_layout(pieces, "longform")
    listed(keeper, piece)
    outcomes = []
    for number in range(4):
        changed = replace(piece, body=(*piece.body, f"Đính chính lần thứ {number}."))
        outcomes += [keeper.keep(captured(changed, html(changed))).outcome for _ in range(2)]
    assert outcomes == ["new", "unchanged", *["revised", "unchanged"] * 3]


def test_a_pictures_address_is_stored_in_one_form(keeper: Keeper, pieces: list[Piece]) -> None:
    piece = next(piece for piece in pieces if piece.layout == "longform" and piece.caption)
    listed(keeper, piece)
    composed = html(piece).replace(f"/mau/{piece.id}.jpg", "/mau/\u1ea3nh.jpg")
    assert keeper.keep(captured(piece, composed)).outcome == "new"
    assert keeper.keep(captured(piece, composed.replace("\u1ea3", "a\u0309"))).outcome == "unchanged"


def test_a_page_cut_short_is_not_an_article(keeper: Keeper, pieces: list[Piece]) -> None:
    piece = of_layout(pieces, "longform")
    listed(keeper, piece)
    whole = html(piece)
    with pytest.raises(NotAnArticle, match="cut short"):
        keeper.keep(captured(piece, whole[: whole.index(piece.body[-1])]))


def test_a_time_in_the_future_and_a_listing_that_says_otherwise_are_doubts(keeper: Keeper, pieces: list[Piece]) -> None:
    piece = replace(of_layout(pieces, "longform"), published_at=NOW + 3650 * DAY)
    listed(keeper, replace(piece, published_at=NOON), title="Một tiêu đề khác hẳn")
    keeper.keep(captured(piece, html(piece)))
    assert codes(keeper, piece.id) == {("published_at", "future"), ("published_at", "listing"), ("title", "listing")}


def test_a_paragraph_in_several_articles_is_a_doubt_about_each_of_them(keeper: Keeper, pieces: list[Piece]) -> None:
    box = "Chuyên mục nhận bài của mọi người qua địa chỉ của tòa soạn."
    chosen = [piece for piece in pieces if piece.layout == "longform"][:4]
    for piece in chosen:
        keeper.keep(captured(piece, html(replace(piece, body=(*piece.body, box)))))
    assert [codes(keeper, piece.id) for piece in chosen] == [{("text", "repeated")}] * 4


def test_a_reprint_is_no_box(keeper: Keeper, pieces: list[Piece]) -> None:
    piece = of_layout(pieces, "longform")
    for number in range(4):
        again = replace(piece, id=900_000 + number)
        keeper.keep(captured(again, html(again)))
        assert codes(keeper, again.id) == set()


def test_a_text_far_from_the_sections_usual_length_is_a_doubt(keeper: Keeper, pieces: list[Piece]) -> None:
    for piece in pieces[:25]:
        keeper.keep(captured(piece, html(piece)))
    short = replace(pieces[30], body=("Một câu.",))
    keeper.keep(captured(short, html(short)))
    number = -(short.legacy_id or 0) if short.layout == "legacy" else short.id
    assert ("text", "length") in codes(keeper, number)


@pytest.mark.parametrize("path", ["/404", "/404/", "/404?from=bai-1.html"])
def test_the_sites_own_page_for_what_is_missing_is_no_article(keeper: Keeper, pieces: list[Piece], path: str) -> None:
    piece = pieces[0]
    listed(keeper, piece)
    found = captured(piece)
    kept = keeper.keep(replace(found, page=replace(found.page, url=f"https://hanoimoi.vn{path}")))
    assert kept.outcome == "gone"
    assert keeper.archive.ids() == []
    assert keeper.frontier.wanted() == 0
