from __future__ import annotations

import pytest

from crawler.markup.body import Paragraph
from crawler.markup.soup import read_body
from crawler.reading.byline import is_byline, split_authors


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Chí Kiên", ("Chí Kiên",)),
        ("An Bình - Lê Hoa", ("An Bình", "Lê Hoa")),
        ("An Bình, Lê Hoa và Vũ An", ("An Bình", "Lê Hoa", "Vũ An")),
        ("Chí Kiên/Trưởng ban", ("Chí Kiên",)),
        ("Bài và ảnh: An Bình", ("An Bình",)),
        ("TS. Nguyễn Văn Lạc", ("TS. Nguyễn Văn Lạc",)),
        ("Ngọc-Anh", ("Ngọc-Anh",)),
        ("PGS.TS Lê Hoa (Viện Xã hội học)", ("PGS.TS Lê Hoa",)),
        ("An Bình (thực hiện), Lê Hoa [ảnh", ("An Bình", "Lê Hoa")),
        ("An; An", ("An",)),
        ("Chí Kiên|", ("Chí Kiên",)),
        ("Chí Kiên - Báo Hànộimới", ("Chí Kiên",)),
        ("Chí Kiên - Hànộimới", ("Chí Kiên",)),
        ("Chí Kiên - Ảnh: Duy Khánh", ("Chí Kiên",)),
        ("Chí Kiên (chikien@example.com)", ("Chí Kiên",)),
        ("Chí Kiên - chikien@example.com", ("Chí Kiên",)),
        ("PGS.TS Trần Ví Dụ, nguyên Viện trưởng Viện Thử nghiệm", ("PGS.TS Trần Ví Dụ",)),
        ("TS Lê Mẫu, Chủ tịch Hội Thử nghiệm", ("TS Lê Mẫu",)),
        ("Theo Báo Thử", ()),
        ("Nguồn: Báo Thử", ()),
        ("", ()),
        ("An, " * 500, ()),
    ],
)
def test_names(text: str, names: tuple[str, ...]) -> None:
    assert split_authors(text) == names


@pytest.mark.parametrize(
    ("paragraph", "expected"),
    [
        (Paragraph("Chí Kiên", bold=True), True),
        (Paragraph("TS. Nguyễn Văn Lạc", right=True), True),
        (Paragraph("Chí Kiên"), False),
        (Paragraph("Hãy giữ lấy hàng cây", bold=True), False),
        (Paragraph("Hãy Giữ!", bold=True), False),
        (Paragraph("A " * 60, bold=True), False),
    ],
)
def test_a_byline_is_told_from_a_sentence(paragraph: Paragraph, expected: bool) -> None:
    assert is_byline(paragraph) is expected


def test_a_body_nested_deeper_than_python_recurses() -> None:
    assert read_body("<div>" * 5000 + "chữ" + "</div>" * 5000) == [Paragraph("chữ")]
