"""Articles that share with one article the pairs of words most telling of it."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np

from indexer.index.match import Matcher
from indexer.index.rank import HEAD, PAIR, Scores, best_first
from indexer.index.reader import Reader
from indexer.language.vietnamese import keys

TELLING = 40
"""Pairs that stand for an article."""
TITLE_COUNTS = 3
"""What a pair in the title counts."""


def similar(reader: Reader, doc: int, most: int = 5) -> list[int]:
    """The documents most like one, the best first; fewer than `most` where others share nothing with it."""
    matcher = Matcher(reader)
    total = Scores(reader, reader.everything)
    total.add_rows([matcher.pair(*pair) for pair in _telling(reader, doc)], PAIR, HEAD)
    total.of[doc] = 0
    (like,) = np.nonzero(total.of > 0)
    found: list[int] = like[best_first(reader, like, total.of[like])][:most].tolist()
    return found


def _telling(reader: Reader, doc: int) -> list[tuple[str, str]]:
    """Pairs that are frequent in the article and made of words that are rare elsewhere."""
    article = reader.article(doc)
    counts: Counter[tuple[str, str]] = Counter()
    for part in [*TITLE_COUNTS * [article.title], *article.paragraphs]:
        counts.update(pairwise(keys(part)))
    rarity = {key: reader.rarity(key) for pair in counts for key in pair}
    ordered = sorted(counts, key=lambda pair: (-counts[pair] * rarity[pair[0]] * rarity[pair[1]], pair))
    return ordered[:TELLING]
