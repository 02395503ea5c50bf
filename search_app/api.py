"""The JSON API, version 1."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from indexer.search import search
from search_app import live, params

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")


@blueprint.get("/search")
def results() -> Response:
    """A page of a search's result."""
    asked = params.read(request.args)
    page: dict[str, Any] = search(live.reader(), asked.request).page(asked.page, asked.size)
    return jsonify(page)


@blueprint.get("/articles/<int(signed=True):number>")
def article(number: int) -> BaseResponse:
    """One article in full; an id it was known by before leads to its own."""
    found = live.article(number)
    if found.id != number:
        return redirect(url_for(".article", number=found.id), 301)
    return jsonify(found.to_dict())
