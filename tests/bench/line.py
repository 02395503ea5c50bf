"""One measured ratio and its floor."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """`at_most`: the floor is a ceiling. Without a floor, times another's speed, which is told and not wanted.

    `why`: why the other is ahead, where it is.
    """

    name: str
    value: float
    floor: float | None
    said: str
    at_most: bool = False
    why: str = ""

    @property
    def holds(self) -> bool:
        """Whether it is as wanted."""
        if self.floor is None:
            return True
        return self.value <= self.floor if self.at_most else self.value >= self.floor

    @property
    def figure(self) -> str:
        """What was measured, with three digits or to the unit."""
        return f"{self.value:.0f}" if abs(self.value) >= 1000 else f"{self.value:.3g}"

    @property
    def behind(self) -> bool:
        """Whether another is ahead."""
        return bool(self.why) and self.value < 1

    @property
    def wanted(self) -> str:
        """The floor as it is written; "" without one."""
        return "" if self.floor is None else f"{'≤' if self.at_most else '≥'} {self.floor:g}"

    def __str__(self) -> str:
        verdict = "told" if self.floor is None else "ok  " if self.holds else "MISS"
        wanted = f" (wanted {self.wanted})" if self.wanted else ""
        return f"{verdict} {self.name}: {self.figure}{wanted}; {self.said}"
