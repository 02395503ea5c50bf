from __future__ import annotations

import json
import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from flask.testing import FlaskClient

from crawler.errors import GocNhinError
from crawler.logs import ACCESS, OURS, JsonLines
from search_app import create_app
from search_app.config import is_local
from search_app.limits import EXPORTS
from tests.helpers import run

ELSEWHERE = {"REMOTE_ADDR": "203.0.113.7"}


def made(specimens: Path, monkeypatch: pytest.MonkeyPatch, **settings: str) -> FlaskClient:
    for name, value in settings.items():
        monkeypatch.setenv(f"GOC_NHIN_{name}", value)
    return create_app(specimens).test_client()


def test_too_many_requests_from_one_address_must_wait(specimens: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client = made(specimens, monkeypatch, RATE_LIMIT="3/minute")
    answers = [client.get("/api/v1/search?q=r%C3%A1c") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert "Retry-After" not in answers[0].headers
    refused = client.get("/api/v1/search")
    assert refused.json
    assert refused.json["error"]["code"] == "rate_limited"
    assert refused.json["error"]["message"].startswith("This machine has sent more than 3 requests in one minute.")
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert "Máy này đã gửi quá 3 yêu cầu trong một phút." in client.get("/").text
    assert client.get("/").status_code == 429
    assert client.get("/healthz").status_code == 200
    assert client.get("/", environ_base=ELSEWHERE).status_code == 200


def test_behind_a_proxy_the_asker_is_who_it_says(specimens: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client = made(specimens, monkeypatch, RATE_LIMIT="1/minute", PROXIES="1")
    for address in ("203.0.113.1", "203.0.113.2"):
        assert client.get("/", headers={"X-Forwarded-For": address}).status_code == 200
    assert client.get("/", headers={"X-Forwarded-For": "203.0.113.2"}).status_code == 429


def test_without_a_proxy_nobody_says_who_asks(specimens: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client = made(specimens, monkeypatch, RATE_LIMIT="1/minute")
    answers = [client.get("/", headers={"X-Forwarded-For": f"203.0.113.{number}"}).status_code for number in (1, 2)]
    assert answers == [200, 429]


def test_only_known_hosts_are_answered(specimens: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client = made(specimens, monkeypatch, HOSTS="gocnhin.example, localhost")
    assert client.get("/", headers={"Host": "gocnhin.example"}).status_code == 200
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400
    refused = client.get("/api/v1/search", headers={"Host": "evil.example"})
    assert (refused.json or {})["error"]["code"] == "unknown_host"


def test_full_texts_for_the_newsroom_alone(specimens: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client = made(specimens, monkeypatch, FULLTEXT="local")
    hit = (client.get("/api/v1/search?q=r%C3%A1c").json or {})["results"][0]
    text = (client.get(f"/api/v1/articles/{hit['id']}").json or {})["text"]
    last = text.rpartition("\n\n")[2]
    assert last in client.get(f"/article/{hit['id']}").text
    shown = client.get(f"/article/{hit['id']}", environ_base=ELSEWHERE)
    assert shown.status_code == 200
    assert last not in shown.text
    led = (client.get("/api/v1/search?q=r%C3%A1c", environ_base=ELSEWHERE).json or {})["results"]
    assert [one["highlights"]["text"] for one in led] == [
        [[[one["lead"], False]]] if one["lead"] else [] for one in led
    ]
    assert 'href="/export' in client.get("/?q=r%C3%A1c").text
    assert 'href="/export' not in client.get("/?q=r%C3%A1c", environ_base=ELSEWHERE).text
    for path in (f"/api/v1/articles/{hit['id']}", "/export.json", "/export.ndjson", "/export.csv"):
        refused = client.get(path, environ_base=ELSEWHERE)
        assert refused.status_code == 403
        assert (refused.json or {})["error"]["code"] == "forbidden"


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("127.0.0.1", True),
        ("10.1.2.3", True),
        ("192.168.0.9", True),
        ("fd00::1", True),
        ("8.8.8.8", False),
        ("", False),
    ],
)
def test_local_addresses(address: str, local: bool) -> None:
    assert is_local(address) is local


@pytest.mark.parametrize(
    ("name", "value"),
    [("RATE_LIMIT", "often"), ("PROXIES", "-1"), ("PROXIES", "x"), ("FULLTEXT", "some"), ("SEARCH", "elastic")],
)
def test_settings_of_no_use_are_refused(
    specimens: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    with pytest.raises(GocNhinError, match=f"GOC_NHIN_{name} is “{value}”: write"):
        made(specimens, monkeypatch, **{name: value})
    done = run("serve", "--data", specimens, timeout=60, **{f"GOC_NHIN_{name}": value})
    assert done.returncode == 1
    assert f"GOC_NHIN_{name}" in done.stderr


@pytest.mark.parametrize(("waiting", "patience"), [(0, 30.0), (1, 0.01)])
def test_too_many_at_once_are_refused(
    specimens: Path, monkeypatch: pytest.MonkeyPatch, waiting: int, patience: float
) -> None:
    for name, value in (("ANSWERS", 1), ("WAITING", waiting), ("PATIENCE", patience)):
        monkeypatch.setattr(f"search_app.limits.{name}", value)
    app = create_app(specimens)
    begun, go_on = Event(), Event()

    def slow() -> str:
        begun.set()
        assert go_on.wait(30)
        return "done"

    app.view_functions["api.timeline"] = slow
    with ThreadPoolExecutor() as threads:
        first = threads.submit(app.test_client().get, "/api/v1/timeline")
        assert begun.wait(30)
        refused = app.test_client().get("/api/v1/search")
        healthy = app.test_client().get("/healthz")
        go_on.set()
        assert (first.result().status_code, healthy.status_code) == (200, 200)
    assert (refused.status_code, (refused.json or {})["error"]["code"]) == (503, "busy")
    assert refused.headers["Retry-After"]
    assert app.test_client().get("/api/v1/search").status_code == 200, "the places are free again"


def test_slow_exports_do_not_take_every_place(client: FlaskClient) -> None:
    slow = [client.get("/export.ndjson", buffered=False) for _ in range(EXPORTS)]
    refused = client.get("/export.ndjson")
    assert (refused.status_code, (refused.json or {})["error"]["code"]) == (503, "busy")
    assert refused.headers["Retry-After"]
    assert client.get("/api/v1/search").status_code == 200
    for answer in slow:
        answer.close()
    assert client.get("/export.ndjson").status_code == 200


def test_ready_says_how_old_everything_is(client: FlaskClient) -> None:
    said: dict[str, Any] = client.get("/readyz").json or {}
    assert said["status"] == "ready"
    assert 0 <= said["index_age_seconds"] < 3600
    assert 0 <= said["last_crawl_age_seconds"] < 3600


def test_not_ready_without_an_index(tmp_path: Path) -> None:
    client = create_app(tmp_path).test_client()
    assert [client.get(path).status_code for path in ("/readyz", "/metrics")] == [503, 503]


def test_metrics_count_requests(client: FlaskClient) -> None:
    client.get("/?q=r%C3%A1c")
    text = client.get("/metrics").text
    assert 'goc_nhin_requests_total{endpoint="pages.home",status="200"}' in text
    assert "goc_nhin_articles 6" in text
    assert "goc_nhin_last_crawl_timestamp_seconds 1" in text


def test_nobody_writes_lines_of_the_log(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger(ACCESS).addHandler(caplog.handler)
    with caplog.at_level(logging.INFO, ACCESS):
        client.get("/x%0A1.2.3.4%20GET%20/%1B[2J?q=%0D%0A")
    logging.getLogger(ACCESS).removeHandler(caplog.handler)
    assert caplog.records[0].getMessage().startswith("127.0.0.1 GET /x%0A1.2.3.4%20GET%20/%1B%5B2J?q=%0D%0A 404 ")


def test_every_request_is_logged(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger(ACCESS).addHandler(caplog.handler)
    with caplog.at_level(logging.INFO, ACCESS):
        client.get("/?q=r%C3%A1c%0Ax")
    logging.getLogger(ACCESS).removeHandler(caplog.handler)
    line = json.loads(JsonLines().format(caplog.records[0]))
    assert line["message"].startswith("127.0.0.1 GET /?q=r%C3%A1c%0Ax 200 ")
    assert (line["path"], line["status"], line["address"]) == ("/?q=r%C3%A1c%0Ax", 200, "127.0.0.1")
    assert line["milliseconds"] > 0


def test_what_goes_wrong_is_said_as_everything_else_is(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger(OURS).addHandler(caplog.handler)
    create_app(tmp_path).test_client().get("/healthz")
    logging.getLogger(OURS).removeHandler(caplog.handler)
    assert [record.getMessage() for record in caplog.records if "no index in" in record.getMessage()] != []


@pytest.mark.parametrize("path", ["/api/v1/suggest", "/feed/suggest.json"])
def test_completions_give_no_text_away(specimens: Path, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    client = made(specimens, monkeypatch, FULLTEXT="local", RATE_LIMIT="3/minute")
    asked = f"{path}?q=giao+"
    inside, outside = client.get(asked), client.get(asked, environ_base=ELSEWHERE)
    assert "giao thông" in inside.text
    assert "phrase" not in outside.text
    assert "giao rau" not in outside.text
    assert {client.get(asked).status_code for _ in range(5)} == {200}
    assert client.get(asked, environ_base=ELSEWHERE).status_code == 200
    assert {client.get(asked, environ_base=ELSEWHERE).status_code for _ in range(5)} == {200, 429}
