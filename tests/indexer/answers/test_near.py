from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from indexer.engines.protocol import Engine, Result
from indexer.query.parameters import SearchRequest
from tests.helpers import answering, article

TEXTS = [
    *(f"Người dân của phường hỏi bao giờ đường thông, lần {number}." for number in range(40)),
    "Sông Tô Lịch sẽ xanh trở lại.",
    "Dòng sông Tô Lịch đen đặc vì nước thải của người dân.",
    "Ô nhiễm ở làng nghề đã hết.",
    "Ô nhiễm không khí đã hết.",
    "Ô nhiễm tiếng ồn chưa hết.",
]
RIVER, SEWAGE = 41, 42


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    numbered = enumerate(TEXTS, 1)
    return answering(tmp_path_factory.mktemp("near"), [article(number, text, title="Tít") for number, text in numbered])


def near(result: Result) -> dict[int, tuple[str, ...]]:
    return {hit["id"]: tuple(hit["lacks"]) for hit in result.page(1, 1)["near"]}


def noted(result: Result) -> list[tuple[str, dict[str, str]]]:
    return [(note["code"], note["values"]) for note in result.page(1, 1)["notes"]]


def test_the_rare_words_lead_and_what_lacks_is_said(engine: Engine) -> None:
    answer = engine.search(SearchRequest(q="sông Tô Lịch bao giờ hết ô nhiễm"))
    assert (len(answer), answer.relaxed) == (0, True)
    assert near(answer)[RIVER] == ("hết", "ô", "nhiễm"), "question words weigh nothing"
    assert set(near(answer)) == {RIVER, SEWAGE}
    found = answer.page(1, 10)
    assert [hit["id"] for hit in found["near"]] == list(near(answer))
    assert (found["total"], found["results"], found["facets"]["year"]) == (0, [], [])
    assert answer.page(2, 10)["near"] == []


def test_without_marks_what_was_meant_is_near(engine: Engine) -> None:
    assert set(near(engine.search(SearchRequest(q="song to lich o nhiem")))) == {RIVER, SEWAGE}


def test_what_matches_comes_first_and_is_not_near_as_well(engine: Engine) -> None:
    answer = engine.search(SearchRequest(q="sông Tô Lịch nước thải"))
    assert answer.ids() == [SEWAGE]
    assert not answer.relaxed
    assert list(near(answer)) == [RIVER]


def test_where_many_match_nothing_is_near(engine: Engine) -> None:
    assert not near(engine.search(SearchRequest(q="người dân")))


@pytest.mark.parametrize("q", ["người dân zzz", "của phường zzz yyy"])
def test_where_only_common_words_match_it_says_that_nothing_is_near(engine: Engine, q: str) -> None:
    answer = engine.search(SearchRequest(q=q))
    assert (near(answer), noted(answer), answer.relaxed) == ({}, [("nothing_near", {})], False)


@pytest.mark.parametrize("q", ["zzz", '"sông Hồng đỏ"', ""])
def test_only_a_row_of_words_has_something_near(engine: Engine, q: str) -> None:
    answer = engine.search(SearchRequest(q=q))
    assert not near(answer)
    assert not noted(answer)


def test_a_literal_query_has_nothing_near(engine: Engine) -> None:
    assert not near(engine.search(SearchRequest(q="sông Tô Lịch ô nhiễm", literal=True)))


def test_filters_dates_and_exclusions_hold_for_what_is_near(engine: Engine) -> None:
    assert near(engine.search(SearchRequest(q="sông Tô Lịch zzz -đen"))).keys() == {RIVER}
    assert not near(engine.search(SearchRequest(q="sông Tô Lịch zzz", since=date(2022, 1, 1))))
    assert not near(engine.search(SearchRequest(q="sông Tô Lịch zzz date:2019")))
    assert not near(engine.search(SearchRequest(q="sông Tô Lịch zzz author:Nam")))


def test_what_is_near_is_near_to_the_query_as_it_was_meant(tmp_path: Path) -> None:
    texts = [*(f"Lấn chiếm vỉa hè, lần {number}." for number in range(3)), *TEXTS[:40]]
    engine = answering(tmp_path, [article(number, text) for number, text in enumerate(texts, 1)])
    answer = engine.search(SearchRequest(q="viahe lấn chiếm"))
    assert (len(answer), len(near(answer))) == (0, 3)
    assert noted(answer)[-1] == ("near_corrected", {"query": "vỉa hè lấn chiếm"})
