"""The pieces the replica serves: specimens written for this project, or any article in the product's own JSON."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from functools import cached_property
from pathlib import Path
from typing import Any

LAST = datetime(2026, 11, 20, 6, 30, tzinfo=timezone(timedelta(hours=7)))
TWENTY_YEARS = timedelta(days=7305)
SPECIMENS = Path(__file__).parent / "pieces"
PAPER = "https://hanoimoi.vn"
LEGACY = "http://hanoimoi.com.vn"


@dataclass(frozen=True)
class Piece:
    """One article as an editor knows it. `html` overrules the rendered page with a page's own bytes."""

    id: int
    layout: str
    title: str
    published_at: datetime
    lead: str
    body: tuple[str, ...]
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    legacy_id: int | None = None
    dateline: str = ""
    caption: str = ""
    section: str = "Góc nhìn"
    html: bytes | None = None

    @cached_property
    def slug(self) -> str:
        return slug_of(self.title)[:60]

    @property
    def section_slug(self) -> str:
        return slug_of(self.section)

    @cached_property
    def path(self) -> str:
        return self.legacy_path if self.layout == "legacy" else f"/{self.slug}-{self.id}.html"

    @property
    def legacy_path(self) -> str:
        return f"/Tin-tuc/Goc-nhin/{self.legacy_id}/{self.slug}"

    @property
    def url(self) -> str:
        return (LEGACY if self.layout == "legacy" else PAPER) + self.path

    @property
    def sapo(self) -> str:
        """The lead as printed, dateline included."""
        return f"({self.dateline}) - {self.lead}" if self.dateline else self.lead

    @property
    def text(self) -> str:
        """What a reader reads under the headline."""
        return "\n\n".join([self.sapo, *(re.sub(r"^(## |- |> )", "", item) for item in self.body)])

    def blocks(self) -> Iterator[tuple[str, list[str]]]:
        """The body as `(kind, items)`: p, h2, quote, or list with all of its entries."""
        entries: list[str] = []
        for item in self.body:
            if item.startswith("- "):
                entries.append(item[2:])
                continue
            if entries:
                yield "list", entries
                entries = []
            kind, start = ("h2", 3) if item.startswith("## ") else ("quote", 2) if item.startswith("> ") else ("p", 0)
            yield kind, [item[start:]]
        if entries:
            yield "list", entries


def slug_of(text: str) -> str:
    """A title or name as the site puts it in addresses."""
    letters = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "-".join(re.findall(r"[a-z0-9]+", "".join(c for c in letters if not unicodedata.combining(c))))


def specimens() -> list[Piece]:
    """Every specimen, the newest first."""
    pieces = [_specimen(tomllib.loads(file.read_text("utf-8"))) for file in sorted(SPECIMENS.glob("*.toml"))]
    return newest_first(pieces)


def many(count: int) -> list[Piece]:
    """So many articles of the section over twenty years, made from the specimens, and one more in ten of another."""
    models = specimens()
    total = count + count // 10
    made = []
    for number in range(total):
        model = models[number % len(models)]
        made.append(
            replace(
                model,
                id=400_000 + 7 * number,
                legacy_id=10_000 + number if model.legacy_id else None,
                title=f"{model.title} ({number})",
                published_at=LAST - number * TWENTY_YEARS / total,
                body=(*model.body, f"Bài mẫu thứ {number}."),
                section="Kinh tế" if number % 11 == 10 else "Góc nhìn",
            )
        )
    return made


def newest_first(pieces: list[Piece]) -> list[Piece]:
    """The order of every listing."""
    return sorted(pieces, key=lambda piece: (piece.published_at, piece.id), reverse=True)


def from_article(record: Mapping[str, Any], layout: str, html: bytes | None = None) -> Piece:
    """A piece from an article in the product's public shape."""
    paragraphs = record["text"].split("\n\n")
    return Piece(
        id=record["id"],
        legacy_id=record["id"] if layout == "legacy" else None,
        layout=layout,
        title=record["title"],
        published_at=datetime.fromisoformat(record["published_at"]),
        lead=paragraphs[0],
        body=tuple(paragraphs[1:]),
        authors=tuple(record["authors"]),
        tags=tuple(record["tags"]),
        html=html,
    )


def _specimen(record: dict[str, Any]) -> Piece:
    values: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in record.items()}
    return Piece(**values)
