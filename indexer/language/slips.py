"""Words one slip away from another: a letter of the keyboard, a consonant that sounds alike."""

from __future__ import annotations

from collections.abc import Iterator

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_BEGINNINGS = (("s", "x"), ("ch", "tr"), ("r", "d", "gi"), ("d", "đ"), ("l", "n"), ("v", "d"), ("v", "gi"))
_ENDINGS = (("t", "c"), ("n", "ng"), ("n", "nh"), ("t", "ch"), ("i", "y"))
"""Consonants that some regions pronounce alike, at a syllable's beginning and end."""


def edited(word: str) -> set[str]:
    """Everything one slip away from letters a to z: one lacking, one too many, another, or two exchanged."""
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    dropped = {head + tail[1:] for head, tail in cuts if tail}
    swapped = {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    others = {head + letter + tail[size:] for head, tail in cuts for letter in _LETTERS for size in (0, 1)}
    return (dropped | swapped | others) - {word, ""}


def misheard(key: str) -> set[str]:
    """What a syllable's key becomes with a consonant that sounds alike, or a vowel with a glide before it or not."""
    begun = {other + key[len(one) :] for one, other in _both(_BEGINNINGS) if _begins(key, one)}
    ended = {
        key[: -len(one)] + other for one, other in _both(_ENDINGS) if key.endswith(one) and len(key) > len(one) + 1
    }
    glides = {key[:place] + key[place + 1 :] for place, letter in enumerate(key[1:-1], 1) if letter in "uo"}
    return (begun | ended | glides) - {key}


def _begins(key: str, consonants: str) -> bool:
    return key.startswith(consonants) and key[len(consonants) : len(consonants) + 1] not in {"h", "r", "g", ""}


def _both(groups: tuple[tuple[str, ...], ...]) -> Iterator[tuple[str, str]]:
    return ((one, other) for group in groups for one in group for other in group if one != other)
