"""What each HTTP status that the app answers with is called: for programs, for readers, in the API's description."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.errors import to_translate


@dataclass(frozen=True, slots=True)
class Status:
    """The error code of a status, its title on a page, and what the API's description says of it.

    Of `codes` the first is the usual one; the others name what else may be wrong.
    """

    codes: tuple[str, ...]
    title: str = to_translate("Something went wrong")
    described: str = ""


STATUSES = {
    400: Status(
        ("bad_request", "bad_parameter", "bad_query", "unknown_host"),
        to_translate("This request is not understood"),
        "a parameter or query that is of no use",
    ),
    403: Status(
        ("forbidden",),
        to_translate("Not to be seen from here"),
        "full texts are given on the newsroom's own network only",
    ),
    404: Status(("not_found",), to_translate("There is no such page"), "nothing there"),
    405: Status(("method_not_allowed",), to_translate("For reading only: nothing can be sent")),
    413: Status(("too_large",)),
    429: Status(
        ("rate_limited",),
        to_translate("Too many requests: please wait a moment"),
        "too many requests from one address",
    ),
    500: Status(("internal",)),
    503: Status(
        ("busy", "unavailable"),
        to_translate("Searching is not possible at the moment"),
        "no index can be read at the moment, or too many are asking",
    ),
}
"""By number; other errors are named by their HTTP name."""

CODES = {code: number for number, status in STATUSES.items() for code in status.codes}
"""Every error code and its HTTP status."""
