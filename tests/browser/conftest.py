"""A real browser against the served app. Screenshots go to build/screens/, to be looked at."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.helpers import ROOT

SCREENS = ROOT / "build/screens"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, headless. `.ci/run` installs it and makes its absence a failure."""
    chromium = shutil.which("chromium")
    if chromium is None:
        if os.environ.get("GOC_NHIN_REQUIRE_BROWSER"):
            pytest.fail("chromium is not installed")
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS) as found:
        yield found


@pytest.fixture(scope="session")
def served(specimens: Path) -> Iterator[str]:
    """The app's address, served as `goc-nhin serve` does."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "search_app", "serve", "--port", str(port), "--workers", "1"]
    process = subprocess.Popen([*command, "--data", str(specimens)], cwd=ROOT, stderr=subprocess.PIPE, text=True)
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
def visit(browser: Browser, served: str) -> Iterator[Callable[..., Page]]:
    """Open a path in a new window; whatever goes wrong in the page fails the test."""
    contexts = []
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
        page = context.new_page()
        page.on("console", lambda message: problems.append(message.text) if _is_problem(message) else None)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture(scope="session")
def screen() -> Callable[[Page, str], None]:
    """Keep a picture of a page."""
    SCREENS.mkdir(parents=True, exist_ok=True)

    def keep(page: Page, name: str) -> None:
        page.screenshot(path=SCREENS / f"{name}.png", full_page=True)

    return keep
