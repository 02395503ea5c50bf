"""Faults of the site's server, each a share of answers from 0 to 1."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field

from flask import Response

REFUSAL = (
    "<!DOCTYPE html><html><head><title>Access Denied</title></head><body><h1>Access Denied</h1>"
    "<p>You don't have permission to access this server.</p></body></html>"
)


@dataclass
class Faults:
    """What goes wrong, how often; the same `seed` gives the same faults in the same order of requests."""

    refused: float = 0.0
    """403, sometimes followed by an answer to the same request later."""
    too_many: float = 0.0
    """429 with Retry-After."""
    unavailable: float = 0.0
    """503 with Retry-After."""
    slow: float = 0.0
    """Answers after `delay` seconds."""
    truncated: float = 0.0
    """A body cut in half under its full Content-Length."""
    delay: float = 1.0
    retry_after: int = 1
    seed: int = 0
    dice: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)

    def instead(self) -> Response | None:
        """An answer in place of the page, or None."""
        if self._happens(self.slow):
            time.sleep(self.delay)
        if self._happens(self.refused):
            return Response(REFUSAL, 403)
        for share, status in ((self.too_many, 429), (self.unavailable, 503)):
            if self._happens(share):
                return Response("", status, {"Retry-After": str(self.retry_after)})
        return None

    def after(self, response: Response) -> Response:
        """The page, sometimes cut short."""
        if response.status_code == 200 and self._happens(self.truncated):
            whole = response.get_data()
            response.set_data(whole[: len(whole) // 2])
            response.headers["Content-Length"] = str(len(whole))
        return response

    def _happens(self, share: float) -> bool:
        return share > 0 and self.dice.random() < share
