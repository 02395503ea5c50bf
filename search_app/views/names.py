"""All authors and all tags, and a page for each."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, abort, render_template, url_for
from flask_babel import gettext

from crawler.dates import HANOI
from indexer.engines.protocol import Name
from indexer.language.vietnamese import fold, keys
from indexer.query.parameters import SearchRequest
from search_app import live
from search_app.display.charts import LOW
from search_app.display.timeline import attention, bars
from search_app.limits import may_read_full_texts
from search_app.links import Links
from search_app.parameters import params

blueprint = Blueprint("names", __name__)

ATTRIBUTES = {"author": "authors", "tag": "tags"}
OTHERS = 15
"""Tags of an author, or authors of a tag, that are named."""


@blueprint.get("/authors")
@params.takes(params.NAMED)
def authors() -> str:
    """All authors, those with most articles first; `name` finds some by a part, with accents or without."""
    return _listed("author")


@blueprint.get("/tags")
@params.takes(params.NAMED)
def tags() -> str:
    """All tags, those with most articles first; `name` finds some by a part, with accents or without."""
    return _listed("tag")


@blueprint.get("/author")
@params.takes(params.NAMED)
def author() -> str:
    """An author: how many articles from when to when, what about, and the newest."""
    return _one("author")


@blueprint.get("/tag")
@params.takes(params.NAMED)
def tag() -> str:
    """A tag: how many articles from when to when, by whom, and the newest."""
    return _one("tag")


def _listed(field: Name) -> str:
    typed = params.values().get("name", "")
    counted = sorted(live.served().engine.counts(field), key=lambda one: (-one[1], one[0]))
    sought = " ".join(map(fold, keys(typed)))
    shown = [one for one in counted if sought in " ".join(map(fold, keys(one[0])))]
    listed = [(name, count, url_for(f"names.{field}", name=name)) for name, count in shown]
    return render_template("names.html", field=field, names=listed, typed=typed, all=len(counted))


def _one(field: Name) -> str:
    name, served = params.values().get("name", ""), live.served()
    if not name or not served.engine.has_name(field, name):
        abort(404, gettext("The archive here knows no such name: “%(name)s”.", name=name))
    request = SearchRequest(**{ATTRIBUTES[field]: (name,), "sort": "newest"})  # type: ignore[arg-type]
    page, links = served.page(request, 1, 10, may_read_full_texts()), Links(request)
    answers, time = attention(served, [request], datetime.now(HANOI).date(), LOW)
    newest = page["results"][0]["published_at"]
    first = answers[0].first()
    other: Name = "tag" if field == "author" else "author"
    return render_template(
        "name.html",
        field=field,
        name=name,
        page=page,
        first=first.published_at if first else newest,
        newest=newest,
        time=time,
        bars=bars([time.counts], links)[0],
        others=[
            (one["value"], one["count"], links.narrowed(other, one["value"])) for one in page["facets"][other][:OTHERS]
        ],
        links=links,
    )
