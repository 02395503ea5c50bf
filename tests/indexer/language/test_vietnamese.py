from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.language.vietnamese import LONGEST, Tokens, every_key, fold, is_marked, is_syllable, keys, tokens_of

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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hòa BÌNH", "hòa bình"),
        ("Ðà Nẵng ðà ɖà", "đà nẵng đà đà"),
        ("quý gì ký lý ty hy sy my vy", "quí gì kí lí ti hi si mi vy"),
        ("hòan toan toàn qúa thuỳ khuya cuả", "hoàn toan toàn quá thùy khuya của"),
        ("giếng gì giùm nghiêng ngủ", "giếng gì giùm nghiêng ngủ"),
        ("a\u200bb \u00adc", "ab c"),
        ("Ｈà ﬁne", "hà fine"),
        ("F0 và 5G", "f0 và 5g"),
        ("covid19", "covid 19"),
        ("U.S.A. x đ.c", "usa x đc"),
        ("a.b.cd TP.HCM", "ab cd tp hcm"),
        ("15-NQ/TU 12/2021", "15 nq tu 12 2021"),
        ("1.000.000 đồng 1,5%", "1000000 đồng 1.5"),
        ("1.0000 12.345,6 1.2.3", "1.0000 12345 6 1 2.3"),
        ("2.5 triệu 3.5 km 4.5 ha 30.4 USD", "2.5 triệu 3.5 km 4.5 ha 30.4 usd"),
        ("5m² 5m 4 m", "5m2 5m 4 m"),
        ("2020-05-12 1/13 32/1 0/4 30/4/75", "2020 05 12 1 13 32 1 0 4 30 4 75"),
        ("04/05/2021 4.05 04-5", "4/5/2021 4/5 4/5"),
        ("x" * 70, "x" * 64),
    ],
)
def test_each_form_has_its_key(text: str, expected: str) -> None:
    assert " ".join(keys(text)) == expected


@pytest.mark.parametrize(
    ("text", "further"),
    [
        ("ngày 30/4/1975", {1: ("30/4", "1975")}),
        ("30.4", {0: ("30", "4", "30.4")}),
        ("30-04", {0: ("30", "4")}),
        ("9/9.", {0: ("9",)}),
        ("ngày 30 tháng 4", {1: ("30/4",)}),
        ("31 tháng 12", {0: ("31/12",)}),
        ("01 tháng 01", {0: ("1/1",)}),
        *((text, {}) for text in ("tháng 4", "0 tháng 4", "32 tháng 4", "1 tháng 13", "1 tháng 0", "x tháng 4")),
        *((text, {}) for text in ("30 tháng\n\n4", "30\n\ntháng 4", "30 tháng x", "30 tháng", "30 4", "12/2021")),
    ],
)
def test_a_date_has_further_keys(text: str, further: dict[int, tuple[str, ...]]) -> None:
    tokens = Tokens(text)
    assert tokens.further == further
    for place, key in enumerate(tokens.keys):
        assert tokens.at(place) == (key, *further.get(place, ()))
    assert every_key(text) == {*tokens.keys, *(key for keys in further.values() for key in keys)}


@pytest.mark.parametrize(
    ("text", "positions", "span"),
    [
        ("", [], 1),
        ("một hai", [0, 1], 3),
        ("một\n\nhai ba", [0, 2, 3], 5),
        ("\n\nmột\n\n\n\nhai", [1, 4], 6),
        ("một\n\n!\n\nhai\n\n", [0, 3], 6),
    ],
)
def test_a_paragraph_s_end_takes_a_position(text: str, positions: list[int], span: int) -> None:
    tokens = Tokens(text)
    assert (tokens.positions, tokens.span, len(tokens)) == (positions, span, len(positions))


def test_a_text_s_tokens_are_remembered_for_a_while() -> None:
    first = tokens_of("một")
    assert tokens_of("một") is first
    for number in range(16):
        tokens_of(f"hai {number}")
    assert tokens_of("một") is not first


@pytest.mark.parametrize(
    ("key", "folded", "marked", "syllable"),
    [
        ("đường", "duong", True, True),
        ("duong", "duong", False, True),
        ("nghiêng", "nghieng", True, True),
        ("gì", "gi", True, True),
        ("quí", "qui", True, True),
        ("hcm", "hcm", False, False),
        ("wifi", "wifi", False, False),
        ("30/4", "30/4", False, False),
        ("toánx", "toanx", True, False),
    ],
)
def test_keys_without_marks_and_shapes(key: str, folded: str, marked: bool, syllable: bool) -> None:
    assert (fold(key), is_marked(key), is_syllable(key)) == (folded, marked, syllable)
