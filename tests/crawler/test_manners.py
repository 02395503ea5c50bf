from __future__ import annotations

import pytest

from crawler.errors import GocNhinError, OutOfScope
from crawler.manners import Manners


def test_the_paper_needs_a_contact_and_gets_three_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GOC_NHIN_CONTACT", raising=False)
    with pytest.raises(GocNhinError, match="GOC_NHIN_CONTACT"):
        Manners.read()
    monkeypatch.setenv("GOC_NHIN_CONTACT", "dev@example.org")
    manners = Manners.read()
    assert (manners.site, manners.delay) == ("https://hanoimoi.vn", 3.0)
    assert "dev@example.org" in manners.user_agent


def test_only_this_machine_may_be_asked_fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOC_NHIN_CONTACT", "dev@example.org")
    with pytest.raises(GocNhinError, match="allowed on loopback only"):
        Manners.read(delay=0.5)
    assert Manners.read("http://127.0.0.1:9", 0).delay == 0


def test_an_option_overrules_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOC_NHIN_SITE", "http://127.0.0.1:1")
    monkeypatch.setenv("GOC_NHIN_DELAY", "2")
    assert Manners.read().delay == 2
    assert Manners.read("http://127.0.0.1:2", 0).site == "http://127.0.0.1:2"


@pytest.mark.parametrize("delay", ["x", "-1", "nan", "inf", "99999"])
def test_a_delay_is_seconds(delay: str) -> None:
    with pytest.raises(GocNhinError, match="is no delay"):
        Manners.read("http://127.0.0.1:1", delay)


def test_a_site_is_an_origin() -> None:
    with pytest.raises(OutOfScope):
        Manners.read("hanoimoi")
