"""`goc-nhin alerts`."""

from __future__ import annotations

from pathlib import Path

import click

from crawler.archive.database import locked
from crawler.cli.shared import FAILED, NEEDS_PERSON, data_option
from crawler.logs import say
from indexer.alerts.outbox import Outbox
from indexer.alerts.settings import read_alerts
from indexer.engines.choice import store

DIRECTORY = "alerts"
"""Within the data directory, with a lock of its own, so that alerts and crawls do not wait for each other."""


@click.command()
@click.argument("file", metavar="ALERTS.toml", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@data_option
def alerts(file: Path, data: Path) -> None:
    """Tell of new articles of kept searches: by mail, webhook or as NDJSON, each article once.

    To be run after an update. An alert that is new begins with what comes from then on.
    """
    from indexer.alerts.run import run_alerts  # mail and the web are slow to load, and no other command needs them

    wanted = read_alerts(file)
    engine = store(data).opened()
    problems = 0
    with locked(data / DIRECTORY), Outbox.open(data / DIRECTORY) as outbox:
        for told in run_alerts(wanted, data, engine, outbox):
            problems += bool(told.problem)
            begun = "; begins with what comes from now on" if told.began else ""
            say(f"alerts: {told.problem or f'{told.alert}: {told.articles} new{begun}'}")
    if problems:
        raise click.exceptions.Exit(FAILED if problems == len(wanted.alerts) else NEEDS_PERSON)
