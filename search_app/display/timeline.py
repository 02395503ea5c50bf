"""A search's attention over time, and several searches' side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from indexer.answers.search import Answer
from indexer.index.facets import Facet
from indexer.index.reader import Docs, Reader
from indexer.query.request import Request
from search_app.display.charts import MOST_MONTHS, Chart, chart
from search_app.live import Served

Step = Literal["year", "month"]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Charts of counts and of shares over the same periods."""

    step: Step
    counts: Chart
    shares: Chart


def timeline(reader: Reader, parts: Sequence[Docs], within: Docs, dates: Request) -> Timeline:
    """Attention over the dates of a request, which the documents `within` have, and each of `parts` is a part of."""
    ends = list(_ends(reader, dates))
    months = sorted({*(month for month, _ in reader.facet_counts("month", within)), *ends})
    step: Facet = "month" if _span(months) <= MOST_MONTHS else "year"
    begun = {end[:4] if step == "year" else end: 0 for end in ends}
    everything = begun | dict(reader.facet_counts(step, within))
    found = [dict(reader.facet_counts(step, part)) for part in parts]
    by: Step = "month" if step == "month" else "year"
    return Timeline(by, chart(found, everything), chart(found, everything, shares=True))


def attention(served: Served, requests: Sequence[Request], relaxed: bool = False) -> tuple[list[Answer], Timeline]:
    """Requests with the same dates, answered and charted over them; articles with most of the words if `relaxed`."""
    answers = [served.answer(request) for request in requests]
    dates = Request(since=requests[0].since, until=requests[0].until)
    return answers, timeline(
        served.reader, [_docs(answer, relaxed) for answer in answers], served.answer(dates).docs, dates
    )


def _docs(answer: Answer, relaxed: bool) -> Docs:
    return answer.docs[:0] if answer.relaxed and not relaxed else answer.docs


def _ends(reader: Reader, dates: Request) -> Iterator[str]:
    """The months in which asked-for dates begin and end, as far as the archive reaches."""
    known = [month for month, _ in reader.facet_counts("month", reader.everything)]
    for day in (dates.since, dates.until) if known else ():
        if day:
            yield min(max(day.isoformat()[: len("2021-03")], known[0]), known[-1])


def _span(months: Sequence[str]) -> int:
    if not months:
        return 0
    first, last = months[0], months[-1]
    return (int(last[:4]) - int(first[:4])) * 12 + int(last[5:]) - int(first[5:]) + 1
