"""What every command of the product shares: options, errors, exit codes."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from crawler.config import data_directory
from crawler.errors import BadDate, GocNhinError, Locked
from crawler.logs import configure, say
from crawler.periods import Period, parse_period

if TYPE_CHECKING:
    from crawler.runs.report import Report

FAILED, USAGE, NEEDS_PERSON, BUSY = 1, 2, 3, 75
"""Exit codes; 0 is done."""

OURS = ("archive.sqlite", "alerts", "warc", "index", "lock")
"""What a data directory holds; SQLite's further files are called like its own, with a dash behind."""

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


def check_output(option: str, file: Path, data: Path, *sources: Path) -> None:
    """Refuse to write a command's result where it would destroy what it comes from. Raises GocNhinError."""
    target, home = file.resolve(), data.resolve()
    first = target.relative_to(home).parts[:1] if target.is_relative_to(home) else ()
    if any(name == part or part.startswith(f"{name}-") for name in OURS for part in first):
        raise GocNhinError(f"{option} {file}: that is a file of the data directory itself; write to another")
    if target in [source.resolve() for source in sources]:
        raise GocNhinError(f"{option} {file}: that is what is read; write to another file")


def run_command(group: click.Group, arguments: list[str] | None = None) -> int:
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
    except GocNhinError as error:
        say(f"goc-nhin: {_one_line(str(error))}", logging.ERROR)
        return exit_code(error)
    except OSError as error:
        say(f"goc-nhin: {error.filename or 'input or output'}: {error.strerror or error}", logging.ERROR)
        return FAILED
    return code if isinstance(code, int) else 0


def exit_code(ended: GocNhinError | Report) -> int:
    """The exit code of a command that ended so."""
    if isinstance(ended, GocNhinError):
        return BUSY if isinstance(ended, Locked) else FAILED
    if ended.trouble and not ended.refused:
        return FAILED
    return NEEDS_PERSON if ended.needs_person else 0


def _one_line(text: str) -> str:
    return " ".join(text.split())
