from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.dates import HANOI
from indexer.engines.protocol import Engine, Result
from indexer.errors import BadQuery
from indexer.export import export
from indexer.query.parameters import SearchRequest, Sort
from tests.helpers import answering, article


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T06:11:00+07:00").astimezone(HANOI)


ARTICLES = [
    article(1, "Phong trào thi đua lan rộng.", published_at=at("2019-12-31"), authors=("An Bình",), tags=("thi đua",)),
    article(2, "Thi cử và đua xe.", published_at=at("2020-01-01"), authors=("An Bình", "Lê Hoa"), tags=("Hà Nội",)),
    article(3, "Người người thi đua, nhà nhà thi đua.", published_at=at("2021-03-05"), authors=("Lê Hoa",)),
    article(4, "Chợ quê.\n\nHồ Gươm buổi sớm.", published_at=at("2021-03-05"), tags=("Hà Nội", "chợ")),
    article(5, "Cho que diêm.", title="Thi đua", published_at=at("2022-07-01")),
]


def notes(result: Result) -> list[tuple[str, dict[str, str]]]:
    return [(note["code"], note["values"]) for note in result.page(1, 1)["notes"]]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return answering(tmp_path_factory.mktemp("five"), ARTICLES)


def test_neighbours_rank_before_scattered_words(engine: Engine) -> None:
    answer = engine.search(SearchRequest(q="thi đua"))
    assert set(answer.ids()) == {1, 2, 3, 5}
    assert answer.ids()[-1] == 2
    assert answer.ids()[0] == 5, "the title says it"


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (SearchRequest(), [5, 4, 3, 2, 1]),
        (SearchRequest(sort="oldest"), [1, 2, 3, 4, 5]),
        (SearchRequest(q="thi đua", sort="newest"), [5, 3, 2, 1]),
        (SearchRequest(since=date(2020, 1, 1), until=date(2021, 3, 5)), [4, 3, 2]),
        (SearchRequest(since=date(2021, 3, 6)), [5]),
        (SearchRequest(until=date(2019, 12, 31)), [1]),
        (SearchRequest(authors=("lê hoa",)), [3, 2]),
        (SearchRequest(authors=("An Bình", "Lê Hoa")), [3, 2, 1]),
        (SearchRequest(authors=("An",)), []),
        (SearchRequest(tags=("Hà Nội",)), [4, 2]),
        (SearchRequest(tags=("chợ", "thi đua")), []),
        (SearchRequest(tags=("chợ", "Hà Nội")), [4]),
        (SearchRequest(years=("2019", "2021")), [4, 3, 1]),
        (SearchRequest(years=("-2021", "-2019"), tags=("Hà Nội",)), [2]),
        (SearchRequest(tags=("-Hà Nội",)), [5, 3, 1]),
        (SearchRequest(authors=("Lê Hoa", "-an bình")), [3]),
        (SearchRequest(authors=("-Hoa",)), [5, 4, 3, 2, 1]),
        (SearchRequest(q='author:"an bình"'), [2, 1]),
        (SearchRequest(q="author:hoa"), [3, 2]),
        (SearchRequest(q="tag:hà"), [4, 2]),
        (SearchRequest(q="title:đua"), [5]),
        (SearchRequest(q="date:2021"), [4, 3]),
        (SearchRequest(q="-thi"), [4]),
        (SearchRequest(q='"quê hồ"'), []),
    ],
)
def test_filters_fields_and_orders(engine: Engine, request_: SearchRequest, expected: list[int]) -> None:
    answer = engine.search(request_)
    found = answer.ids()
    assert (sorted(found, reverse=True) if request_.q and request_.sort is None else found) == expected


def test_a_query_without_marks_finds_every_marking(engine: Engine) -> None:
    answer = engine.search(SearchRequest(q="cho que"))
    assert (set(answer.ids()), answer.accents) == ({4, 5}, "folded")
    exact = engine.search(SearchRequest(q="chợ quê"))
    assert (exact.ids(), exact.accents) == ([4], "exact")


def test_a_partly_marked_query_opens_up_only_if_nothing_matches(engine: Engine) -> None:
    assert engine.search(SearchRequest(q="cho diêm")).ids() == [5]
    opened = engine.search(SearchRequest(q="cho quê"))
    assert (opened.ids(), opened.accents) == ([4], "folded")


def test_facets_count_the_whole_result(engine: Engine) -> None:
    found = engine.search(SearchRequest(q="thi đua")).page(1, 1)
    assert found["total"] == 4
    assert len(found["results"]) == 1
    assert found["facets"] == {
        "year": [{"value": year, "count": 1} for year in ("2022", "2021", "2020", "2019")],
        "author": [{"value": "An Bình", "count": 2}, {"value": "Lê Hoa", "count": 2}],
        "tag": [{"value": "Hà Nội", "count": 1}, {"value": "thi đua", "count": 1}],
    }


def test_pages_are_windows_of_one_ranking(engine: Engine) -> None:
    answer = engine.search(SearchRequest(q="thi đua"))
    paged = [hit["id"] for number in (1, 2, 3) for hit in answer.page(number, 2)["results"]]
    assert paged == answer.ids()


def test_a_span_the_wrong_way_round_is_refused() -> None:
    with pytest.raises(BadQuery, match="swap them"):
        SearchRequest(since=date(2021, 1, 1), until=date(2020, 1, 1))


def test_exports_hold_the_same_articles_in_the_same_order(engine: Engine) -> None:
    answer = engine.search(SearchRequest(q="thi đua"))
    whole = json.loads(b"".join(export(answer, "json")))
    lines = [json.loads(line) for line in b"".join(export(answer, "ndjson")).splitlines()]
    assert whole["articles"] == lines
    assert [one["id"] for one in lines] == answer.ids()
    assert (list(whole)[-1], whole["complete"], whole["count"]) == ("complete", True, 4)
    assert whole["query"]["q"] == "thi đua"


WORDS = st.sampled_from(["thi", "đua", "dua", "chợ", "cho", "quê", "phong", '"thi đua"', "-hoa", "OR", "title:thi"])


@given(st.lists(WORDS, min_size=1, max_size=5).map(" ".join), st.sampled_from(["relevance", "newest", "oldest", None]))
def test_every_match_is_ranked_once_and_no_other(engine: Engine, q: str, sort: Sort | None) -> None:
    try:
        answer = engine.search(SearchRequest(q=q, sort=sort))
    except BadQuery:
        return
    found = answer.ids()
    shown = answer.page(1, 10)["results"]
    assert [hit["id"] for hit in shown] == found
    assert len(set(found)) == len(found) == len(answer)
    if answer.request.order == "relevance":
        scores = [hit["score"] for hit in shown]
        assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(
    ("q", "openly", "literally"),
    [
        ("cho que", [4, 5], [5]),
        ("hoa", [6], []),
        ("HĐND", [6, 7], [7]),
        ("thi đua", [1, 2, 3, 5], [1, 2, 3, 5]),
    ],
)
def test_a_literal_query_finds_what_is_typed_and_no_more(
    tmp_path: Path, q: str, openly: list[int], literally: list[int]
) -> None:
    more = [article(6, "Hội đồng nhân dân hỏa tốc."), article(7, "Họp HĐND.")]
    whole = answering(tmp_path, [*ARTICLES, *more])
    assert sorted(whole.search(SearchRequest(q=q)).ids()) == openly
    answer = whole.search(SearchRequest(q=q, literal=True))
    assert (sorted(answer.ids()), answer.accents, answer.relaxed) == (literally, "exact", False)
    assert answer.page(1, 10)["query"]["literal"] is True


def test_it_says_when_abbreviations_found_more(tmp_path: Path) -> None:
    whole = answering(tmp_path, [article(6, "Hội đồng nhân dân.")])
    assert notes(whole.search(SearchRequest(q="HĐND"))) == [("abbreviations", {})]
    assert notes(whole.search(SearchRequest(q="nhân dân"))) == []
    assert notes(whole.search(SearchRequest(q="hội đồng nhân dân"))) == [], "it makes no difference here"


@pytest.mark.parametrize(
    ("q", "note"),
    [
        ("hội đồng nhân dân", ("one_thing", {"words": "“hội đồng nhân dân”"})),
        ("hội đồng", None),
        ("30.4", ("day", {"typed": "30.4"})),
        ("30/4", None),
        ("3.5", ("number", {"typed": "3.5"})),
        ("3,5", None),
    ],
)
def test_it_says_what_a_query_was_taken_for(tmp_path: Path, q: str, note: tuple[str, dict[str, str]] | None) -> None:
    texts = ("Hội đồng nhân dân.", "Nhân dân hội họp, đồng lòng.", "Lễ 30/4.", "Tăng 3,5%.")
    engine = answering(tmp_path, [article(number, text) for number, text in enumerate(texts, 6)])
    assert notes(engine.search(SearchRequest(q=q))) == ([note] if note else [])
    assert notes(engine.search(SearchRequest(q=q, literal=True))) == []


def test_an_article_has_neighbours_in_a_result(engine: Engine) -> None:
    answer = engine.search(SearchRequest(q="thi đua", sort="newest"))
    assert [answer.neighbours(number) for number in (5, 3, 1, 4)] == [(1, None, 3), (2, 5, 2), (4, 2, None), None]
    first = answer.first()
    assert first
    assert first.id == 1
    assert engine.search(SearchRequest(q="zzz")).first() is None


def test_spellings_of_one_value_are_counted_together(tmp_path: Path) -> None:
    tags = (("văn hóa",), ("văn hoá", "văn hóa"), ("văn hoá",), ("văn hóa", "chợ"))
    whole = answering(tmp_path, [article(number, tags=given) for number, given in enumerate(tags, 1)])
    found = whole.search(SearchRequest()).page(1, 1)["facets"]["tag"]
    assert found == [{"value": "văn hóa", "count": 4}, {"value": "chợ", "count": 1}]
    assert len(whole.search(SearchRequest(tags=("văn hoá",)))) == 4


def test_words_side_by_side_in_the_lead_count_once_more(tmp_path: Path) -> None:
    """Of two articles with the same text, the one whose lead holds the words comes first, though it is older."""
    text = "Một đoạn về chợ quê.\n\nMột đoạn khác hẳn."
    led, other = article(1, text, lead="Một đoạn về chợ quê."), article(2, text, lead="")
    assert answering(tmp_path, [led, other]).search(SearchRequest(q="chợ quê")).ids() == [1, 2]


def test_what_is_new_is_a_part_of_what_there_is(tmp_path: Path) -> None:
    """A filter by arrival does not open up the marks that a search without it keeps."""
    engine = answering(tmp_path, [article(1, "Bao nhiêu người con xa quê."), article(2, "Bao nhiêu người còn ở lại.")])
    whole = engine.search(SearchRequest(q='"người con"'))
    new = engine.search(SearchRequest(q='"người con"', since_change=whole.page(1, 1)["results"][0]["arrived"]))
    assert whole.ids() == [1]
    assert len(new) == 0
