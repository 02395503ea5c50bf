from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from crawler.characters import MOST_MARKS, nfc

MARKS = "\u0301\u0323\u031b"


@given(st.text() | st.text(alphabet="aăô" + MARKS, max_size=MOST_MARKS))
def test_it_is_nfc(text: str) -> None:
    assert nfc(text) == unicodedata.normalize("NFC", text)


def test_letters_with_hundreds_of_thousands_of_marks_lose_the_most_of_them() -> None:
    text = nfc("a" + MARKS * 500_000 + "b")
    assert len(text) <= MOST_MARKS + 2
    assert unicodedata.is_normalized("NFC", text)
    assert text[-1] == "b"
