"""Articles and queries made at random, the same every time: words common and rare, names, dates, paragraphs."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from crawler.article import Article
from crawler.dates import HANOI
from crawler.periods import Period
from indexer.query.tree import And, Dates, Node, Not, Or, Phrase, Prefix
from tests.helpers import article

ARTICLES = 1500
TEXT_OF_WORDS = """
phố phường chợ quận huyện hoà bình hòa thuận kỷ luật kĩ thuật vỉa hè hàng rong xe buýt giao thông nước sạch trường lớp
học sinh thầy cô HĐND TP.HCM 5G 1.000 2,5 05/3/2021 Covid-19 quy hoạch quí khách đô thị thành phố văn hoá văn hóa nếp
sống lối sống thi đua đường Ðường cây xanh hồ Tây sông Hồng
"""
WORDS = TEXT_OF_WORDS.split()
AUTHORS = ("Mai Hồng Phố", "Hoà Bình", "Lê Kỷ")


def articles(chance: random.Random) -> Iterator[Article]:
    """Common words and rare ones, in paragraphs; those of the title come again in some texts."""
    weights = [1 / (rank + 1) for rank in range(len(WORDS))]

    def some(most: int) -> str:
        return " ".join(chance.choices(WORDS, weights, k=chance.randint(1, most)))

    for number in range(1, ARTICLES + 1):
        paragraphs = [some(20) for _ in range(chance.randint(1, 4))]
        yield article(
            number,
            "\n\n".join(paragraphs),
            title=some(6),
            lead=chance.choice(["", paragraphs[0]]),
            authors=chance.sample(AUTHORS, chance.randint(0, 2)),
            tags=[some(2)] if chance.random() < 0.5 else [],
            published_at=datetime(2018, 1, 1, tzinfo=HANOI) + timedelta(hours=chance.randrange(5 * 365 * 24)),
        )


def query(chance: random.Random, depth: int = 2) -> Node:
    """A random tree, made of what both query languages can say."""
    kind = chance.choice(["word", "word", "phrase", "phrase", "prefix", "field", "dates", "and", "and", "or", "not"])
    if depth and kind in ("and", "or"):
        parts = tuple(query(chance, depth - 1) for _ in range(chance.randint(2, 3)))
        return And(parts) if kind == "and" else Or(parts)
    if depth and kind == "not":
        return Not(query(chance, depth - 1))
    if kind == "prefix":
        return Prefix("", source=chance.choice(["thà", "phố", "giao", "hoà", "trư", "luậ"]))
    if kind == "dates":
        first = date(chance.randint(2018, 2021), chance.randint(1, 12), 1)
        return Dates(Period(first, first + timedelta(days=chance.randrange(500))))
    words = [chance.choice(WORDS) for _ in range(chance.randint(2, 3) if kind == "phrase" else 1)]
    field = chance.choice(["title", "author", "tag"]) if kind == "field" else "text"
    return Phrase(("",), field, chance.choice(AUTHORS) if field == "author" else " ".join(words))


def as_typed(node: Node) -> str:
    """The query in the product's language."""
    match node:
        case And():
            return " ".join(f"({as_typed(part)})" for part in node.parts)
        case Or():
            return " OR ".join(f"({as_typed(part)})" for part in node.parts)
        case Not():
            return f"-({as_typed(node.part)})"
        case Phrase():
            return ("" if node.field == "text" else f"{node.field}:") + f'"{node.source}"'
    return str(node)
