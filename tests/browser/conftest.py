"""A real browser against the served app. Pictures of steps and failures go to build/screens/, to be looked at."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from crawler.archive.archive import Archive
from crawler.dates import HANOI
from indexer.index.build import build
from tests.helpers import ROOT, missing, page

SCREENS = ROOT / "build/screens"
FAILED = pytest.StashKey[bool]()
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium without its desktop parts, which takes half the processor time. `.ci/run` installs it."""
    chromium = shutil.which("chromium-headless-shell")
    if chromium is None:
        missing("chromium-headless-shell")
    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS) as found:
        yield found


@pytest.fixture(scope="session")
def revised(specimens: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """The specimens, and the id of one of them that was corrected since."""
    data = tmp_path_factory.mktemp("revised") / "data"
    shutil.copytree(specimens, data)
    with Archive.open(data) as archive:
        number = archive.ids()[-1]
        (one,) = archive.current([number])
        words = one.text.split(" ")
        corrected = " ".join([*words[:30], "đã", "đính", "chính", *words[33:]])
        archive.put(replace(one, text=corrected), page(datetime.now(HANOI)))
        build(data, archive)
    return data, number


@pytest.fixture(scope="session")
def served(revised: tuple[Path, int]) -> Iterator[str]:
    """The app's address, served as `goc-nhin serve` does."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "search_app", "serve", "--port", str(port), "--workers", "1"]
    process = subprocess.Popen([*command, "--data", str(revised[0])], cwd=ROOT, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    assert process.stderr.readline() == f"serve: http://127.0.0.1:{port}/ (Ctrl-C ends)\n"
    _wait_for(f"http://127.0.0.1:{port}/healthz")
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    assert process.wait(10) == 0
    process.stderr.close()


def _wait_for(url: str) -> None:
    """The server listens before its worker has opened the index."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with urllib.request.urlopen(url, timeout=20) as answer:
            if answer.status == 200:
                return
    pytest.fail(f"{url} never answered")


def _is_problem(message: ConsoleMessage) -> bool:
    """Every error but a page's own status, which tests of error pages look for."""
    refused = message.text.startswith("Failed to load resource") and "/static/" not in message.location["url"]
    return message.type == "error" and not refused


@pytest.fixture
def visit(browser: Browser, served: str, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """Open a path in a new window; whatever goes wrong in the page fails the test. Where a failure left it is kept."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def open_page(
        path: str = "/", width: int = 1200, javascript: bool = True, dark: bool = False, locale: str = "vi-VN"
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            java_script_enabled=javascript,
            color_scheme="dark" if dark else "light",
            base_url=served,
            locale=locale,
        )
        contexts.append(context)
        window = context.new_page()
        window.on("console", lambda message: problems.append(message.text) if _is_problem(message) else None)
        window.on("pageerror", lambda error: problems.append(str(error)))
        window.goto(path)
        return window

    yield open_page
    for context in contexts:
        for window in context.pages if FAILED in request.node.stash else ():
            keep(window, request.node.name)
        context.close()
    assert problems == []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note a failure where fixtures see it."""
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report


@pytest.fixture
def screen(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """Keep a picture of a page on the way."""
    return lambda window, step: keep(window, f"{request.node.name} {step}")


def keep(window: Page, name: str) -> None:
    """A picture in build/screens/, named for the test."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    plain = re.sub(r"[^\w]+", "-", name.removeprefix("test_")).strip("-")
    window.screenshot(path=SCREENS / f"{plain}.jpg", type="jpeg", quality=80, full_page=True)
