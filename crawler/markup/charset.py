"""A page's bytes → its text. The bytes decide: what is valid UTF-8 is UTF-8, whatever is claimed."""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass
from itertools import product

from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom

from crawler.markup.letters import ENOUGH, vietnamese_share

MOST_BROKEN = 0.02
"""Share of a page's letters beyond ASCII that may be broken in a page that is UTF-8 all the same."""
BELIEVED = 0.7
"""Share of words with marks that must be Vietnamese syllables for a page to be read in an encoding not claimed."""
LARGEST = 1_000_000
"""Bytes of a page for which older encodings are tried; an article's is about 70 kB."""
JUDGED = 200_000
"""Bytes of a page by which its encoding is judged."""
WITHOUT_MARKS = ("iso8859-1", "cp1252", "ascii", "iso8859-15")
"""Encodings that have no letters for Vietnamese: to claim one of a page that is no UTF-8 is a slip."""
OLDER = ("cp1258", "tcvn3", "vni")
"""Encodings in which Vietnamese was written before Unicode, tried in this order."""
_TCVN3 = dict(
    zip(
        "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ¡¢£¤¥¦§",
        "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂÊÔƠƯĐ",
        strict=True,
    )
)
"""TCVN 5712:1993, third form, as the .VnTime fonts had it: its bytes read as Latin-1 → Vietnamese letters."""


def _vni() -> dict[str, str]:
    """VNI for Windows: a vowel and a byte for its marks, read as Latin-1 → Vietnamese letters."""
    tones = dict(zip("øùûõï", "\u0300\u0301\u0309\u0303\u0323", strict=True))
    hat = dict(zip("âàáåãä", ("", *"\u0300\u0301\u0309\u0303\u0323"), strict=True))
    breve = dict(zip("êèéúüë", ("", *"\u0300\u0301\u0309\u0303\u0323"), strict=True))
    table = {base + mark: base + tone for base, (mark, tone) in product("aeouyAEOUY", tones.items())}
    table |= {base + mark: base + "\u0302" + tone for base, (mark, tone) in product("aeoAEO", hat.items())}
    table |= {base + mark: base + "\u0306" + tone for base, (mark, tone) in product("aA", breve.items())}
    horned = {"ô": "ơ", "ö": "ư"}
    table |= {base + mark: letter + tone for (base, letter), (mark, tone) in product(horned.items(), tones.items())}
    table |= horned | dict(zip("ñæóòî", "đỉĩịỵ", strict=True))
    table |= {key.upper(): value.upper() for key, value in table.items()}
    return {key: unicodedata.normalize("NFC", value) for key, value in table.items()}


_VNI = _vni()
_VNI_PIECES = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))


_BROKEN = re.compile("\ufffd{2,}")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A page's text, the encoding it was read in, and what about that is doubtful ("" if nothing)."""

    text: str
    encoding: str
    doubt: str = ""


def decode(body: bytes, content_type: str | None = None) -> Decoded:
    """Read a page's bytes. `content_type` is the HTTP header. Total: any bytes give a text."""
    claimed = _claimed(body, content_type)
    if body.startswith(codecs.BOM_UTF8):
        body = body[len(codecs.BOM_UTF8) :]
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return _not_utf8(body, claimed)
    if claimed.startswith(("utf-16", "utf-32")) and "\0" in text[:200]:
        return Decoded(body.decode(claimed, "replace"), claimed)
    if text.isascii() and "\x1b$" in text:  # a shifting encoding, such as ISO-2022, which is ASCII to look at
        return Decoded(body.decode(claimed or "utf-8", "replace"), claimed or "utf-8", "its letters are shifted ASCII")
    return Decoded(text, "utf-8")


def _claimed(body: bytes, content_type: str | None) -> str:
    """The encoding that byte order mark, HTTP header or the page itself claims, by Python's name; "" for none."""
    mark, _ = read_bom(body)
    for name in (mark, http_content_type_encoding(content_type), html_body_declared_encoding(body[:4096])):
        if name and _is_text(name):
            return codecs.lookup(name).name
    return ""


def _is_text(name: str) -> bool:
    """Python has codecs that give no text: hex, uu, idna, undefined."""
    try:
        return b"a".decode(name, "replace") != ""
    except (LookupError, UnicodeError, ValueError):
        return False


def _not_utf8(body: bytes, claimed: str) -> Decoded:
    replaced = _BROKEN.sub("\ufffd", body.decode("utf-8", "replace"))
    letters = len(replaced) - len(replaced.encode("ascii", "ignore"))
    broken = replaced.count("\ufffd")
    if broken <= MOST_BROKEN * letters or not letters or len(body) > LARGEST:
        return Decoded(replaced, "utf-8")
    if claimed.startswith(("utf-16", "utf-32")):
        return Decoded(body.decode(claimed, "replace").removeprefix("\ufeff"), claimed)
    judged = {name: vietnamese_share(_shown(_try(body[:JUDGED], name))) for name in (claimed, *OLDER) if name}
    share, words = judged.get(claimed, (0.0, ENOUGH))
    if claimed not in ("utf-8", *WITHOUT_MARKS) and (share >= BELIEVED or words < ENOUGH):
        return Decoded(_try(body, claimed), claimed)
    best = max((name for name in judged if name != "utf-8"), key=lambda name: judged[name][0])
    if judged[best][0] >= BELIEVED:
        return Decoded(
            _try(body, best), best, f"its letters make Vietnamese in {best}; it claims {claimed or 'nothing'}"
        )
    return Decoded(replaced, "utf-8", f"it is no UTF-8, and no Vietnamese in {claimed or 'any older encoding'}")


def _try(body: bytes, name: str) -> str:
    if name == "tcvn3":
        return "".join(_TCVN3.get(character, character) for character in body.decode("latin-1"))
    if name == "vni":
        return _VNI_PIECES.sub(lambda found: _VNI[found[0]], body.decode("cp1252", "replace"))
    return (
        unicodedata.normalize("NFC", body.decode(name, "replace")) if name == "cp1258" else body.decode(name, "replace")
    )


def _shown(text: str) -> str:
    """What of a page is judged: markup has no marks, so that it does no harm."""
    return re.sub(r"<[^>]{0,500}>", " ", text)
