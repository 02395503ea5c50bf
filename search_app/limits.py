"""How much one asker, and all together, may ask for."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator

from flask import Flask, Response, abort, current_app, g, request
from flask_babel import gettext
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from werkzeug.middleware.proxy_fix import ProxyFix

from search_app.config import AppSettings

EXPORTS = 2
"""Exports a process sends at once: a slow reader holds a thread for as long as it reads."""
ANSWERS, WAITING, PATIENCE = 2, 58, 5.0
"""Answers a process works out at once, those that wait for a turn, and the seconds each waits at most. More at once
would only share the processor; longer lines would leave no thread for /healthz, style and script (`server.THREADS`)."""
RETRY_AFTER = 5
"""Seconds after which what was refused with 503 may be asked for again."""
UNCOUNTED = ("api.suggest", "feeds.suggest")
"""Asked for while someone types: in turn like all, but not counted by the rate limit where full texts may be read."""
UNLIMITED = ("static", "ops.healthz", "ops.readyz", "ops.metrics")


def register(app: Flask, settings: AppSettings) -> None:
    """Known hosts, the asker's own address behind proxies, requests an address and a minute, exports at once."""
    if settings.hosts:
        app.config["TRUSTED_HOSTS"] = list(settings.hosts)
    if settings.proxies:
        hops = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.extensions["app_settings"] = settings
    app.extensions["exports"] = threading.BoundedSemaphore(EXPORTS)
    app.config["RATELIMIT_HEADERS_ENABLED"] = True
    if settings.rate_limit:
        app.after_request(_wait_only_if_refused)  # those registered later run before
        limiter = Limiter(
            get_remote_address,
            app=app,
            application_limits=[settings.rate_limit],
            storage_uri=settings.rate_storage,
            in_memory_fallback_enabled=True,  # where the store is gone, each counts by itself
        )
        limiter.request_filter(lambda: request.endpoint in UNLIMITED)
        limiter.request_filter(lambda: request.endpoint in UNCOUNTED and may_read_full_texts())
    _take_turns(app)


class Turns:
    """Some at a time, the others in the order in which they came, so that nobody is overtaken until patience ends."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._free, self._most = at_once, waiting
        self._waiting, self._lock = deque[threading.Event](), threading.Lock()

    def take(self, patience: float) -> bool:
        """Whether it was one's turn within so many seconds; not where too many wait already."""
        with self._lock:
            if self._free:
                self._free -= 1
                return True
            if len(self._waiting) >= self._most:
                return False
            turn = threading.Event()
            self._waiting.append(turn)
        if turn.wait(patience):
            return True
        with self._lock:
            if turn.is_set():
                return True  # at the last moment
            self._waiting.remove(turn)
            return False

    def give(self) -> None:
        """Let the next one have a turn that was taken."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._free += 1


def _take_turns(app: Flask) -> None:
    """Who finds the line full, or has waited for PATIENCE seconds, is answered 503."""
    turns = Turns(ANSWERS, WAITING)

    @app.before_request
    def begin() -> None:
        if request.endpoint in UNLIMITED:
            return
        if not turns.take(PATIENCE):
            abort(503, gettext("Too many are searching at the moment: try again in some seconds."))
        g.has_turn = True

    @app.teardown_request
    def end(_: BaseException | None) -> None:
        if g.pop("has_turn", False):
            turns.give()


def _wait_only_if_refused(response: Response) -> Response:
    """Flask-Limiter tells everyone to come back later."""
    if response.status_code < 400:
        response.headers.pop("Retry-After", None)
    return response


def may_read_full_texts() -> bool:
    """Whether this request comes from where full texts may be read (`GOC_NHIN_FULLTEXT`)."""
    settings: AppSettings = current_app.extensions["app_settings"]
    return settings.may_read(_asker(settings.proxies))


def _asker(proxies: int) -> str | None:
    """The asker's address; None where the proxies did not tell it plainly.

    Where X-Forwarded-For has too few values, or cannot be read as a list, as with a quotation mark that the asker sent
    and a proxy added to, ProxyFix leaves the last proxy's own address, which is a local one.
    """
    told = request.headers.get("X-Forwarded-For", "").split(",")
    named = told[-proxies].strip() if 0 < proxies <= len(told) else None
    return request.remote_addr if not proxies or named == request.remote_addr else None


def require_full_texts() -> None:
    """End the request with 403 where full texts may not be read."""
    if not may_read_full_texts():
        abort(403, gettext("Full texts are given on the newsroom's own network only."))


class Export:
    """An export's pieces; while they are sent, one of the EXPORTS places is taken. Ends with 503 where none is free."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._places: threading.BoundedSemaphore = current_app.extensions["exports"]
        if not self._places.acquire(blocking=False):
            abort(503, gettext("Several exports are being sent at the moment: try again in some seconds."))
        self._pieces = pieces
        self._open = True

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._pieces
        finally:
            self.close()

    def close(self) -> None:
        """Called by the server when the answer is sent or the reader has gone."""
        if self._open:
            self._open = False
            self._places.release()
