from __future__ import annotations

import numpy as np
import pytest

from indexer.index.match import Matcher, Spelt
from indexer.index.reader import Reader
from indexer.index.readings import read
from tests.helpers import article, indexed

TEXTS = [
    *(f"Vỉa hè bị lấn chiếm, lần {number}." for number in range(8)),
    *(f"Hệ thống vía, số {number}." for number in range(20)),
    "Sông Tô Lịch ở đây.",
    "Cô ấy tỏ ra lịch sự.",
    "Vía he hé.",
]


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    return indexed(tmp_path_factory.mktemp("readings"), [article(n, text) for n, text in enumerate(TEXTS, 1)])


def meant(reader: Reader, *words: str) -> str:
    row = read(Matcher(reader, opened=True), words).row
    return " ".join(word.key if isinstance(word, Spelt) else str(word) for word in row)


def test_the_reading_whose_words_stand_side_by_side(reader: Reader) -> None:
    assert meant(reader, "via", "he") == "vỉa hè"
    assert meant(reader, "he", "thong") == "hệ thống"
    assert meant(reader, "song", "to", "lich") == "sông tô lịch"
    assert meant(reader, "he") == "he", "a word alone may be any"
    assert meant(reader, "lich", "he") == "lich he", "words that are nowhere side by side as well"
    assert meant(reader, "xyz", "via", "he", "zyx") == "xyz vỉa hè zyx"


def test_only_readings_that_take_part_are_kept(reader: Reader) -> None:
    spellings = read(Matcher(reader, opened=True), ("via", "he")).spellings
    assert list(map(set, spellings)) == [{"vỉa", "vía"}, {"hè", "he"}], "seldom, but a tenth of the times"


def test_the_table_counts_spellings_side_by_side(reader: Reader) -> None:
    matcher = Matcher(reader, opened=True)
    before, after = reader.spellings("text", "via"), reader.spellings("text", "he")
    (counts,) = matcher.tables([("via", "he")])
    for one, other in np.ndindex(counts.shape):
        assert counts[one, other] == len(Matcher(reader).pair(before[one], after[other]))
