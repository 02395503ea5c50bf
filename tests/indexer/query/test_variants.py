from __future__ import annotations

from pathlib import Path

import pytest

from indexer.answers.highlight import highlighter
from indexer.answers.search import search
from indexer.query.limits import LIMITS
from indexer.query.parameters import SearchRequest
from indexer.query.parser import parse
from indexer.query.tree import Ways
from indexer.query.variants import MOST_READINGS, expand, table
from tests.helpers import article, indexed


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Kỳ họp HĐND quận", '"kỳ họp hội đồng nhân dân quận"'),
        ("kỳ họp hội đồng nhân dân quận", '"họp HĐND quận"'),
        ("Sở GD-ĐT Hà Nội", "sở giáo dục và đào tạo"),
        ("Sở Giáo dục và Đào tạo", "GDĐT"),
        ("đóng BHXH", "bao hiem xa hoi"),
        ("đóng bảo hiểm xã hội", "bhxh"),
        ("TP.HCM", "thành phố hồ chí minh"),
        ("thành phố Hồ Chí Minh", "TP HCM"),
        ("UBND TP Hà Nội", "ủy ban nhân dân thành phố hà nội"),
    ],
)
def test_either_form_finds_the_other(tmp_path: Path, text: str, query: str) -> None:
    answer = search(
        indexed(tmp_path, [article(1, text, title="Tít"), article(2, "khác", title="Tít")]), SearchRequest(q=query)
    )
    assert (answer.reader.ids[answer.docs].tolist(), answer.relaxed) == ([1], False)


def test_the_found_form_is_marked(tmp_path: Path) -> None:
    reader = indexed(tmp_path, [article(1, "Kỳ họp HĐND quận", title="Tít")])
    answer = search(reader, SearchRequest(q="hội đồng nhân dân"))
    marked = highlighter(answer.matcher, answer.tree).whole("Kỳ họp HĐND quận")
    assert marked == [("Kỳ họp ", False), ("HĐND", True), (" quận", False)]


def test_a_part_of_what_is_meant_does_not_find_the_abbreviation(tmp_path: Path) -> None:
    reader = indexed(tmp_path, [article(1, "Kỳ họp HĐND quận", title="Tít")])
    assert len(search(reader, SearchRequest(q="nhân dân"))) == 0


def test_exclusions_hold_for_either_form(tmp_path: Path) -> None:
    reader = indexed(tmp_path, [article(1, "họp HĐND", title="Tít"), article(2, "họp phụ huynh", title="Tít")])
    answer = search(reader, SearchRequest(q='họp -"hội đồng nhân dân"'))
    assert answer.reader.ids[answer.docs].tolist() == [2]


def test_the_table_has_no_group_of_one() -> None:
    groups = set(table().values())
    assert len(groups) >= 80
    assert all(len(set(group)) > 1 for group in groups)


def test_a_phrase_full_of_abbreviations_stays_within_its_readings() -> None:
    tree = expand(parse('"' + "UBND HĐND " * (LIMITS.words // 2) + '"').tree)
    assert isinstance(tree, Ways)
    assert len(tree.phrases) == MOST_READINGS
