"""The crawler's commands, and what every command of the product shares: options, errors, exit codes."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from crawler.archive import Archive
from crawler.atomic import write_atomically
from crawler.config import SETTINGS, Manners, data_directory, layouts, sections
from crawler.database import locked
from crawler.dates import HANOI, Period, parse_period
from crawler.errors import BadDate, CrawlError, GocNhinError, Locked
from crawler.importing import import_articles
from crawler.logs import Format, configure, configure_scrapy, say
from crawler.replay import replay as replay_pages
from crawler.report import Report

FAILED, USAGE, NEEDS_PERSON, BUSY = 1, 2, 3, 75
"""Exit codes; 0 is done."""

Command = TypeVar("Command", bound=Callable[..., Any])


class Date(click.ParamType[Period]):
    """A day, month or year; the command takes its first or last day."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Period:
        """The days it covers, or a usage error."""
        if isinstance(value, Period):
            return value
        try:
            return parse_period(value)
        except BadDate as error:
            self.fail(str(error), param, ctx)


def data_option(command: Command) -> Command:
    """`--data DIR`, which every command takes."""
    option = click.option(
        "--data",
        type=click.Path(file_okay=False, path_type=Path),
        default=data_directory,
        show_default="$GOC_NHIN_DATA, else ./data",
        help="Where archive and index live.",
    )
    return option(command)


def run(group: click.Group, arguments: list[str] | None = None) -> int:
    """Run a command; its exit code. Whatever is wrong is told in one line."""
    configure()
    try:
        # Click answers with the code of an Exit raised in a command, and otherwise with what the command returns.
        code = group.main(arguments, prog_name="goc-nhin", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        say(error.format_message(), logging.ERROR)
        return USAGE
    except click.UsageError as error:
        where = error.ctx.command_path if error.ctx else "goc-nhin"
        say(f"{where}: {_one_line(error.format_message())} (see “{where} --help”)", logging.ERROR)
        return USAGE
    except click.Abort:
        say("goc-nhin: interrupted", logging.ERROR)
        return FAILED
    except BrokenPipeError:
        # Whoever read our output has gone; Python would complain when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Locked as error:
        say(f"goc-nhin: {error}", logging.ERROR)
        return BUSY
    except GocNhinError as error:
        say(f"goc-nhin: {_one_line(str(error))}", logging.ERROR)
        return FAILED
    except OSError as error:
        say(f"goc-nhin: {error.filename or 'input or output'}: {error.strerror or error}", logging.ERROR)
        return FAILED
    return code if isinstance(code, int) else 0


def _one_line(text: str) -> str:
    return " ".join(text.split())


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
    from crawler.run import run_crawl

    if report and not report.absolute().parent.is_dir():
        raise GocNhinError(f"--report {report}: there is no such directory; make it first")
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


COMMANDS = (crawl, import_, replay)
