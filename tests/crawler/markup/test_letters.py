"""Whether letters make Vietnamese."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.markup.letters import misread, vietnamese_share

SENTENCE = "Phố cổ đã đổi khác, nhưng người Hà Nội vẫn giữ nếp cũ: chậm rãi, kỹ lưỡng."
MARKED = 17


@pytest.mark.parametrize(
    ("text", "share", "words"),
    [
        (SENTENCE, 1.0, MARKED),
        ("no letters beyond ASCII", 1.0, 0),
        ("", 1.0, 0),
        ("Größe", 0.0, 1),
        ("Größe (lớn)", 0.5, 2),
        ("phá»‘ cá»•", 0.0, 2),
    ],
)
def test_syllables_are_told_from_what_an_encoding_makes_of_them(text: str, share: float, words: int) -> None:
    assert vietnamese_share(text) == (share, words)


@given(
    st.lists(st.sampled_from(["phố", "Größe", "xe", "cũ", "½", "1962", "cá»•"])), st.sampled_from([", ", "-", "/", "“"])
)
def test_what_stands_between_words_counts_for_nothing(words: list[str], between: str) -> None:
    assert vietnamese_share(between.join(words)) == vietnamese_share(" ".join(words))


def test_a_text_in_a_wrong_encoding_is_shown() -> None:
    assert misread(SENTENCE) == ""
    assert misread("Một câu đúng.\n\n" + SENTENCE.encode().decode("cp1252", "replace")) != ""
