from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.periods import Period
from indexer.errors import BadQuery
from indexer.query.limits import LIMITS
from indexer.query.messages import Note
from indexer.query.parser import parse, phrased
from indexer.query.tree import EVERYTHING, And, Dates, Node, Not, Or, Phrase, Prefix
from tests.hostile import hostile_queries

QUERIES = st.text() | st.lists(
    st.sampled_from(
        [
            "thi",
            "đua",
            "OR",
            "-",
            "(",
            ")",
            '"',
            "“",
            "”",
            "title:",
            "author:",
            "date:2021",
            "chuyển*",
            " ",
            "15-NQ/TU",
            "*",
            "AND",
            "NOT",
            "tác giả:",
            "Ngày: 3/2021",
            "30 tháng 4",
            "30.4",
            "ngày",
        ]
    )
).map(" ".join)


def word(text: str, field: str = "text") -> Phrase:
    return Phrase(tuple(text.split()), field, text)


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("", EVERYTHING),
        ("   ", EVERYTHING),
        ("thi", word("thi")),
        ("thi đua", And((word("thi"), word("đua")))),
        ('"thi đua"', word("thi đua")),
        ("“thi đua”", word("thi đua")),
        ("thi OR đua", Or((word("thi"), word("đua")))),
        ("a b OR c", Or((And((word("a"), word("b"))), word("c")))),
        ("(a OR b) c", And((Or((word("a"), word("b"))), word("c")))),
        ("thi -đua", And((word("thi"), Not(word("đua"))))),
        ("title:thi", word("thi", "title")),
        ("chuyển*", Prefix("chuyển", "text", "chuyển")),
        ("date:2021-03", Dates(Period(date(2021, 3, 1), date(2021, 3, 31)))),
        ("date:2019..2021", Dates(Period(date(2019, 1, 1), date(2021, 12, 31)))),
        ("date:..2021", Dates(Period(date.min, date(2021, 12, 31)))),
        ("date:2019..", Dates(Period(date(2019, 1, 1), date.max))),
        ("thi AND đua", And((word("thi"), word("đua")))),
        ("a AND b OR c", Or((And((word("a"), word("b"))), word("c")))),
        ("thi NOT đua", And((word("thi"), Not(word("đua"))))),
        ("thi NOT (a b)", And((word("thi"), Not(And((word("a"), word("b"))))))),
        ("a NOT b c OR d", Or((And((word("a"), Not(word("b c")))), word("d")))),
        ("not and", And((word("not"), word("and")))),
        ('author: "thi đua"', word("thi đua", "author")),
        ("AUTHOR:thi", word("thi", "author")),
        ("Tác giả:thi", word("thi", "author")),
        ("tiêu  đề: thi", word("thi", "title")),
        ("thẻ:thi", word("thi", "tag")),
        ("ngày: 3/2021 thi", And((Dates(Period(date(2021, 3, 1), date(2021, 3, 31))), word("thi")))),
        ("date:tháng 3 năm 2021", Dates(Period(date(2021, 3, 1), date(2021, 3, 31)))),
        ("date:2019-2021", Dates(Period(date(2019, 1, 1), date(2021, 12, 31)))),
        ("30 tháng 4", Phrase(("30/4",), "text", "30 tháng 4")),
        ('"ngày 30 tháng 4"', Phrase(("30/4",), "text", "ngày 30 tháng 4")),
        ("ngày 30 tháng 40", And((word("ngày"), word("30"), word("tháng"), word("40")))),
        ("a or b", And((word("a"), word("or"), word("b")))),
        ("kinh - tế", And((word("kinh"), word("tế")))),
    ],
)
def test_what_queries_mean(query: str, tree: Node) -> None:
    assert parse(query).tree == tree


def test_an_unknown_field_is_a_plain_word() -> None:
    assert parse("foo:bar").tree == Phrase(("foo", "bar"), "text", "foo:bar")


@pytest.mark.parametrize(
    ("query", "same", "note"),
    [
        ('"thi đua', '"thi đua"', "quote_closed"),
        ("(thi đua", "(thi đua)", "bracket_closed"),
        ("thi đua)", "thi đua", "bracket_passed_over"),
        ("OR thi", "thi", "or_passed_over"),
        ("thi OR", "thi", "or_passed_over"),
        ("thi AND", "thi", "and_passed_over"),
        ("AND thi", "thi", "and_passed_over"),
        ("thi NOT", "thi", "not_passed_over"),
        ("thi NOT NOT đua", "thi -đua", "not_passed_over"),
        ("thi NOT đua xe", 'thi -"đua xe"', "not_phrase"),
    ],
)
def test_what_is_broken_is_mended_and_told(query: str, same: str, note: str) -> None:
    parsed = parse(query)
    assert parsed.tree == parse(same).tree
    assert parsed.notes == (Note(note), Note.of("read_as", query=str(parsed.tree)))


@pytest.mark.parametrize(
    ("query", "position", "message"),
    [
        ("thi " * (LIMITS.words + 1), 4 * LIMITS.words, "words"),
        ("x" * (LIMITS.length + 1), LIMITS.length, "characters"),
        ("(" * (LIMITS.nesting + 1) + "a", LIMITS.nesting, "brackets"),
        ("thi ch*", 4, "3 letters"),
        ("abc* " * (LIMITS.prefixes + 1), 5 * LIMITS.prefixes, r"with \*"),
        ("date:2021-13-45", 5, "is no date"),
        ("date:2021..2020", 5, "ends before it begins"),
        ("date:..", 5, "needs a day"),
        ("***", 0, "no word"),
        ("()", 0, "no word"),
    ],
)
def test_what_is_refused_says_where_and_why(query: str, position: int, message: str) -> None:
    with pytest.raises(BadQuery, match=message) as caught:
        parse(query)
    assert caught.value.position == position


@given(QUERIES)
def test_printing_and_parsing_again_is_the_same(query: str) -> None:
    try:
        tree = parse(query).tree
    except BadQuery:
        return
    assert bare(parse(str(tree)).tree) == bare(tree)


def bare(node: Node) -> Node:
    """Without what was typed, which printing tidies."""
    match node:
        case Phrase():
            return Phrase(node.keys, node.field)
        case Prefix():
            return Prefix(node.key, node.field)
        case Not():
            return Not(bare(node.part))
        case And() | Or():
            return type(node)(tuple(map(bare, node.parts)))
    return node


@pytest.mark.parametrize(
    ("query", "suggestion"),
    [
        ("thi date:30/4", "thi 30/4"),
        ("date:31/2/2021", "date:2021-02-01..2021-02-28"),
        ("date:5/13/2021", "date:2021-05-13"),
    ],
)
def test_a_date_that_is_none_comes_with_what_would_work(query: str, suggestion: str) -> None:
    with pytest.raises(BadQuery) as caught:
        parse(query)
    assert caught.value.suggestion == suggestion


@pytest.mark.parametrize(
    ("query", "phrase"),
    [
        ("thi đua", '"thi đua"'),
        ("thi", "thi"),
        ("thi OR đua", "thi OR đua"),
        ("thi title:đua", "thi title:đua"),
        ("thi -đua", "thi -đua"),
        ("", ""),
    ],
)
def test_a_row_of_words_as_a_phrase(query: str, phrase: str) -> None:
    assert phrased(query) == phrase


def test_hostile_queries_are_read_or_refused() -> None:
    for query in hostile_queries():
        with suppress(BadQuery):
            assert parse(query).tree
