from __future__ import annotations

import json
import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive.archive import Archive
from crawler.article import Article
from indexer.alerts.outbox import Letter, Outbox
from indexer.alerts.run import run_alerts
from indexer.alerts.sending import _append, message
from indexer.alerts.settings import _MAIL, Alert, BadAlerts, Smtp, read_alerts
from indexer.engines.choice import store
from indexer.index.build import build
from indexer.query.parameters import SearchRequest
from tests.faults.alerting import Post, alert_kills, serving
from tests.helpers import ROOT, article, page, run

MARKET = "Chợ quê họp sớm."


@pytest.fixture
def data(tmp_path: Path) -> Path:
    come(tmp_path / "data", article(1, MARKET))
    (tmp_path / "data/alerts").mkdir()
    return tmp_path / "data"


@pytest.fixture
def post() -> Iterator[tuple[Post, int]]:
    handler = Post(failing=False)
    controller = serving(handler)
    yield handler, controller.port
    controller.stop()


def come(data: Path, *articles: Article) -> None:
    with Archive.open(data) as archive:
        for one in articles:
            archive.put(one, page())
        build(data, archive)


def kept(data: Path, text: str) -> Path:
    file = data.parent / "alerts.toml"
    file.write_text(text, "utf-8")
    return file


def told(data: Path, file: Path) -> list[tuple[int, bool]]:
    with Outbox.open(data / "alerts") as outbox:
        found = list(run_alerts(read_alerts(file), data, store(data).opened(), outbox))
    return [(one.articles, bool(one.problem)) for one in found]


NDJSON = '[[alert]]\nname = "Chợ"\nq = "chợ quê"\nndjson = "new.ndjson"\n'


def ids(file: Path) -> list[int]:
    return [json.loads(line)["id"] for line in file.read_text("utf-8").splitlines()] if file.exists() else []


def test_each_new_article_is_told_of_once(data: Path) -> None:
    file, out = kept(data, NDJSON), data.parent / "new.ndjson"
    assert told(data, file) == [(0, False)]
    assert ids(out) == [], "an alert begins with what comes from now on"
    come(data, article(2, MARKET), article(3, "Phố cổ."), article(4, MARKET))
    assert told(data, file) == [(2, False)]
    assert told(data, file) == [(0, False)]
    come(data, article(4, "Chợ quê họp muộn."), article(5, MARKET))
    assert told(data, file) == [(1, False)], "a correction is no new article"
    run("index", "--rebuild", "--data", data)
    assert told(data, file) == [(0, False)]
    come(data, article(99, MARKET, aliases=(4,)))
    assert told(data, file) == [(0, False)], "under a new id it is the same article"
    assert ids(out) == [2, 4, 5]


def test_by_mail_from_the_command_line(data: Path, post: tuple[Post, int]) -> None:
    handler, port = post
    file = kept(
        data,
        f'link = "http://127.0.0.1:8000"\n[smtp]\nsender = "a@example.org"\nport = {port}\nhost = "127.0.0.1"\n'
        '[[alert]]\nname = "Chợ"\nq = "chợ quê"\nmail = ["b@example.org"]\n',
    )
    begun = run("alerts", file, "--data", data)
    assert (begun.returncode, begun.stderr) == (0, "alerts: Chợ: 0 new; begins with what comes from now on\n")
    come(data, article(2, MARKET))
    assert run("alerts", file, "--data", data).stderr == "alerts: Chợ: 1 new\n"
    assert run("alerts", file, "--data", data).stderr == "alerts: Chợ: 0 new\n"
    assert [found for _, found in handler.taken] == [{2}]


def test_what_could_not_be_sent_is_kept_and_said(data: Path, post: tuple[Post, int]) -> None:
    handler, port = post
    handler.failing = True
    file = kept(
        data,
        f'[smtp]\nsender = "a@example.org"\nport = {port}\nhost = "127.0.0.1"\n{NDJSON}'
        '[[alert]]\nname = "Quê"\nq = "quê"\nmail = ["b@example.org"]\n',
    )
    told(data, file)
    come(data, article(2, MARKET))
    failed = run("alerts", file, "--data", data)
    assert failed.returncode == 3
    assert "“Quê” could not be sent: (451" in failed.stderr
    assert "Chợ: 1 new" in failed.stderr, "the others are told"
    come(data, article(3, MARKET))
    assert told(data, file) == [(1, False), (1, True)], "what was kept went, the newer one met the failing server"
    assert told(data, file) == [(0, False), (1, False)]
    assert [sorted(found) for _, found in handler.taken] == [[2], [3]]


class Hook(BaseHTTPRequestHandler):
    got: ClassVar[list[tuple[str | None, list[int]]]] = []

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.got.append((self.headers["Idempotency-Key"], [one["id"] for one in asked["articles"]]))
        self.send_response(204 if len(self.got) > 1 else 500)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def test_one_refused_addressee_costs_no_other_and_loses_nothing(data: Path, post: tuple[Post, int]) -> None:
    handler, port = post
    handler.refused = {"two@example.org"}
    file = kept(
        data,
        f'[smtp]\nsender = "a@example.org"\nport = {port}\nhost = "127.0.0.1"\n'
        '[[alert]]\nname = "Chợ"\nq = "chợ quê"\nmail = ["one@example.org", "two@example.org"]\n',
    )
    told(data, file)
    come(data, article(2, MARKET))
    assert told(data, file) == [(1, False), (0, True)]
    handler.refused = set()
    assert told(data, file) == [(0, False), (1, False)]
    assert [found for _, found in handler.taken] == [{2}, {2}]


@pytest.mark.parametrize("answer", [b"nonsense\r\n\r\n", b"HTTP/1.1 302 Found\r\nLocation: /login\r\n\r\n", b""])
def test_a_webhook_that_does_not_take_it_is_asked_again_and_holds_up_nobody(data: Path, answer: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    asker, _ = server.accept()
                except OSError:
                    return
                with asker:
                    asker.recv(65536)
                    asker.sendall(answer)

        threading.Thread(target=serve, daemon=True).start()
        hook = f"http://127.0.0.1:{server.getsockname()[1]}/"
        file = kept(data, f'[[alert]]\nname = "a"\nq = "quê"\nwebhook = "{hook}"\n{NDJSON}')
        told(data, file)
        come(data, article(2, MARKET))
        assert told(data, file) == [(0, True), (1, False)]
        assert told(data, file) == [(0, True), (0, False)]


def test_by_webhook_with_one_key_however_often_it_is_tried(data: Path) -> None:
    Hook.got = []
    server = HTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    hook = f"http://127.0.0.1:{server.server_port}/"
    file = kept(data, f'[[alert]]\nname = "Chợ"\nq = "chợ quê"\nwebhook = "{hook}"\n')
    told(data, file)
    come(data, article(2, MARKET))
    assert told(data, file) == [(0, True)]
    assert told(data, file) == [(1, False)]
    (first, one), (second, other) = Hook.got
    assert (first, one) == (second, other)
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_a_file_that_a_kill_cut_is_gone_on_with(tmp_path: Path, share: float) -> None:
    text = b'{"letter": "one"}\n{"letter": "one", "id": 2}\n'
    file = tmp_path / "new.ndjson"
    file.write_bytes(b'{"letter": "zero"}\n' + text[: int(share * len(text))])
    _append(file, text)
    assert file.read_bytes() == b'{"letter": "zero"}\n' + text


def test_a_long_file_costs_no_more_than_it_is_long(tmp_path: Path) -> None:
    lines = [f'{{"letter": "one", "id": {number}, "title": "{"chợ " * 40}"}}\n'.encode() for number in range(20_000)]
    file = tmp_path / "new.ndjson"
    file.write_bytes(b"".join(lines).replace(b'"one"', b'"two"') + b"".join(lines[:15_000]) + lines[15_000][:50])
    _append(file, b"".join(lines))
    assert file.read_bytes().endswith(b"".join(lines))
    assert file.stat().st_size == 2 * sum(map(len, lines))


@pytest.mark.parametrize("damage", ["page", "table", "letter"])
def test_a_damaged_outbox_is_one_line_that_says_what_to_do(data: Path, damage: str) -> None:
    file = kept(data, NDJSON)
    told(data, file)
    state = data / "alerts/alerts.sqlite"
    if damage == "page":
        content = state.read_bytes()
        state.write_bytes(content[:100] + b"\xff" * (len(content) - 100))
    else:
        with closing(sqlite3.connect(state)) as database, database:
            if damage == "table":
                database.executescript("DROP TABLE seen; CREATE TABLE seen (x)")
            else:
                database.execute("INSERT INTO letter VALUES ('Chợ', 'x', '{', 1, '')")
    done = run("alerts", file, "--data", data)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "alerts.sqlite cannot be used" in done.stderr
    assert "begin anew once it is moved away" in done.stderr


@pytest.mark.parametrize(
    "address", ["a@[", "a@b.", ".a@b", "a..b@c", "a@b@c", "a b@c", "a@-b", "a@", "@b", "đ@b", "a:b@c"]
)
def test_what_no_mail_server_takes_is_no_address(tmp_path: Path, address: str) -> None:
    file = tmp_path / "alerts.toml"
    file.write_text(f'[smtp]\nsender = "a@b"\n[[alert]]\nname = "a"\nmail = "{address}"\n', "utf-8")
    with pytest.raises(BadAlerts, match="write one address"):
        read_alerts(file)


@given(st.from_regex(_MAIL, fullmatch=True))
def test_every_address_that_is_taken_can_be_written_to(address: str) -> None:
    alert = Alert("a", SearchRequest(), mail=address)
    mail = message(Smtp(address), alert, Letter("x", (1,), 1, ""), [article(1)], "")
    assert mail["To"].addresses[0].addr_spec == address
    assert not mail["To"].defects


def test_another_archive_is_told_of(data: Path, tmp_path: Path) -> None:
    file = kept(data, NDJSON)
    told(data, file)
    other = tmp_path / "other"
    come(other, article(1, MARKET), article(2, MARKET))
    (data / "alerts").rename(other / "alerts")
    assert told(other, file) == [(0, True)]
    assert told(other, file) == [(0, False)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = 1", "“x” is unknown"),
        ("", "has no alert"),
        ("[[alert]\n", "cannot be read as TOML"),
        ('[[alert]]\nname = "a"\nq = "b"\n', "write a name, and one of mail, webhook, ndjson"),
        ('[[alert]]\nname = "a"\nq = "ch*"\nndjson = "x"\n', "3 letters"),
        ('[[alert]]\nname = "a"\nfrom = "2021-13"\nndjson = "x"\n', "is no date"),
        ('[[alert]]\nname = "a"\nmail = "b@c"\n', r"write \[smtp\]"),
        ('[[alert]]\nname = "a\\nb"\nndjson = "x"\n', "a text on one line"),
        (f"{NDJSON}{NDJSON}", "two alerts are called “Chợ”"),
        ('[[alert]]\nname = "a"\nwebhook = "ftp://x"\n', "begins with https"),
        ('[[alert]]\nname = "a"\nwebhook = "http://x/đường"\n', "%XX"),
        ('[[alert]]\nname = "a"\nwebhook = "http://x/a b"\n', "%XX"),
        ('[smtp]\nsender = "a@b"\n[[alert]]\nname = "a"\nmail = ["Nguyễn <"]\n', "write one address"),
        (f'[smtp]\nsender = "a@b"\nport = 0\n{NDJSON}', "port is a number"),
    ],
)
def test_a_file_that_is_of_no_use_is_one_line(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "alerts.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(BadAlerts, match=said):
        read_alerts(file)


def test_the_example_can_be_used() -> None:
    found = read_alerts(ROOT / "deploy/alerts.toml")
    assert [(one.name, bool(one.mail), bool(one.webhook), bool(one.ndjson)) for one in found.alerts] == [
        ("Vỉa hè", True, False, False),
        ("Chí Kiên", False, True, False),
        ("Chuyển đổi số", False, False, True),
    ]
    assert found.alerts[2].request.since == date(2021, 1, 1)


def test_kills_and_a_failing_server_lose_and_repeat_nothing(tmp_path: Path) -> None:
    assert list(alert_kills(tmp_path / "kills", 4)) == []
