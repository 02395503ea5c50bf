"""The pages people read."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date, datetime
from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from crawler.archive.reader import ArchiveReader
from crawler.article import Article
from crawler.dates import HANOI
from indexer.engines.protocol import Result
from indexer.export import FORMATS
from indexer.query.limits import described
from indexer.query.parameters import PAGING, PARAMETERS, SearchRequest
from search_app import live
from search_app.display import citations, formats
from search_app.display.charts import LOW
from search_app.display.dossier import Dossier
from search_app.display.doubts import doubted
from search_app.display.results import Results
from search_app.display.revisions import compared
from search_app.display.timeline import Compared, attention, bars
from search_app.language import language
from search_app.limits import may_read_full_texts, require_full_texts
from search_app.links import Links
from search_app.live import Served
from search_app.parameters import params
from search_app.parameters.form import Form
from search_app.parameters.openapi import description
from search_app.parameters.params import Asked
from search_app.statuses import CODES

blueprint = Blueprint("pages", __name__)

EXAMPLE = ("chuyển đổi số", "cải cách hành chính")
"""Queries that /compare proposes where none is given."""


@blueprint.get("/")
@params.takes(*PARAMETERS, *PAGING)
def home() -> str:
    """The search page: box, dates, filters, timeline, results."""
    asked = params.asked()
    served = live.served()
    readable, today = may_read_full_texts(), datetime.now(HANOI).date()
    return served.kept(_home, asked, readable, today, language(), request.args.get("lang"))


def _home(served: Served, asked: Asked, readable: bool, today: date, *_: Hashable) -> str:
    """The search page; it depends on nothing but what it is given, the language among it."""
    page, links = served.page(asked.request, asked.page, asked.size, readable), Links(asked.request, asked.size)
    time = attention(served, [asked.request], today, LOW)[1]
    several = page["total"] and len(time.counts.series[0]) > 1
    return render_template(
        "search.html",
        asked=asked,
        page=page,
        results=Results(asked, page, links),
        form=Form.of(asked),
        years=[year for year, _ in reversed(served.engine.counts("year"))],
        address=asked.query_string(),
        recent=links.recent(today),
        span=_span(served),
        updated=formats.when(served.engine.generation.built_at, today),
        formats=_formats(links) if readable else [],
        readable=readable,
        articles=len(served.engine),
        time=time if several else None,
        columns=[gettext("Articles")],
        bars=dict(zip(("count", "share"), bars((time.counts, time.shares), links), strict=True)) if several else {},
        links=links,
    )


def _span(served: Served) -> str:
    """The years of the whole archive."""
    years = [year for year, _ in served.engine.counts("year")]
    return "–".join(dict.fromkeys((years[0], years[-1]))) if years else ""


def _formats(links: Links) -> list[tuple[str, str]]:
    """What each file of a result is called, and its address."""
    files = [(form.upper(), links.file("exports.download", form=form)) for form in FORMATS]
    return [*files, ("CSV ;", links.file("exports.download", form="csv", sep="semicolon"))]


@blueprint.get("/article/<int(signed=True):number>")
@params.takes(*PARAMETERS, *PAGING)
def article(number: int) -> str | BaseResponse:
    """One article as archived; an id it was known by before leads to its own."""
    found = live.article_or_404(number)
    if found.id != number:
        return redirect(url_for(".article", number=found.id), 301)
    readable, today = may_read_full_texts(), datetime.now(HANOI).date()
    asked = params.asked()
    return live.served().kept(_article, found.id, asked, readable, today, language(), request.args.get("lang"))


def _article(served: Served, number: int, asked: Asked, readable: bool, today: date, *_: Hashable) -> str:
    """An article's page, as `_home`."""
    found, answer = live.article_or_404(number), served.answer(asked.request)
    return render_template(
        "article.html",
        article=found,
        address=asked.query_string(),
        title=answer.highlighted(found.title),
        paragraphs=[answer.highlighted(paragraph) for paragraph in found.paragraphs],
        readable=readable,
        doubts=doubted(served.engine.doubts(found.id)),
        similar=served.similar(found.id),
        cited={name: cite(found, today) for name, cite in citations.READABLE.items()},
        metas=citations.metas(found),
        styles=citations.STYLES,
        around=_around(answer, found.id),
        links=Links(asked.request, asked.size),
    )


@blueprint.get("/article/<int(signed=True):number>/revisions")
@params.takes(*params.REVISIONS)
def revisions(number: int) -> str:
    """What changed between two revisions: `a` and `b`, by default the last two."""
    require_full_texts()
    found = live.article_or_404(number)
    with ArchiveReader.open_read_only(current_app.extensions["data"]) as archive:
        # The archive may know the article by another id already than the index does.
        known = {one.revision: one for one in archive.revisions(found.id)}
    if not known:
        abort(404, gettext("The archive here holds no revision of article %(number)d.", number=number))
    old, new = params.two_revisions(sorted(known))
    changes = compared(known[old], known[new])
    return render_template(
        "revisions.html", article=found, known=known, old=known[old], new=known[new], changes=changes
    )


@blueprint.get("/compare")
@params.takes(*params.COMPARED)
def compare() -> str:
    """Several searches over time on one chart."""
    asked = params.compared()
    names = [typed for typed, _ in asked.requests if typed]
    requests = [request for typed, request in asked.requests if typed]
    answers, time = attention(live.served(), requests, datetime.now(HANOI).date()) if names else ([], None)
    given = {**params.grouped(asked.dates), "q": names, **({"by": asked.by} if asked.by else {})}
    return render_template(
        "compare.html",
        form=Form({**Form.of(Asked(asked.dates)).values, "q": names}),
        compared=[Compared.of(typed, answer) for typed, answer in zip(names, answers, strict=True)],
        names=names,
        example=EXAMPLE,
        time=time,
        points=[bars([time.counts], Links(one.request), place)[0] for place, one in enumerate(answers)] if time else [],
        by=asked.by,
        words=asked.words,
        address={**given, "words": "1"} if asked.words else given,
        otherwise=given if asked.words else {**given, "words": "1"},
    )


@blueprint.get("/dossier")
@params.takes(params.PILED)
def dossier() -> str:
    """Chosen articles in full, to be put in order, cited and printed; a sentence where there are none, or too many."""
    require_full_texts()
    pile = Dossier.of(live.served().engine, params.values().get("id", []))
    return render_template("dossier.html", dossier=pile, today=datetime.now(HANOI).date())


@blueprint.get("/help")
def help_() -> str:
    """The query language and its limits."""
    return render_template("help.html", most_allowed=described())


@blueprint.get("/api")
def api() -> str:
    """The API for people."""
    return render_template("api.html", document=description(current_app), codes=CODES, examples=_examples())


def _examples() -> dict[str, str]:
    """An address to try for each operation, by its path in the API's description."""
    number = next(iter(live.served().answer(SearchRequest()).ids()), 0)
    asked: dict[str, Any] = {"q": "giao thông", "from": "2019"}
    return {
        "/api/v1/search": url_for("api.results", **asked, size=1),
        "/api/v1/timeline": url_for("api.timeline", **asked),
        "/api/v1/phrases": url_for("api.phrases", **asked),
        "/api/v1/suggest": url_for("api.suggest", q="giao th"),
        "/api/v1/articles/{number}": url_for("api.article", number=number),
        "/api/v1/articles/{number}/similar": url_for("api.similar", number=number),
    }


def chosen() -> list[Article]:
    """The articles that `id` names, in that order, each once."""
    found = [live.article_or_404(number) for number in params.chosen()]
    return list({article.id: article for article in found}.values())


def _around(answer: Result, number: int) -> dict[str, Any]:
    """The neighbours of an article in the result it was opened from; without a search, in the whole archive."""
    found = answer.neighbours(number)
    return dict(zip(("place", "previous", "next"), found, strict=True), total=len(answer)) if found else {}
