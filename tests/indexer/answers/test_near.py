from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from indexer.answers.answer import Answer
from indexer.answers.page import page
from indexer.answers.search import search
from indexer.index.reader import Reader
from indexer.query.messages import Note
from indexer.query.parameters import SearchRequest
from tests.helpers import article, indexed

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
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    numbered = enumerate(TEXTS, 1)
    return indexed(tmp_path_factory.mktemp("near"), [article(number, text, title="Tít") for number, text in numbered])


def near(answer: Answer) -> dict[int, tuple[str, ...]]:
    ids = answer.reader.ids[answer.near.docs].tolist()
    return dict(zip(ids, answer.near.lacks, strict=True))


def test_the_rare_words_lead_and_what_lacks_is_said(reader: Reader) -> None:
    answer = search(reader, SearchRequest(q="sông Tô Lịch bao giờ hết ô nhiễm"))
    assert (len(answer), answer.relaxed) == (0, True)
    assert near(answer)[RIVER] == ("hết", "ô", "nhiễm"), "question words weigh nothing"
    assert set(near(answer)) == {RIVER, SEWAGE}
    found = page(answer, 1, 10)
    assert [hit["id"] for hit in found["near"]] == list(near(answer))
    assert (found["total"], found["results"], found["facets"]["year"]) == (0, [], [])
    assert page(answer, 2, 10)["near"] == []


def test_without_marks_what_was_meant_is_near(reader: Reader) -> None:
    assert set(near(search(reader, SearchRequest(q="song to lich o nhiem")))) == {RIVER, SEWAGE}


def test_what_matches_comes_first_and_is_not_near_as_well(reader: Reader) -> None:
    answer = search(reader, SearchRequest(q="sông Tô Lịch nước thải"))
    assert reader.ids[answer.docs].tolist() == [SEWAGE]
    assert not answer.relaxed
    assert list(near(answer)) == [RIVER]


def test_where_many_match_nothing_is_near(reader: Reader) -> None:
    assert not near(search(reader, SearchRequest(q="người dân")))


@pytest.mark.parametrize("q", ["người dân zzz", "của phường zzz yyy"])
def test_where_only_common_words_match_it_says_that_nothing_is_near(reader: Reader, q: str) -> None:
    answer = search(reader, SearchRequest(q=q))
    assert (near(answer), answer.said, answer.relaxed) == ({}, (Note("nothing_near"),), False)


@pytest.mark.parametrize("q", ["zzz", '"sông Hồng đỏ"', ""])
def test_only_a_row_of_words_has_something_near(reader: Reader, q: str) -> None:
    answer = search(reader, SearchRequest(q=q))
    assert not near(answer)
    assert not answer.said


def test_a_literal_query_has_nothing_near(reader: Reader) -> None:
    assert not near(search(reader, SearchRequest(q="sông Tô Lịch ô nhiễm", literal=True)))


def test_filters_dates_and_exclusions_hold_for_what_is_near(reader: Reader) -> None:
    assert near(search(reader, SearchRequest(q="sông Tô Lịch zzz -đen"))).keys() == {RIVER}
    assert not near(search(reader, SearchRequest(q="sông Tô Lịch zzz", since=date(2022, 1, 1))))
    assert not near(search(reader, SearchRequest(q="sông Tô Lịch zzz date:2019")))
    assert not near(search(reader, SearchRequest(q="sông Tô Lịch zzz author:Nam")))


def test_what_is_near_is_near_to_the_query_as_it_was_meant(tmp_path: Path) -> None:
    texts = [*(f"Lấn chiếm vỉa hè, lần {number}." for number in range(3)), *TEXTS[:40]]
    reader = indexed(tmp_path, [article(number, text) for number, text in enumerate(texts, 1)])
    answer = search(reader, SearchRequest(q="viahe lấn chiếm"))
    assert (len(answer), len(answer.near)) == (0, 3)
    assert answer.said[-1:] == (Note.of("near_corrected", query="vỉa hè lấn chiếm"),)
