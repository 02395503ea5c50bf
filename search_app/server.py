"""The production server: gunicorn, configured in the program."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication

from crawler.errors import GocNhinError

THREADS = 72
"""Requests a worker holds at once: those of `limits.ANSWERS` and `limits.WAITING`, and slow readers."""


class Server(BaseApplication):
    """Serves the app of a data directory until it is told to stop."""

    def __init__(self, data: Path, cache: Path, host: str, port: int, workers: int, ready: Callable[[], None]) -> None:
        self._data, self._cache = data, cache
        self._options: dict[str, Any] = {
            "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            "workers": workers,
            "worker_class": "gthread",
            "threads": THREADS,
            "loglevel": "warning",
            "control_socket_disable": True,
            # The most gunicorn takes; a query of 2,000 letters with marks, %-encoded, is longer and is refused.
            "limit_request_line": 8190,
            "when_ready": lambda _: ready(),
        }
        super().__init__()

    def load_config(self) -> None:
        """Gunicorn's settings, from here alone."""
        for name, value in self._options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        """The app, made in each worker."""
        # Not before: prometheus-client looks for its directory when it is imported.
        from search_app.factory import create_app

        app = create_app(self._data, cache=self._cache)
        # So that no reader waits for it; without an index it can be built while the app runs.
        with suppress(GocNhinError):
            app.extensions["live_index"].served()
        return app


def serve(data: Path, host: str, port: int, workers: int, ready: Callable[[], None]) -> None:
    """Serve until SIGTERM or Ctrl-C. Raises GocNhinError when the address cannot be had."""
    try:
        with socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET):
            pass
    except OSError as error:
        raise GocNhinError(f"cannot serve on {host}:{port}: {error.strerror}; try another --port") from error
    with tempfile.TemporaryDirectory(prefix="goc-nhin-") as shared:
        metrics = Path(shared) / "metrics"
        metrics.mkdir()
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(metrics)
        Server(data, Path(shared) / "pages.sqlite", host, port, workers, ready).run()
