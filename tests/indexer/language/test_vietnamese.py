from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.answers.search import search
from indexer.errors import BadQuery
from indexer.language.vietnamese import LONGEST, Tokens, fold, is_marked, keys
from indexer.query.parameters import SearchRequest
from tests.helpers import SHARED, article, indexed

VIETNAMESE = st.text("aăâeêioôơuưyđhknmtghpqrsvxlcAĐ \u0300\u0301\u0303\u0309\u0323.-/,0123456789\u200b\u00ad")


def rows(file: Path) -> list[tuple[str, str, str]]:
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    parts = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [(text, query, match) for text, query, match, *_ in parts]


def matches(data: Path, text: str, query: str) -> str:
    filler = article(2, "Không liên can.", title="Khác hẳn")
    try:
        answer = search(indexed(data, [article(1, text, title="Tít"), filler]), SearchRequest(q=query))
    except BadQuery:
        return "refused"
    return "yes" if not answer.relaxed and 1 in answer.reader.ids[answer.docs] else "no"


@pytest.mark.parametrize(("text", "query", "expected"), rows(Path(__file__).parent / "cases.tsv"))
def test_our_own_cases(tmp_path: Path, text: str, query: str, expected: str) -> None:
    assert matches(tmp_path, text, query) == expected


@pytest.mark.parametrize(
    ("text", "query", "expected"), [*rows(SHARED / "cases/vietnamese.tsv"), *rows(SHARED / "cases/more.tsv")]
)
def test_the_shared_cases(tmp_path: Path, text: str, query: str, expected: str) -> None:
    assert matches(tmp_path, text, query) == expected


@given(st.text() | VIETNAMESE)
def test_tokens_are_stretches_of_the_text_in_order(text: str) -> None:
    end = 0
    tokens = Tokens(text)
    assert tokens.keys == keys(text)
    for place, key in enumerate(tokens.keys):
        assert end <= tokens.start(place) < tokens.end(place) <= len(text)
        assert 0 < len(key) <= 2 * LONGEST
        assert not set(key) & {" ", "_", '"', "\n"}
        end = tokens.end(place)


@given(VIETNAMESE)
def test_the_unicode_form_makes_no_difference(text: str) -> None:
    assert keys(unicodedata.normalize("NFC", text)) == keys(unicodedata.normalize("NFD", text))


@given(st.lists(st.sampled_from(["hoà", "thuý", "qúy", "loại", "lọai", "cuả", "kỷ", "sỹ", "công"])))
def test_a_key_is_its_own_key(words: list[str]) -> None:
    once = keys(" ".join(words))
    assert keys(" ".join(once)) == once


@given(VIETNAMESE)
def test_a_folded_key_has_no_marks_left(text: str) -> None:
    for key in keys(text):
        assert not is_marked(fold(key))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hòa", "hoà"),
        ("khỏe", "khoẻ"),
        ("quý", "qúy"),
        ("của", "cuả"),
        ("thuở", "thủơ"),
        ("giữa", "giưã"),
        ("Mỹ", "mĩ"),
    ],
)
def test_spellings_of_one_word_share_a_key(one: str, other: str) -> None:
    assert keys(one) == keys(other)


@pytest.mark.parametrize(
    ("one", "other"), [("thủy", "thủi"), ("tay", "tai"), ("Vy", "vi"), ("thể", "thế"), ("đa", "da")]
)
def test_different_words_do_not(one: str, other: str) -> None:
    assert keys(one) != keys(other)
