"""Building the index: the command index, and what other commands need of it."""

from __future__ import annotations

from pathlib import Path

import click

from crawler.archive.archive import Archive
from crawler.archive.database import locked
from crawler.cli.shared import data_option
from crawler.logs import say
from indexer.engines.choice import store


def build_index(data: Path, rebuild: bool = False) -> None:
    """Bring the index up to the archive, and say what was done."""
    with locked(data), Archive.open(data, create=False) as archive:
        built = store(data).build(archive, rebuild)
    if not built.indexed and not built.removed and not built.reason:
        say(f"index: nothing to do, {built.articles} articles are searchable")
        return
    why = f", all anew ({built.reason})" if built.reason else ""
    say(
        f"index: {built.indexed} indexed{why}, {built.articles} articles are searchable"
        f" ({built.seconds:.1f} s, generation {built.generation})"
    )


@click.command()
@click.option("--rebuild", is_flag=True, help="Build everything anew, whatever there is.")
@data_option
def index(rebuild: bool, data: Path) -> None:
    """Bring the search index up to the archive."""
    build_index(data, rebuild)


COMMANDS = {"index": index}
