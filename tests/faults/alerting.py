"""Alerts killed with -9 at random moments, before a mail server that fails each second time."""

from __future__ import annotations

import random
import re
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from crawler.archive.archive import Archive
from indexer.index.build import build
from tests.faults.tried import turns
from tests.helpers import ROOT, article, page

ALERTS = """[smtp]
sender = "goc-nhin@example.org"
host = "127.0.0.1"
port = {port}

[[alert]]
name = "Chợ"
q = "chợ quê"
mail = ["ban-doc@example.org"]
"""


class Post:
    """A mail server's handler that takes each second mail only, and keeps what it took by its Message-ID."""

    def __init__(self, failing: bool = True) -> None:
        self.failing = failing
        self.asked = 0
        self.refused: set[str] = set()
        self.taken: list[tuple[str, frozenset[int]]] = []

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        """Refuse an addressee, or take him."""
        if address in self.refused:
            return "450 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 (aiosmtpd's name)
        """Refuse, or take."""
        self.asked += 1
        if self.failing and self.asked % 2:
            return "451 try again later"
        mail = message_from_bytes(envelope.content, policy=default)
        body = mail.get_body()
        assert body is not None
        ids = frozenset(map(int, re.findall(r"bai-mau-(\d+)\.html", body.get_content())))
        self.taken.append((str(mail["Message-ID"]), ids))
        return "250 OK"


def serving(post: Post) -> Controller:
    """A mail server on a free port of this machine, started; to be stopped."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        controller = Controller(post, hostname="127.0.0.1", port=free.getsockname()[1])
    controller.start()
    return controller


def alert_kills(home: Path, count: int) -> Iterator[str]:
    """Each article that came, in one mail and no more; a mail that a kill made come twice has one Message-ID."""
    home.mkdir(parents=True)
    data, file, post = home / "data", home / "alerts.toml", Post()
    controller = serving(post)
    file.write_text(ALERTS.format(port=controller.port), "utf-8")
    expected: set[int] = set()
    try:
        _come(data, 1)
        assert _run(data, file).wait() == 0
        span = _timed(data, file)
        for turn in turns(count):
            if turn % 3 == 0:
                number = len(expected) + 2
                _come(data, number)
                expected.add(number)
            _killed(_run(data, file), random.uniform(0, span))
        for _ in range(4):
            _run(data, file).wait()
    finally:
        controller.stop()
    letters = dict(post.taken)
    told = Counter(number for ids in letters.values() for number in ids)
    print(f"     {len(expected)} articles in {len(letters)} mails, {len(post.taken) - len(letters)} of them twice")
    yield from (f"article {number} was never mailed" for number in sorted(expected - set(told)))
    yield from (f"article {number} was mailed {often} times" for number, often in told.items() if often > 1)
    yield from (f"article {number} is old" for number in set(told) - expected)


def _come(data: Path, number: int) -> None:
    with Archive.open(data) as archive:
        archive.put(article(number, "Chợ quê họp sớm."), page())
        build(data, archive)


def _run(data: Path, file: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "search_app", "alerts", str(file), "--data", str(data)]
    return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)


def _timed(data: Path, file: Path) -> float:
    """Seconds that a run takes, and some more."""
    started = time.monotonic()
    _run(data, file).wait()
    return 1.1 * (time.monotonic() - started)


def _killed(process: subprocess.Popen[bytes], seconds: float) -> None:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
