"""What holds for the whole tree."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from click import Context, Option
from click.testing import CliRunner

from search_app.cli import goc_nhin
from tests.helpers import ROOT, run

PACKAGES = ("crawler", "indexer", "search_app")
ONLY_IN = {"scrapy": "crawler", "twisted": "crawler", "whoosh": "indexer", "numpy": "indexer"} | dict.fromkeys(
    ("flask", "werkzeug", "gunicorn", "jinja2"), "search_app"
)
SCRAPY_EDGES = {
    *(f"crawler/{name}.py" for name in ("extensions", "items", "middlewares", "pipelines", "process", "responses")),
    *(f"crawler/spiders/{name}.py" for name in ("goc_nhin", "look", "polite")),
    *(f"crawler/commands/{name}.py" for name in ("crawl", "parse", "shell")),
}
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    """Every name a module imports, in full: `from a.b import c` is a.b.c."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_tests_mirror_the_packages() -> None:
    """A folder of tests is one of the package's; whole crawls, which are of no one folder, stand by themselves."""
    for package in PACKAGES:
        folders = {path.parent.name for path in (ROOT / "tests" / package).glob("*/__init__.py")}
        own = {path.parent.name for path in (ROOT / package).glob("*/__init__.py")}
        assert folders - own <= {"crawls"}, package
        assert not list((ROOT / package).glob("*/*/*.py")), "package, folder, module, and nothing deeper"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_package_imports_only_from_its_left(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    right = PACKAGES[PACKAGES.index(package) + 1 :]
    for name in {full.split(".")[0] for full in imports(path)}:
        assert name not in right
        assert name != "tests"
        assert ONLY_IN.get(name, package) == package
        if name in ("scrapy", "twisted"):
            assert str(path.relative_to(ROOT)) in SCRAPY_EDGES


ASKING = (
    "search_app",
    *(f"indexer/{name}" for name in ("alerts", "batch.py", "export.py", "cli", "status.py", "verify.py")),
)
SHARED = {"indexer.answers.offers", "indexer.answers.page"}
"""What every engine answers with: the shape of a page, and what may be offered."""
ENGINES = ("indexer.engines.directory", "indexer.engines.embedded", "indexer.opensearch", "numpy")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_who_asks_knows_no_engine(path: Path) -> None:
    if not str(path.relative_to(ROOT)).startswith(ASKING):
        return
    for name in imports(path):
        module = next((one for one in SHARED if name.startswith(f"{one}.")), "")
        assert module or not name.startswith(("indexer.index", "indexer.answers")), name
        assert not name.startswith(ENGINES), name


def test_every_folder_is_in_the_wheel() -> None:
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["packages"]
    there = {str(path.parent.relative_to(ROOT)).replace("/", ".") for path in MODULES if path.name == "__init__.py"}
    assert set(listed) == there | {"goc_nhin_replica"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_stay_small(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 300


def test_templates_never_switch_escaping_off() -> None:
    for template in (ROOT / "search_app/templates").iterdir():
        assert not re.search(r"\|\s*safe|autoescape\s+false", template.read_text("utf-8"))


def test_the_dependencies_are_pinned_with_hashes_and_without_addresses() -> None:
    for name in ("requirements.lock", "requirements-dev.lock", "requirements-bench.lock"):
        text = (ROOT / name).read_text("utf-8")
        assert not re.search(r"https?://|--index-url|--find-links", text)
        entries = re.split(r"\n(?=\S)", text.strip())
        assert all("--hash=sha256:" in entry for entry in entries if "==" in entry.split("\n")[0])


@pytest.mark.parametrize("command", goc_nhin.list_commands(Context(goc_nhin)))
def test_each_command_has_help_and_stands_in_the_readme(command: str) -> None:
    done = CliRunner().invoke(goc_nhin, [command, "--help"], prog_name="goc-nhin")
    assert done.exit_code == 0
    assert "Usage: goc-nhin" in done.stdout
    assert "--data" in done.stdout
    found = goc_nhin.get_command(Context(goc_nhin), command)
    assert found
    options = [option for option in found.params if isinstance(option, Option)]
    assert [option.name for option in options if not option.help] == []
    assert f"goc-nhin {command}" in (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("frobnicate",), 2, "No such command"),
        (("search", "x", "--frobnicate"), 2, "No such option"),
        (("search", "x", "--from", "2021-13-45"), 2, "is no date"),
        (("search", "ch*", "--data", "{specimens}"), 1, "3 letters or more"),
        (("search", "x", "--data", "{none}"), 1, "no index in"),
        (("index", "--data", "{none}"), 1, "no archive in"),
        (("status", "--data", "{none}"), 1, "no archive in"),
        (("verify", "--data", "{none}"), 1, "no archive in"),
        (("import", "{none}", "--data", "{none}"), 2, "does not exist"),
        (("import", "LICENSE", "--data", "/proc/none"), 1, "/proc/none"),
        (("export", "--format", "xml"), 2, "--format"),
        (("serve", "--port", "99999"), 2, "--port"),
        (("serve", "--host", "192.0.2.1", "--data", "{none}"), 1, "cannot serve on"),
    ],
)
def test_bad_input_gets_one_clear_line(
    specimens: Path, tmp_path: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    places = {"specimens": specimens, "none": tmp_path / "none"}
    done = run(*(argument.format(**places) for argument in arguments))
    assert (done.returncode, len(done.stderr.splitlines()), done.stdout) == (code, 1, "")
    assert said in done.stderr


def test_no_command_at_all_shows_the_help() -> None:
    done = run()
    assert done.returncode == 2
    assert done.stderr.startswith("Usage: goc-nhin")
    assert len(done.stderr.splitlines()) > len(goc_nhin.commands)


def test_bytes_that_are_no_text_are_searched_for_as_such(specimens: Path) -> None:
    done = run("search", "h\udcff", "--json", "--data", specimens)
    assert (done.returncode, done.stderr) == (0, "")
