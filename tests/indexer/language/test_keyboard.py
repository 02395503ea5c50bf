from __future__ import annotations

import pytest

from indexer.language.keyboard import telex, vni
from indexer.language.slips import edited, misheard


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


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("he2", "hè"),
        ("vi2a", "vìa"),
        ("duong72", "dường"),
        ("d9uong72", "đường"),
        ("sat81", "sắt"),
        ("no6i5", "nội"),
        *((name, name) for name in ("u23", "g20", "covid19", "h5n1", "k9", "a80", "tphcm2", "2021", "ba", "o8")),
    ],
)
def test_vni(typed: str, word: str) -> None:
    assert vni(typed) == word


@pytest.mark.parametrize(
    ("key", "other"),
    [
        ("xung", "sung"),
        ("tắt", "tắc"),
        ("dong", "rong"),
        ("dành", "giành"),
        ("chuyện", "truyện"),
        ("chuẩn", "chẩn"),
        ("dường", "đường"),
        ("lan", "lang"),
        ("nàm", "làm"),
    ],
)
def test_what_sounds_alike(key: str, other: str) -> None:
    assert other in misheard(key)
    assert key not in misheard(key)


def test_a_consonant_of_two_letters_is_not_cut() -> None:
    assert not {word for word in misheard("thanh") if word.startswith("ch")}


def test_one_slip_away() -> None:
    assert {"giaoo", "gioa", "gia", "giac"} <= edited("giao")
    assert "giao" not in edited("giao")
