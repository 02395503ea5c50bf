"""Articles that share with one article the pairs of words most telling of it."""

from __future__ import annotations

from collections import Counter
from itertools import chain, pairwise

import numpy as np

from indexer.index.match import Matcher
from indexer.index.rank import HEAD, PAIR, Scores, best_first
from indexer.index.reader import Reader
from indexer.language.vietnamese import keys

TELLING = 40
"""Pairs that stand for an article."""
ALIKE = 1e-8
"""What two scores differ by at most that may be one in `best_first`."""
TITLE_COUNTS = 3
"""What a pair in the title counts."""


def similar(reader: Reader, doc: int, most: int = 5) -> list[int]:
    """The documents most like one, the best first; fewer than `most` where others share nothing with it."""
    matcher = Matcher(reader)
    total = Scores(reader, reader.everything)
    total.add_rows([matcher.pair(*pair) for pair in _telling(reader, doc)], PAIR, HEAD)
    total.of[doc] = 0
    least = np.partition(total.of, -most)[-most] if len(total.of) > most else 0.0
    # Scores that differ by less are one to the order, which then goes by date.
    (like,) = np.nonzero((total.of > 0) & (total.of >= least - ALIKE))
    found: list[int] = like[best_first(reader, like, total.of[like])][:most].tolist()
    return found


def _telling(reader: Reader, doc: int) -> list[tuple[str, str]]:
    """Pairs that are frequent in the article and made of words that are rare elsewhere."""
    article = reader.article(doc)
    counts: Counter[tuple[str, str]] = Counter()
    for part in [*TITLE_COUNTS * [article.title], *article.paragraphs]:
        counts.update(pairwise(keys(part)))
    rarity = {key: reader.rarity(key) for key in set(chain.from_iterable(counts))}
    ordered = sorted(counts, key=lambda pair: (-counts[pair] * rarity[pair[0]] * rarity[pair[1]], pair))
    return ordered[:TELLING]
