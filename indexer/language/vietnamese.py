"""Vietnamese text → tokens. One tokenizer for index, query and highlight: total, and linear in the text's length.

A token's key is what two spellings of one word share: lower case, NFC, the tone mark in one place (hoà = hòa), y as i
where they are one sound (kỷ = kỉ), numbers and dates in one form. `fold` further drops every mark.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from itertools import chain, pairwise

from crawler.characters import PARAGRAPH

LONGEST = 64
"""Characters of a key; what is longer is no word, and its first 64 stand for it."""

_IGNORED = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
_TAIL = f"[\u0300-\u036f{_IGNORED}]"
_LETTER = f"[^\\W\\d_]{_TAIL}*+"
_LETTERS = f"(?:{_LETTER})+"
_TOKEN = re.compile(
    # Every form begins with a letter or a digit; said once, blanks are passed over sooner.
    r"(?=[^\W_])(?:"
    # Nearly every word, and tried first because the other forms take three times as long to be ruled out.
    rf"(?P<plain>[^\W\d_]++(?![\d\u0300-\u036f{_IGNORED}]|\.[^\W\d_]))"
    rf"|(?P<date>(?<!\d)\d{{1,2}}(?P<part>[/.-])\d{{1,2}}(?P=part)\d{{4}}(?!\d))"
    rf"|(?P<number>\d{{1,3}}(?:(?P<mark>[.,])\d{{3}})(?:(?P=mark)\d{{3}})*(?!\d)|\d+[.,]\d+(?![.,]?\d))"
    rf"|(?P<initials>(?<!\w){_LETTER}(?:\.{_LETTER})+(?!\w))"
    rf"|(?P<mixed>{_LETTER}\d+(?!\w)|\d+{_LETTERS}(?!\w))"
    rf"|(?P<word>{_LETTERS}|\d{_TAIL}*(?:\d{_TAIL}*)*))"
)
_BREAK = re.compile(PARAGRAPH)
_DROPPED = re.compile(f"[{_IGNORED}]")


class Tokens:
    """A text's words in order: their `keys`, where each stands in the text, and the position it has in an index.

    A word's position is the number of words before it, and of paragraph breaks before it: no phrase, whose words have
    positions in a row, reaches from one paragraph into the next.
    """

    def __init__(self, text: str) -> None:
        self._found = list(_TOKEN.finditer(text))
        self.keys = list(_keys(self._found))
        self._text = text

    def __len__(self) -> int:
        return len(self.keys)

    def start(self, place: int) -> int:
        """Where the word at this place begins."""
        return self._found[place].start()

    def end(self, place: int) -> int:
        """Where it ends."""
        return self._found[place].end()

    @cached_property
    def positions(self) -> list[int]:
        """The position of each word, ascending."""
        breaks = [found.start() for found in _BREAK.finditer(self._text)]
        begins = [0, *(bisect_left(self._found, at, key=re.Match.start) for at in breaks), len(self._found)]
        parts = (range(begin + gaps, end + gaps) for gaps, (begin, end) in enumerate(pairwise(begins)))
        return list(chain.from_iterable(parts))

    @property
    def span(self) -> int:
        """Positions that the text takes, a gap behind it included."""
        return len(self.keys) + len(_BREAK.findall(self._text)) + 1


@lru_cache(maxsize=16)
def tokens_of(text: str) -> Tokens:
    """A text's tokens; the last few are remembered, since one article's texts are asked for more than once in a row."""
    return Tokens(text)


def keys(text: str) -> list[str]:
    """The keys alone, for building an index."""
    return list(_keys(_TOKEN.finditer(text)))


def fold(key: str) -> str:
    """The key without marks: đ is d, and i and y, once apart only by a mark, stay merged."""
    return _folded(key)


def is_marked(key: str) -> bool:
    """Whether the key carries any mark, so that who typed it meant just that word."""
    return _folded(key) != key


@lru_cache(maxsize=100_000)
def _folded(key: str) -> str:
    letters = unicodedata.normalize("NFD", key.replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _keys(tokens: Iterable[re.Match[str]]) -> Iterator[str]:
    return (_word(found[0]) if found.lastgroup == "plain" else _key(found) for found in tokens)


def _key(found: re.Match[str]) -> str:
    word = found[0]
    kind = found.lastgroup
    if kind == "date":
        return "/".join(str(int(part)) for part in re.split(r"[/.-]", word))
    if kind == "number":
        parts = re.split(r"[.,]", word)
        thousands = all(len(part) == 3 for part in parts[1:])
        return ("" if thousands else ".").join(parts)[:LONGEST]
    return _word(word.replace(".", "") if kind == "initials" else word)


@lru_cache(maxsize=200_000)
def _word(word: str) -> str:
    plain = unicodedata.normalize("NFKC", _DROPPED.sub("", word)[: 4 * LONGEST]).casefold().replace("ð", "đ")
    return _syllable(unicodedata.normalize("NFC", plain)[:LONGEST])


_TONES = "\u0300\u0301\u0303\u0309\u0323"
_SYLLABLE = re.compile(
    "(ngh|ng|nh|ch|gh|gi(?=[aăâeêoôơuưy])|kh|ph|th|tr|qu|[bcdđghklmnpqrstvx])?([aăâeêioôơuưy]{1,3})(ch|ng|nh|[cmnpt])?"
)
_FINAL_I = frozenset({"h", "k", "l", "m", "s", "t", "qu"})


def _syllable(word: str) -> str:
    """The word with its tone where the old school puts it, and y as i after a lone consonant; others as they are."""
    tones = [mark for mark in unicodedata.normalize("NFD", word) if mark in _TONES]
    if len(tones) > 1:
        return word
    base = _without_tone(word)
    found = _SYLLABLE.fullmatch(base)
    if not found:
        return word
    onset, rime, coda = found[1] or "", found[2], found[3] or ""
    if rime == "y" and not coda and onset in _FINAL_I:
        rime = "i"
    if tones:
        place = _tone_place(rime, bool(coda))
        rime = unicodedata.normalize("NFC", rime[: place + 1] + tones[0] + rime[place + 1 :])
    return onset + rime + coda


def _without_tone(word: str) -> str:
    letters = unicodedata.normalize("NFD", word)
    return unicodedata.normalize("NFC", "".join(letter for letter in letters if letter not in _TONES))


def _tone_place(rime: str, closed: bool) -> int:
    """Which vowel carries the tone: the last one with a mark of its own, else by the syllable's shape."""
    own = [place for place, vowel in enumerate(rime) if vowel in "ăâêôơư"]
    if own:
        return own[-1]
    if len(rime) == 1:
        return 0
    return 1 if closed or len(rime) == 3 else 0
