"""The layouts: which CSS selectors give each field in each era of the site. Read from TOML, checked when read."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from cssselect import SelectorError
from lxml import etree

from crawler.errors import BadLayouts

MOST_TAGS = 20_000
"""Tags a page may have: an article's has some 1,500, and BeautifulSoup needs a second for these."""
GENERIC = "generic"
"""The name under which a page is read that no layout fits."""
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")


@dataclass(frozen=True, slots=True)
class Layout:
    """One era's page. Each field but `name` and `years` is a row of CSS selectors; the first that finds text wins.

    `section` may match each step of a trail. `pictures` are elements that hold an image and its caption, `nested` those
    that hold further articles, `noise` what stands inside a body and is not its text.
    """

    name: str
    years: str = ""
    title: tuple[str, ...] = ()
    time: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    nested: tuple[str, ...] = ()
    noise: tuple[str, ...] = ()

    def marks(self) -> tuple[tuple[str, ...], ...]:
        """The fields by which a page of this layout is recognised, the surest first."""
        return self.title, self.body, self.time, self.author, self.lead


Layouts = Mapping[str, Layout]
"""Name → layout, in the order in which they are tried."""
_FIELDS = tuple(entry.name for entry in fields(Layout) if entry.name not in ("name", "years"))


@lru_cache(8)
def read_layouts(extra: Path | None = None) -> Layouts:
    """The package's layouts; those of the file `extra` are added, or override single fields. Raises BadLayouts."""
    own = files(__package__).joinpath("layouts.toml").read_text("utf-8")
    layouts = parse_layouts(own, "layouts.toml", {})
    if extra is None:
        return layouts
    try:
        text = extra.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise BadLayouts(f"the layouts in {extra} cannot be read: {reason}; GOC_NHIN_LAYOUTS names them") from error
    return parse_layouts(text, str(extra), layouts)


def parse_layouts(text: str, where: str, base: Layouts) -> Layouts:
    """TOML as layouts on top of `base`; what it adds is tried first. Raises BadLayouts, which names the place."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadLayouts(f"{where}: not TOML: {error}") from None
    added: dict[str, Layout] = {}
    for name, table in tables.items():
        line = _line(text, name)
        if not isinstance(table, dict):
            raise BadLayouts(
                f"{where}, line {line}: “{name}” stands outside a layout: begin with a line like [longform]"
            )
        if not _NAME.fullmatch(name) or name == GENERIC:
            raise BadLayouts(f"{where}, line {line}: “{name}” is no layout's name: write a-z, 0-9, - and _")
        values: dict[str, Any] = {
            key: _value(key, value, where, _line(text, name, key)) for key, value in table.items()
        }
        added[name] = replace(base.get(name, Layout(name)), **values)
    new = {name: layout for name, layout in added.items() if name not in base}
    return new | {name: added.get(name, layout) for name, layout in base.items()}


def generic(layouts: Layouts) -> Layout:
    """What is known of all layouts together, for a page that none fits: noise, pictures, nested articles."""
    every = layouts.values()
    joined: dict[str, Any] = {
        name: _all(*(getattr(layout, name) for layout in every)) for name in ("pictures", "nested", "noise")
    }
    return Layout(GENERIC, **joined)


def _all(*rows: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(selector for row in rows for selector in row))


def _value(key: str, value: object, where: str, line: int) -> str | tuple[str, ...]:
    if key == "years":
        if isinstance(value, str):
            return value
        raise BadLayouts(f"{where}, line {line}: years is not text")
    if key not in _FIELDS:
        raise BadLayouts(f"{where}, line {line}: “{key}” is no field of a layout: write one of {', '.join(_FIELDS)}")
    rows = [value] if isinstance(value, str) else value
    if not isinstance(rows, list) or not all(isinstance(row, str) for row in rows):
        raise BadLayouts(f"{where}, line {line}: {key} is neither a selector nor a list of selectors")
    if not rows and key in ("title", "body"):
        raise BadLayouts(f"{where}, line {line}: {key} is empty: leave it out to keep the layout's own")
    for row in rows:
        try:
            if "::" in row:
                raise ValueError("a text or an attribute is no element")
            etree.XPath(_xpath(row))
        except (SelectorError, RecursionError, ValueError, etree.XPathError) as error:
            raise BadLayouts(f"{where}, line {line}: “{row[:80]}” is no CSS selector: {error}") from None
    return tuple(rows)


def _xpath(selector: str) -> str:
    from parsel.csstranslator import css2xpath  # slow to load, and every command reads the settings

    return css2xpath(selector)


def _line(text: str, table: str, key: str | None = None) -> int:
    """Where a table, or a key of it, begins; the table's line where the key is written otherwise."""
    lines, found = text.splitlines(), 1
    for number, line in enumerate(lines, 1):
        if re.match(rf"\s*\[\s*[\"']?{re.escape(table)}[\"']?\s*\]", line) or (
            key is None and re.match(rf"\s*[\"']?{re.escape(table)}[\"']?\s*[=.]", line)
        ):
            found = number
            break
    if key is not None:
        for number in range(found, len(lines)):
            if re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", lines[number]):
                return number + 1
    return found
