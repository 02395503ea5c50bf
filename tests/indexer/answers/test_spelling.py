from __future__ import annotations

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from indexer.answers.answer import Answer
from indexer.answers.search import search
from indexer.index.reader import Reader
from indexer.language.vietnamese import fold
from indexer.query.parameters import SearchRequest
from tests.helpers import article, indexed


def suggestion(answer: Answer) -> str | None:
    return str(answer.correction) if answer.correction else None


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
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    numbered = enumerate(TEXTS, 1)
    return indexed(tmp_path_factory.mktemp("spelling"), [article(number, text) for number, text in numbered])


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
def test_what_was_probably_meant(reader: Reader, typed: str, meant: str) -> None:
    assert suggestion(search(reader, SearchRequest(q=typed))) == meant


@pytest.mark.parametrize(
    "typed", ["", "chuyển đổi số", "chuyen doi so", "giáo dục bệnh viện", "xyzxyzxyz", "date:1999", "số LAN"]
)
def test_nothing_better_is_known(reader: Reader, typed: str) -> None:
    assert suggestion(search(reader, SearchRequest(q=typed))) is None


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
def test_a_slip_in_a_word_is_mended(reader: Reader, typed: str) -> None:
    assume(not reader.spellings("text", fold(typed.split()[1])))
    meant = suggestion(search(reader, SearchRequest(q=typed)))
    assert meant is not None
    assert len(search(reader, SearchRequest(q=meant)))
    assert meant.split()[0] == typed.split()[0]


def test_a_long_query_is_not_corrected(reader: Reader) -> None:
    """Each word more would be corrected beside every other one: a query of many words would keep others waiting."""
    words = ["chuyển", "đổi", "số", "lần", "thành", "phố", "đẩy", "mạhn"]
    assert suggestion(search(reader, SearchRequest(q=" ".join(words)))) is not None
    assert suggestion(search(reader, SearchRequest(q=" ".join([*words, "mẫu"])))) is None


@given(st.lists(WORDS, max_size=6).map(" ".join))
@example('chuyển "bệnh vịen" OR doi chuyển')
def test_whatever_is_suggested_has_results(reader: Reader, typed: str) -> None:
    meant = suggestion(search(reader, SearchRequest(q=typed))) if typed.strip("() OR") else None
    if meant is not None:
        answer = search(reader, SearchRequest(q=meant))
        assert len(answer)
        assert not answer.relaxed
