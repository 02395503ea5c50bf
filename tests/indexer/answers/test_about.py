from __future__ import annotations

import pytest

from indexer.engines.protocol import Engine
from indexer.query.parameters import SearchRequest
from tests.helpers import answering, article

TEXTS = [
    "Vỉa hè bị lấn chiếm. Có hàng rong.",
    "Hàng rong đầy vỉa hè, nạn lấn chiếm.",
    "Trên vỉa hè là hàng rong, ai lấn chiếm thì phạt.",
    "Dẹp hàng rong khỏi vỉa hè; chống lấn chiếm mãi.",
    "Nghề hàng rong và vỉa hè. Lại lấn chiếm nữa.",
    "Cho vỉa hè một lối đi, cho hàng rong một chỗ, không lấn chiếm gì.",
    *(f"Lấn chiếm đất công ở phường, số {number}." for number in range(3)),
    *(f"Người dân của phường nói về giá, câu {number}." for number in range(30)),
]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return answering(
        tmp_path_factory.mktemp("about"), [article(n, text, title="Tít") for n, text in enumerate(TEXTS, 1)]
    )


def told(engine: Engine, q: str) -> dict[str, tuple[int, int]]:
    found = engine.search(SearchRequest(q=q)).phrases()["phrases"]
    return {one["text"]: (one["count"], one["total"]) for one in found}


def test_phrases_that_set_a_result_apart(engine: Engine) -> None:
    found = told(engine, "vỉa hè")
    assert found["hàng rong"] == (6, 6)
    assert found["lấn chiếm"] == (6, 9)
    assert not {"vỉa hè", "người dân"} & found.keys(), "neither what was asked for nor what is everywhere"
    assert all(not phrase.startswith("của") and not phrase.endswith("của") for phrase in found)


def test_a_count_is_what_narrowing_gives(engine: Engine) -> None:
    for q in ("vỉa hè", "phường", "lấn chiếm"):
        for phrase, (count, _) in told(engine, q).items():
            assert len(engine.search(SearchRequest(q=f'{q} "{phrase}"'))) == count


@pytest.mark.parametrize("q", ["", "zzz", "rong zzz"])
def test_everything_and_nothing_are_about_nothing(engine: Engine, q: str) -> None:
    assert told(engine, q) == {}
