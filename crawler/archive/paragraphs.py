"""Paragraphs as digests: how a box that stands in many articles is found, and what changes at every fetch. Pure."""

from __future__ import annotations

import hashlib

from crawler.characters import PARAGRAPH, letters

SHORTEST = 20
"""Letters of a paragraph that is looked for in other articles: shorter ones recur by chance."""


def digests(text: str) -> list[int]:
    """Of each paragraph long enough, 63 bits of the SHA-256 of its letters, in order."""
    found = [letters(paragraph) for paragraph in text.split(PARAGRAPH)]
    return [_digest(one) for one in found if len(one) >= SHORTEST]


def with_digests(text: str) -> dict[int, str]:
    """Digest → paragraph."""
    paragraphs = [paragraph for paragraph in text.split(PARAGRAPH) if len(letters(paragraph)) >= SHORTEST]
    return dict(zip(digests(text), paragraphs, strict=True))


def places_changed(before: str, after: str) -> frozenset[int] | None:
    """The places of the paragraphs that differ; None where there are more or fewer than before."""
    old, new = before.split(PARAGRAPH), after.split(PARAGRAPH)
    if len(old) != len(new):
        return None
    return frozenset(place for place, (one, other) in enumerate(zip(old, new, strict=True)) if one != other)


def _digest(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) >> 1
