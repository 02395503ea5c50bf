from __future__ import annotations

import json
import re
from datetime import date, datetime
from html import unescape
from itertools import accumulate
from pathlib import Path

import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from hypothesis import given
from hypothesis import strategies as st
from pylatexenc.latex2text import LatexNodes2Text

from search_app.display.citations import STYLES, apa, bibtex, ris, vietnamese
from search_app.factory import create_app
from tests.helpers import article

PIECE = article(
    991478,
    title="Tạo sức lan tỏa {mới} & 100%",
    authors=("Chí Kiên", "Lê Hoa"),
    tags=("thi đua",),
    published_at=datetime.fromisoformat("2021-03-04T23:30:00+00:00"),
)
ACCESSED = date(2026, 3, 1)
NAMELESS = article(7, title="Không tên", published_at=PIECE.published_at)


def test_as_vietnamese_readers_cite() -> None:
    assert vietnamese(PIECE, ACCESSED) == (
        "Chí Kiên, Lê Hoa (2021), “Tạo sức lan tỏa {mới} & 100%”, Hà Nội Mới, ngày 5/3/2021,"
        " https://hanoimoi.vn/bai-mau-991478.html, truy cập ngày 1/3/2026."
    )
    assert vietnamese(NAMELESS, ACCESSED).startswith("“Không tên”, Hà Nội Mới, ngày 5/3/2021")


def test_apa() -> None:
    assert apa(PIECE, ACCESSED).startswith("Chí Kiên, & Lê Hoa. (2021, March 5). Tạo sức lan tỏa")
    assert apa(NAMELESS, ACCESSED).startswith("Không tên. (2021, March 5). Hà Nội Mới.")


def test_bibtex() -> None:
    text = bibtex(PIECE, ACCESSED)
    assert text.startswith("@article{hanoimoi991478,\n  author = {{Chí Kiên} and {Lê Hoa}},\n")
    assert r"title = {{Tạo sức lan tỏa \{mới\} \& 100\%}}," in text
    assert "author" not in bibtex(NAMELESS, ACCESSED)


def test_ris() -> None:
    lines = ris(PIECE, ACCESSED).split("\r\n")
    assert lines[0] == "TY  - NEWS"
    assert lines[1:3] == ["AU  - Chí Kiên", "AU  - Lê Hoa"]
    assert "DA  - 2021/03/05" in lines
    assert lines[-2:] == ["ER  - ", ""]


def test_csl() -> None:
    (item,) = json.loads(STYLES["json"].write([PIECE], ACCESSED))
    assert item["accessed"] == {"date-parts": [[2026, 3, 1]]}
    assert item["issued"] == {"date-parts": [[2021, 3, 5]]}
    assert [author["literal"] for author in item["author"]] == ["Chí Kiên", "Lê Hoa"]


@given(st.text(min_size=1).filter(str.strip))
def test_no_title_breaks_a_file(title: str) -> None:
    piece = article(1, title=title)
    assert len(ris(piece, ACCESSED).split("\r\n")) == len(ris(NAMELESS, ACCESSED).split("\r\n"))
    depths = accumulate((character == "{") - (character == "}") for character in bibtex(piece, ACCESSED).strip())
    *within, last = depths  # as BibTeX counts, for whom a backslash is no exception
    assert min(within[len("@article{") :]) > 0
    assert last == 0


NASTY = article(5, title=r"100% ~ a^b \ {c} #1 $ & _x", authors=("Chí Kiên", "Lê Hoa"), tags=("thi đua", "rác"))


def test_a_bibtex_reader_finds_the_article() -> None:
    library = parse_string(STYLES["bib"].write([PIECE, NASTY], ACCESSED))
    assert not library.failed_blocks
    one, other = library.entries
    fields = {field.key: field.value for field in one.fields}
    assert (one.key, fields["date"], fields["urldate"]) == ("hanoimoi991478", "2021-03-05", "2026-03-01")
    assert fields["entrysubtype"] == "newspaper"
    assert fields["author"] == "{Chí Kiên} and {Lê Hoa}"
    title = LatexNodes2Text().latex_to_text(next(field.value for field in other.fields if field.key == "title"))
    assert title.replace("ˆ", "^") == NASTY.title, "the sign TeX prints for the caret"


def test_an_ris_reader_finds_the_article() -> None:
    one, other = rispy.loads(STYLES["ris"].write([PIECE, NASTY], ACCESSED))
    assert (one["type_of_reference"], one["title"], one["authors"]) == ("NEWS", PIECE.title, ["Chí Kiên", "Lê Hoa"])
    assert (one["date"], one["access_date"]) == ("2021/03/05", "2026/03/01")
    assert (other["title"], other["keywords"]) == (NASTY.title, ["thi đua", "rác"])


def test_a_citeproc_processor_cites_it() -> None:
    items = json.loads(STYLES["json"].write([PIECE, NASTY], ACCESSED))
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    bibliography = CitationStylesBibliography(style, CiteProcJSON(items), formatter.plain)
    bibliography.register(Citation([CitationItem(items[0]["id"])]))
    (cited,) = map(str, bibliography.bibliography())
    assert cited.startswith("Chí Kiên")
    assert "2021" in cited
    assert "Hà Nội Mới" in cited


def test_a_page_tells_zotero_what_it_is(specimens: Path) -> None:
    client = create_app(specimens).test_client()
    hit = (client.get("/api/v1/search?q=h%C3%A0+n%E1%BB%99i").json or {})["results"][0]
    found = re.findall('<meta name="([^"]+)" content="([^"]*)">', client.get(f"/article/{hit['id']}").text)
    told = {name: [unescape(content) for key, content in found if key == name] for name, _ in found}
    assert told["citation_title"] == [hit["title"]]
    assert told["citation_author"] == told["DC.creator"] == hit["authors"]
    assert told["citation_publication_date"] == [hit["published_at"][:10].replace("-", "/")]


def test_the_paper_is_called_what_the_setting_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOC_NHIN_PAPER", "Hànộimới")
    assert "”, Hànộimới, ngày" in vietnamese(PIECE, ACCESSED)
    assert "T2  - Hànộimới" in ris(PIECE, ACCESSED)
