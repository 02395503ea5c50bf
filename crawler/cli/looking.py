"""The commands for the first day on a site: `check`, what it gives today; `read`, one page as the crawler reads it."""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
from parsel import Selector

from crawler.archive.reader import ArchiveReader
from crawler.archive.warc import RawPage, WarcStore
from crawler.cli.shared import NEEDS_PERSON, data_option
from crawler.config import SETTINGS, layouts, sections
from crawler.errors import GocNhinError, NotAnArticle
from crawler.logs import configure_scrapy, say
from crawler.manners import Manners
from crawler.markup.charset import decode
from crawler.process import run_look
from crawler.reading.doubts import Doubt
from crawler.reading.page import Reading, read_page
from crawler.runs.captured import read_raw_page
from crawler.runs.doubting import OutsideDoubts

_ID = re.compile(r"-?\d{1,16}")


@click.command()
@click.option("--site", metavar="URL", show_default=SETTINGS["GOC_NHIN_SITE"].default, help="The site to look at.")
@click.option("--delay", type=float, help="Seconds between two requests; under 1 on this machine only.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
@click.option(
    "--keep", type=click.Path(file_okay=False, path_type=Path), help="Keep the answers as WARC files in this directory."
)
@data_option
def check(site: str | None, delay: float | None, as_json: bool, keep: Path | None, data: Path) -> None:  # noqa: ARG001
    """What the site gives today, in at most 15 polite requests. Nothing is put in the archive.

    Ends with 0 when all is well, 3 when a person should look, 1 when nothing works.
    """
    manners = Manners.read(site, delay)
    configure_scrapy("text", logging.CRITICAL)
    if keep:
        keep.mkdir(parents=True, exist_ok=True)
    look, pages, _ = run_look({"GOC_NHIN_SITE": manners.site, "GOC_NHIN_DELAY": manners.delay})
    if keep:
        _keep(pages, keep)
    if as_json:
        click.echo(json.dumps(look.to_dict(), ensure_ascii=False, indent=1))
        say(f"check: {look.verdict()}")
    else:
        for line in look.table():
            say(line)
    if look.code:
        raise click.exceptions.Exit(look.code)


def _keep(pages: list[RawPage], directory: Path) -> None:
    store = WarcStore(directory, lambda _: 0)
    for page in pages:
        store.append(page)
    store.sync()


@click.command(context_settings={"ignore_unknown_options": True})  # a legacy article's number is negative
@click.argument("what", metavar="FILE|URL|ID")
@click.option("--url", help="The address a FILE was saved from; by default the one its canonical link names.")
@click.option("--delay", type=float, help="Seconds between two requests; under 1 on this machine only.")
@data_option
def read(what: str, url: str | None, delay: float | None, data: Path) -> None:
    """One page as the crawler reads it, as JSON: from a file, from the site, or by its id from the archive.

    Ends with 0 when it was read, 3 when it was read with doubts, 1 when it was not read.
    """
    try:
        reading, doubts = _read(what, url, delay, data)
    except NotAnArticle as error:
        told: dict[str, Any] = {"article": None, "layout": "", "rules": {}, "doubts": [], "error": str(error)}
    else:
        told = {
            "article": reading.article.to_dict(),
            "layout": reading.article.layout,
            "rules": dict(reading.rules),
            "doubts": [doubt.to_dict() for doubt in doubts],
            "error": None,
        }
    click.echo(json.dumps(told, ensure_ascii=False, indent=1))
    if told["error"]:
        say(f"read: {told['error']}", logging.ERROR)
        raise click.exceptions.Exit(1)
    if told["doubts"]:
        raise click.exceptions.Exit(NEEDS_PERSON)


def _read(what: str, url: str | None, delay: float | None, data: Path) -> tuple[Reading, tuple[Doubt, ...]]:
    if Path(what).is_file():
        body = Path(what).read_bytes()
        reading = read_page(body, url or _stated(what, body), layouts=layouts(), sections=sections())
        return reading, reading.doubts
    if what.startswith(("http://", "https://")):
        return _from_site(what, delay)
    if _ID.fullmatch(what):
        return _from_archive(int(what), data)
    raise click.UsageError(f"“{what[:200]}” is no file, no address that begins with http, and no article's number")


def _stated(what: str, body: bytes) -> str:
    page = Selector(decode(body).text or " ", type="html")
    stated = page.css("link[rel=canonical]::attr(href), meta[property='og:url']::attr(content)").get("")
    if not stated:
        raise click.UsageError(f"{what} does not name its address: say it with --url")
    return stated


def _from_site(url: str, delay: float | None) -> tuple[Reading, tuple[Doubt, ...]]:
    parts = urlsplit(url)
    manners = Manners.read(f"{parts.scheme}://{parts.netloc}", delay)
    configure_scrapy("text", logging.CRITICAL)
    look, _, readings = run_look({"GOC_NHIN_SITE": manners.site, "GOC_NHIN_DELAY": manners.delay}, only=url)
    if not readings:
        raise NotAnArticle(next((row.error for row in look.rows if row.error), look.stopped or "it was not asked for"))
    return readings[0], readings[0].doubts


def _from_archive(number: int, data: Path) -> tuple[Reading, tuple[Doubt, ...]]:
    with ArchiveReader.open_read_only(data) as archive:
        article = archive.get(number)
        kept = (
            archive.pages.of(article.id, article.revision)
            if article
            else dict(archive.frontier.kept_pages()).get(number)
        )
        if kept is None and article is None:
            raise GocNhinError(f"there is no article {number} in the archive, and no page kept of it")
        if kept is None:
            raise GocNhinError(f"article {number} was imported: there is no page of it to read")
        reading = read_raw_page(kept, layouts(), sections())
        return reading, OutsideDoubts(archive).read_again(reading, article, kept) if article else reading.doubts


COMMANDS = {command.name: command for command in (check, read)}
