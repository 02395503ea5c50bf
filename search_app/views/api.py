"""The JSON API, version 1."""

from __future__ import annotations

from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

from flask import Blueprint, Response, current_app, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from indexer.answers.search import brief
from indexer.errors import to_translate
from search_app import live
from search_app.limits import may_read_full_texts, require_full_texts
from search_app.parameters import params
from search_app.parameters.openapi import description, documented

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")

_HERE = Path(__file__).parent


_SOURCES = sorted(
    file for name in ("crawler", "indexer", "search_app") for file in (_HERE.parents[1] / name).rglob("*.py")
)
PROGRAM = sha256(b"".join(file.read_bytes() for file in _SOURCES)).hexdigest()
"""Stands for the program that answers: another module, another answer."""


@blueprint.after_request
def tagged(response: Response) -> BaseResponse:
    """An answer changes with the generation and with the program; 304 for who has it already."""
    if response.status_code != 200:
        return response
    named = f"{PROGRAM} {live.served().reader.manifest.name} {request.full_path}"
    response.set_etag(sha256(named.encode()).hexdigest()[:32], weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    return response.make_conditional(request)


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """This API's description."""
    params.only(request.args)
    return jsonify(description(current_app))


@blueprint.get("/search")
@documented("SearchPage", to_translate("A page of a search's result."), (*params.SEARCH, *params.PAGING))
def results() -> Response:
    """A page of a search's result."""
    asked = params.read(request.args)
    return jsonify(live.served().page(asked.request, asked.page, asked.size, may_read_full_texts()))


@blueprint.get("/timeline")
@documented("Timeline", to_translate("How many of a search's results each month has."), params.SEARCH)
def timeline() -> Response:
    """How many of a search's results each month has."""
    answer = live.served().answer(params.read(request.args, paged=False).request)
    return jsonify(
        {
            "query": answer.request.to_dict(),
            "accents": answer.accents,
            "relaxed": answer.relaxed,
            "total": len(answer),
            "generation": answer.reader.manifest.name,
            "months": answer.timeline(),
        }
    )


@blueprint.get("/suggest")
@documented(
    "Suggestions",
    to_translate("Phrases, titles and authors that occur and begin like what is being typed."),
    params.TYPED,
)
def suggest() -> Response:
    """Phrases, titles and authors that occur and begin like what is being typed."""
    typed = params.typed(request.args)
    index = live.served()
    found = [asdict(completion) for completion in index.completions(typed)]
    return jsonify({"q": typed, "generation": index.reader.manifest.name, "suggestions": found})


@blueprint.get("/articles/<int(signed=True):number>/similar")
@documented("Similar", to_translate("The articles most like one, the best first."), missing=True)
def similar(number: int) -> Response:
    """The articles most like one, the best first."""
    found = live.article(number)
    index = live.served()
    like = [brief(article) for article in index.similar(found.id)]
    return jsonify({"id": found.id, "generation": index.reader.manifest.name, "similar": like})


@blueprint.get("/articles/<int(signed=True):number>")
@documented(
    "Article", to_translate("One article in full; an id it was known by before leads to its own."), missing=True
)
def article(number: int) -> BaseResponse:
    """One article in full; an id it was known by before leads to its own."""
    require_full_texts()
    found = live.article(number)
    if found.id != number:
        return redirect(url_for(".article", number=found.id), 301)
    return jsonify(found.to_dict())
