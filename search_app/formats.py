"""How dates and numbers are written for readers: Vietnamese form, Hanoi time."""

from __future__ import annotations

from datetime import date, datetime

from flask import Flask

from crawler.dates import HANOI

_NOTES = {
    "closed a quote left open": "Dấu ngoặc kép còn mở đã được đóng lại.",
    "closed a bracket left open": "Dấu ngoặc đơn còn mở đã được đóng lại.",
    "passed over a closing bracket that nothing opens": "Một dấu ngoặc đóng thừa đã được bỏ qua.",
    "passed over an OR that lacks a side": "Một chữ OR thiếu một vế đã được bỏ qua.",
}


def register(app: Flask) -> None:
    """Make them filters for the templates."""
    app.add_template_filter(day)
    app.add_template_filter(moment)
    app.add_template_filter(number)
    app.add_template_filter(note)
    app.add_template_test(cut_before)
    app.add_template_test(cut_after)


def day(value: date | str) -> str:
    """`5/3/2021`, of a day, or of a moment as Hanoi's calendar has it."""
    when = _local(value)
    return f"{when.day}/{when.month}/{when.year}"


def moment(value: datetime | str) -> str:
    """`06:11, 5/3/2021`."""
    return f"{_local(value):%H:%M}, {day(value)}"


def number(value: int) -> str:
    """`12.000`."""
    return f"{value:,}".replace(",", ".")


def note(said: str) -> str:
    """What the parser says of a query, for readers."""
    return _NOTES.get(said) or said.replace("read as: ", "Câu tìm được hiểu là: ")


def cut_before(pieces: list[tuple[str, bool]]) -> bool:
    """Whether a passage seems to begin within a sentence, so that dots should say so."""
    return not pieces[0][0].lstrip('“"(')[:1].isupper()


def cut_after(pieces: list[tuple[str, bool]]) -> bool:
    """Whether a passage seems to end within a sentence."""
    return not pieces[-1][0].rstrip('”") ').endswith((".", "!", "?", "…"))


def _local(value: date | str) -> date:
    when = datetime.fromisoformat(value) if isinstance(value, str) else value
    return when.astimezone(HANOI) if isinstance(when, datetime) else when
