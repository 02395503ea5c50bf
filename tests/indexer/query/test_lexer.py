from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.query.lexer import NAMES, Lexeme, field_of, lexemes

Short = tuple[str, str, int]


def found(query: str) -> list[Short]:
    return [(one.kind, one.text, one.position) for one in lexemes(query)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (" a  b ", [("bare", "a", 1), ("bare", "b", 4)]),
        ("a-b -c (-d)", [("bare", "a-b", 0), ("minus", "-", 4), ("bare", "c", 5), ("open", "(", 7)]),
        ("(-d) ( -e )", [("open", "(", 0), ("minus", "-", 1), ("bare", "d", 2), ("close", ")", 3), ("open", "(", 5)]),
        ("(a)-b", [("open", "(", 0), ("bare", "a", 1), ("close", ")", 2), ("bare", "-", 3), ("bare", "b", 4)]),
        ("- a", [("bare", "-", 0), ("bare", "a", 2)]),
        ("--a", [("bare", "--a", 0)]),
        ("tiêu  ĐỀ: x", [("field", "tiêu  ĐỀ:", 0), ("bare", "x", 10)]),
        ("title:", [("bare", "title:", 0)]),
        ("title: )", [("bare", "title:", 0), ("close", ")", 7)]),
        ("title:title:x", [("field", "title:", 0), ("field", "title:", 6), ("bare", "x", 12)]),
        ("title :x", [("bare", "title", 0), ("bare", ":x", 6)]),
        ("x:y", [("bare", "x:y", 0)]),
        ('"a” b', [("quote", "a", 0), ("bare", "b", 4)]),
        ('thẻ:"a b', [("field", "thẻ:", 0), ("quote", "a b", 4)]),
        ("AND OR NOT and AND:", [("AND", "AND", 0), ("OR", "OR", 4), ("NOT", "NOT", 7), ("bare", "and", 11)]),
        ("30 tháng 4 x", [("bare", "30 tháng 4", 0), ("bare", "x", 11)]),
        ("Ngày 30 Tháng 4)", [("bare", "Ngày 30 Tháng 4", 0), ("close", ")", 15)]),
        ("30 tháng 40", [("bare", "30", 0), ("bare", "tháng", 3), ("bare", "40", 9)]),
        ("date: tháng 3 năm 2021 x", [("field", "date:", 0), ("bare", "tháng 3 năm 2021", 6), ("bare", "x", 23)]),
        ("date:   2021 x", [("field", "date:", 0), ("bare", "2021", 8), ("bare", "x", 13)]),
        ("title:tháng 3 năm 2021", [("field", "title:", 0), ("bare", "tháng", 6), ("bare", "3", 12)]),
        ('date:"2021"', [("field", "date:", 0), ("quote", "2021", 5)]),
        ("date:3/2021-a", [("field", "date:", 0), ("bare", "3/2021-a", 5)]),
        ("date:2021 -a", [("field", "date:", 0), ("bare", "2021", 5), ("minus", "-", 10), ("bare", "a", 11)]),
    ],
)
def test_the_pieces_of_a_query(query: str, expected: list[Short]) -> None:
    assert found(query)[: len(expected)] == expected


def test_a_quote_left_open_is_told() -> None:
    assert list(lexemes("x “a b”")) == [Lexeme("bare", "x", 0, True), Lexeme("quote", "a b", 2, True)]
    assert list(lexemes("x “a b")) == [Lexeme("bare", "x", 0, True), Lexeme("quote", "a b", 2, False)]


def test_a_field_is_known_in_any_case_and_with_any_blanks() -> None:
    for name, field in NAMES.items():
        assert field_of(f"{name}:") == field
        assert field_of(f"{name.upper().replace(' ', '   ')}:") == field


@given(st.text())
def test_every_piece_is_where_it_says(query: str) -> None:
    for one in lexemes(query):
        start = one.position + (one.kind == "quote")
        assert query[start : start + len(one.text)] == one.text
