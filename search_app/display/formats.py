"""How dates and numbers are written for readers: in the page's language, Hanoi time."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent
from flask import Flask
from flask_babel import get_locale, gettext

from crawler.dates import HANOI
from indexer.errors import to_translate
from indexer.query.limits import LIMITS
from search_app.display.citations import json_ld
from search_app.language import form_day, language

_NO_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
SORT_NAMES = {
    "relevance": to_translate("best match"),
    "newest": to_translate("newest"),
    "oldest": to_translate("oldest"),
}
KEPT = 4096
"""Numbers, shares and months kept as written: a page has a hundred, and Babel takes its time for each."""


def register(app: Flask) -> None:
    """Make them filters for the templates."""
    app.add_template_filter(day)
    app.add_template_filter(moment)
    app.add_template_filter(number)
    app.add_template_filter(form_day)
    app.add_template_filter(share)
    app.add_template_filter(period)
    app.add_template_filter(xml_text)
    app.add_template_filter(sort_name)
    app.context_processor(lambda: {"json_ld": json_ld, "limits": LIMITS})
    app.add_template_test(cut_before)
    app.add_template_test(cut_after)


def day(value: date | str) -> str:
    """`5/3/2021` or `5 March 2021`, of a day, or of a moment as Hanoi's calendar has it."""
    return format_date(_local(value), "d/M/y" if _vietnamese() else "d MMMM y", get_locale())


def moment(value: datetime | str) -> str:
    """`06:11, 5/3/2021`."""
    return f"{_local(value):%H:%M}, {day(value)}"


def when(value: str, today: date) -> str:
    """`04:25 hôm nay`, `04:25, 5/3/2021`."""
    if _local(value).date() == today:  # type: ignore[attr-defined]
        return str(gettext("%(time)s today", time=f"{_local(value):%H:%M}"))
    return moment(value)


def number(value: int) -> str:
    """`12.000` or `12,000`."""
    return _number(value, language())


def share(value: float) -> str:
    """`3,1%` or `3.1%`."""
    return _permille(round(1000 * value), language())


def period(value: str) -> str:
    """A month `2021-03` as `3/2021` or `March 2021`; a year as it is."""
    return value if len(value) == 4 else _month(value, language())


def sort_name(value: str) -> str:
    """What an order of results is called."""
    return str(gettext(SORT_NAMES[value]))


def xml_text(text: str) -> str:
    """The text without the characters that no XML document may hold. Source: XML 1.0, production 2."""
    return _NO_XML.sub("", text)


@lru_cache(KEPT)
def _number(value: int, locale: str) -> str:
    return format_decimal(value, locale=locale)


@lru_cache(KEPT)
def _permille(value: int, locale: str) -> str:
    return format_percent(value / 1000, "#,##0.0%", locale)


@lru_cache(KEPT)
def _month(value: str, locale: str) -> str:
    return format_date(date.fromisoformat(f"{value}-01"), "M/y" if locale == "vi" else "MMMM y", locale)


def cut_before(pieces: list[tuple[str, bool]]) -> bool:
    """Whether a passage seems to begin within a sentence, so that dots should say so."""
    return not pieces[0][0].lstrip('“"(')[:1].isupper()


def cut_after(pieces: list[tuple[str, bool]]) -> bool:
    """Whether a passage seems to end within a sentence."""
    return not pieces[-1][0].rstrip('”") ').endswith((".", "!", "?", "…"))


def _vietnamese() -> bool:
    return language() == "vi"


def _local(value: date | str) -> date:
    when = datetime.fromisoformat(value) if isinstance(value, str) else value
    return when.astimezone(HANOI) if isinstance(when, datetime) else when
