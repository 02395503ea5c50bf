"""Vietnamese typed with an input method off: the letters and figures that Telex and VNI take for marks."""

from __future__ import annotations

import re

from indexer.language.vietnamese import fold, is_syllable, keys

_TONES = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_VNI_TONES = dict(zip("12345", ("\u0301", "\u0300", "\u0309", "\u0303", "\u0323"), strict=True))
_TELEX = (
    *(("dd", "đ"), ("uwow", "ươ"), ("uow", "ươ"), ("aa", "â"), ("ee", "ê"), ("oo", "ô")),
    *(("aw", "ă"), ("ow", "ơ"), ("uw", "ư"), ("w", "ư")),
)
_VNI = {"6": {"a": "â", "e": "ê", "o": "ô"}, "7": {"o": "ơ", "u": "ư"}, "8": {"a": "ă"}, "9": {"d": "đ"}}
"""VNI's figures for marks that are no tones, and what each makes of the letters before it."""
_TYPED = re.compile(r"([a-z]*[aeiouyw][a-z]*?)([sfrxj])([a-z]*)")
_VNI_TYPED = re.compile(r"(?=[a-z0-9]*[aeiouy])[a-z](?=[a-z]*[1-9])(?:[a-z]*[1-9]){1,3}[a-z]*")


def telex(word: str) -> str:
    """The key of what letters a to z write on a keyboard in Telex mode: `chuyeenr` → `chuyển`."""
    found = _TYPED.fullmatch(word)
    base, tone = (found[1] + found[3], _TONES[found[2]]) if found else (word, "")
    for typed, letter in _TELEX:
        base = base.replace(typed, letter)
    return _toned(base, tone)


def vni(word: str) -> str:
    """The key of what letters and figures write on a keyboard in VNI mode: `duong72` → `dường`; as it is otherwise."""
    if not _VNI_TYPED.fullmatch(word):
        return word
    letters: list[str] = []
    tone = ""
    for typed in word:
        if typed in _VNI_TONES:
            if tone:
                return word
            tone = _VNI_TONES[typed]
        elif typed in _VNI:
            if not _put(letters, _VNI[typed]):
                return word
        else:
            letters.append(typed)
    key = _toned("".join(letters).replace("uơ", "ươ"), tone)
    return key if is_syllable(key) else word


def _put(letters: list[str], marks: dict[str, str]) -> bool:
    """Mark the last letter that can have the mark; whether there was one."""
    for place in range(len(letters) - 1, -1, -1):
        if letters[place] in marks:
            letters[place] = marks[letters[place]]
            return True
    return False


def _toned(base: str, tone: str) -> str:
    """The key of letters with a tone on their last vowel; its place in the syllable is the key's own matter."""
    vowel = max((place for place, letter in enumerate(fold(base)) if letter in "aeiouy"), default=-1)
    (key,) = keys(base[: vowel + 1] + tone + base[vowel + 1 :])
    return key
