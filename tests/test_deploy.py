"""The units in deploy/: what systemd makes of them, and that they run commands there are."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from click import Context

from search_app.cli import goc_nhin
from tests.helpers import ROOT, missing

UNITS = sorted(path for path in (ROOT / "deploy").iterdir() if path.suffix in (".service", ".timer"))


def test_the_units_run_commands_that_exist() -> None:
    text = "".join(unit.read_text("utf-8") for unit in UNITS)
    commands = re.findall(r"^ExecStart=/opt/goc-nhin/\.venv/bin/goc-nhin (\S+)", text, re.MULTILINE)
    assert sorted(commands) == ["alerts", "serve", "update"]
    assert set(commands) <= set(goc_nhin.list_commands(Context(goc_nhin)))


def test_systemd_finds_nothing_amiss(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        missing("systemd-analyze")
    for unit in UNITS:
        # The program is not installed where the units expect it.
        (tmp_path / unit.name).write_text(
            unit.read_text("utf-8").replace("/opt/goc-nhin/.venv/bin/goc-nhin", "/bin/true")
        )
    done = subprocess.run(
        ["systemd-analyze", "verify", *tmp_path.iterdir()], capture_output=True, text=True, check=False
    )
    assert (done.returncode, [line for line in done.stderr.splitlines() if "goc-nhin" in line]) == (0, [])


@pytest.fixture
def proxied(tmp_path: Path, specimens: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The address of nginx, configured as deployed but for ports and places, and the two app servers behind it."""
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if nginx is None:
        missing("nginx")
    front, *back = free_port(), free_port(), free_port()
    site = (ROOT / "deploy/goc-nhin.nginx").read_text("utf-8").replace("listen 80;", f"listen 127.0.0.1:{front};")
    assert "    server 127.0.0.1:8000;\n" in site
    site = site.replace("server 127.0.0.1:8000;", " ".join(f"server 127.0.0.1:{port};" for port in back))
    places = "".join(f"{name}_temp_path {tmp_path}/{name};" for name in ("client_body", "proxy", *UNUSED))
    conf = tmp_path / "nginx.conf"
    conf.write_text(
        f"pid {tmp_path}/pid; error_log stderr; daemon off; events {{}} http {{ access_log off; {places}\n{site}}}"
    )
    command = [sys.executable, "-m", "search_app", "serve", "--workers", "1", "--data", str(specimens), "--port"]
    environment = {**os.environ, "GOC_NHIN_PROXIES": "1", "GOC_NHIN_FULLTEXT": "local", "GOC_NHIN_RATE_LIMIT": "off"}
    with ExitStack() as ended:
        apps = []
        for one in ([*command, str(port)] for port in back):
            app = subprocess.Popen(one, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
            ended.enter_context(app)
            ended.callback(app.terminate)
            apps.append(app)
        proxy = ended.enter_context(subprocess.Popen([nginx, "-c", conf, "-p", tmp_path], stderr=subprocess.DEVNULL))
        ended.callback(proxy.terminate)
        for port in (*back, front):
            wait_for(f"http://127.0.0.1:{port}/healthz")
        yield f"http://127.0.0.1:{front}", apps


UNUSED = ("fastcgi", "uwsgi", "scgi")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


def wait_for(url: str) -> None:
    until = time.monotonic() + 30
    while asked(url) != 200:
        assert time.monotonic() < until, f"{url} never answered"
        time.sleep(0.1)


def asked(url: str, method: str = "GET", **headers: str) -> int:
    request = urllib.request.Request(url, method=method, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            status: int = answer.status
            return status
    except urllib.error.HTTPError as error:
        return error.code
    except (urllib.error.URLError, ConnectionError):
        return 0


def test_nginx_lets_readers_through_and_nothing_else(proxied: tuple[str, list[subprocess.Popen[bytes]]]) -> None:
    address, apps = proxied
    assert asked(f"{address}/?q=h%C3%A0+n%E1%BB%99i") == 200
    assert asked(f"{address}/metrics") == 200
    assert asked(f"{address}/", method="POST") == 403
    assert asked(f"{address}/?q=" + "%C4%91" * 1200) == 200
    assert asked(f"{address}/export.csv?q=x", **{"X-Forwarded-For": "203.0.113.7"}) == 200, (
        "it is this machine that asks"
    )
    apps[0].kill()
    apps[0].wait()
    assert {asked(f"{address}/?q=xe&page={page}") for page in range(1, 9)} == {200}, "one of two servers is gone"
