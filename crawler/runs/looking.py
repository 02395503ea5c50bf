"""What a few requests to a site showed: each answer, what was found on it, and what a crawl would get. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from crawler.reading.doubts import Doubt
from crawler.reading.page import Reading

MOST_REQUESTS = 15
"""Requests that a look at a site makes at most, robots.txt and repeated ones among them."""
SHELL = 200
"""Letters outside tags under which a page is drawn by scripts, if it has any."""
_SCRIPTS = re.compile(r"<script\b.*?</script\s*>|<style\b.*?</style\s*>|<!--.*?-->", re.IGNORECASE | re.DOTALL)


@dataclass
class Row:
    """One thing asked for: what it is, its address, the answer's status, what was found, and what is wrong with it.

    `status` is None where there was no answer. `rules` tell which rule gave which field of an article.
    """

    what: str
    url: str
    status: int | None = None
    found: str = ""
    error: str = ""
    doubts: tuple[Doubt, ...] = ()
    layout: str = ""
    rules: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_article(self) -> bool:
        """Whether it is an article's page, not a listing."""
        return self.what.startswith("article")

    def to_dict(self) -> dict[str, Any]:
        """The row as JSON."""
        return {
            "what": self.what,
            "url": self.url,
            "status": self.status,
            "found": self.found,
            "layout": self.layout,
            "rules": dict(self.rules),
            "doubts": [doubt.to_dict() for doubt in self.doubts],
            "error": self.error or None,
        }


@dataclass
class Look:
    """All that was asked. `stopped` is why no more was asked; `refused` whether the site wanted it so.

    `drawn`: even its robots.txt is a page drawn by scripts.
    """

    site: str
    rows: list[Row] = field(default_factory=list)
    requests: int = 0
    stopped: str | None = None
    refused: bool = False
    drawn: bool = False

    def stop(self, reason: str) -> None:
        """Ask for nothing more."""
        self.stopped = self.stopped or reason

    def refuse(self, reason: str) -> None:
        """Ask for nothing more, because the site wants it so."""
        self.stop(reason)
        self.refused = True

    @property
    def articles(self) -> list[Row]:
        """The articles' pages."""
        return [row for row in self.rows if row.is_article]

    @property
    def code(self) -> int:
        """0: all is well; 3: a person should look; 1: nothing works."""
        if not any(row.is_article and not row.error for row in self.rows):
            return 1
        return 3 if self.stopped or any(row.error or row.doubts for row in self.rows) else 0

    def verdict(self) -> str:
        """What a person needs to know first, in one line."""
        read = [row for row in self.articles if not row.error]
        doubtful = [row for row in read if row.doubts]
        if self.code == 0:
            return f"{self.site}: all is well: {len(read)} of {len(read)} articles tried are read without doubt"
        if self.code == 1:
            return f"{self.site}: nothing works: {self._obstacle()}"
        said = [f"{len(read)} of {len(self.articles)} articles tried are read"]
        said += [f"{len(doubtful)} of them with doubts about {_fields(doubtful)}"] if doubtful else []
        said += [f"{row.what} cannot be read" for row in self.rows if row.error and not row.is_article]
        said += [self.stopped] if self.stopped else []
        return f"{self.site}: a person should look: {'; '.join(said)}"

    def outlook(self) -> str:
        """What a crawl would get, as far as these requests tell."""
        read, tried = sum(not row.error for row in self.articles), len(self.articles)
        doubtful = sum(bool(row.doubts) for row in self.articles)
        sections = [row for row in self.rows if row.what.startswith("section")]
        if sections and all(row.status is None or row.status >= 400 for row in sections):
            return f"a crawl would get nothing: the section cannot be had: {sections[0].error}"
        if not tried:
            return "a crawl would get nothing"
        if all(
            any(doubt.field == "section" and doubt.code == "differs" for doubt in row.doubts) for row in self.articles
        ):
            return f"a crawl would get nothing: all of {tried} articles tried say that they are of another section"
        if not read:
            return f"a crawl would get nothing: none of {tried} articles tried could be read; their pages would be kept"
        left = f", {tried - read} kept aside unread" if read < tried else ""
        marked = f", {doubtful} of them marked as doubtful" if doubtful else ""
        return f"a crawl would get articles: of {tried} tried {read} read{marked}{left}"

    def _obstacle(self) -> str:
        forbidden = next((row for row in self.rows if "Forbidden by robots.txt" in row.error), None)
        if self.drawn:
            return f"its pages are drawn by scripts, even robots.txt, which this crawler does not run: {self.stopped}"
        if forbidden is not None:
            return f"robots.txt forbids {forbidden.url}"
        if self.stopped and re.search(r"answered 5\d\d", self.stopped):
            return f"the site is out of order: {self.stopped}"
        said_no = any(f"answered {status} " in (self.stopped or "") for status in (401, 403, 429, 451))
        if self.stopped and "without rules" in self.stopped and not said_no:
            return f"its rules cannot be had, without which nothing is asked: {self.stopped}"
        if self.refused or any(row.status in (401, 403, 429, 451) for row in self.rows):
            return f"the site refuses us: {self.stopped or 'come back another day, do not work round it'}"
        if self.stopped:
            return self.stopped
        shells = [row for row in self.rows if "scripts" in row.error]
        if shells:
            return f"its pages are drawn by scripts, which this crawler does not run: {shells[0].url}"
        if not self.articles:
            listing = next((row for row in self.rows if row.error), None)
            why = f"{listing.what}: {listing.error}" if listing else "no listing names an article of the section"
            return f"no article was found; is it another newspaper, or has the section moved? {why}"
        return f"none of {len(self.articles)} articles could be read: {self.articles[0].error}"

    def to_dict(self) -> dict[str, Any]:
        """The look as JSON."""
        return {
            "site": self.site,
            "verdict": self.verdict(),
            "outlook": self.outlook(),
            "code": self.code,
            "requests": self.requests,
            "stopped": self.stopped,
            "rows": [row.to_dict() for row in self.rows],
        }

    def table(self) -> Iterator[str]:
        """The look for people: the verdict, a line for each answer and what is wrong with it, and the outlook."""
        yield self.verdict()
        yield ""
        for row in self.rows:
            yield f"{row.status or '---'}  {row.what:<22} {row.url}"
            for line in (row.found, _by_rules(row), row.error and f"cannot be read: {row.error}"):
                if line:
                    yield f"     {line}"
            for doubt in row.doubts:
                yield f"     doubt: {doubt.message}"
        yield ""
        yield f"{self.outlook()} ({self.requests} requests)"


def describe(reading: Reading) -> str:
    """An article in one line."""
    article = reading.article
    by = f" · {', '.join(article.authors)}" if article.authors else ""
    length = f"{len(article.text.split())} words, {len(article.images)} pictures"
    return f"{article.published_at:%d/%m/%Y %H:%M} “{article.title[:60]}”{by} · {article.section} · {length}"


def is_shell(markup: str) -> bool:
    """Whether a page holds scripts and next to no text."""
    shown = re.sub(r"<[^>]*>", " ", _SCRIPTS.sub(" ", markup))
    return "<script" in markup.lower() and len("".join(shown.split())) < SHELL


def _fields(rows: Iterable[Row]) -> str:
    return ", ".join(sorted({doubt.field for row in rows for doubt in row.doubts}))


def _by_rules(row: Row) -> str:
    said = ", ".join(
        f"{name} by {rule}" for name, rule in row.rules.items() if name in ("title", "published_at", "text")
    )
    return f"layout {row.layout}: {said}" if row.layout else ""
