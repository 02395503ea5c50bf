"""Floors for ranking: on the specimens, and where they are on a fifteenth of the shared articles.

`make bench` holds the whole of the latter; docs/architecture.md says what was measured.
"""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path

import pytest

from indexer.answers.search import search
from indexer.index.reader import Reader
from indexer.query.parameters import SearchRequest
from tests.helpers import ROOT, run
from tests.ranking import RELEVANCE, TOP, judged, ndcg, shared_articles, shown

QUESTIONS, QUESTIONS_ANSWERED = ROOT / "tests/cases/questions.tsv", 0.75
OWN = ROOT / "tests/cases/queries.tsv"
SHARE = 15


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    if not RELEVANCE.exists():
        pytest.skip("the shared articles are not here")
    folder = tmp_path_factory.mktemp("relevance")
    with (folder / "some.ndjson").open("w", encoding="utf-8") as out:
        some = islice(shared_articles(), 0, None, SHARE)
        out.writelines(f"{json.dumps(article, ensure_ascii=False)}\n" for article in some)
    for command in (("import", folder / "some.ndjson"), ("index",)):
        done = run(*command, "--data", folder / "data")
        assert done.returncode == 0, done.stderr
    return Reader.open(folder / "data")


@pytest.mark.parametrize(("unmarked", "floor"), [(False, 0.76), (True, 0.79)])
def test_ranking_of_the_specimens(specimens: Path, unmarked: bool, floor: float) -> None:
    assert ndcg(Reader.open(specimens), judged(OWN), unmarked) >= floor


@pytest.mark.thorough
@pytest.mark.parametrize(("unmarked", "floor"), [(False, 0.645), (True, 0.63)])
def test_ranking_of_the_shared_articles(reader: Reader, unmarked: bool, floor: float) -> None:
    assert ndcg(reader, judged(RELEVANCE / "queries.tsv"), unmarked) >= floor


def test_questions_as_people_type_them(specimens: Path) -> None:
    """The share of good ones that could stand among the first five and do."""
    reader = Reader.open(specimens)
    good = [(relevant, set(shown(reader, question, 5))) for question, relevant in judged(QUESTIONS)]
    able = sum(min(5, len(relevant)) for relevant, _ in good)
    assert sum(len(relevant & found) for relevant, found in good) / able >= QUESTIONS_ANSWERED


def test_the_first_page_is_the_head_of_the_full_ranking(specimens: Path) -> None:
    reader = Reader.open(specimens)
    for query, _ in judged(OWN):
        answer = search(reader, SearchRequest(q=query))
        whole = zip(reader.ids[answer.docs].tolist(), answer.scores.tolist(), strict=True)
        best = sorted(whole, key=lambda hit: (-hit[1], -reader.published[reader.doc_of(hit[0])], -hit[0]))
        assert reader.ids[answer.docs[:TOP]].tolist() == [number for number, _ in islice(best, TOP)], query
