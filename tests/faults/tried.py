"""A fault that is tried many times, and what came of it."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tqdm import tqdm

SHOWN = 20


class Fault(NamedTuple):
    """A fault, how often it is tried, and what goes wrong, found as it is done.

    Where `trials` is None, what finds it says in the end how often it was tried.
    """

    name: str
    trials: int | None
    found: Iterator[str] | Generator[str, None, int]


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a fault."""

    name: str
    trials: int
    losses: tuple[str, ...]
    seconds: float

    @property
    def held(self) -> bool:
        """Whether nothing went wrong, and anything was tried."""
        return not self.losses and self.trials > 0


def turns(count: int) -> Iterable[int]:
    """So many turns, counted from 0; a terminal is shown how many are done."""
    return tqdm(range(count), disable=None, leave=False)


def tried(fault: Fault) -> Tried:
    """Do it; what is begun, and what goes wrong as soon as it is found, is printed."""
    print("try ", fault.name, *([] if fault.trials is None else [f"({fault.trials})"]), flush=True)
    began, losses, trials = time.monotonic(), list[str](), fault.trials
    found = iter(fault.found)
    while True:
        try:
            losses.append(next(found))
            if len(losses) <= SHOWN:
                print("    ", losses[-1], flush=True)
        except StopIteration as end:
            trials = end.value if trials is None else trials
            break
    done = Tried(fault.name, trials or 0, tuple(losses), time.monotonic() - began)
    print("ok  " if done.held else "LOST", fault.name, flush=True)
    return done


def table(done: Sequence[Tried]) -> str:
    """A line each: what was tried, how often, how often it went wrong, in how many seconds."""
    width = max(len(one.name) for one in done)
    rows = [f"{one.name:{width}}  {one.trials:>7}  {len(one.losses):>5}  {one.seconds:>7.0f}" for one in done]
    return "\n".join([f"{'fault':{width}}  {'trials':>7}  {'wrong':>5}  {'seconds':>7}", *rows])
