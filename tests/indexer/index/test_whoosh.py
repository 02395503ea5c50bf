"""The index as a program that knows only Whoosh finds it: its own parser, searcher and highlighter are the judges."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from whoosh import highlight, index
from whoosh.analysis.acore import Token
from whoosh.fields import TEXT, Schema
from whoosh.filedb.filestore import RamStorage
from whoosh.qparser.default import MultifieldParser, QueryParser
from whoosh.searching import Searcher

from crawler.dates import HANOI
from indexer.answers.search import search
from indexer.index import generation
from indexer.index.reader import Reader
from indexer.language.analyzer import VietnameseAnalyzer
from indexer.query.parameters import SearchRequest
from indexer.query.tree import And, Dates, Node, Not, Or, Prefix
from tests.collection import ARTICLES, articles, as_typed, query
from tests.helpers import article, indexed

QUERIES, SEED = 5 * settings().max_examples, 14


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Reader, Searcher]]:
    data = tmp_path_factory.mktemp("whoosh")
    reader = indexed(data, articles(random.Random(SEED)))
    path, _ = generation.sound_generation(data)
    with index.open_dir(str(path), readonly=True).searcher() as searcher:
        yield reader, searcher
    reader.close()


def for_whoosh(node: Node) -> str:
    """The query in Whoosh's language. Whoosh takes a prefix as it is, so it is given as a key."""
    match node:
        case And():
            return "(" + " AND ".join(map(for_whoosh, node.parts)) + ")"
        case Or():
            return "(" + " OR ".join(map(for_whoosh, node.parts)) + ")"
        case Not():
            return f"(NOT {for_whoosh(node.part)})"
        case Dates(period):
            return f"published_at:[{period.first:%Y%m%d} to {period.last:%Y%m%d}]"
        case Prefix():
            return f"{next(iter(VietnameseAnalyzer()(node.source))).text}*"
    return as_typed(node)


def _found_by_whoosh(searcher: Searcher, typed: str) -> set[int]:
    query = MultifieldParser(["title", "text"], searcher.schema).parse(typed)
    return {int(hit["id"]) for hit in searcher.search(query, limit=None)}


def _found(reader: Reader, typed: str) -> set[int]:
    answer = search(reader, SearchRequest(typed, literal=True))
    return set(reader.ids[answer.docs].tolist())


@pytest.mark.hypothesis
def test_random_queries_find_what_whoosh_finds(collection: tuple[Reader, Searcher]) -> None:
    reader, searcher = collection
    chance, sizes = random.Random(SEED), []
    for _ in range(QUERIES):
        tree = query(chance)
        found = _found(reader, as_typed(tree))
        assert found == _found_by_whoosh(searcher, for_whoosh(tree)), (as_typed(tree), for_whoosh(tree))
        sizes.append(len(found))
    assert sum(0 < size < ARTICLES for size in sizes) > QUERIES * 0.7


@pytest.mark.parametrize(
    ("typed", "whoosh"),
    [
        ("date:2020..2021 phố", "published_at:[2020 to 2021] phố"),
        ("date:..2019", "published_at:[to 2019]"),
        ("H.Đ.N.D", "hđnd"),
        ('"ngày 5.3.2021" OR 05/03/2021', "05/3/2021"),
        ("văn hóa -văn", "VĂN AND hoá AND (NOT văn)"),
        ('title:"hoà bình"', 'title:"hòa bình"'),
        ("author:phố", "author:PHỐ"),
    ],
)
def test_queries_as_people_type_them(collection: tuple[Reader, Searcher], typed: str, whoosh: str) -> None:
    reader, searcher = collection
    assert _found(reader, typed) == _found_by_whoosh(searcher, whoosh)


def test_documents_hold_what_a_reader_of_whoosh_expects(collection: tuple[Reader, Searcher]) -> None:
    reader, searcher = collection
    expected = reader.article(7)
    hit = searcher.search(QueryParser("id", searcher.schema).parse(str(expected.id)))[0]
    assert (hit["title"], hit["text"], hit["lead"], hit["section"]) == (
        expected.title,
        expected.text,
        expected.lead,
        expected.section,
    )
    assert hit["published_at"].replace(tzinfo=HANOI) == expected.published_at
    newest = searcher.search(QueryParser("text", searcher.schema).parse("phố"), sortedby="published_at", reverse=True)
    moments = [hit["published_at"] for hit in newest]
    assert moments == sorted(moments, reverse=True)
    assert len(moments) > 1


def test_whoosh_ranks_by_bm25(collection: tuple[Reader, Searcher]) -> None:
    _, searcher = collection
    query = MultifieldParser(["title", "text"], searcher.schema).parse("vỉa OR Hồng")
    scores = {hit.score for hit in searcher.search(query, limit=20)}
    assert len(scores) > 3, "Whoosh was given frequencies in the place of its own weighting"


def test_whoosh_highlights(collection: tuple[Reader, Searcher]) -> None:
    _, searcher = collection
    hits = searcher.search(MultifieldParser(["title", "text"], searcher.schema).parse('"hòa bình"'))
    hits.formatter = highlight.UppercaseFormatter()
    shown = [hit.highlights("text") + hit.highlights("title") for hit in hits]
    assert shown
    assert all(re.search("(HOÀ|HÒA) BÌNH", text) for text in shown), shown


def test_the_analyzer_serves_another_programs_schema() -> None:
    schema = Schema(body=TEXT(analyzer=VietnameseAnalyzer(), stored=True, phrase=True))
    storage = RamStorage()
    with storage.create_index(schema).writer() as writer:
        writer.add_document(body="Kỷ luật ở TP.HCM, và hoà bình.")
    with storage.open_index().searcher() as searcher:
        found = searcher.search(QueryParser("body", schema).parse('"kỉ luật" "tp.hcm" "hòa bình"'))
        assert found[0].highlights("body").count("<b") == 6


def test_the_analyzer_gives_positions_and_characters() -> None:
    text = "Phố cổ.\n\nHoà bình"
    tokens = [
        (token.text, token.pos, text[token.startchar : token.endchar], token.__dict__["original"])
        for token in VietnameseAnalyzer()(text, positions=True, chars=True, keeporiginal=True)
    ]
    assert tokens == [
        ("phố", 0, "Phố", "Phố"),
        ("cổ", 1, "cổ", "cổ"),
        ("hòa", 3, "Hoà", "Hoà"),
        ("bình", 4, "bình", "bình"),
    ]
    (shifted,) = VietnameseAnalyzer()("phố", positions=True, chars=True, start_pos=7, start_char=20)
    assert isinstance(shifted, Token)
    assert (shifted.pos, shifted.startchar, shifted.endchar) == (7, 20, 23)


def test_an_index_outlives_a_merge(tmp_path: Path) -> None:
    """Whoosh's own merge of segments keeps postings and columns."""
    data = tmp_path / "data"
    before = indexed(data, [article(1, "phố cổ"), article(2, "hồ Tây")])
    after = indexed(data, [article(3, "phố mới", lead="phố")])
    path, _ = generation.sound_generation(data)
    copied = tmp_path / "copy"
    copied.mkdir()
    generation.copy(path, copied)
    found = index.open_dir(str(copied))
    found.writer().commit(optimize=True)
    with found.searcher() as searcher:
        assert len(searcher.reader().leaf_readers()) == 1
        assert _found_by_whoosh(searcher, "phố") == {1, 3}
        assert {hit["lead"] for hit in searcher.search(QueryParser("text", searcher.schema).parse("mới"))} == {"phố"}
    before.close()
    after.close()
