"""What the app, the commands and exports need of a search engine, and the words it is said in. Imports no engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from crawler.archive.archive import Archive
from crawler.archive.reader import ArchiveReader
from crawler.article import Article
from crawler.reading.doubts import Doubt
from indexer.query.parameters import SearchRequest

Accents = Literal["exact", "folded"]
Facet = Literal["author", "tag", "section", "year", "month"]
Name = Literal["author", "tag"]
Piece = tuple[str, bool]
"""A piece of text, and whether it is a hit. Joined, pieces are the text they were cut from."""


@dataclass(frozen=True, slots=True)
class Generation:
    """What an engine answers from: its name, the archive's last change in it and that change's mark, when it was built.

    `mark` tells the change from that of the same number in another archive. `built_at` is ISO 8601.
    """

    name: str
    change: int
    mark: str
    built_at: str


@dataclass(frozen=True, slots=True)
class Completion:
    """`count` articles hold the phrase or tag, or are by the author; a title is of the article `id`."""

    kind: Literal["phrase", "title", "author", "tag"]
    text: str
    count: int
    id: int | None = None


class Answered(Protocol):
    """What every answer to a request says, all of it from one generation. Its length is its total."""

    @property
    def request(self) -> SearchRequest:
        """What was asked."""

    @property
    def generation(self) -> Generation:
        """What it was answered from."""

    @property
    def accents(self) -> Accents:
        """How marks were taken."""

    @property
    def relaxed(self) -> bool:
        """Whether nothing matches, and what is near is shown."""

    @property
    def phrase_total(self) -> int | None:
        """How many hold the words side by side; None where they are no row of words."""

    def __len__(self) -> int: ...

    def counts(self, facet: Facet) -> list[tuple[str, int]]:
        """How many of its articles each value of a facet has, in the values' own order; only those with any."""


class Result(Answered, Protocol):
    """The whole result of a request, in its order."""

    def page(self, number: int, size: int) -> dict[str, Any]:
        """Page `number` (from 1) of `size` results, as `/api/v1/search` answers."""

    def timeline(self) -> dict[str, Any]:
        """Its articles by month, as `/api/v1/timeline` answers."""

    def phrases(self) -> dict[str, Any]:
        """What sets it apart from the archive, as `/api/v1/phrases` answers."""

    def ids(self) -> list[int]:
        """The articles' ids."""

    def articles(self) -> Iterator[Article]:
        """Every article, in full."""

    def latest(self, most: int) -> Iterator[Article]:
        """Those that came into the archive last: the latest day in Hanoi first, of one day the newest first."""

    def first(self) -> Article | None:
        """The one published first; None where there is none."""

    def neighbours(self, number: int) -> tuple[int, int | None, int | None] | None:
        """An article's place in it, from 1, and the ids before and behind it; None where it is not in it."""

    def highlighted(self, text: str) -> list[Piece]:
        """A text, with the stretches that match the query."""


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did. `reason` is why everything was built anew, "" if it was not."""

    generation: str
    articles: int
    indexed: int
    removed: int
    reason: str
    seconds: float


class Store(Protocol):
    """Where the index of an archive is built, found, and held against the archive."""

    def opened(self) -> Engine:
        """The newest sound generation, ready to be asked. Raises IndexMissing, IndexDamaged."""

    def newest(self) -> str:
        """The newest generation's name, without opening it. Raises IndexMissing, IndexDamaged."""

    def build(self, archive: Archive, rebuild: bool = False) -> Built:
        """Bring the index up to the archive; where it is, nothing is written. The caller holds the archive's lock.

        Raises BuildFailed; what was there before still serves.
        """

    def described(self) -> tuple[Generation, int]:
        """The newest generation, and how many articles it has. Raises IndexMissing, IndexDamaged."""

    def problems(self, archive: ArchiveReader) -> Iterator[str]:
        """A line for each thing that is wrong with the index, or other than in the archive."""


class Engine(Protocol):
    """One generation of the index, ready for many questions at once. Its length is the number of its articles."""

    @property
    def generation(self) -> Generation:
        """Which one it is."""

    def __len__(self) -> int: ...

    def prepare(self) -> None:
        """Work out now what else the first searches would wait for."""

    def check(self) -> None:
        """Raises GocNhinError where searches cannot be answered at the moment."""

    def search(self, request: SearchRequest) -> Result:
        """Answer a request. Raises BadQuery."""

    def counts(self, facet: Facet) -> list[tuple[str, int]]:
        """How many articles each value of a facet has, in the values' own order."""

    def article(self, number: int) -> Article | None:
        """The article with this id, or known by it before."""

    def doubts(self, number: int) -> tuple[Doubt, ...]:
        """What is uncertain about an article; nothing where there is no such article."""

    def similar(self, number: int) -> list[Article]:
        """The articles most like one, the best first."""

    def completions(self, typed: str) -> list[Completion]:
        """What occurs and begins as what is being typed; a blank at its end finishes the last word."""

    def has_name(self, kind: Name, name: str) -> bool:
        """Whether any article is by this author, or has this tag."""
