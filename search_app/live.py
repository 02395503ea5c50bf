"""The index being served: one reader for all threads, exchanged when a new generation is published."""

from __future__ import annotations

import gc
import logging
import threading
import time
from collections.abc import Callable, Hashable
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import abort, current_app, g
from flask_babel import gettext

from crawler.article import Article
from crawler.errors import GocNhinError
from crawler.logs import OURS
from indexer.engines import choice
from indexer.engines.protocol import Completion, Engine, Result
from indexer.errors import IndexDamaged
from indexer.query.parameters import SearchRequest
from search_app.cache import PageCache
from search_app.limits import may_read_full_texts

log = logging.getLogger(f"{OURS}.app")


ANSWERS = 128
"""Whole results kept: at most 16 bytes an article each."""
PAGES = 256
"""Pages of results kept as data, what sets results apart, and similar articles."""
COMPLETIONS = 1024


class Served:
    """A generation with what was already asked of it."""

    def __init__(self, engine: Engine, cache: PageCache) -> None:
        self.engine, self._cache = engine, cache
        self.answer: Callable[[SearchRequest], Result] = lru_cache(ANSWERS)(engine.search)
        self._page = lru_cache(PAGES)(self._new_page)
        self.phrases = lru_cache(PAGES)(self._phrases)
        self.similar = lru_cache(PAGES)(engine.similar)
        self.completions = lru_cache(COMPLETIONS)(engine.completions)

    def page(self, request: SearchRequest, number: int, size: int, readable: bool = True) -> dict[str, Any]:
        """A page of results as `/api/v1/search` answers; `took_ms` is what it took this time.

        For who may not read full texts leads stand in for passages, which phrase by phrase would give a text away.
        """
        started = time.perf_counter()
        page = self._page(request, number, size)
        if not readable:
            page = {**page, **{name: [_led(hit) for hit in page[name]] for name in ("results", "near")}}
        return {**page, "took_ms": round((time.perf_counter() - started) * 1000, 1)}

    def kept(self, make: Callable[..., str], *asked: Hashable) -> str:
        """The HTML that `make` makes of this generation for what is asked, by whichever worker it was first made."""
        key = repr((self.engine.generation.name, make.__name__, asked))
        html = self._cache.get(key)
        if html is None:
            html = make(self, *asked)
            self._cache.put(key, html)
        return html

    def _phrases(self, request: SearchRequest) -> dict[str, Any]:
        """What sets a request's result apart, whatever its order."""
        return self.answer(request).phrases()

    def _new_page(self, request: SearchRequest, number: int, size: int) -> dict[str, Any]:
        return self.answer(request).page(number, size)


def _led(hit: dict[str, Any]) -> dict[str, Any]:
    lead = [[(hit["lead"], False)]] if hit["lead"] else []
    return {**hit, "highlights": {**hit["highlights"], "text": lead}}


class LiveIndex:
    """Opens a data directory's current generation, and the next one when the pointer moves."""

    def __init__(self, data: Path, cache: PageCache) -> None:
        self._store, self._cache = choice.store(data), cache
        self._lock = threading.Lock()
        self._served: Served | None = None
        self._seen = ""

    def served(self) -> Served:
        """The generation to answer this request with. Raises IndexMissing, IndexDamaged while there is none.

        One request opens a new generation; the others meanwhile are answered from the old one.
        """
        served = self._served
        if served is None:
            with self._lock:
                return self._served or self._open()
        if self._moved() and self._lock.acquire(blocking=False):
            try:
                return self._open() if self._moved() else self._served or served
            except GocNhinError as error:
                log.error("the new generation cannot be served: %s", error)
            finally:
                self._lock.release()
        return served

    def after(self, gone: Served) -> Served:
        """What to answer with once `gone` cannot be read any more. Raises GocNhinError while there is nothing else."""
        with self._lock:
            served = self._served
            return self._open() if served is None or served is gone else served

    def _moved(self) -> bool:
        try:
            return self._store.newest() != self._seen
        except GocNhinError:
            return False

    def _open(self) -> Served:
        newest = self._store.newest()
        try:
            engine = self._store.opened()
            engine.prepare()
        except IndexDamaged:
            self._seen = newest  # so that a damaged generation is not tried again with every request
            raise
        self._seen, self._served = newest, Served(engine, self._cache)
        gc.collect()  # what served until now refers to itself, and is large
        return self._served


def served() -> Served:
    """What the current app serves: one generation from a request's beginning to its end."""
    if "served" not in g:
        g.served = current_app.extensions["live_index"].served()
    found: Served = g.served
    return found


def renew() -> None:
    """Answer this request from the index as it is now: what it was to be answered from cannot be read any more."""
    g.served = current_app.extensions["live_index"].after(served())


def completions(typed: str) -> list[Completion]:
    """What is being typed, completed.

    For who may not read full texts without phrases: asked word by word they would give a text away.
    """
    found: list[Completion] = served().completions(typed)
    return found if may_read_full_texts() else [one for one in found if one.kind != "phrase"]


def article_or_404(number: int) -> Article:
    """The article with this id, or known by it before; otherwise the request ends with 404."""
    found = served().engine.article(number)
    if found is None:
        abort(404, gettext("There is no article %(number)d in this archive.", number=number))
    return found
