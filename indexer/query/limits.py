"""How much may be asked for at once: one table for parser, addresses, form, API description and help."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What a query may hold at most (`prefix_letters`: at least), and what an address may ask for."""

    length: int = 2000
    """Characters of a query."""
    words: int = 64
    nesting: int = 16
    """Brackets within brackets."""
    prefixes: int = 8
    """Words with *."""
    prefix_letters: int = 3
    """Letters before *, at least."""
    values: int = 20
    """How often author, tag or section may be repeated."""
    value_length: int = 200
    """Characters of an author, a tag, a section, and of what is being typed."""
    page_size: int = 100
    """Results a page."""
    page: int = 100_000
    compared: int = 4
    """Queries on one chart."""
    chosen: int = 50
    """Articles in a dossier."""


LIMITS = Limits()
PAGE_SIZES = (10, 20, 50, 100)
"""Page sizes that the form offers, the usual one first."""
