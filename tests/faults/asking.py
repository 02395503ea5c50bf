"""Clients in a process of their own, which ask one index again and again and note what they are told."""

from __future__ import annotations

import multiprocessing
import os
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from flask import Flask
from flask.testing import FlaskClient

from crawler.errors import GocNhinError
from search_app import create_app
from tests.faults.builds import WORDS

PATIENCE = 60.0
_LOCK = threading.Lock()


class Shown(Exception):
    """An error that a reader was shown."""


class Told(NamedTuple):
    """What an answer said: of which change, how many match, and whether all were there that it had to show, once."""

    kind: str
    word: str
    change: int
    total: int
    whole: bool


@dataclass
class Asked:
    """What clients were told.

    `longest` is for how many seconds one was shown nothing but errors, `slowest` what an answer took at most.
    """

    told: set[Told] = field(default_factory=set)
    answers: int = 0
    errors: list[str] = field(default_factory=list)
    longest: float = 0.0
    slowest: float = 0.0

    def note(self, app: Flask, ask: Callable[[FlaskClient], Told], over: threading.Event) -> None:
        """Ask and ask again until it is over; in as many threads at once as there are clients."""
        bad = 0.0
        while not over.is_set():
            began = time.monotonic()
            told = error = None
            try:
                told = ask(app.test_client())
            except (Shown, GocNhinError) as shown:
                error = str(shown)
                bad = bad or time.monotonic()
                time.sleep(0.05)
            now = time.monotonic()
            with _LOCK:
                self.longest = max(self.longest, now - bad if bad else 0.0)
                if error:
                    self.errors.append(error)
                if told:
                    self.told.add(told)
                    self.answers += 1
                    self.slowest = max(self.slowest, now - began)
                    bad = 0.0


class Clients:
    """App servers, one for those that search and one for who exports, while within; then what those were told."""

    def __init__(self, data: Path, searching: int) -> None:
        self.searches, self.exports = Asked(), Asked()
        context = multiprocessing.get_context("spawn")
        self._ends, self._processes = [], []
        for ask, threads in ((_searched, searching), (_exported, 1)):
            ours, theirs = multiprocessing.Pipe()
            self._ends.append(ours)
            self._processes.append(context.Process(target=_serve, args=(data, ask, threads, theirs), daemon=True))

    def __enter__(self) -> Clients:
        for process in self._processes:
            process.start()
        return self

    def __exit__(self, *_: object) -> None:
        for end in self._ends:
            end.send("over")
        self.searches, self.exports = map(self._heard, self._ends)

    def _heard(self, end: Connection[Any, Any]) -> Asked:
        if not end.poll(PATIENCE):
            raise TimeoutError("a client is still waiting for its answer")
        asked: Asked = end.recv()
        return asked


def _serve(data: Path, ask: Callable[[FlaskClient], Told], threads: int, end: Connection[Any, Any]) -> None:
    os.environ["GOC_NHIN_RATE_LIMIT"] = "off"
    app, asked, over = create_app(data), Asked(), threading.Event()
    clients = [threading.Thread(target=asked.note, args=(app, ask, over)) for _ in range(threads)]
    for one in clients:
        one.start()
    end.recv()
    over.set()
    for one in clients:
        one.join()
    end.send(asked)


def _searched(client: FlaskClient) -> Told:
    word, size = random.choice(["", *WORDS]), random.randint(1, 50)
    found = _got(client, f"/api/v1/search?q={quote(word)}&literal=1&size={size}")
    ids = [hit["id"] for hit in found["results"]]
    whole = len(ids) == len(set(ids)) == min(size, found["total"])
    return Told("search", word, found["change"], found["total"], whole)


def _exported(client: FlaskClient) -> Told:
    found = _got(client, "/export.json?sort=oldest")
    ids = [one["id"] for one in found["articles"]]
    whole = found["complete"] is True and len(ids) == len(set(ids)) == found["count"]
    return Told("export", "", int(found["generation"].rpartition("@")[2]), found["count"], whole)


def _got(client: FlaskClient, address: str) -> Any:
    """The JSON of an answer. Raises Shown for an error; GocNhinError where a stream breaks off."""
    answer = client.get(address)
    if answer.status_code != 200:
        raise Shown(f"{answer.status_code} {address}")
    return answer.get_json()
