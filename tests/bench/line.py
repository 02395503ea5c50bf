"""One measured ratio and its floor."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """`at_most`: the floor is a ceiling."""

    name: str
    value: float
    floor: float
    said: str
    at_most: bool = False

    @property
    def holds(self) -> bool:
        return self.value <= self.floor if self.at_most else self.value >= self.floor

    def __str__(self) -> str:
        verdict, sign = "ok  " if self.holds else "MISS", "≤" if self.at_most else "≥"
        return f"{verdict} {self.name}: {self.value:.3g} (wanted {sign} {self.floor:g}); {self.said}"
