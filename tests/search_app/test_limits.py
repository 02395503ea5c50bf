"""One rate limit over several app servers, in a store that a real Redis keeps; and whose turn it is."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest
from flask.testing import FlaskClient

from crawler.errors import GocNhinError
from search_app import create_app
from search_app.config import AppSettings
from search_app.limits import PATIENCE, Turns
from tests.helpers import missing


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The address of a Redis that keeps nothing, and its process."""
    program = shutil.which("redis-server")
    if program is None:
        missing("redis-server")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL) as process:
        until = time.monotonic() + 10
        while True:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                assert time.monotonic() < until, "Redis did not start"
                time.sleep(0.05)
        yield f"redis://127.0.0.1:{port}", process
        process.terminate()


def servers(data: Path, storage: str) -> list[FlaskClient]:
    settings = replace(AppSettings.read(), rate_limit="4/minute", rate_storage=storage)
    return [create_app(data, settings).test_client() for _ in range(2)]


def test_several_servers_count_together(specimens: Path, redis: tuple[str, subprocess.Popen[bytes]]) -> None:
    one, other = servers(specimens, redis[0])
    assert [client.get("/help").status_code for client in (one, other, one, other, one, other)] == [
        *4 * [200],
        429,
        429,
    ]


def test_without_the_store_each_counts_by_itself(specimens: Path, redis: tuple[str, subprocess.Popen[bytes]]) -> None:
    one, other = servers(specimens, redis[0])
    assert one.get("/help").status_code == 200
    redis[1].kill()
    redis[1].wait()
    for client in (one, other):
        assert [client.get("/help").status_code for _ in range(5)] == [*4 * [200], 429]


def test_a_store_that_is_none_is_refused_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOC_NHIN_RATE_STORAGE", "radish://an:secret@host")
    with pytest.raises(
        GocNhinError, match=r"^GOC_NHIN_RATE_STORAGE names no store: write memory:// or redis://"
    ) as told:
        AppSettings.read()
    assert "secret" not in str(told.value)


def test_turns_are_had_in_the_order_of_asking() -> None:
    turns, order = Turns(1, 3), list[int]()
    assert turns.take(0)

    def wait(number: int) -> None:
        assert turns.take(PATIENCE)
        order.append(number)
        turns.give()

    threads = [Thread(target=wait, args=(number,)) for number in range(3)]
    for number, thread in enumerate(threads, 1):
        thread.start()
        while len(turns._waiting) < number:
            time.sleep(0.001)
    assert not turns.take(PATIENCE), "the line is full"
    turns.give()
    wait(3)
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3], "who asks again at once does not overtake"


def test_whose_patience_ends_leaves_the_line() -> None:
    turns = Turns(1, 1)
    assert turns.take(0)
    assert [turns.take(0.001) for _ in range(3)] == [False] * 3
    turns.give()
    assert turns.take(0)


@pytest.mark.parametrize(
    ("proxies", "headers", "readable"),
    [
        (1, ["192.168.1.9"], True),
        (1, ["203.0.113.7"], False),
        (1, ["192.168.1.9, 203.0.113.7"], False),
        (1, ["203.0.113.7, 192.168.1.9"], True),
        (1, ['", 203.0.113.7'], False),
        (1, ['"', "203.0.113.7"], False),
        (1, ['"192.168.1.9, 203.0.113.7'], False),
        (1, ['192.168.1.9", 203.0.113.7'], False),
        (1, ["\\", "203.0.113.7"], False),
        (1, [], False),
        (1, [""], False),
        (2, ["192.168.1.9"], False),
        (2, ["192.168.1.9, 10.0.0.1"], True),
        (2, ['", 203.0.113.7, 10.0.0.1'], False),
        (0, ["203.0.113.7"], True),
    ],
)
def test_who_is_behind_a_proxy_is_local_only_where_the_proxy_says_so(
    specimens: Path, monkeypatch: pytest.MonkeyPatch, proxies: int, headers: list[str], readable: bool
) -> None:
    monkeypatch.setenv("GOC_NHIN_FULLTEXT", "local")
    monkeypatch.setenv("GOC_NHIN_PROXIES", str(proxies))
    client = create_app(specimens).test_client()
    told = [("X-Forwarded-For", value) for value in headers]
    answer = client.get("/export.ndjson?q=x", headers=told, environ_base={"REMOTE_ADDR": "127.0.0.1"})
    assert answer.status_code == (200 if readable else 403)


def test_what_depends_on_who_asks_is_in_no_shared_cache(specimens: Path) -> None:
    client = create_app(specimens).test_client()
    for path in (
        "/",
        "/?q=x",
        "/article/1",
        "/dossier",
        "/export.json?q=x",
        "/export.csv?q=x",
        "/api/v1/search",
        "/compare",
    ):
        assert "private" in client.get(path).headers["Cache-Control"], path
