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
        ("a -(-b)", And((word("a"), word("b")))),
        ("a NOT -b", And((word("a"), Not(word("b"))))),
        ("a NOT chuyển*", And((word("a"), Not(Prefix("chuyển", "text", "chuyển"))))),
        ("a NOT b chuyển*", And((word("a"), Not(Phrase(("b", "chuyển"), "text", "b chuyển*"))))),
        ("a NOT ! !", word("a")),
        ("() a ()", word("a")),
        ("maXX*", Prefix("maxx", "text", "maXX")),
        ("title:(a b)", And((Phrase(("title",), "text", "title:"), word("a"), word("b")))),
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


FULL = "thi " * LIMITS.words


@pytest.mark.parametrize(
    ("query", "reason", "position", "suggestion", "values"),
    [
        (f"{FULL}đua", "too_many_words", 256, FULL.strip(), {"most": 64}),
        (f"{'x' * 1990} {'y' * 20}", "too_long", 2000, "x" * 1990, {"length": 2011, "most": 2000}),
        (f"{'(' * 17}a) b", "too_nested", 16, "a b", {"most": 16}),
        (f"(a) {'(' * 17}b", "too_nested", 20, "a b", {"most": 16}),
        (f"{'thi ' * 63}NOT a b", "too_many_words", 256, " ".join(["thi"] * 63), {"most": 64}),
        ("thi ch*", "bad_prefix", 4, "thi ch", {"word": "ch*", "least": 3}),
        ("title:ch*", "bad_prefix", 6, "title:ch", {"word": "ch*", "least": 3}),
        ("thi-đ* abc", "bad_prefix", 0, '"thi-đ" abc', {"word": "thi-đ*", "least": 3}),
        (f"{'x-' * 30}x*", "bad_prefix", 0, f'"{"x-" * 30}x"', {"word": "x-" * 20, "least": 3}),
        (f"{'abcd* ' * 8}efgh*", "too_many_prefixes", 48, f"{'abcd* ' * 8}efgh", {"most": 8}),
        (f"{'abcd* ' * 8}ef* gh*", "bad_prefix", 48, f"{'abcd* ' * 8}ef gh", {"word": "ef*", "least": 3}),
        ("thi date:2021-13-45 đua", "bad_date", 9, None, {"value": "2021-13-45"}),
        (f"date:{'x' * 60}", "bad_date", 5, None, {"value": "x" * 40}),
        ("(date:31/2/2021 OR a) (b", "bad_date", 6, "(date:2021-02-01..2021-02-28 OR a) b", {"value": "31/2/2021"}),
        ('date:"5/13/2021" a', "bad_date", 5, "date:2021-05-13 a", {"value": "5/13/2021"}),
        ("a date:30/4 b", "day_without_year", 7, "a 30/4 b", {"value": "30/4", "day": "30/4"}),
        ("title: 30/4 date:30.4", "day_without_year", 17, "title:30/4 30.4", {"value": "30.4", "day": "30/4"}),
        ("a date:2021..2020 b", "dates_reversed", 7, "a date:2020-01-01..2021-12-31 b", {}),
        ("thi date:..", "no_date", 9, None, {}),
        ("***", "no_word", 0, None, {}),
    ],
)
def test_a_refusal_has_its_reason_its_place_and_what_would_work(
    query: str, reason: str, position: int, suggestion: str | None, values: dict[str, object]
) -> None:
    with pytest.raises(BadQuery) as caught:
        parse(query)
    error = caught.value
    assert (error.reason, error.position, error.suggestion, error.values) == (reason, position, suggestion, values)


@pytest.mark.parametrize(
    "query",
    [
        FULL,
        "x" * LIMITS.length,
        f"{'(' * LIMITS.nesting}a{')' * LIMITS.nesting}",
        f"{'(a) ' * 20}",
        f"(a) {'(' * LIMITS.nesting}b{')' * LIMITS.nesting}",
        "abc* " * LIMITS.prefixes,
        "date:2021..2021",
    ],
)
def test_a_query_that_just_keeps_to_the_limits_is_read(query: str) -> None:
    assert parse(query).notes == ()


def test_what_was_typed_is_kept_as_source() -> None:
    assert parse('" Thi  ĐUA " chuyển*').tree == And(
        (Phrase(("thi", "đua"), "text", "Thi  ĐUA"), Prefix("chuyển", "text", "chuyển"))
    )


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("a AND b", []),
        ("a AND OR b", ["and_passed_over", "read_as"]),
        ("(a AND) b", ["and_passed_over", "read_as"]),
        ("(a OR) b", ["or_passed_over", "read_as"]),
        ("a AND -b", []),
        ("a -(-b)", []),
        ("a -) b", ["bracket_passed_over", "read_as"]),
        ("a NOT) b", ["not_passed_over", "bracket_passed_over", "read_as"]),
        ("a NOT () b", ["not_passed_over", "read_as"]),
        ('a NOT "!" b', ["not_passed_over", "read_as"]),
        ("a) b) c)", ["bracket_passed_over", "read_as"]),
    ],
)
def test_what_is_told_of_a_query(query: str, codes: list[str]) -> None:
    assert [note.code for note in parse(query).notes] == codes
