"""A search's attention over time, and several searches' side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from indexer.reader import Docs, Facet, Reader
from indexer.request import Request
from indexer.search import Answer
from search_app.charts import MOST_MONTHS, Chart, chart
from search_app.live import Served

Step = Literal["year", "month"]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Charts of counts and of shares over the same periods."""

    step: Step
    counts: Chart
    shares: Chart


def timeline(reader: Reader, parts: Sequence[Docs], within: Docs) -> Timeline:
    """Attention over the time of the documents `within`, of which each of `parts` is a part."""
    months = reader.counted("month", within)
    step: Facet = "month" if _span(months) <= MOST_MONTHS else "year"
    everything = dict(reader.counted(step, within))
    found = [dict(reader.counted(step, part)) for part in parts]
    by: Step = "month" if step == "month" else "year"
    return Timeline(by, chart(found, everything), chart(found, everything, shares=True))


def attention(served: Served, requests: Sequence[Request], relaxed: bool = False) -> tuple[list[Answer], Timeline]:
    """Requests with the same dates, answered and charted over them; articles with most of the words if `relaxed`."""
    answers = [served.answer(request) for request in requests]
    dates = Request(since=requests[0].since, until=requests[0].until)
    return answers, timeline(served.reader, [_docs(answer, relaxed) for answer in answers], served.answer(dates).docs)


def _docs(answer: Answer, relaxed: bool) -> Docs:
    return answer.docs[:0] if answer.relaxed and not relaxed else answer.docs


def _span(months: Sequence[tuple[str, int]]) -> int:
    if not months:
        return 0
    first, last = months[0][0], months[-1][0]
    return (int(last[:4]) - int(first[:4])) * 12 + int(last[5:]) - int(first[5:]) + 1
