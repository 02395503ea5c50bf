"""One run of all alerts: what came since the last one, sent, and noted as told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from crawler.archive.reader import ArchiveReader
from crawler.errors import GocNhinError
from indexer.alerts.outbox import Letter, Outbox
from indexer.alerts.sending import NotSent, send
from indexer.alerts.settings import Alert, Alerts
from indexer.engines.protocol import Engine


@dataclass(frozen=True, slots=True)
class Told:
    """What a run did for an alert: new articles that were sent; `problem` says what a person has to look at."""

    alert: str
    articles: int
    began: bool = False
    problem: str = ""


def run_alerts(alerts: Alerts, data: Path, engine: Engine, outbox: Outbox) -> Iterator[Told]:
    """Tell of what is new, alert by alert; one that cannot be sent does not hold up the others."""
    for alert in alerts.alerts:
        sent, began, problem = 0, False, ""
        try:
            for step in _run(alerts, alert, data, engine, outbox):
                sent += step.articles
                began, problem = step.began, step.problem
            yield Told(alert.name, sent, began, problem)
        except NotSent as error:
            yield Told(alert.name, sent, problem=str(error))


def _run(alerts: Alerts, alert: Alert, data: Path, engine: Engine, outbox: Outbox) -> Iterator[Told]:
    """What is still on its way, then what is new; each that was sent.

    An alert that is new begins with what comes from now on, and so does one whose archive is another.
    """
    if letter := outbox.letter(alert.key):
        yield Told(alert.name, _send(alerts, alert, engine, outbox, letter))
    seen = outbox.seen(alert.key)
    change, mark = engine.generation.change, engine.generation.mark
    if seen is None or not _is_ours(data, *seen):
        outbox.note(alert.key, change, mark)
        other = f"“{alert.name}” begins anew: the archive here is not the one it knew"
        yield Told(alert.name, 0, began=seen is None, problem=other if seen else "")
        return
    new = tuple(engine.search(replace(alert.request, since_change=seen[0], sort="oldest")).ids())
    sent = _send(alerts, alert, engine, outbox, outbox.write(alert.key, new, change, mark)) if new else 0
    if not new and change > seen[0]:
        outbox.note(alert.key, change, mark)
    yield Told(alert.name, sent)


def _send(alerts: Alerts, alert: Alert, engine: Engine, outbox: Outbox, letter: Letter) -> int:
    articles = [article for number in letter.articles if (article := engine.article(number))]
    if articles:
        send(alerts, alert, letter, articles)
    outbox.arrived(alert.key, letter)
    return len(articles)


def _is_ours(data: Path, change: int, mark: str) -> bool:
    """Whether the archive has this change with this mark; it may be elsewhere, then nothing speaks against it."""
    try:
        with ArchiveReader.open_read_only(data) as archive:
            return change == 0 or archive.mark(change) == mark
    except GocNhinError:
        return True
