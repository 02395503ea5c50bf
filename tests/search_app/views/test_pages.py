from __future__ import annotations

import csv
import io
import json
import re
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import docx
import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.archive.archive import Archive
from indexer.index.build import build
from search_app import create_app
from tests.helpers import ROOT, article, page

MEND = "run `make translations`"
HANOI = "q=h%C3%A0+n%E1%BB%99i"


def found(client: FlaskClient, query: str) -> dict[str, Any]:
    answer: dict[str, Any] = client.get(f"/api/v1/search?{query}").json or {}
    return answer


def test_the_timeline_links_to_each_year(client: FlaskClient) -> None:
    shown = client.get(f"/?{HANOI}").text
    years = {year["value"]: year["count"] for year in found(client, HANOI)["facets"]["year"]}
    whole_year = r"q=h%C3%A0\+n%E1%BB%99i&amp;from=(\d{4})-01-01&amp;to=\1-12-31"
    linked = re.findall(rf'<a href="/\?{whole_year}" tabindex="-1"><title>\1: (\d+) bài', shown)
    assert {year: int(count) for year, count in linked} == years


QUERIES = ["hà nội", "hà nội OR xe", "rác OR title:xe OR author:minh OR giao", '"hà nội', "(hà OR", "ha", ""]


@pytest.mark.parametrize("q", QUERIES)
@pytest.mark.parametrize(("name", "value"), [("author", "Minh Khuê"), ("year", "2021"), ("tag", "giao thông")])
def test_what_is_left_out_is_left_out_of_the_whole_query(client: FlaskClient, q: str, name: str, value: str) -> None:
    everything = found(client, urlencode({"q": q, "size": 100}))
    shown = client.get(f"/?{urlencode({'q': q})}").text
    (link,) = re.findall(f'class="without" href="([^"]+)" aria-label="Bỏ {value}"', shown)
    rest = found(client, f"{link.partition('?')[2].replace('&amp;', '&')}&size=100")
    kept = [hit["id"] for hit in everything["results"] if value not in _values(hit)[name]]
    assert sorted(hit["id"] for hit in rest["results"]) == sorted(kept)
    assert len(kept) < everything["total"]


def test_what_is_left_out_can_be_taken_back(client: FlaskClient) -> None:
    shown = client.get(f"/?{HANOI}&author=-Minh+Khu%C3%AA&tag=-r%C3%A1c").text
    assert f'<a href="/?{HANOI}&amp;tag=-r%C3%A1c" title="Bỏ lọc">Bỏ tác giả Minh Khuê ✕</a>' in shown
    assert 'name="author" value="-Minh Khuê"' in shown


@pytest.mark.parametrize("name", ["endpoint", "_scheme", "_anchor", "_method", "_external", "number", "filename"])
@pytest.mark.parametrize("path", ["/", "/help", "/compare", "/api", "/nowhere"])
def test_names_that_are_flasks_own_are_unknown_like_others(client: FlaskClient, path: str, name: str) -> None:
    answer = client.get(path, query_string={name: "x"})
    assert answer.status_code == (404 if path == "/nowhere" else 200)
    assert "hreflang" in answer.text


@pytest.mark.parametrize("path", ["/?lang=fr", "/api/v1/openapi.json?x=1", "/feed.atom?x=1", "/export.csv?x=1"])
def test_what_programs_ask_wrong_is_refused(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 400


def test_dates_are_refused_in_the_words_of_the_form(client: FlaskClient) -> None:
    wrong = client.get("/?from=31/2/2021")
    assert wrong.status_code == 400
    assert "Ô “Từ ngày”: không có ngày 31/2/2021." in wrong.text
    assert "<h1>Ngày chưa đúng</h1>" in wrong.text
    assert "“From”" not in wrong.text


def test_dates_in_each_others_place_can_be_swapped(client: FlaskClient) -> None:
    wrong = client.get("/?q=rác&from=2022&to=2019")
    assert "“Từ ngày” (1/1/2022) muộn hơn “đến ngày” (31/12/2019)." in wrong.text
    (link,) = re.findall('<a href="([^"]+)">Đổi lại hai ngày</a>', wrong.text)
    swapped = client.get(unescape(link))
    assert swapped.status_code == 200
    assert 'name="q" type="search" value="rác"' in swapped.text


def test_a_page_that_is_not_there_leads_to_the_last(client: FlaskClient) -> None:
    shown = client.get(f"/?{HANOI}&page=99").text
    assert "Không có trang 99." in shown
    assert f'<a href="/?{HANOI}&amp;page=3">Tới trang cuối</a>' in shown


def test_what_was_compared_stays_when_it_is_refused(client: FlaskClient) -> None:
    shown = client.get("/compare?q=ch*&q=x%C3%A9&from=abc").text
    assert [part in shown for part in ('value="ch*"', 'value="xé"', 'value="abc"')] == [True, True, True]


def test_a_year_has_all_its_months_as_far_as_the_archive_reaches(client: FlaskClient) -> None:
    shown = client.get("/?from=2019&to=2019").text
    (table,) = re.findall(r"<tbody>(.*?)</tbody>", shown, re.DOTALL)
    months = re.findall(r'<th scope="row"><a href="[^"]+">(.*?)</a></th>', table)
    assert months == [f"{month}/2019" for month in range(1, 13)]


def _values(hit: dict[str, Any]) -> dict[str, list[str]]:
    return {"author": hit["authors"], "tag": hit["tags"], "year": [hit["published_at"][:4]]}


def test_a_year_chosen_can_be_taken_back(client: FlaskClient) -> None:
    shown = client.get(f"/?{HANOI}&year=2021&author=-Minh+Khu%C3%AA").text
    assert '<strong class="chosen">2021</strong>' in shown
    assert f'href="/?{HANOI}&amp;author=-Minh+Khu%C3%AA" aria-label="thôi lọc theo 2021"' in shown
    assert f'<a class="unfiltered" href="/?{HANOI}">Xóa mọi bộ lọc</a>' in shown


WORDS = ("hà nội", "ha", "rác OR xe", '"hà nội"', "giao thông", "duong pho xe", "", "chợ -rác", "tuyen*")
ASKED = st.fixed_dictionaries(
    {"q": st.sampled_from(WORDS)},
    optional={
        "author": st.lists(st.sampled_from(["Minh Khuê", "minh khue", "-Minh Khuê"]), max_size=2, unique=True),
        "tag": st.lists(st.sampled_from(["giao thông", "rác", "-rác", "giáo dục"]), max_size=2, unique=True),
        "year": st.lists(st.sampled_from(["2019", "2021", "-2022", "2024"]), max_size=2, unique=True),
        "from": st.sampled_from(["2020", "3/2021"]),
        "literal": st.just("1"),
    },
)


@settings(max_examples=3 * settings().max_examples, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ASKED, st.data())
def test_a_count_beside_a_facets_value_is_what_a_click_on_it_gives(
    client: FlaskClient, asked: dict[str, Any], data: st.DataObject
) -> None:
    shown = client.get(f"/?{urlencode(asked, doseq=True)}").text.partition('class="side"')[2]
    values = re.findall('<li><a href="([^"]+)">[^<]*</a> <span class="count">([0-9.]+)', shown)
    if values:
        link, count = data.draw(st.sampled_from(values))
        assert found(client, unescape(link).partition("?")[2])["total"] == int(count.replace(".", ""))


@settings(max_examples=3 * settings().max_examples, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ASKED, st.data())
def test_a_count_of_what_is_new_is_what_came_since(
    client: FlaskClient, asked: dict[str, Any], data: st.DataObject
) -> None:
    query = urlencode(asked, doseq=True)
    whole = found(client, f"{query}&size=100")
    assert len(whole["results"]) == whole["total"]
    since = data.draw(st.integers(0, whole["change"] + 1))
    came = {one["id"] for one in whole["results"] if one["arrived"] > since}
    new = found(client, f"{query}&since_change={since}&size=100")
    assert {one["id"] for one in new["results"]} == came
    assert new["total"] == len(came)


def test_what_was_chosen_leaves_the_other_values_to_choose(client: FlaskClient) -> None:
    whole = found(client, HANOI)["facets"]
    assert found(client, f"{HANOI}&author=Minh+Khu%C3%AA")["facets"]["author"] == whole["author"]
    assert found(client, f"{HANOI}&year=2021")["facets"]["year"] == whole["year"]
    both = found(client, f"{HANOI}&author=Minh+Khu%C3%AA&author={whole['author'][0]['value']}")["total"]
    assert both >= found(client, f"{HANOI}&author=Minh+Khu%C3%AA")["total"], "any author will do"


@pytest.mark.parametrize("q", ["ha noi", "UBND", "sông Tô Lịch zzzz"])
def test_how_a_query_was_read_leads_to_the_literal_search(client: FlaskClient, q: str) -> None:
    shown = client.get(f"/?{urlencode({'q': q})}").text
    (link,) = re.findall(r'<a class="literal" href="([^"]+)">Tìm đúng như đã gõ</a>', shown)
    assert link.endswith("&amp;literal=1")
    literal = client.get(link.replace("&amp;", "&")).text
    assert 'class="literal"' not in literal
    assert f'<a href="/?{urlencode({"q": q})}" title="Bỏ lọc">đúng như đã gõ ✕</a>' in literal
    assert '<input type="hidden" name="literal" value="1">' in literal


def test_a_literal_query_needs_no_link(client: FlaskClient) -> None:
    assert 'class="literal"' not in client.get("/?q=h%E1%BB%93").text


def test_what_was_typed_stays_in_the_form_when_it_is_refused(client: FlaskClient) -> None:
    shown = client.get("/?q=ch*&from=99/99/2021&to=2022&author=Minh+Khu%C3%AA&sort=newest&size=50&literal=1").text
    for part in (
        'value="ch*"',
        'value="99/99/2021"',
        'name="author" value="Minh Khuê"',
        'value="newest" selected',
        'name="size" value="50"',
        'name="literal" value="1"',
    ):
        assert part in shown


def test_a_result_is_read_from_one_article_to_the_next(client: FlaskClient) -> None:
    ids = [hit["id"] for hit in found(client, f"{HANOI}&size=3")["results"]]
    shown = client.get(f"/article/{ids[1]}?{HANOI}").text
    assert f'rel="prev" href="/article/{ids[0]}?{HANOI}"' in shown
    assert f'rel="next" href="/article/{ids[2]}?{HANOI}"' in shown
    newest = [hit["id"] for hit in found(client, "size=100")["results"]]
    place = newest.index(ids[1])
    shown = client.get(f"/article/{ids[1]}").text
    assert f'rel="prev" href="/article/{newest[place - 1]}"' in shown, "without a search, the whole archive"
    assert f"← Tất cả các bài ({place + 1}/{len(newest)})" in shown


def test_comparing_counts_what_searching_finds(client: FlaskClient) -> None:
    query = f"{HANOI}&q=xe+bu%C3%BDt&q=kh%C3%B4ng+c%C3%B3+%C4%91%C3%A2u+nh%C3%A9"
    shown = client.get(f"/compare?{query}")
    assert shown.status_code == 200
    assert shown.text.count('<polyline class="line s') == 6
    rows = list(csv.reader(io.StringIO(client.get(f"/compare.csv?{query}").text.removeprefix("\ufeff"))))
    assert rows[0][:2] == ["year", "hà nội"]
    totals = [found(client, f"q=%22{words}%22")["total"] for words in ("h%C3%A0+n%E1%BB%99i", "xe+bu%C3%BDt", "zzz")]
    assert [sum(int(row[column]) for row in rows[1:]) for column in (1, 3, 5)] == totals
    (first,) = found(client, f"{HANOI}&sort=oldest&size=1")["results"]
    assert f'lang="vi">{first["title"]}</a>' in shown.text
    ET.fromstring(client.get(f"/compare.svg?{query}").data)


@pytest.mark.parametrize("query", ["q=a&q=b&q=c&q=d&q=e", "q=ch*", "from=x&q=a"])
def test_what_cannot_be_compared_is_refused(client: FlaskClient, query: str) -> None:
    assert client.get(f"/compare?{query}").status_code == 400
    assert client.get(f"/compare.csv?{query}").status_code == 400


def test_comparing_nothing_explains_itself(client: FlaskClient) -> None:
    assert "chuyển đổi số" in client.get("/compare").text


def test_a_dossier_of_chosen_articles(client: FlaskClient) -> None:
    ids = [hit["id"] for hit in found(client, f"{HANOI}&size=3")["results"]]
    query = "&".join(f"id={number}" for number in ids)
    whole = json.loads(client.get(f"/dossier.json?{query}").data)
    assert ([one["id"] for one in whole["articles"]], whole["complete"]) == (ids, True)
    shown = client.get(f"/dossier?{query}").text
    assert [shown.index(f'id="a{number}"') for number in ids] == sorted(
        shown.index(f'id="a{number}"') for number in ids
    )
    many = "&".join(f"id={n}" for n in range(51))
    for bad, status in (("", 400), ("id=x", 400), ("id=1", 404), ("nr=1", 400), (many, 400)):
        assert client.get(f"/dossier.json?{bad}").status_code == status
    for odd, said in (
        ("", "Chưa chọn bài nào"),
        (many, "Một hồ sơ có nhiều nhất 50 bài; 1 bài nữa không hiện ở đây."),
        ("id=1", "Không có trong kho này: 1"),
    ):
        answer = client.get(f"/dossier?{odd}")
        assert (answer.status_code, said in answer.text) == (200, True), odd


def test_a_dossier_is_put_in_order_and_shortened_by_its_links(client: FlaskClient) -> None:
    ids = [hit["id"] for hit in found(client, f"{HANOI}&size=3")["results"]]
    shown = client.get(f"/dossier?{urlencode({'id': ids}, doseq=True)}").text
    ways = re.findall(r'<a href="([^"]+)" data-way="\w+" data-one="-?\d+" aria-label="(Lên|Xuống|Bỏ ra): ', shown)
    assert [said for _, said in ways] == ["Xuống", "Bỏ ra", "Lên", "Xuống", "Bỏ ra", "Lên", "Bỏ ra"]
    one, two, three = map(str, ids)
    kept = [re.findall(r"id=(-?\d+)", link) for link, _ in ways[:3]]
    assert kept == [[two, one, three], [two, three], [two, one, three]]
    moved = client.get(unescape(ways[0][0])).text
    assert re.findall(r'data-id="(-?\d+)"', moved) == [two, one, three]


def test_a_dossier_is_opened_by_word_and_cited_in_one_file(client: FlaskClient) -> None:
    hits = found(client, f"{HANOI}&size=3")["results"]
    query = urlencode({"id": [hit["id"] for hit in hits]}, doseq=True)
    document = docx.Document(io.BytesIO(client.get(f"/dossier.docx?{query}").data))
    texts = [paragraph.text for paragraph in document.paragraphs]
    for hit in hits:
        whole = client.get(f"/api/v1/articles/{hit['id']}").json or {}
        for part in (whole["title"], *whole["text"].split("\n\n")):
            assert part in texts
    assert "Tài liệu tham khảo" not in texts, "a file is in English unless it is asked for otherwise"
    vietnamese = docx.Document(io.BytesIO(client.get(f"/dossier.docx?{query}&lang=vi").data))
    assert "Tài liệu tham khảo" in [paragraph.text for paragraph in vietnamese.paragraphs]
    assert "PAGE" in document.sections[0].footer.paragraphs[0]._p.xml
    assert client.get(f"/dossier/citations.ris?{query}").text.count("TY  - NEWS") == 3
    assert len(json.loads(client.get(f"/dossier/citations.json?{query}").text)) == 3
    assert client.get(f"/dossier/citations.bib?{query}").text.count("@article{") == 3


@pytest.mark.parametrize(("form", "begin"), [("bib", "@article{"), ("ris", "TY  - NEWS"), ("json", "[")])
def test_citations_are_files(client: FlaskClient, form: str, begin: str) -> None:
    number = found(client, HANOI)["results"][0]["id"]
    answer = client.get(f"/article/{number}/citation.{form}")
    assert answer.text.startswith(begin)
    assert f'filename="hanoimoi-{number}.{form}"' in answer.headers["Content-Disposition"]


def test_the_api_is_described_for_people(client: FlaskClient) -> None:
    shown, vietnamese = (unescape(client.get(path).text) for path in ("/api?lang=en", "/api"))
    document = client.get("/api/v1/openapi.json").json or {}
    for path, operations in document["paths"].items():
        said = [path, operations["get"]["summary"], *(one["description"] for one in operations["get"]["parameters"])]
        assert [text for text in said if text not in shown] == []
        assert [text for text in said[1:] if text in vietnamese] == []
    for refused in ("/api/v1/search?q=ch*", "/api/v1/search?x=1", "/api/v1/articles/1"):
        assert f"<code>{(client.get(refused).json or {})['error']['code']}</code>" in shown


def test_the_page_names_its_canonical_address(client: FlaskClient) -> None:
    shown = client.get("/?to=2021&sort=&from=5/3/2021&q=+x").text
    assert '<link rel="canonical" href="/?q=x&amp;from=2021-03-05&amp;to=2021-12-31" data-address>' in shown


def test_machines_learn_what_an_article_is(client: FlaskClient) -> None:
    hit = found(client, HANOI)["results"][0]
    shown = client.get(f"/article/{hit['id']}").text
    (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', shown, re.DOTALL)
    assert json.loads(data)["headline"] == hit["title"]


@pytest.mark.parametrize("path", ["/", f"/?{HANOI}", "/compare", "/help", "/api", "/nowhere", "/?size=0", "/?q=ch*"])
def test_pages_speak_the_language_asked_for(client: FlaskClient, path: str) -> None:
    vietnamese = client.get(path)
    english = client.get(path, headers={"Accept-Language": "en-GB,en;q=0.9"})
    assert ('<html lang="vi">' in vietnamese.text, '<html lang="en">' in english.text) == (True, True)
    assert (vietnamese.headers["Content-Language"], english.headers["Content-Language"]) == ("vi", "en")
    assert "Accept-Language" in vietnamese.headers["Vary"]
    assert "Trợ giúp" in vietnamese.text
    assert "Trợ giúp" not in english.text


def test_a_chosen_language_stays(client: FlaskClient) -> None:
    shown = client.get(f"/?{HANOI}&lang=en").text
    assert '<html lang="en">' in shown
    links = re.findall(r'href="(/(?:article|\?)[^"]+)"', shown)
    assert links
    assert [link for link in links if "lang=en" not in link and "lang=vi" not in link] == []
    assert f'href="/?{HANOI}&amp;lang=vi"' in shown


def test_everything_the_program_says_is_translated() -> None:
    where = ROOT / "search_app/translations/vi/LC_MESSAGES"
    keywords = dict.fromkeys(("_", "gettext", "to_translate"), None)
    keywords["ngettext"] = (1, 2)
    methods = [("search_app/templates/**.html", "jinja2"), ("search_app/**.py", "python"), ("indexer/**.py", "python")]
    said = {message for _, _, message, *_ in extract_from_dir(ROOT, methods, keywords=keywords)}
    with (where / "messages.po").open("rb") as source, (where / "messages.mo").open("rb") as compiled:
        texts, binary = read_po(source), read_mo(compiled)
    known = {message.id: message.string for message in texts if message.id}
    wanted = {message[:2] if isinstance(message, tuple) else message for message in said}
    assert wanted - {id_[:2] if isinstance(id_, tuple) else id_ for id_ in known} == set(), MEND
    assert [id_ for id_, text in known.items() if not text or not any(text)] == []
    compiled_texts = {str(message.id): str(message.string) for message in binary if message.id}
    assert compiled_texts.keys() == {str(list(id_)) if isinstance(id_, tuple) else id_ for id_ in known}, MEND


def test_an_article_under_two_ids_keeps_its_first_place_in_a_dossier(tmp_path: Path) -> None:
    with Archive.open(tmp_path) as archive:
        archive.put(article(1, aliases=(11,)), page())
        archive.put(article(2), page())
        build(tmp_path, archive)
    shown = create_app(tmp_path).test_client().get("/dossier?id=1&id=2&id=11").text
    assert re.findall(r'data-id="(\d+)"', shown) == ["1", "2"]
