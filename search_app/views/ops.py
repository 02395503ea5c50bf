"""For those who run it: health, readiness, metrics, access logs."""

from __future__ import annotations

import logging
import time
from datetime import datetime
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Flask, Response, current_app, g, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.values import ValueClass

from crawler.archive.reader import ArchiveReader
from crawler.dates import HANOI
from crawler.errors import GocNhinError
from crawler.logs import ACCESS
from search_app.live import served

blueprint = Blueprint("ops", __name__)
access = logging.getLogger(ACCESS)

_PLAIN = "/?:@!$&'()*+,;="
"""What may stand in a path or query string as it is. Source: RFC 3986, 3.3 and 3.4."""

REQUESTS = Counter("goc_nhin_requests", "Requests answered.", ["endpoint", "status"])
SECONDS = Histogram("goc_nhin_request_seconds", "Time until the answer began.", ["endpoint"])
ARTICLES = Gauge("goc_nhin_articles", "Searchable articles.", multiprocess_mode="mostrecent")
CRAWLED = Gauge("goc_nhin_last_crawl_timestamp_seconds", "When a crawl last finished.", multiprocess_mode="mostrecent")


def register(app: Flask) -> None:
    """Measure and log every request."""

    @app.before_request
    def begin() -> None:
        g.begun = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        seconds = time.perf_counter() - g.get("begun", time.perf_counter())
        endpoint = request.endpoint or "none"
        REQUESTS.labels(endpoint, response.status_code).inc()
        SECONDS.labels(endpoint).observe(seconds)
        asked = {
            "address": request.remote_addr,
            "method": request.method,
            "path": _asked_for(),
            "status": response.status_code,
            "milliseconds": round(1000 * seconds, 1),
        }
        access.info("%s %s %s %s %s ms", *asked.values(), extra={"fields": asked})
        return response


def _asked_for() -> str:
    """Path and query string as they were sent, so that nobody writes lines of a log."""
    path, query = quote(request.path, safe=_PLAIN), quote(request.query_string, safe=f"{_PLAIN}%")
    return f"{path}?{query}" if query else path


@blueprint.get("/healthz")
def healthz() -> Response:
    """200 while searches can be answered; otherwise the error page's 503."""
    index = served().engine
    return jsonify({"status": "ok", "generation": index.generation.name, "articles": len(index)})


@blueprint.get("/readyz")
def readyz() -> Response:
    """200 when a proven generation is open and can be asked: which, how old, and how long ago a crawl finished."""
    index = served().engine
    index.check()
    crawled = _last_crawl()
    return jsonify(
        {
            "status": "ready",
            "generation": index.generation.name,
            "articles": len(index),
            "indexed_at": index.generation.built_at,
            "index_age_seconds": _age(index.generation.built_at),
            "last_crawl": crawled,
            "last_crawl_age_seconds": _age(crawled) if crawled else None,
        }
    )


@blueprint.get("/metrics")
def metrics() -> Response:
    """Prometheus' text format, of all processes together."""
    ARTICLES.set(len(served().engine))
    crawled = _last_crawl()
    if crawled:
        CRAWLED.set(datetime.fromisoformat(crawled).timestamp())
    together: Any = None
    if ValueClass.__name__ == "MmapedValue":
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
    text = generate_latest(together) if together else generate_latest()
    return Response(text, content_type=CONTENT_TYPE_LATEST)


def _last_crawl() -> str | None:
    """When a crawl last finished; None where none did or the archive is elsewhere."""
    try:
        with ArchiveReader.open_read_only(current_app.extensions["data"]) as archive:
            crawl = archive.crawls.last()
    except GocNhinError:
        return None
    return crawl.finished_at if crawl else None


def _age(moment: str) -> int:
    return round((datetime.now(HANOI) - datetime.fromisoformat(moment)).total_seconds())
