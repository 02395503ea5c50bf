"""Whether letters make Vietnamese: how an encoding that was taken for another shows."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from crawler.characters import PARAGRAPH

_VOWEL = "aăâeêioôơuưy"
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_VOWELS = "".join(sorted({unicodedata.normalize("NFC", vowel + tone) for vowel in _VOWEL for tone in ("", *_TONES)}))
_SYLLABLE = re.compile(
    f"(?:ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdđghklmnpqrstvx])?([{_VOWELS}]{{1,3}})(?:ch|ng|nh|[cmnpt])?"
)
"""Onset, nucleus and coda of a Vietnamese syllable, in lower case and NFC."""
_NUCLEUS = re.compile(
    "a|ă|â|e|ê|i|o|ô|ơ|u|ư|y|ai|ao|au|ay|âu|ây|eo|êu|ia|ie|iê|iêu|iu|oa|oă|oai|oao|oay|oe|oeo|oi|oo|ôi|ơi|ua|uâ|uây"
    "|ue|uê|ui|uo|uô|uôi|uơ|uy|uya|uyê|uyu|ưa|ưi|ươ|ươi|ươu|ưu|ya|ye|yê|yêu|yu"
)
"""Vowels that stand together in a syllable, without tones; old spellings with y for i among them."""
_WORD = re.compile(r"(?:[^\W\d_]|[\ufffd^¨~€™†‡‰¡-¿])+")
"""Letters, and the symbols that letters turn into inside words."""
_MOJIBAKE = re.compile(
    "\ufffd|Ã[\u0080-\u00bf]|Ä[‘\u0090\u0091]|[áÁ][º»][\u0080-\u00ff‚-‰™š›œžŸˆ˜’“”•–—…€]|Æ[°¡¯]|Ä[ƒ\u0083]"
)
LOOKED_AT = 1_500
"""Characters of a text whose words are judged."""
MOST = 100_000
"""Characters of a text in which broken letters are looked for."""
_STRANGE = re.compile(f"[^\x00-\x7f{_VOWELS}{_VOWELS.upper()}đĐ\u2000-\u2bff\u00a0-\u00bf×÷]")
"""A letter that Vietnamese does not have; marks of print, signs and pictures aside."""
ENOUGH = 8
"""Words with marks that a judgement needs."""
SHARE = 0.5
"""Of words with marks, the share of Vietnamese syllables under which a text is doubtful; names of places are not."""


def vietnamese_share(text: str) -> tuple[float, int]:
    """Of the words with letters beyond ASCII, the share that are Vietnamese syllables; and how many such words."""
    words = _marked(text[:LOOKED_AT].lower())
    if not words:
        return 1.0, 0
    return sum(map(_is_syllable, words)) / len(words), len(words)


def _marked(text: str) -> list[str]:
    """The words with letters beyond ASCII. Most stand alone between spaces, which is told faster than by a pattern."""
    words = []
    for piece in text.split():
        if piece.isascii():
            continue
        if piece.isalpha():
            words.append(piece)
        else:
            words += [word for word in _WORD.findall(piece) if not word.isascii()]
    return words


@lru_cache(20_000)
def _is_syllable(word: str) -> bool:
    found = _SYLLABLE.fullmatch(word)
    if found is None:
        return False
    apart = unicodedata.normalize("NFD", found[1])
    tones = [mark for mark in apart if mark in _TONES]
    nucleus = unicodedata.normalize("NFC", "".join(mark for mark in apart if mark not in _TONES))
    return len(tones) <= 1 and _NUCLEUS.fullmatch(nucleus) is not None


def misread(text: str) -> str:
    """The first stretch that shows a wrong encoding; "" where none does."""
    if found := _MOJIBAKE.search(text[:MOST]):
        return text[max(0, found.start() - 10) : found.end() + 10]
    strange = _STRANGE.search(text[:MOST]) is not None
    for paragraph in (text, *(text[:MOST].split(PARAGRAPH) if strange else ())):
        share, words = vietnamese_share(paragraph)
        if words >= ENOUGH and share < SHARE:
            return f"{paragraph[:40]}…"
    return ""
