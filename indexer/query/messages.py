"""What is said about a query: each thing under a code, with its values. Clients tell them apart by the code alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from crawler.errors import to_translate

NOTES: Mapping[str, str] = MappingProxyType(
    {
        "quote_closed": to_translate("closed a quote left open"),
        "bracket_closed": to_translate("closed a bracket left open"),
        "bracket_passed_over": to_translate("passed over a closing bracket that nothing opens"),
        "or_passed_over": to_translate("passed over an OR that lacks a side"),
        "and_passed_over": to_translate("passed over an AND that lacks a side"),
        "not_passed_over": to_translate("passed over a NOT with nothing to leave out"),
        "not_phrase": to_translate("the words behind NOT are left out as one phrase"),
        "read_as": to_translate("read as: %(query)s"),
        "abbreviations": to_translate("other ways of writing the same are found too, such as abbreviations spelt out"),
        "one_thing": to_translate("taken for one thing, its words side by side: %(words)s"),
        "day": to_translate("“%(typed)s” is taken for a day"),
        "number": to_translate("“%(typed)s” is taken for a number: no article has that day"),
        "name_unmarked": to_translate("nobody is written “%(typed)s” here; taken for %(found)s"),
        "name_unknown": to_translate("nobody is called “%(typed)s” here; the nearest is %(nearest)s"),
        "near_corrected": to_translate("what is near is near to “%(query)s”"),
        "nothing_near": to_translate("no article comes near: only words that are everywhere match"),
    }
)
"""How a query was taken where that is not just as typed."""

REASONS: Mapping[str, str] = MappingProxyType(
    {
        "too_long": to_translate("the query has %(length)d characters, at most %(most)d are allowed: use fewer words"),
        "no_word": to_translate("the query holds no word to search for: type a word, or leave it empty for everything"),
        "too_nested": to_translate("brackets stand more than %(most)d deep: use fewer"),
        "too_many_words": to_translate("more than %(most)d words: use fewer"),
        "bad_prefix": to_translate("“%(word)s”: before * stands one word of %(least)d letters or more"),
        "too_many_prefixes": to_translate("more than %(most)d words with *: use fewer"),
        "bad_date": to_translate("“%(value)s” is no date: write YYYY-MM-DD, YYYY-MM, YYYY or 5/3/2021 (day first)"),
        "day_without_year": to_translate(
            "“%(value)s” names no year: write date:%(day)s/2021, or search for the day as a word, without date:"
        ),
        "no_date": to_translate("date: needs a day, a month, a year or a span like 2019..2021"),
        "dates_reversed": to_translate("the span of dates ends before it begins"),
        "filter_reversed": to_translate("from %(since)s is later than to %(until)s: swap them"),
        "unknown_parameter": to_translate("unknown parameter “%(name)s”: allowed are %(allowed)s"),
        "no_parameters": to_translate("unknown parameter “%(name)s”: there are none here"),
        "given_too_often": to_translate("parameter “%(name)s” is given %(times)d times, at most %(most)d are allowed"),
        "parameter_not_date": to_translate(
            "parameter “%(name)s”: “%(value)s” is no date: write YYYY-MM-DD, YYYY-MM, YYYY or 5/3/2021 (day first)"
        ),
        "parameter_not_change": to_translate(
            "parameter “%(name)s” is “%(value)s”: write the number that an earlier answer gave as “change”"
        ),
        "parameter_not_year": to_translate("parameter “%(name)s”: “%(value)s” is no year: write 2021, or -2021"),
        "parameter_not_number": to_translate("parameter “%(name)s” is “%(value)s”: write a number from 1 to %(most)d"),
        "parameter_not_id": to_translate("parameter “%(name)s” is “%(value)s”: write an article's number"),
        "parameter_not_among": to_translate("parameter “%(name)s” is “%(value)s”: allowed are %(allowed)s"),
        "parameter_too_long": to_translate("parameter “%(name)s” has more than %(most)d characters"),
        "none_chosen": to_translate("no article is chosen: tick some in a result, at most %(most)d"),
    }
)
"""Why a query or parameter is refused."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something to know about how a query was taken: its code in NOTES, and the values that belong to it."""

    code: str
    values: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, code: str, **values: str) -> Note:
        """A note with its values by name."""
        return cls(code, tuple(values.items()))

    def __str__(self) -> str:
        return NOTES[self.code] % dict(self.values)

    def to_dict(self) -> dict[str, object]:
        """The note in the public shape."""
        return {"code": self.code, "values": dict(self.values), "message": str(self)}
