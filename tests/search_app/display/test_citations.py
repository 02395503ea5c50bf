from __future__ import annotations

import json
from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from search_app.display.citations import apa, bibtex, csl, ris, vietnamese
from tests.helpers import article

PIECE = article(
    991478,
    title="Tạo sức lan tỏa {mới} & 100%",
    authors=("Chí Kiên", "Lê Hoa"),
    tags=("thi đua",),
    published_at=datetime.fromisoformat("2021-03-04T23:30:00+00:00"),
)
NAMELESS = article(7, title="Không tên", published_at=PIECE.published_at)


def test_as_vietnamese_readers_cite() -> None:
    assert vietnamese(PIECE) == (
        "Chí Kiên, Lê Hoa (2021), “Tạo sức lan tỏa {mới} & 100%”, Hà Nội Mới, ngày 5/3/2021,"
        " https://hanoimoi.vn/bai-mau-991478.html."
    )
    assert vietnamese(NAMELESS).startswith("“Không tên”, Hà Nội Mới, ngày 5/3/2021")


def test_apa() -> None:
    assert apa(PIECE).startswith("Chí Kiên, & Lê Hoa. (2021, March 5). Tạo sức lan tỏa")
    assert apa(NAMELESS).startswith("Không tên. (2021, March 5). Hà Nội Mới.")


def test_bibtex() -> None:
    text = bibtex(PIECE)
    assert text.startswith("@article{hanoimoi991478,\n  author = {{Chí Kiên} and {Lê Hoa}},\n")
    assert r"title = {{Tạo sức lan tỏa \{mới\} \& 100\%}}," in text
    assert "author" not in bibtex(NAMELESS)


def test_ris() -> None:
    lines = ris(PIECE).split("\r\n")
    assert lines[0] == "TY  - NEWS"
    assert lines[1:3] == ["AU  - Chí Kiên", "AU  - Lê Hoa"]
    assert "DA  - 2021/03/05" in lines
    assert lines[-2:] == ["ER  - ", ""]


def test_csl() -> None:
    (item,) = json.loads(csl(PIECE))
    assert item["issued"] == {"date-parts": [[2021, 3, 5]]}
    assert [author["literal"] for author in item["author"]] == ["Chí Kiên", "Lê Hoa"]


@given(st.text(min_size=1).filter(str.strip))
def test_no_title_breaks_a_file(title: str) -> None:
    piece = article(1, title=title)
    assert len(ris(piece).split("\r\n")) == len(ris(NAMELESS).split("\r\n"))
    text = bibtex(piece).replace(r"\{", "").replace(r"\}", "")
    assert text.count("{") == text.count("}")
