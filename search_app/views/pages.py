"""The pages people read."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date, datetime
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from crawler.archive.reader import ArchiveReader
from crawler.article import Article
from crawler.dates import HANOI
from indexer.answers.highlight import Highlighter
from indexer.answers.search import ABBREVIATED, Answer
from indexer.query.parser import LIMITS
from search_app import live
from search_app.display import citations
from search_app.display.doubts import doubted
from search_app.display.revisions import compared
from search_app.display.timeline import attention
from search_app.language import language
from search_app.limits import may_read_full_texts, require_full_texts
from search_app.links import Links
from search_app.live import Served
from search_app.parameters import params
from search_app.parameters.form import Form
from search_app.parameters.openapi import codes, description
from search_app.parameters.params import Asked

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def home() -> str:
    """The search page: box, dates, filters, timeline, results."""
    asked = params.read(params.arguments())
    served = live.served()
    readable, today = may_read_full_texts(), datetime.now(HANOI).date()
    return served.kept(_home, served, asked, readable, today, language(), request.args.get("lang"))


def _home(served: Served, asked: Asked, readable: bool, today: date, *_: Hashable) -> str:
    """The search page; it depends on nothing but what it is given, the language among it."""
    page = served.page(asked.request, asked.page, asked.size, readable)
    time = attention(served, [asked.request], relaxed=True)[1]
    return render_template(
        "search.html",
        asked=asked,
        page=page,
        last=max(1, -(-page["total"] // asked.size)),
        form=Form.of(asked),
        years=[year for year, _ in reversed(served.reader.facet_counts("year", served.reader.everything))],
        ABBREVIATED=ABBREVIATED,
        address=asked.query_string(),
        readable=readable,
        today=today,
        articles=len(served.reader),
        time=time,
        links=Links(asked.request),
    )


@blueprint.get("/article/<int(signed=True):number>")
def article(number: int) -> str | BaseResponse:
    """One article as archived; an id it was known by before leads to its own."""
    found = live.article(number)
    if found.id != number:
        return redirect(url_for(".article", number=found.id), 301)
    served = live.served()
    asked = params.read(params.arguments(), paged=False)
    answer = served.answer(asked.request)
    hits = Highlighter(answer.matcher, answer.tree)
    return render_template(
        "article.html",
        article=found,
        title=hits.whole(found.title),
        paragraphs=[hits.whole(paragraph) for paragraph in found.text.split("\n\n")],
        readable=may_read_full_texts(),
        doubts=doubted(served.reader, found.id),
        similar=served.similar(found.id),
        cited={"": citations.vietnamese(found), "APA": citations.apa(found)},
        around=_around(answer, found.id),
        links=Links(asked.request),
    )


@blueprint.get("/article/<int(signed=True):number>/revisions")
def revisions(number: int) -> str:
    """What changed between two revisions: `a` and `b`, by default the last two."""
    require_full_texts()
    with ArchiveReader.open_read_only(current_app.extensions["data"]) as archive:
        known = {one.revision: one for one in archive.revisions(live.article(number).id)}
    old, new = params.two_revisions(params.arguments(), sorted(known))
    changes = compared(known[old], known[new])
    return render_template("revisions.html", known=known, old=known[old], new=known[new], changes=changes)


@blueprint.get("/compare")
def compare() -> str:
    """Several searches over time on one chart."""
    requests = params.several(params.arguments())
    asked = [one for one in requests if one.q]
    answers, time = attention(live.served(), asked) if asked else ([], None)
    links = [Links(one) for one in asked]
    queries = [one.q for one in asked]
    return render_template(
        "compare.html",
        form=Form.of(Asked(requests[0])),
        queries=queries,
        answers=answers,
        time=time,
        links=links,
        compared={**params.grouped(requests[0]), "q": queries},
    )


@blueprint.get("/dossier")
def dossier() -> str:
    """Chosen articles in full, to be printed."""
    require_full_texts()
    return render_template("dossier.html", articles=chosen())


@blueprint.get("/help")
def help_() -> str:
    """The query language and its limits."""
    params.only(params.arguments())
    return render_template("help.html", limits=LIMITS)


@blueprint.get("/api")
def api() -> str:
    """The API for people."""
    params.only(params.arguments())
    return render_template("api.html", document=description(current_app), codes=codes())


def chosen() -> list[Article]:
    """The articles that `id` names, in that order."""
    return [live.article(number) for number in params.chosen(params.arguments())]


def _around(answer: Answer, number: int) -> dict[str, Any]:
    """The neighbours of an article in the result it was opened from; without a search, in the whole archive."""
    found = answer.neighbours(number)
    return dict(zip(("place", "previous", "next"), found, strict=True), total=len(answer)) if found else {}
