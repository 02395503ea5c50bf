"""The commands that ask: search, export, batch, alerts, status, verify."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar, cast

import click
from tqdm import tqdm

from crawler.archive.atomic import write_atomically
from crawler.archive.reader import ArchiveReader
from crawler.cli.shared import FAILED, check_output, data_option
from crawler.logs import say
from indexer.alerts.command import alerts
from indexer.batch import COLUMNS, counts, doubts_of, read_batch
from indexer.engines.choice import store
from indexer.engines.protocol import Result
from indexer.errors import BadParameter
from indexer.export import FORMATS, SEPARATORS, export
from indexer.query.kinds import FIRST_DAY, FLAG, LAST_DAY
from indexer.query.limits import LIMITS, PAGE_SIZES
from indexer.query.parameters import PARAMETERS, Parameter, SearchRequest
from indexer.status import doubts, doubts_for_people, status, summary
from indexer.verify import problems

Command = TypeVar("Command", bound=Callable[..., Any])


SHOWN_QUERIES = 5
"""Queries of a file that are repeated on the terminal, so that it is seen how the file was read."""
_METAVARS = {"author": "NAME", "tag": "NAME", "section": "NAME", "year": "YEAR"}


def _filters(command: Command) -> Command:
    """QUERY, and an option for every other parameter of a search."""
    decorated: Any = data_option(command)
    for parameter in reversed(PARAMETERS):
        if parameter.name == "q":
            decorated = click.argument("q", metavar="[QUERY]", default="")(decorated)
        else:
            decorated = _option(parameter)(decorated)
    return cast(Command, decorated)


def _option(parameter: Parameter) -> Callable[[Any], Any]:
    said = parameter.description[0].upper() + parameter.description[1:]
    flag = f"--{parameter.name.replace('_', '-')}"
    if parameter.kind is FLAG:
        return click.option(flag, parameter.name, is_flag=True, help=f"{said}.")
    among = parameter.kind.schema.get("enum")
    shown = "DATE" if parameter.kind in (FIRST_DAY, LAST_DAY) else _METAVARS.get(parameter.name)
    return click.option(
        flag,
        parameter.name,
        type=click.Choice(among) if among else str,
        metavar=shown,
        multiple=parameter.repeated,
        help=f"{said}{'; may be repeated' if parameter.repeated else ''}.",
    )


def _result(data: Path, **options: Any) -> Result:
    try:
        request = SearchRequest.read({name: list(_strings(value)) for name, value in options.items()})
    except BadParameter as error:
        raise click.UsageError(str(error)) from error
    return store(data).opened().search(request)


def _strings(value: str | bool | Sequence[str] | None) -> Iterator[str]:
    """An option's value as an address would give it; a terminal may hand over bytes that are no text."""
    if isinstance(value, bool):
        yield from ["1"] if value else []
    else:
        for text in [value] if isinstance(value, str) else value or ():
            yield text.encode("utf-8", "replace").decode()


@click.command(name="search")
@_filters
@click.option(
    "--limit",
    type=click.IntRange(1, LIMITS.page_size),
    default=PAGE_SIZES[0],
    show_default=True,
    help="Results to show.",
)
@click.option("--json", "as_json", is_flag=True, help="Print what /api/v1/search answers.")
def search_(limit: int, as_json: bool, **asked: Any) -> None:
    """Search from the terminal."""
    found = _result(**asked).page(1, limit)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    how = ", marks left open" if found["accents"] == "folded" else ""
    side = "" if found["phrase_total"] is None else f", {found['phrase_total']} with the words side by side"
    say(f"{found['total']} articles{how}{side} ({found['took_ms']} ms)")
    for note in found["notes"]:
        say(f"note: {note['message']}")
    if found["suggestion"]:
        say(f"did you mean: {found['suggestion']}")
    for offer in found["offers"]:
        say(f"or: {offer['message']} ({offer['total']} articles)")
    for hit in found["results"]:
        click.echo(_line(hit))
    if found["near"]:
        say("near, but not with all the words:")
    for hit in found["near"]:
        lacks = f"\n            without: {', '.join(hit['lacks'])}" if hit["lacks"] else ""
        click.echo(f"{_line(hit)}{lacks}")


def _line(hit: dict[str, Any]) -> str:
    passage = " … ".join(
        "".join(click.style(text, bold=True) if found else text for text, found in pieces)
        for pieces in hit["highlights"]["text"]
    )
    by = f" · {', '.join(hit['authors'])}" if hit["authors"] else ""
    head = f"{hit['published_at'][:10]}  {click.style(hit['title'], bold=True)}{by}"
    return f"{head}\n            {' '.join(passage.split())}\n            {hit['url']}"


@click.command(name="export")
@_filters
@click.option(
    "--format", "form", type=click.Choice(list(FORMATS)), default="json", show_default=True, help="What to write."
)
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="A file; it appears when complete."
)
@click.option("--sep", type=click.Choice(list(SEPARATORS)), default="comma", show_default=True, help="What parts CSV.")
def export_(form: str, output: Path | None, sep: str, **asked: Any) -> None:
    """Every matching article in full, in the order search shows them. Without QUERY: everything."""
    if output:
        check_output("-o", output, asked["data"])
    result = _result(**asked)
    _write(export(result, form, SEPARATORS[sep]), output)
    say(f"export: {len(result)} articles{f' in {output}' if output else ''}")


def _write(pieces: Iterable[bytes], output: Path | None) -> None:
    """To a file that appears when complete, or to stdout."""
    if output is None:
        sys.stdout.buffer.writelines(pieces)
        sys.stdout.flush()
    else:
        with write_atomically(output) as file:
            file.writelines(pieces)


@click.command(
    help=f"""Count the articles of many queries by year.

    QUERIES is a CSV file: a query a line, or a header with the column "query" and any of
    {", ".join(name for name in COLUMNS if name != "query")}.
    """
)
@click.argument("queries", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="A file; it appears when complete."
)
@data_option
def batch(queries: Path, output: Path | None, data: Path) -> None:
    """Count the articles of many queries by year."""
    if output:
        check_output("-o", output, data, queries)
    rows = read_batch(queries)
    for doubt in doubts_of(queries, rows):
        say(f"note: {doubt}")
    shown = ", ".join(row.given.get("query", "") or "*" for row in rows[:SHOWN_QUERIES])
    say(f"batch: {len(rows)} queries: {shown}{', …' if len(rows) > SHOWN_QUERIES else ''}")
    lines = counts(store(data).opened(), rows)
    bar = tqdm(lines, desc="batch", total=len(rows) + 1, unit=" lines", disable=None, leave=False)
    _write((line.encode() for line in bar), output)
    say(f"batch: {len(rows)} queries{f' in {output}' if output else ''}")


@click.command(name="status")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.option("--doubts", "only_doubts", is_flag=True, help="The articles read with doubts, and what is doubtful.")
@data_option
def status_(as_json: bool, only_doubts: bool, data: Path) -> None:
    """Counts, date range, last crawl, last index, size, health."""
    with ArchiveReader.open_read_only(data) as archive:
        if only_doubts:
            listed = doubts(archive)
            _tell(listed, doubts_for_people(listed), as_json)
            return
        found = status(data, archive)
    _tell(found, summary(found), as_json)


def _tell(found: object, text: str, as_json: bool) -> None:
    """Data on stdout, or the same for people on stderr."""
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        say(text)


@click.command()
@data_option
def verify(data: Path) -> None:
    """Prove archive and index sound and equal; name what is not."""
    count = 0
    with ArchiveReader.open_read_only(data) as archive:
        for problem in problems(data, archive):
            click.echo(problem)
            count += 1
    if count:
        say(f"verify: {count} problems")
        raise click.exceptions.Exit(FAILED)
    say("verify: archive and index are sound and equal")


COMMANDS = {command.name: command for command in (search_, export_, batch, alerts, status_, verify)}
