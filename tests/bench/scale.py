"""How much is measured: enough for floors, or, for the tests of the measuring itself, next to nothing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """What is measured on: articles searched, and ranked, queries of each kind, rounds of which the best counts,
    searches asked over HTTP; articles crawled, few and many; rows exported; seconds and clients of the load.
    """

    articles: int = 20_000
    ranked: int = 12_000
    queries: int = 40
    rounds: int = 3
    asked: int = 500
    few: int = 2_000
    many: int = 20_000
    rows: int = 100_000
    seconds: float = 120.0
    clients: int = 50


FULL = Scale()
MOMENT = Scale(articles=60, ranked=60, queries=2, rounds=1, asked=20, few=2, many=4, rows=20, seconds=0.5, clients=4)
