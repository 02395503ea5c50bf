"""`python -m tests.replica` (installed: `goc_nhin_replica`): serve the replica until stdin closes or Ctrl-C."""

from __future__ import annotations

import sys
import threading
from contextlib import suppress
from typing import Any

import click

from .faults import Faults
from .pieces import many
from .site import serving


@click.command()
@click.option("--port", default=0, help="0 takes a free port.")
@click.option("--refused", default=0.0, help="Share of answers that are 403.")
@click.option("--too-many", default=0.0, help="Share of answers that are 429.")
@click.option("--unavailable", default=0.0, help="Share of answers that are 503.")
@click.option("--truncated", default=0.0, help="Share of pages cut in half.")
@click.option("--slow", default=0.0, help="Share of answers that come a second late.")
@click.option("--articles", default=0, help="So many articles made from the specimens; 0: the specimens.")
@click.option("--with-parent", is_flag=True, help="End when standard input closes.")
def main(port: int, articles: int, with_parent: bool, **shares: Any) -> None:
    """Serve the specimen site on 127.0.0.1 and print its address on the first line."""
    with serving(many(articles) or None, Faults(**shares), port) as running, suppress(KeyboardInterrupt):
        click.echo(running.url)
        sys.stdout.flush()
        if with_parent:
            sys.stdin.read()
        else:
            threading.Event().wait()


main()
