"""A search's attention over time, and several searches' side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from flask_babel import gettext, ngettext

from crawler.article import Article
from indexer.engines.protocol import Engine, Facet, Result
from indexer.query.parameters import SearchRequest
from search_app.display.charts import HEIGHT, MOST_MONTHS, Chart, Point, chart
from search_app.display.formats import period, share
from search_app.links import Links
from search_app.live import Served

Step = Literal["year", "month"]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Charts of counts and of shares over the same periods."""

    step: Step
    counts: Chart
    shares: Chart


def timeline(
    engine: Engine,
    parts: Sequence[Result],
    within: Result,
    dates: SearchRequest,
    today: date = date.max,
    height: int = HEIGHT,
) -> Timeline:
    """Attention over the dates of a request, which the articles `within` have, and each of `parts` is a part of.

    The period that `today` is in is not over.
    """
    ends = list(_ends(engine, dates))
    months = sorted({*(month for month, _ in within.counts("month")), *ends})
    step: Facet = "month" if _span(months) <= MOST_MONTHS else "year"
    begun = {end[:4] if step == "year" else end: 0 for end in ends}
    everything = begun | dict(within.counts(step))
    found = [dict(part.counts(step)) for part in parts]
    by: Step = "month" if step == "month" else "year"
    day = today.isoformat()
    return Timeline(by, *(chart(found, everything, day, shares, height) for shares in (False, True)))


@dataclass(frozen=True, slots=True)
class Bar:
    """A period of a chart that leads somewhere: where it is drawn, its address, and what it says."""

    point: Point
    link: str
    said: str


def bars(charts: Sequence[Chart], links: Links, number: int = 0) -> list[list[Bar]]:
    """Of charts of the same periods, the periods of one of their series that have any articles."""
    points = [chart.series[number] for chart in charts]
    leads = [(links.period(point.period, point.period), _said(point)) if point.count else None for point in points[0]]
    return [[Bar(point, *lead) for point, lead in zip(each, leads, strict=True) if lead] for each in points]


def _said(point: Point) -> str:
    articles = ngettext("%(num)s article", "%(num)s articles", point.count)
    said = f"{period(point.period)}: {articles}, {share(point.share)}"
    return f"{said} ({gettext('not over yet')})" if point.unfinished else said


def attention(
    served: Served, requests: Sequence[SearchRequest], today: date, height: int = HEIGHT
) -> tuple[list[Result], Timeline]:
    """Requests with the same dates, answered and charted over them."""
    answers = [served.answer(request) for request in requests]
    dates = SearchRequest(since=requests[0].since, until=requests[0].until)
    return answers, timeline(served.engine, answers, served.answer(dates), dates, today, height)


@dataclass(frozen=True, slots=True)
class Compared:
    """One of several searches side by side, as it was typed: how many articles it has, and the first of them."""

    query: str
    count: int
    first: Article | None
    links: Links

    @classmethod
    def of(cls, typed: str, answer: Result) -> Compared:
        """What an answer comes to."""
        return cls(typed, len(answer), answer.first(), Links(answer.request))


def _ends(engine: Engine, dates: SearchRequest) -> Iterator[str]:
    """The months in which asked-for dates begin and end, as far as the archive reaches."""
    known = [month for month, _ in engine.counts("month")]
    for day in (dates.since, dates.until) if known else ():
        if day:
            yield min(max(day.isoformat()[: len("2021-03")], known[0]), known[-1])


def _span(months: Sequence[str]) -> int:
    if not months:
        return 0
    first, last = months[0], months[-1]
    return (int(last[:4]) - int(first[:4])) * 12 + int(last[5:]) - int(first[5:]) + 1
