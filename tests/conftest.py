"""Fixtures for all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings

from search_app import create_app
from tests.helpers import SHARED, run
from tests.replica.site import Running, serving

LONGEST = ("test_reading.py", "test_walk.py", "test_crawl.py", "test_session.py", "test_xss.py")

settings.register_profile("suite", deadline=None, max_examples=25)
settings.register_profile("thorough", deadline=None, max_examples=100)  # `make thorough`
settings.load_profile("suite")


@pytest.fixture(autouse=True, scope="session")
def no_rate_limit() -> Iterator[None]:
    """Tests ask faster than people; those of the limit set their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GOC_NHIN_RATE_LIMIT", "off")
        yield


@pytest.fixture
def shared() -> Path:
    """The measuring side's folder."""
    if not SHARED.is_dir():
        pytest.skip("shared/ is not beside this checkout")
    return SHARED


@pytest.fixture(scope="session")
def replica() -> Iterator[Running]:
    """The site with its specimens; tests that change it serve their own."""
    with serving() as running:
        yield running


@pytest.fixture(scope="session")
def specimens(tmp_path_factory: pytest.TempPathFactory, replica: Running) -> Path:
    """A data directory into which the whole replica was crawled and indexed. Read only."""
    data = tmp_path_factory.mktemp("specimens")
    done = run("update", "--full", "--site", replica.url, "--delay", "0", "--data", data)
    assert done.returncode == 0, done.stderr
    return data


@pytest.fixture(scope="session")
def app(specimens: Path) -> Flask:
    """The app over the specimens; tests that change an app make their own."""
    return create_app(specimens)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without cookies in front of it."""
    return app.test_client()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, so that no core waits for them in the end."""
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What tests have to say besides whether they passed, also those run in another process."""
    for report in terminalreporter.getreports("passed"):
        for name, said in report.user_properties:
            if name == "said":
                terminalreporter.write_line(str(said))
