"""The JSON API, version 1."""

from __future__ import annotations

from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

from flask import Blueprint, Response, current_app, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from indexer.answers.page import brief
from indexer.errors import to_translate
from indexer.query.parameters import PAGING, PARAMETERS
from search_app import live
from search_app.limits import may_read_full_texts, require_full_texts
from search_app.parameters import params
from search_app.parameters.openapi import description, documented

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")

PACKAGES = ("crawler", "indexer", "search_app")


def digest(home: Path) -> str:
    """A digest of every file of the packages under `home`, data files too, but for what Python compiles."""
    files = sorted(file for name in PACKAGES for file in (home / name).rglob("*") if file.suffix != ".pyc")
    return sha256(b"".join(file.read_bytes() for file in files if file.is_file())).hexdigest()


PROGRAM = digest(Path(__file__).parents[2])
"""Stands for the program that answers: another module or abbreviation, another answer."""


@blueprint.after_request
def tagged(response: Response) -> BaseResponse:
    """An answer changes with the generation, the program and who may read full texts; 304 for who has it already."""
    if response.status_code != 200:
        return response
    named = f"{PROGRAM} {live.served().engine.generation.name} {may_read_full_texts()} {request.full_path}"
    response.set_etag(sha256(named.encode()).hexdigest()[:32], weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    return response.make_conditional(request)


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """This API's description."""
    return jsonify(description(current_app))


@blueprint.get("/search")
@documented("SearchPage", to_translate("A page of a search's result."), *PARAMETERS, *PAGING)
def results() -> Response:
    """A page of a search's result."""
    asked = params.asked()
    return jsonify(live.served().page(asked.request, asked.page, asked.size, may_read_full_texts()))


@blueprint.get("/timeline")
@documented("Timeline", to_translate("How many of a search's results each month has."), *PARAMETERS)
def timeline() -> Response:
    """How many of a search's results each month has."""
    return jsonify(live.served().answer(params.asked().request).timeline())


@blueprint.get("/phrases")
@documented("Phrases", to_translate("The phrases that set a search's result apart from the archive."), *PARAMETERS)
def phrases() -> Response:
    """The phrases that set a search's result apart from the archive, the most telling first."""
    return jsonify(live.served().phrases(params.asked().request))


@blueprint.get("/suggest")
@documented(
    "Suggestions",
    to_translate("Phrases, titles, authors and tags that occur and begin like what is being typed."),
    params.TYPED,
)
def suggest() -> Response:
    """Phrases, titles, authors and tags that occur and begin like what is being typed."""
    typed = params.values().get("q", "")
    found = [asdict(completion) for completion in live.completions(typed)]
    return jsonify({"q": typed, "generation": live.served().engine.generation.name, "suggestions": found})


@blueprint.get("/articles/<int(signed=True):number>/similar")
@documented("Similar", to_translate("The articles most like one, the best first."), missing=True)
def similar(number: int) -> Response:
    """The articles most like one, the best first."""
    found = live.article_or_404(number)
    index = live.served()
    like = [brief(article) for article in index.similar(found.id)]
    return jsonify({"id": found.id, "generation": index.engine.generation.name, "similar": like})


@blueprint.get("/articles/<int(signed=True):number>")
@documented(
    "Article", to_translate("One article in full; an id it was known by before leads to its own."), missing=True
)
def article(number: int) -> BaseResponse:
    """One article in full; an id it was known by before leads to its own."""
    require_full_texts()
    found = live.article_or_404(number)
    if found.id != number:
        return redirect(url_for(".article", number=found.id), 301)
    return jsonify(found.to_dict())
