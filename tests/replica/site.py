"""The site itself: a Flask app over a list of pieces."""

from __future__ import annotations

import logging
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import UTC, timedelta
from threading import Thread
from typing import Any

from flask import Blueprint, Flask, Response, abort, current_app, g, jsonify, redirect, render_template, request
from werkzeug.serving import make_server
from werkzeug.wrappers import Response as BaseResponse

from .faults import REFUSAL, Faults
from .pieces import PAPER, Piece, newest_first, specimens

PAGE = 15
"""Articles a listing shows at once."""
ROBOTS = "User-agent: *\nDisallow: /tim-kiem\nSitemap: https://hanoimoi.vn/sitemap.xml\n"

pages = Blueprint("pages", __name__)


@dataclass
class Site:
    """What is served, what goes wrong, and what was asked for (path → times)."""

    pieces: list[Piece]
    faults: Faults = field(default_factory=Faults)
    asked: Counter[str] = field(default_factory=Counter)
    channel: int | None = 463
    """The section's channel id; None leaves it out of the page."""
    refused_paths: set[str] = field(default_factory=set)
    missing_paths: set[str] = field(default_factory=set)
    robots: Response = field(default_factory=lambda: Response(ROBOTS, mimetype="text/plain"))
    failing_after: int | None = None
    """So many answers of getMoreArticle, then only 500."""
    clock: timedelta = timedelta(0)
    """By how much the times in listings and sitemaps differ from those on the pages."""
    instead: dict[str, Response] = field(default_factory=dict)
    """Path → what is answered there, whatever the site has."""
    bodies: int = 0
    """Article pages given in full, those that were unchanged left out."""
    printed_section: str | None = None
    """What article pages name as their section, whatever the listing says."""

    @property
    def section(self) -> list[Piece]:
        return [piece for piece in self.pieces if piece.section == "Góc nhìn"]

    def article(self, path: str) -> Piece | None:
        wanted = path.lower()
        return next((piece for piece in self.pieces if piece.path.lower() == wanted), None)

    def moved(self, path: str) -> Piece | None:
        """The piece whose legacy address this is, and which has a newer one."""
        number = next((part for part in path.split("/") if part.isdecimal()), "")
        return next((p for p in self.pieces if str(p.legacy_id) == number and p.layout != "legacy"), None)


def create_site(pieces: Sequence[Piece] | None = None, faults: Faults | None = None) -> Flask:
    """The replica as a WSGI app; without `pieces` it serves the specimens."""
    app = Flask(__name__)
    app.extensions["site"] = Site(newest_first(list(pieces)) if pieces is not None else specimens(), faults or Faults())
    app.jinja_env.globals["PAPER"] = PAPER
    app.before_request(_before)
    app.after_request(_after)
    app.register_blueprint(pages)
    app.register_error_handler(404, lambda _: ("<h1>Không tìm thấy trang</h1>", 404))
    return app


def site() -> Site:
    """The site of the app under way."""
    found = current_app.extensions["site"]
    assert isinstance(found, Site)
    return found


def _before() -> Response | None:
    site().asked[request.path] += 1
    fault = Response(REFUSAL, 403) if request.path in site().refused_paths else site().faults.instead()
    if (instead := site().instead.get(request.path)) is not None:
        fault = copy(instead)
    if request.path in site().missing_paths:
        fault = Response("<h1>Không tìm thấy trang</h1>", 404)
    g.fault = fault is not None
    return fault


def _after(response: Response) -> Response:
    if g.fault:
        return response
    if response.status_code == 200:
        response.add_etag()
        response.make_conditional(request)
        site().bodies += response.status_code == 200 and request.path.endswith(".html")
    return site().faults.after(response)


@pages.get("/robots.txt")
def robots() -> Response:
    given = site().robots
    return Response(given.get_data(), given.status_code, mimetype=given.mimetype)


@pages.get("/goc-nhin")
def section() -> str:
    values = {"channel": site().channel, "most_read": _most_read(), "clock": site().clock}
    return render_template("section.html", pieces=site().section[:PAGE], **values)


@pages.get("/api/getMoreArticle/channel_empty_<int:last>_<int:channel>_<int:event>")
def more(last: int, channel: int, event: int) -> Response:
    if channel != site().channel:
        abort(404)
    if (left := site().failing_after) is not None:
        site().failing_after = left - 1
        if left <= 0:
            abort(500)
    section = site().section
    start = next((i + 1 for i, piece in enumerate(section) if piece.id == last), 0 if last == 0 else len(section))
    return jsonify([_item(piece, channel) for piece in section[start : start + PAGE]])


@pages.get("/rss/goc-nhin")
def rss() -> Response:
    return Response(render_template("rss.xml", pieces=site().section[:PAGE]), mimetype="application/rss+xml")


@pages.get("/sitemap.xml")
def sitemap_index() -> Response:
    days = sorted({piece.published_at.date() for piece in site().pieces}, reverse=True)
    return Response(render_template("sitemap.xml", days=days), mimetype="application/xml")


@pages.get("/sitemap-article-<day>.xml")
def sitemap(day: str) -> Response:
    pieces = site().pieces[:PAGE]
    if day != "daily":
        pieces = [piece for piece in site().pieces if piece.published_at.date().isoformat() == day] or abort(404)
    return Response(render_template("urlset.xml", pieces=pieces, rounded=_rounded), mimetype="application/xml")


@pages.get("/<path:path>")
def article(path: str) -> BaseResponse:
    found = site().article(f"/{path}")
    if found is None:
        moved = site().moved(f"/{path}")
        return redirect(moved.path, 301) if moved else abort(404)
    if site().printed_section:
        found = replace(found, section=site().printed_section or "")
    body = found.html or render_template(f"{found.layout}.html", piece=found, most_read=_most_read()).encode()
    response = Response(body, mimetype="text/html")
    response.last_modified = found.published_at.astimezone(UTC)
    return response


def _most_read() -> list[Piece]:
    return [piece for piece in site().pieces if piece.section != "Góc nhìn"][:3]


def _rounded(piece: Piece) -> str:
    return (piece.published_at + site().clock + timedelta(seconds=1)).isoformat()


def _item(piece: Piece, channel: int) -> dict[str, Any]:
    listed_at = piece.published_at + site().clock
    return {
        "PublisherId": piece.id,
        "Title": piece.title,
        "TitleIcon16": piece.title,
        "LinktoMe2": piece.url,
        "LinktoMe": piece.path,
        "FriendlyTitle": piece.slug,
        "Headlines": piece.sapo,
        "Thumbnail": "",
        "NameChannel": piece.section,
        "LinkToChannel": f"{PAPER}/goc-nhin",
        "ChannelId": channel,
        "TimeX2": f"{listed_at:%Y-%m-%d %H:%M:%S}",
        "PublishedTime": f"/Date({math.floor(listed_at.timestamp()) * 1000})/",
        "Time_ddMMyyyyHHmm": f"{listed_at:%d/%m/%Y %H:%M}",
    }


@dataclass(frozen=True)
class Running:
    """A replica being served: its address, and its site to look into and to change."""

    url: str
    site: Site


@contextmanager
def serving(pieces: Sequence[Piece] | None = None, faults: Faults | None = None, port: int = 0) -> Iterator[Running]:
    """Serve the replica on 127.0.0.1 in a thread; port 0 takes a free one."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    app = create_site(pieces, faults)
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield Running(f"http://127.0.0.1:{server.port}", app.extensions["site"])
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
