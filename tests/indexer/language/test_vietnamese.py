from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.language.vietnamese import LONGEST, Tokens, fold, is_marked, keys

VIETNAMESE = st.text("aăâeêioôơuưyđhknmtghpqrsvxlcAĐ \u0300\u0301\u0303\u0309\u0323.-/,0123456789\u200b\u00ad")


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
