"""How dates and numbers are written for readers: Vietnamese form, Hanoi time."""

from __future__ import annotations

from datetime import datetime

from flask import Flask

from crawler.dates import HANOI


def register(app: Flask) -> None:
    """Make them filters for the templates."""
    app.add_template_filter(day)
    app.add_template_filter(moment)
    app.add_template_filter(number)


def day(value: datetime | str) -> str:
    """`5/3/2021`."""
    when = _local(value)
    return f"{when.day}/{when.month}/{when.year}"


def moment(value: datetime | str) -> str:
    """`06:11, 5/3/2021`."""
    return f"{_local(value):%H:%M}, {day(value)}"


def number(value: int) -> str:
    """`12.000`."""
    return f"{value:,}".replace(",", ".")


def _local(value: datetime | str) -> datetime:
    return (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(HANOI)
