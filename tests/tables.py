"""Tables of the documentation that follow from the program: `make tables` writes them, a test holds them against it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from crawler.article import FIELDS
from indexer.answers.offers import CODES
from indexer.export import FORMATS
from indexer.query.limits import described
from indexer.query.messages import NOTES, REASONS
from indexer.query.parameters import PAGING, PARAMETERS, Parameter
from search_app.statuses import STATUSES
from tests.helpers import ROOT

PAGE = ROOT / "docs/api.md"
_BLOCK = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def written(text: str) -> str:
    """A page with its tables as the program has them."""
    return _BLOCK.sub(lambda found: f"{found[1]}{TABLES[found[2]]()}{found[3]}", text)


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


def _parameters() -> str:
    def row(one: Parameter) -> Sequence[str]:
        often = f"up to {one.kind.most} times" if one.repeated else "once"
        return f"`{one.name}`", _shape(one.kind.schema), often, one.description

    return _table(("name", "value", "given", "what"), map(row, (*PARAMETERS, *PAGING)))


def _shape(schema: Any) -> str:
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if "minimum" in schema:
        return f"{schema['minimum']} to {schema['maximum']:,}"
    if "examples" in schema:
        return ", ".join(f"`{example}`" for example in schema["examples"])
    return f"text, up to {schema['maxLength']:,} characters" if "maxLength" in schema else str(schema["type"])


def _messages(said: Any) -> str:
    return _table(
        ("code", "message"), ((f"`{code}`", re.sub(r"%\((\w+)\)[sd]", r"‹\1›", text)) for code, text in said.items())
    )


def _statuses() -> str:
    rows = ((str(number), ", ".join(f"`{code}`" for code in one.codes), one.title) for number, one in STATUSES.items())
    return _table(("status", "code", "what"), rows)


def _limits() -> str:
    return _table(("limit", "most"), ((what, f"{most:,}") for what, most in described().items()))


def _fields() -> str:
    def kind(schema: Any) -> str:
        of = schema["type"] if isinstance(schema["type"], str) else " or ".join(schema["type"])
        return (
            f"list of {kind(schema['items'])}"
            if of == "array"
            else f"{of}, {schema['format']}"
            if "format" in schema
            else of
        )

    return _table(("field", "type"), ((f"`{name}`", kind(one.schema)) for name, one in FIELDS.items()))


def _formats() -> str:
    return _table(("format", "media type"), ((f"`{name}`", f"`{one.media_type}`") for name, one in FORMATS.items()))


TABLES: dict[str, Callable[[], str]] = {
    "parameters": _parameters,
    "notes": lambda: _messages(NOTES),
    "offers": lambda: _messages(CODES),
    "reasons": lambda: _messages(REASONS),
    "statuses": _statuses,
    "limits": _limits,
    "fields": _fields,
    "formats": _formats,
}

if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")
