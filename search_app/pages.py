"""The pages people read."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from indexer.request import Request
from search_app import live, params
from search_app.limits import may_read_full_texts
from search_app.params import Asked

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def home() -> str:
    """The search page: box, dates, filters, results."""
    asked = params.read(request.args)
    served = live.served()
    page = served.page(asked.request, asked.page, asked.size)
    last = max(1, -(-page["total"] // asked.size))
    return render_template(
        "search.html",
        asked=asked,
        page=page,
        last=last,
        q=asked.request.q,
        articles=len(served.reader),
        link=lambda number: url_for(".home") + _question(asked.query_string(number)),
        narrowed=lambda name, value: _narrowed(asked, name, value),
        meant=lambda query: (
            url_for(".home") + _question(urlencode(list(params.parameters(replace(asked.request, q=query)))))
        ),
        download=lambda form: (
            url_for("exports.download", form=form) + _question(urlencode(list(params.parameters(asked.request))))
        ),
    )


@blueprint.get("/article/<int(signed=True):number>")
def article(number: int) -> str | BaseResponse:
    """One article as archived; an id it was known by before leads to its own."""
    found = live.article(number)
    if found.id != number:
        return redirect(url_for(".article", number=found.id), 301)
    return render_template(
        "article.html",
        article=found,
        readable=may_read_full_texts(),
        similar=live.served().similar(found.id),
        q="",
    )


def _question(query: str) -> str:
    return f"?{query}" if query else ""


def _narrowed(asked: Asked, name: str, value: str) -> str:
    """The same search, an author, tag or year more, or one less where it is there already."""
    old = asked.request
    if name == "year":
        return url_for(".home") + _question(urlencode([*_undated(old), ("from", value), ("to", value)]))
    field = "authors" if name == "author" else "tags"
    values: tuple[str, ...] = getattr(old, field)
    changed = tuple(v for v in values if v != value) if value in values else (*values, value)
    new = replace(old, authors=changed) if name == "author" else replace(old, tags=changed)
    return url_for(".home") + _question(urlencode(list(params.parameters(new))))


def _undated(request: Request) -> list[tuple[str, str]]:
    return list(params.parameters(replace(request, since=None, until=None)))
