"""Vietnamese text → tokens. One tokenizer for index, query and highlight: total, and linear in the text's length.

A token's key is what two spellings of one word share: lower case, NFC, the tone mark in one place (hoà = hòa), y as i
where they are one sound (kỷ = kỉ), numbers and dates in one form. `fold` further drops every mark.

A date has more than one key: `30/4/1975` stands for its day of the year, `30/4`, and its year as well, and where a day
is written `30.4`, `30-4` or “30 tháng 4” it has that key too. These further keys have the position of the first.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from itertools import chain, pairwise

from crawler.characters import PARAGRAPH

MONTH = "tháng"
LONGEST = 64
"""Characters of a key; what is longer is no word, and its first 64 stand for it."""

_IGNORED = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
_TAIL = f"[\u0300-\u036f{_IGNORED}]"
_LETTER = f"[^\\W\\d_]{_TAIL}*+"
_LETTERS = f"(?:{_LETTER})+"
_UNIT = r"\s?(?:%|triệu|tỷ|tỉ|nghìn|ngàn|độ|điểm|km|kg|m[23²³]?\b|ha\b|USD)"
"""What follows a number with a point that is no day."""
_TOKEN = re.compile(
    # Every form begins with a letter or a digit; said once, blanks are passed over sooner.
    r"(?=[^\W_])(?:"
    # Nearly every word, and tried first because the other forms take three times as long to be ruled out.
    rf"(?P<plain>[^\W\d_]++(?![\d\u0300-\u036f{_IGNORED}]|\.[^\W\d_]))"
    rf"|(?P<date>(?<!\d)\d{{1,2}}(?P<part>[/.-])\d{{1,2}}(?P=part)\d{{4}}(?!\d))"
    rf"|(?P<day>(?<![\d/.])(?<!\d{{4}}-)(?:0?[1-9]|[12]\d|3[01])(?P<sign>[/.-])(?:0?[1-9]|1[0-2])"
    rf"(?!\d|(?P=sign)\d|{_UNIT}))"
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

    @cached_property
    def further(self) -> dict[int, tuple[str, ...]]:
        """By place, the further keys of the dates."""
        found = {
            place: _parts_of_date(match[0])
            for place, match in enumerate(self._found)
            if match.lastgroup in ("date", "day")
        }
        for place in [place for place, key in enumerate(self.keys) if key == MONTH and place]:
            day = day_of_year(*self.keys[place - 1 : place + 2])
            if day and self.positions[place + 1] == self.positions[place - 1] + 2:
                found[place - 1] = (day,)
        return found

    def at(self, place: int) -> tuple[str, ...]:
        """Every key of the word at this place."""
        return (self.keys[place], *self.further.get(place, ()))

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


def day_of_year(day: str = "", month: str = "", number: str = "") -> str | None:
    """The key of a day written “30 tháng 4”, by the keys of its three words; None where it is none."""
    if month == MONTH and day.isdecimal() and number.isdecimal() and 1 <= int(day) <= 31 and 1 <= int(number) <= 12:
        return f"{int(day)}/{int(number)}"
    return None


@lru_cache(maxsize=16)
def tokens_of(text: str) -> Tokens:
    """A text's tokens; the last few are remembered, since one article's texts are asked for more than once in a row."""
    return Tokens(text)


def keys(text: str) -> list[str]:
    """The first key of each word."""
    return list(_keys(_TOKEN.finditer(text)))


def every_key(text: str) -> set[str]:
    """All keys that a text is found by."""
    tokens = tokens_of(text)
    return set(tokens.keys).union(*tokens.further.values())


def fold(key: str) -> str:
    """The key without marks: đ is d, and i and y, once apart only by a mark, stay merged."""
    return _folded(key)


def is_marked(key: str) -> bool:
    """Whether the key carries any mark, so that who typed it meant just that word."""
    return _folded(key) != key


def is_syllable(key: str) -> bool:
    """Whether the key has the shape of a Vietnamese syllable."""
    return _SYLLABLE.fullmatch(_without_tone(key)) is not None


@lru_cache(maxsize=100_000)
def _folded(key: str) -> str:
    letters = unicodedata.normalize("NFD", key.replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _keys(tokens: Iterable[re.Match[str]]) -> Iterator[str]:
    return (_word(found[0]) if found.lastgroup == "plain" else _key(found) for found in tokens)


def _key(found: re.Match[str]) -> str:
    word = found[0]
    kind = found.lastgroup
    if kind in ("date", "day"):
        return "/".join(str(int(part)) for part in re.split(r"[/.-]", word))
    if kind == "number":
        parts = re.split(r"[.,]", word)
        thousands = all(len(part) == 3 for part in parts[1:])
        return ("" if thousands else ".").join(parts)[:LONGEST]
    return _word(word.replace(".", "") if kind == "initials" else word)


def _parts_of_date(written: str) -> tuple[str, ...]:
    """The further keys of a date in figures: its day of the year and its year, or its figures alone."""
    parts = [str(int(part)) for part in re.split(r"[/.-]", written)]
    if len(parts) == 3:
        return f"{parts[0]}/{parts[1]}", parts[2]
    return tuple(dict.fromkeys((*parts, *([written] if "." in written else []))))


_D_WITH_STROKE = str.maketrans("ðɖ", "đđ")
"""Letters that look like đ and are typed for it: Icelandic eth and African d, whose capitals are the same as Đ's."""


@lru_cache(maxsize=200_000)
def _word(word: str) -> str:
    plain = unicodedata.normalize("NFKC", _DROPPED.sub("", word)[: 4 * LONGEST]).casefold().translate(_D_WITH_STROKE)
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
