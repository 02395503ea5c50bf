from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from indexer.engines.protocol import Engine
from indexer.language.vietnamese import every_key, fold
from indexer.query.parameters import SearchRequest
from tests.helpers import answering, article


def suggestion(engine: Engine, q: str) -> Any:
    return engine.search(SearchRequest(q=q)).page(1, 1)["suggestion"]


TEXTS = [
    *(f"Thành phố đẩy mạnh chuyển đổi số, lần {number}." for number in range(40)),
    *(
        "Câu chuyện đổi đời ở bệnh viện.",
        "Số liệu của đôi bạn.",
        "Giáo dục và đào tạo.",
        "Chuyên gia nói về số.",
        "Kỹ thuật số.",
    ),
]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    numbered = enumerate(TEXTS, 1)
    return answering(tmp_path_factory.mktemp("spelling"), [article(number, text) for number, text in numbered])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("chuyễn đổi số", "chuyển đổi số"),
        ("chuyeenr ddooir soos", "chuyển đổi số"),
        ("giáo dụk", "giáo dục"),
        ("giáoo dục", "giáo dục"),
        ("bệnh vịen", "bệnh viện"),
        ("benh vine", "benh vien"),
        ("chuyển đôi số", "chuyển đổi số"),
        ("chuyễn đổi số -bệnh", "chuyển đổi số -bệnh"),
        ('"chuyễn đổi"', '"chuyển đổi"'),
        ("kyx thuật", "kỹ thuật"),
        ("giáo dụk OR bệnh vịen", "giáo dục OR bệnh viện"),
        ("chuye6n3 d9o6i3", "chuyển đổi"),
        ("chuyểnđổi số", "chuyển đổi số"),
        ("chuyendoi", "chuyển đổi"),
        ("trành phố", "thành phố"),
        ("đẩi mạnh", "đẩy mạnh"),
        ("thành phố lầng", "thành phố lần"),
    ],
)
def test_what_was_probably_meant(engine: Engine, typed: str, meant: str) -> None:
    assert suggestion(engine, typed) == meant


@pytest.mark.parametrize(
    "typed", ["", "chuyển đổi số", "chuyen doi so", "giáo dục bệnh viện", "xyzxyzxyz", "date:1999", "số LAN"]
)
def test_nothing_better_is_known(engine: Engine, typed: str) -> None:
    assert suggestion(engine, typed) is None


WORDS = st.sampled_from(
    ["chuyễn", "chuyển", "đổi", "doi", "soos", "giáo", "dụk", "-giáo", '"bệnh vịen"', "OR", "title:mau", "(", ")"]
)


PHRASES = ("chuyển đổi", "giáo dục", "bệnh viện", "chuyên gia")


@st.composite
def slips(draw: st.DrawFn) -> str:
    """A phrase that occurs, with a letter more or less in its second word."""
    first, second = draw(st.sampled_from(PHRASES)).split()
    place = draw(st.integers(0, len(second) - 1))
    letter = draw(st.sampled_from("bcghklmnpqtv"))
    slipped = draw(st.sampled_from([second[:place] + second[place + 1 :], second[:place] + letter + second[place:]]))
    return f"{first} {slipped}"


@given(slips())
def test_a_slip_in_a_word_is_mended(engine: Engine, typed: str) -> None:
    slipped = fold(typed.split()[1])
    assume(slipped not in {fold(key) for text in TEXTS for key in every_key(text)})
    meant = suggestion(engine, typed)
    assert meant is not None
    assert len(engine.search(SearchRequest(q=meant)))
    assert meant.split()[0] == typed.split()[0]


def test_a_long_query_is_not_corrected(engine: Engine) -> None:
    """Each word more would be corrected beside every other one: a query of many words would keep others waiting."""
    words = ["chuyển", "đổi", "số", "lần", "thành", "phố", "đẩy", "mạhn"]
    assert suggestion(engine, " ".join(words)) is not None
    assert suggestion(engine, " ".join([*words, "mẫu"])) is None


@given(st.lists(WORDS, max_size=6).map(" ".join))
@example('chuyển "bệnh vịen" OR doi chuyển')
def test_whatever_is_suggested_has_results(engine: Engine, typed: str) -> None:
    meant = suggestion(engine, typed) if typed.strip("() OR") else None
    if meant is not None:
        answer = engine.search(SearchRequest(q=meant))
        assert len(answer)
        assert not answer.relaxed
