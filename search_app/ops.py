"""For those who run it."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from search_app.live import served

blueprint = Blueprint("ops", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """200 while searches can be answered; otherwise the error page's 503."""
    index = served().reader
    return jsonify({"status": "ok", "generation": index.manifest.name, "articles": len(index)})
