from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.answers.search import search
from indexer.answers.spelling import telex
from indexer.index.reader import Reader
from indexer.query.request import Request
from tests.helpers import article, indexed

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
    ],
)
def test_what_was_probably_meant(reader: Reader, typed: str, meant: str) -> None:
    assert search(reader, Request(q=typed)).suggestion() == meant


@pytest.mark.parametrize(
    "typed", ["", "chuyển đổi số", "chuyen doi so", "giáo dục bệnh viện", "xyzxyzxyz", "date:1999"]
)
def test_nothing_better_is_known(reader: Reader, typed: str) -> None:
    assert search(reader, Request(q=typed)).suggestion() is None


WORDS = st.sampled_from(
    ["chuyễn", "chuyển", "đổi", "doi", "soos", "giáo", "dụk", "-giáo", '"bệnh vịen"', "OR", "title:mau", "(", ")"]
)


@given(st.text("abcdđeệouwsfrxj9-ã.", min_size=1, max_size=10))
def test_any_word_can_be_corrected(reader: Reader, typed: str) -> None:
    answer = search(reader, Request(q=f"a{typed} chuyển"))
    assert answer.suggestion() != answer.request.q


@given(st.lists(WORDS, max_size=6).map(" ".join))
def test_whatever_is_suggested_has_results(reader: Reader, typed: str) -> None:
    suggestion = search(reader, Request(q=typed)).suggestion() if typed.strip("() OR") else None
    if suggestion is not None:
        answer = search(reader, Request(q=suggestion))
        assert len(answer)
        assert not answer.relaxed


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("chuyeenr", "chuyển"),
        ("dduowngf", "đường"),
        ("nguwowif", "người"),
        ("quys", "quí"),
        ("thij", "thị"),
        ("hs", "hs"),
    ],
)
def test_telex(typed: str, word: str) -> None:
    assert telex(typed) == word
