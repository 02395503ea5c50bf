"""The app, served as `goc-nhin serve` does."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from flask import Flask

from search_app import create_app
from search_app.config import AppSettings
from tests.helpers import ROOT
from tests.test_deploy import free_port, wait_for


class Serving(NamedTuple):
    """A server on this machine: its port and its first process."""

    port: int
    process: int


def unlimited(data: Path) -> Flask:
    """The app in this process, without a rate limit, whatever the environment says."""
    return create_app(data, replace(AppSettings.read(), rate_limit=None))


@contextmanager
def ours(data: Path, *options: str) -> Iterator[Serving]:
    """The app over a data directory, without a rate limit."""
    port = free_port()
    environment = {**os.environ, "GOC_NHIN_RATE_LIMIT": "off"}
    command = [sys.executable, "-m", "search_app", "serve", "--port", str(port), "--data", str(data), *options]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            wait_for(f"http://127.0.0.1:{port}/healthz")
            yield Serving(port, process.pid)
        finally:
            process.terminate()
