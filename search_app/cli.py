"""The command line: `goc-nhin` and the app's own commands, serve and demo."""

from __future__ import annotations

import logging
import sys
from importlib import import_module
from pathlib import Path

import click

from crawler.cli.shared import data_option, run_command
from crawler.logs import ACCESS, configure, say
from indexer.engines import choice

LOGS = ("none", "text", "json")
ELSEWHERE = {
    "crawler.cli.looking": ("check", "read"),
    "crawler.cli.crawling": ("crawl", "import", "replay"),
    "indexer.cli.building": ("index",),
    "indexer.cli.updating": ("update",),
    "indexer.cli.asking": ("search", "export", "batch", "alerts", "status", "verify"),
}
"""Commands by the module that has them, which is loaded when one of them is asked for."""


class Commands(click.Group):
    """Its own commands and those `ELSEWHERE`: who crawls does not wait until the index is loaded, nor the other way."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All of them, in order."""
        return sorted({*super().list_commands(ctx), *(name for names in ELSEWHERE.values() for name in names)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The one of this name; None where there is none."""
        for module, names in ELSEWHERE.items():
            if cmd_name in names:
                found: click.Command = import_module(module).COMMANDS[cmd_name]
                return found
        return super().get_command(ctx, cmd_name)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="goc-nhin")
def goc_nhin() -> None:
    """Crawl, index and search the opinion pieces of Hà Nội Mới's section Góc nhìn.

    Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done but something needs a person, 75 another run holds the lock.
    """


@goc_nhin.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Port to listen on.")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Processes.")
@click.option(
    "--access-log",
    type=click.Choice(LOGS),
    default="none",
    show_default=True,
    help="A line a request.",
)
@data_option
def serve(host: str, port: int, workers: int, access_log: str, data: Path) -> None:
    """Serve the search app, on a production WSGI server."""
    from search_app.config import AppSettings
    from search_app.server import serve as run

    AppSettings.read()
    choice.store(data)
    configure("json" if access_log == "json" else "text")
    logging.getLogger(ACCESS).setLevel(logging.WARNING if access_log == "none" else logging.INFO)
    where = f"[{host}]" if ":" in host else host
    run(data, host, port, workers, lambda: say(f"serve: http://{where}:{port}/ (Ctrl-C ends)"))


@goc_nhin.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Port to listen on.")
@click.option("--no-serve", is_flag=True, help="Only crawl and index.")
@data_option
@click.pass_context
def demo(context: click.Context, port: int, no_serve: bool, data: Path) -> None:
    """Crawl, index and serve the bundled replica of the site. Never touches the internet."""
    from crawler.cli.crawling import ask_person, crawl_archive
    from indexer.cli.building import build_index
    from search_app.demo import refuse_real_archive, replica

    refuse_real_archive(data)
    with replica() as site:
        result = crawl_archive(data, site, delay=0.0, report=None, since=None, until=None, full=True, limit=None)
    build_index(data)
    if no_serve:
        ask_person(result)
    else:
        context.invoke(serve, port=port, data=data, host="127.0.0.1", workers=1, access_log="none")


def main() -> None:
    """The console script."""
    sys.exit(run_command(goc_nhin))
