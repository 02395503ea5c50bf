"""The crawler's commands: crawl, import, replay."""

from __future__ import annotations

import json
import logging
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from crawler.archive.archive import Archive
from crawler.archive.atomic import write_atomically
from crawler.archive.database import locked
from crawler.archive.importing import import_articles
from crawler.cli.shared import NEEDS_PERSON, Command, Date, check_output, data_option
from crawler.config import SETTINGS, layouts, sections
from crawler.dates import HANOI
from crawler.errors import CrawlError, GocNhinError
from crawler.logs import Format, configure, configure_scrapy, say
from crawler.manners import Manners
from crawler.runs.replay import replay as replay_pages
from crawler.runs.report import Report


def crawl_options(command: Command) -> Command:
    """The options of `crawl` and `update`."""
    options = (
        click.option(
            "--site", metavar="URL", show_default=SETTINGS["GOC_NHIN_SITE"].default, help="The site to crawl."
        ),
        click.option("--since", type=Date(), help="Only articles published on or after this day."),
        click.option("--until", type=Date(), help="Only articles published on or before this day."),
        click.option("--full", is_flag=True, help="Walk back to the section's first article."),
        click.option("--limit", type=click.IntRange(min=1), help="Ask for at most so many articles."),
        click.option("--delay", type=float, help="Seconds between two requests; under 1 on this machine only."),
        click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Write the run's report, JSON."),
        click.option("--verbose", is_flag=True, help="Log every request."),
        click.option(
            "--log-format",
            type=click.Choice(("text", "json")),
            default="text",
            show_default=True,
            help="What is said on standard error: lines for people, or JSON, an object a line.",
        ),
        data_option,
    )
    for option in reversed(options):
        command = option(command)
    return command


def crawl_archive(
    data: Path,
    site: str | None,
    delay: float | None,
    report: Path | None,
    verbose: bool = False,
    log_format: Format = "text",
    **wishes: Any,
) -> Report:
    """Crawl as asked, say what came of it, write the report. Raises GocNhinError when it could not be finished."""
    from crawler.process import run_crawl

    if report and not report.absolute().parent.is_dir():
        raise GocNhinError(f"--report {report}: there is no such directory; make it first")
    if report:
        check_output("--report", report, data)
    configure(log_format)
    configure_scrapy(log_format, logging.INFO if verbose else logging.CRITICAL)  # else the report tells what was wrong
    manners = Manners.read(site, delay)
    since, until = wishes.pop("since"), wishes.pop("until")
    arguments = {
        "since": since.first.isoformat() if since else None,
        "until": until.last.isoformat() if until else None,
        **wishes,
    }
    settings = {
        "GOC_NHIN_DATA": str(data),
        "GOC_NHIN_SITE": manners.site,
        "GOC_NHIN_DELAY": manners.delay,
    }
    result = run_crawl(settings, arguments)
    for reason in result.reasons:
        say(f"crawl: {reason}", logging.WARNING)
    if result.counts or not result.trouble:
        say(f"crawl: {result.summary()}")
    if report:
        with write_atomically(report) as file:
            file.write((json.dumps(result.to_dict(), ensure_ascii=False, indent=1) + "\n").encode())
    if result.trouble and not result.refused:
        raise CrawlError(f"the crawl is not finished: {result.trouble}")
    return result


def ask_person(result: Report) -> None:
    """End with 3 when the run needs somebody's eyes."""
    if result.needs_person:
        say(f"crawl: please look: {result.needs_person}", logging.WARNING)
        raise click.exceptions.Exit(NEEDS_PERSON)


@click.command()
@crawl_options
def crawl(**options: Any) -> None:
    """Fetch new and changed articles of the section into the archive.

    Without --since, --until, --full or --limit: what is new since the last finished crawl; the first time, the newest
    200 articles.
    """
    ask_person(crawl_archive(**options))


@click.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@data_option
def import_(file: Path, data: Path) -> None:
    """Put the articles of FILE (.ndjson, .ndjson.xz or .ndjson.gz) into the archive.

    All of them or, when a line is no article, none. Importing twice changes nothing.
    """
    with locked(data), Archive.open(data) as archive:
        counts = import_articles(archive, file, datetime.now(HANOI).replace(microsecond=0))
    said = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    say(f"import: {said or 'the file holds no article'}")


@click.command()
@data_option
def replay(data: Path) -> None:
    """Read every archived page again with today's layouts, without a network."""
    with locked(data), Archive.open(data, create=False) as archive:
        result = replay_pages(archive, sections(), layouts())
    for page in result.lost:
        say(f"replay: {page}")
    say(f"replay: {result.summary()}")
    if result.lost:
        raise click.exceptions.Exit(NEEDS_PERSON)


COMMANDS = {command.name: command for command in (crawl, import_, replay)}
