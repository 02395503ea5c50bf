"""Where two words stand side by side, however that is looked up."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path

from indexer.index.match import Matcher
from indexer.index.places import both
from indexer.language.vietnamese import Tokens
from tests.helpers import article, indexed

WORDS = ("thiếu", "nhi", "1-6", "1/6/2020", "ngày", "tháng", "2020", "nhì", "Tết.", "1", "30 tháng 4")
TEXTS = 40


def test_neighbours_are_found_by_every_key_they_have(tmp_path: Path) -> None:
    chance = random.Random(5)
    texts = ["\n\n".join(" ".join(chance.choices(WORDS, k=9)) for _ in range(3)) for _ in range(TEXTS)]
    reader = indexed(tmp_path, [article(number, text, title="Tít") for number, text in enumerate(texts, 1)])
    there, alone = set(), 0
    for text in texts:
        for part in text.split("\n\n"):
            tokens = Tokens(part)
            places = pairwise(range(len(tokens)))
            there |= {(one, other) for at, next_ in places for one in tokens.at(at) for other in tokens.at(next_)}
    keys = sorted({key for pair in there for key in pair})
    for opened in (False, True):
        matcher = Matcher(reader, opened)
        for one in keys:
            for other in keys:
                found = matcher.pair(one, other)
                expected = both(matcher.places(one), matcher.places(other) - 1)
                assert found.tolist() == expected.tolist(), (one, other)
                assert opened or ((one, other) in there) == bool(len(found)), (one, other)
                alone += {one, other} <= reader.row.alone.keys()
    assert 0 < alone < 2 * len(keys) ** 2


def test_nothing_can_be_opened_and_asked(tmp_path: Path) -> None:
    reader = indexed(tmp_path, [])
    reader.prepare()
    assert len(Matcher(reader).pair("phố", "cổ")) == 0
