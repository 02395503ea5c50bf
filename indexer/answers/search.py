"""A request → the whole ranked result, and a page of it in the public shape."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, NamedTuple

import numpy as np

from crawler.article import Article
from crawler.dates import Period
from indexer.answers.highlight import Highlighter
from indexer.answers.spelling import correction, is_odd
from indexer.errors import to_translate
from indexer.index.match import Matcher, intersection
from indexer.index.rank import scores
from indexer.index.reader import Docs, Reader, Weights
from indexer.language.vietnamese import is_marked, keys
from indexer.query.abbreviations import expand
from indexer.query.parser import parse
from indexer.query.request import Request
from indexer.query.tree import And, Dates, Node, Not, Or, Phrase, Prefix, words

FACET_VALUES = 100
"""Authors and tags named in facets, those with the most articles."""

ABBREVIATED = to_translate("what is abbreviated is found spelt out too, and the reverse")

Accents = Literal["exact", "folded"]


@dataclass(frozen=True, slots=True)
class Answer:
    """The whole result of a request in its order. `accents` and `relaxed` tell how the query was taken."""

    request: Request
    reader: Reader
    matcher: Matcher
    tree: Node
    notes: tuple[str, ...]
    accents: Accents
    relaxed: bool
    docs: Docs
    scores: Weights
    seconds: float

    def __len__(self) -> int:
        return len(self.docs)

    def articles(self) -> Iterator[Article]:
        """Every article, in full."""
        for doc in self.docs.tolist():
            yield self.reader.article(doc)

    def latest(self, most: int) -> Iterator[Article]:
        """Those that came into the archive last: the latest day in Hanoi first, of one day the newest first."""
        reader, docs = self.reader, self.docs
        for doc in docs[np.lexsort((-reader.ids[docs], -reader.published[docs], -reader.archived[docs]))][
            :most
        ].tolist():
            yield reader.article(doc)

    def first(self) -> Article | None:
        """The one published first; None where there is none."""
        published = self.reader.published[self.docs]
        return self.reader.article(int(self.docs[published.argmin()])) if len(published) else None

    def neighbours(self, number: int) -> tuple[int, int | None, int | None] | None:
        """An article's place in the result, from 1, and the ids before and behind it; None where it is not in it."""
        ids = self.reader.ids[self.docs]
        (found,) = np.nonzero(ids == number)
        if not len(found):
            return None
        place = int(found[0])
        before, behind = ids[max(0, place - 1) : place].tolist(), ids[place + 1 : place + 2].tolist()
        return place + 1, before[0] if before else None, behind[0] if behind else None

    def page(self, number: int, size: int) -> dict[str, Any]:
        """Page `number` (from 1) of `size` results, as `/api/v1/search` answers."""
        started = time.perf_counter()
        window = slice((number - 1) * size, number * size)
        highlighter = Highlighter(self.matcher, self.tree)
        shown = zip(self.docs[window].tolist(), self.scores[window].tolist(), strict=True)
        results = [_result(self.reader.article(doc), score, highlighter) for doc, score in shown]
        return {
            "query": self.request.to_dict(),
            "accents": self.accents,
            "relaxed": self.relaxed,
            "notes": list(self.notes),
            "total": len(self),
            "page": number,
            "size": size,
            "took_ms": round((self.seconds + time.perf_counter() - started) * 1000, 1),
            "generation": self.reader.manifest.name,
            "results": results,
            "facets": self.facets(),
            "suggestion": self.suggestion(),
        }

    def facets(self) -> dict[str, list[dict[str, Any]]]:
        """Counts over the whole result: every year, the newest first; the most frequent authors and tags.

        Sections where the index has more than one.
        """
        sections = self.reader.facet_counts("section", self.reader.everything)
        shown = sorted(self.reader.facet_counts("section", self.docs), key=_most_first)
        years = self.reader.facet_counts("year", self.docs)
        return {
            "year": _shown(years[::-1]),
            "author": _shown(sorted(self.reader.facet_counts("author", self.docs), key=_most_first)[:FACET_VALUES]),
            "tag": _shown(sorted(self.reader.facet_counts("tag", self.docs), key=_most_first)[:FACET_VALUES]),
            **({"section": _shown(shown)} if len(sections) > 1 else {}),
        }

    def timeline(self) -> list[dict[str, Any]]:
        """Counts over the whole result for each month that has any, the oldest first."""
        return _shown(self.reader.facet_counts("month", self.docs))

    def suggestion(self) -> str | None:
        """A query that was probably meant instead; it has results with the same filters."""
        typed = parse(self.request.q).tree
        if len(self) and not self.relaxed and not is_odd(self.matcher, typed):
            return None
        meant = correction(self.matcher, typed, self._hits)
        return str(meant) if meant else None

    def _hits(self, tree: Node) -> int:
        answer = search(self.reader, replace(self.request, q=str(tree)))
        return 0 if answer.relaxed else len(answer)


class _Taken(NamedTuple):
    """How a query was taken, and what it matches."""

    matcher: Matcher
    tree: Node
    docs: Docs
    relaxed: bool = False


def search(reader: Reader, request: Request) -> Answer:
    """Answer a request. Raises BadQuery.

    A query without marks finds every marking. A partly marked one is taken exactly, and opened up only if nothing
    matches. If still nothing does, articles with most of its words are the answer, and it says so. A literal one is
    taken exactly whatever it matches.
    """
    started = time.perf_counter()
    reading = parse(request.q)
    allowed = _allowed(Matcher(reader), request)
    take = _literally if request.literal else _openly
    matcher, tree, docs, relaxed = take(reader, reading.tree, allowed)
    abbreviated = tree != reading.tree and len(docs) > len(intersection([matcher.match(reading.tree), allowed]))
    notes = (*reading.notes, ABBREVIATED) if abbreviated else reading.notes
    docs, scored = _ordered(matcher, _rows(reading.tree, tree), docs, request)
    accents: Accents = "folded" if matcher.opened else "exact"
    seconds = time.perf_counter() - started
    return Answer(request, reader, matcher, tree, notes, accents, relaxed, docs, scored, seconds)


def _literally(reader: Reader, tree: Node, allowed: Docs) -> _Taken:
    matcher = Matcher(reader)
    return _Taken(matcher, tree, intersection([matcher.match(tree), allowed]))


def _openly(reader: Reader, tree: Node, allowed: Docs) -> _Taken:
    typed = [key for word in words(tree) for key in (word.keys if isinstance(word, Phrase) else (word.key,))]
    opened = bool(typed) and not any(map(is_marked, typed))
    taken = _expanded(Matcher(reader, opened), tree, allowed)
    if not len(taken.docs) and not opened and not all(map(is_marked, typed)):
        wider = _expanded(Matcher(reader, opened=True), tree, allowed)
        taken = wider if len(wider.docs) else taken
    if len(taken.docs):
        return taken
    docs = _most(taken.matcher, tree, allowed)
    return _Taken(taken.matcher, tree, docs, relaxed=len(docs) > 0)


def _expanded(matcher: Matcher, tree: Node, allowed: Docs) -> _Taken:
    """What a tree matches with its abbreviations in either form."""
    expanded = expand(tree, matcher.opened)
    return _Taken(matcher, expanded, intersection([matcher.match(expanded), allowed]))


def _allowed(matcher: Matcher, request: Request) -> Docs:
    """What the filters let through."""
    reader = matcher.reader
    docs = matcher.published(Period(request.since or date.min, request.until or date.max))
    named: tuple[tuple[Literal["author", "tag", "section"], tuple[str, ...]], ...]
    named = (("author", request.authors), ("tag", request.tags), ("section", request.sections))
    for field, values in named:
        wanted = [value for value in values if not value.startswith("-")]
        unwanted = [value[1:] for value in values if value.startswith("-")]
        if wanted:
            docs = intersection([docs, _valued(reader, field, wanted)])
        if unwanted:
            docs = np.setdiff1d(docs, _valued(reader, field, unwanted), assume_unique=True)
    return docs


def _valued(reader: Reader, field: Literal["author", "tag", "section"], values: Iterable[str]) -> Docs:
    """Documents whose section, or one of whose authors or tags, is one of the values, spelling and capitals aside."""
    wanted = {tuple(keys(value)) for value in values}
    if field == "section":
        docs = [doc for doc in reader.everything.tolist() if tuple(keys(reader.sections[doc])) in wanted]
        return np.array(docs, np.int64)
    exact = Matcher(reader)
    near = Or(tuple(Phrase(value, field) for value in wanted if value))
    held = reader.authors if field == "author" else reader.tags
    docs = [doc for doc in exact.match(near).tolist() if any(tuple(keys(v)) in wanted for v in held[doc])]
    return np.array(docs, np.int64)


def _most(matcher: Matcher, tree: Node, allowed: Docs) -> Docs:
    """Documents with the most of the query's words, at least half of them; none for a query that is not a plain row."""
    parts = tree.parts if isinstance(tree, And) else ()
    wanted = [part for part in parts if isinstance(part, Phrase | Prefix)]
    if len(wanted) < 2:
        return np.empty(0, np.int64)
    fixed = And(tuple(part for part in parts if isinstance(part, Not | Dates | Or)))
    count = np.zeros(matcher.reader.size, np.int64)
    for part in wanted:
        count[matcher.match(part)] += 1
    docs = intersection([matcher.match(fixed), allowed])
    best = int(count[docs].max(initial=0))
    return docs[count[docs] == best] if 2 * best >= len(wanted) else np.empty(0, np.int64)


def _rows(typed: Node, expanded: Node) -> Node:
    """What is scored: the rows of words as typed, and each other way of writing them as a row of its own."""
    known = set(words(typed))
    return Or((typed, *(word for word in words(expanded) if word not in known)))


def _ordered(matcher: Matcher, tree: Node, docs: Docs, request: Request) -> tuple[Docs, Weights]:
    """By the asked order; ties by date, the newest first, then by id."""
    reader = matcher.reader
    scored = scores(matcher, tree, docs) if request.order == "relevance" else np.zeros(len(docs))
    published, ids = reader.published[docs], reader.ids[docs]
    if request.order == "oldest":
        order = np.lexsort((ids, published))
    else:
        order = np.lexsort((-ids, -published, -np.round(scored, 9)))
    return docs[order], scored[order]


def _result(article: Article, score: float, highlighter: Highlighter) -> dict[str, Any]:
    return {
        **brief(article),
        "score": round(score, 4),
        "highlights": {"title": highlighter.whole(article.title), "text": highlighter.passages(article.text)},
    }


def brief(article: Article) -> dict[str, Any]:
    """An article without its text, in the public shape."""
    record = article.to_dict()
    shown = ("id", "url", "title", "lead", "authors", "section", "tags", "published_at")
    return {name: record[name] for name in shown}


def _shown(counted: Iterable[tuple[str, int]]) -> list[dict[str, Any]]:
    return [{"value": value, "count": count} for value, count in counted]


def _most_first(counted: tuple[str, int]) -> tuple[int, str]:
    return -counted[1], counted[0]
