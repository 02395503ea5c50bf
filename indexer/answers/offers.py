"""Ways to ask that were probably meant: a search offers them with a link, and answers what was typed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import cast

from crawler.characters import nfc
from crawler.errors import to_translate
from crawler.periods import find_periods
from indexer.answers.asked import Asked
from indexer.engines.protocol import Name
from indexer.errors import BadQuery
from indexer.language.vietnamese import Tokens, fold, keys
from indexer.query.lexer import NAMES, field_of
from indexer.query.parameters import SearchRequest
from indexer.query.tree import OPERATORS
from indexer.query.variants import lines

CODES: Mapping[str, str] = MappingProxyType(
    {
        "period": to_translate("published from %(since)s to %(until)s"),
        "author": to_translate("by %(name)s"),
        "author_with": to_translate("by %(name)s, about %(q)s"),
        "tag": to_translate("with the tag %(name)s"),
        "name_quoted": to_translate("the whole name: %(q)s"),
        "or": to_translate("either of both: %(q)s"),
        "synonym": to_translate("also search for: %(q)s"),
    }
)
"""What is offered, by its code."""

MOST = 5
"""Offers of an answer, at most."""
_OR = re.compile(r"\s+(?:or|hoặc|hoac|hay là)\s+")
_GLUE = frozenset(
    key
    for word in ("bài", "viết", "của", "tác", "giả", "do", "về", "trên", "báo", "những", "các")
    for key in (word, fold(word))
)
"""Words around a name that are no part of what is sought."""
_FIELD = re.compile(rf"\b({'|'.join(NAMES).replace(' ', ' +')}):\s*(?=[^\s\"“”()])", re.IGNORECASE)
_PLAIN = re.compile(r'[^"“”„‟«»＂():*]*')


@dataclass(frozen=True, slots=True)
class Offer:
    """A request that was probably meant, under a code of CODES with its values, and how many articles it has."""

    code: str
    request: SearchRequest
    total: int
    values: Mapping[str, str]

    def to_dict(self) -> dict[str, object]:
        """The offer in the public shape."""
        message = CODES[self.code] % self.values
        shown = {"code": self.code, "query": self.request.to_dict(), "total": self.total}
        return {**shown, "values": dict(self.values), "message": message}


def offers(answer: Asked) -> list[Offer]:
    """What an answer's query may have meant besides; each has results. Nothing for a literal search."""
    request = answer.request
    if request.literal or not request.q:
        return []
    found: list[Offer] = []
    for code, other, values in _meant(answer, nfc(request.q)):
        total = _total(answer, other)
        if total and other not in [request, *(offer.request for offer in found)]:
            found.append(Offer(code, other, total, values))
        if len(found) == MOST:
            break
    return found


Meant = tuple[str, SearchRequest, dict[str, str]]


def _meant(answer: Asked, q: str) -> Iterator[Meant]:
    """Each way of meaning a query, the surest first."""
    for way in (_named, _quoted, _either, _dated, _alike):
        yield from way(answer, q)


def _total(answer: Asked, request: SearchRequest) -> int:
    try:
        return len(answer.again(request))
    except BadQuery:
        return 0


def _is_plain(q: str) -> bool:
    """Whether a query is nothing but words."""
    return _PLAIN.fullmatch(q) is not None and not set(q.split()) & set(OPERATORS)


def _named(answer: Asked, q: str) -> Iterator[Meant]:
    """An author among the words, or a tag that is all of them."""
    if not _is_plain(q):
        return
    tokens = Tokens(q)
    seen: set[str] = set()
    for named in answer.names("author").among(tokens.keys):
        rest = _rest(q, tokens, named.start, named.end)
        if named.name in seen or len(seen) == 2:
            continue
        seen.add(named.name)
        request = replace(answer.request, q=rest, authors=(*answer.request.authors, named.name))
        yield ("author_with" if rest else "author"), request, {"name": named.name, "q": rest}
    if (tag := answer.names("tag").typed(tokens.keys)) and not seen:
        yield "tag", replace(answer.request, q="", tags=(*answer.request.tags, tag)), {"name": tag}


def _rest(q: str, tokens: Tokens, start: int, end: int) -> str:
    """The query without a name and the words that tie it to the others."""
    before, behind = tokens.keys[:start], tokens.keys[end:]
    while before and before[-1] in _GLUE:
        before = before[:-1]
    skipped = 0
    while skipped < len(behind) and behind[skipped] in _GLUE:
        skipped += 1
    parts = []
    if before:
        parts.append(q[: tokens.end(len(before) - 1)])
    if skipped < len(behind):
        parts.append(q[tokens.start(end + skipped) :])
    return " ".join(" ".join(parts).split())


def _quoted(answer: Asked, q: str) -> Iterator[Meant]:
    """A name of several words behind a field, which takes only the first of them."""
    for found in _FIELD.finditer(q):
        field = field_of(found[1])
        if field not in ("author", "tag"):
            continue
        behind = Tokens(q[found.end() :])
        for size in range(min(len(behind), 5), 1, -1):
            if name := answer.names(cast(Name, field)).typed(behind.keys[:size]):
                rest = q[found.end() + behind.end(size - 1) :]
                whole = f'{q[: found.start()]}{field}:"{name}"{rest}'
                yield "name_quoted", replace(answer.request, q=whole), {"q": whole}
                break


def _either(answer: Asked, q: str) -> Iterator[Meant]:
    """An or in small letters."""
    meant = _OR.sub(" OR ", q)
    if meant != q:
        yield "or", replace(answer.request, q=meant), {"q": meant}


def _dated(answer: Asked, q: str) -> Iterator[Meant]:
    """A span of days named in words."""
    for mention in find_periods(q):
        rest = " ".join(f"{q[: mention.start]} {q[mention.end :]}".split())
        since, until = mention.period.first, mention.period.last
        request = replace(answer.request, q=rest, since=since, until=until)
        yield "period", request, {"since": since.isoformat(), "until": until.isoformat(), "q": rest}


def _alike(answer: Asked, q: str) -> Iterator[Meant]:
    """Another word for nearly the same."""
    if not _is_plain(q):
        return
    tokens = Tokens(q)
    folded = answer.accents == "folded"
    for group in lines("synonyms.tsv"):
        for way in group:
            wanted = [fold(key) if folded else key for key in keys(way)]
            place = _place(tokens.keys, wanted)
            if place is None:
                continue
            for other in group:
                if other != way:
                    meant = f"{q[: tokens.start(place)]}{other}{q[tokens.end(place + len(wanted) - 1) :]}"
                    yield "synonym", replace(answer.request, q=meant), {"q": meant}
            break


def _place(words: Sequence[str], wanted: Sequence[str]) -> int | None:
    places = range(len(words) - len(wanted) + 1)
    return next((place for place in places if list(words[place : place + len(wanted)]) == list(wanted)), None)
