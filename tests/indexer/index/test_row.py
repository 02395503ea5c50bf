from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.index.row import Row, frequent
from indexer.language.vietnamese import tokens_of
from tests.helpers import article, indexed

WORDS = st.lists(st.sampled_from("abcd "), max_size=12).map("".join)


@given(st.lists(WORDS, min_size=1, max_size=4), st.integers(1, 4))
def test_grams_are_counted_once_a_span(texts: list[str], length: int) -> None:
    at = {place: letter for place, letter in enumerate("".join(texts)) if letter != " "}
    placed = ((letter, np.array([place])) for place, letter in at.items())
    row = Row(sum(map(len, texts)), frequent(Counter(at.values()), 1), placed)
    ends = [0]
    for text in texts:
        ends.append(ends[-1] + len(text))
    numbers, counts = row.grams(list(pairwise(ends)), length)
    found = {"".join(row.keys[n] for n in gram): count for gram, count in zip(numbers.tolist(), counts, strict=True)}
    windows = [{text[p : p + length] for p in range(len(text) - length + 1)} for text in texts]
    assert found == Counter(gram for each in windows for gram in each if " " not in gram)


def test_a_readers_row_has_its_words_in_their_places(tmp_path: Path) -> None:
    texts = ["Chợ quê.\n\nHồ Gươm buổi sớm.", "Phố cổ."]
    reader = indexed(tmp_path, [article(n, text, title="Tít") for n, text in enumerate(texts, 1)])
    for doc in reader.everything.tolist():
        written = reader.row.at[reader.starts[doc] : reader.starts[doc + 1]].tolist()
        words = [reader.row.keys[number] for number in written if number]
        assert words == ["tít", *tokens_of(reader.article(doc).text).keys]
    assert reader.row.often[reader.row.keys.index("tít")] == 2


@pytest.mark.parametrize("length", [1, 4])
def test_nothing_has_no_grams(length: int) -> None:
    row = Row(0, {}, [])
    assert len(row.grams([(0, 0)], length)[0]) == 0
