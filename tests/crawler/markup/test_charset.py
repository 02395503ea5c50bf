from __future__ import annotations

import codecs
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.markup.charset import _TCVN3, _VNI, decode
from crawler.markup.letters import misread

TEXT = (
    "<p>Ngọn đèn đầu ngõ vẫn sáng, người già ra ngồi hóng mát, trẻ nhỏ nô đùa, những bước chân chậm lại giữa phố xá, "
    "và ai cũng thấy thành phố của mình dễ thương hơn.</p>"
)


def written(encoding: str) -> bytes:
    if encoding == "cp1258":
        pieces = []
        for letter in TEXT:
            apart = unicodedata.normalize("NFD", letter)
            tones = [mark for mark in apart if mark in "\u0300\u0301\u0303\u0309\u0323"]
            base = unicodedata.normalize("NFC", "".join(mark for mark in apart if mark not in tones))
            pieces.append(base + "".join(tones))
        return "".join(pieces).encode("cp1258")
    table = {value: key for key, value in reversed((_TCVN3 if encoding == "tcvn3" else _VNI).items())}
    return "".join(table.get(letter, letter) for letter in TEXT).encode("latin-1" if encoding == "tcvn3" else "cp1252")


@pytest.mark.parametrize(
    "claimed", ["iso-8859-1", "windows-1258", "utf-16", "us-ascii", "hex", "uu", "idna", "no-such"]
)
def test_what_is_utf_8_is_that_whatever_is_claimed(claimed: str) -> None:
    page = f'<meta charset="{claimed}">{TEXT}'.encode()
    for body in (page, codecs.BOM_UTF8 + page):
        for header in (None, f"text/html; charset={claimed}"):
            found = decode(body, header)
            assert (found.text.endswith(TEXT), found.encoding, found.doubt) == (True, "utf-8", "")


@pytest.mark.parametrize("encoding", ["cp1258", "tcvn3", "vni"])
@pytest.mark.parametrize("claimed", ["", "iso-8859-1", "utf-8"])
def test_older_encodings_are_known_by_their_words_and_told(encoding: str, claimed: str) -> None:
    found = decode(written(encoding), f"text/html; charset={claimed}" if claimed else None)
    assert (found.text, found.encoding) == (TEXT, encoding)
    assert found.doubt


def test_a_claim_that_is_true_is_no_doubt() -> None:
    found = decode(written("cp1258"), "text/html; charset=windows-1258")
    assert (found.text, found.doubt) == (TEXT, "")
    assert decode(TEXT.encode("utf-16"), "text/html; charset=utf-16").text == TEXT


def test_what_is_no_vietnamese_is_told() -> None:
    assert misread(TEXT) == ""
    assert misread(TEXT.encode().decode("cp1252", "replace"))
    assert misread(TEXT.encode().decode("latin-1"))
    assert misread(written("tcvn3").decode("latin-1"))
    assert misread("Một dấu \ufffd lạc vào")


@given(st.binary(), st.sampled_from([None, "text/html; charset=utf-16", "text/html; charset=big5", "x; charset=\x00"]))
def test_any_bytes_are_a_text(body: bytes, header: str | None) -> None:
    assert isinstance(decode(body, header).text, str)
