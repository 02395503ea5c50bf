"""Crawling and indexing in one."""

from __future__ import annotations

from typing import Any

import click

from crawler.cli.crawling import ask_person, crawl_archive, crawl_options
from indexer.cli.building import build_index


@click.command()
@crawl_options
def update(**options: Any) -> None:
    """Crawl, then index: the one line for cron."""
    result = crawl_archive(**options)
    build_index(options["data"])
    ask_person(result)


COMMANDS = {"update": update}
