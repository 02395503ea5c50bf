"""Whatever one thing the site changes: what comes without a doubt is right."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.crawler.reading.changes import change, judge, originals

READ_RIGHT = 0.8
"""Share of the changed pages that must be read right, whatever is told of them."""


@pytest.mark.hypothesis
def test_an_article_without_a_doubt_is_right(record_property: Callable[[str, object], None]) -> None:
    counts: Counter[str] = Counter()

    @settings(max_examples=6 * settings().max_examples)
    @given(st.integers(0, len(originals()) - 1), st.integers(0, 2**32))
    def one_thing_changed(number: int, seed: int) -> None:
        page = originals()[number]
        changed = change(page, random.Random(seed))
        came, field = judge(page, changed)
        counts[came] += 1
        assert came != "wrong", f"{page.url}: {changed.what}: {field}"

    one_thing_changed()
    tried = counts.total()
    told = ", ".join(f"{number} {came}" for came, number in counts.most_common())
    record_property("said", f"{tried} pages with one thing changed: {told}")
    assert counts["right"] >= READ_RIGHT * tried
