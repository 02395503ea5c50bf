"""Which language a page is in: `lang` in its address, else the browser's wish, else Vietnamese."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask, Response, g, request, url_for
from flask_babel import Babel, get_locale, get_translations, gettext

from indexer.errors import BadQuery, to_translate
from indexer.query.messages import NOTES, REASONS

MACHINES = (
    *("/api/", "/healthz", "/readyz", "/metrics"),
    *("/export.", "/dossier.", "/dossier/", "/compare.", "/feed.", "/feed/"),
)
"""Paths that programs ask for: JSON, files, figures."""
PAGES = ("pages.", "names.")
"""What the endpoints of pages begin with."""
LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
"""What each calls itself; the first is the default."""


def register(app: Flask) -> None:
    """Choose the language of every request, and keep a chosen one in the pages' links."""
    app.config["BABEL_DEFAULT_LOCALE"] = "vi"
    Babel(app, locale_selector=_choose)
    # Flask-Babel's own look up language and catalog for every text, which a page has a hundred of.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: _catalog().ugettext(text),
        lambda one, several, number: _catalog().ungettext(one, several, number),
        newstyle=True,
    )
    app.url_defaults(_keep)
    app.after_request(_say)
    app.context_processor(lambda: {"languages": LANGUAGES, "language": language(), "in_language": in_language})


def language() -> str:
    """The current one's code; looked up once a request."""
    if "language" not in g:
        g.language = str(get_locale() or "vi")
    code: str = g.language
    return code


def in_language(code: str, query: str | None = None) -> str:
    """The current page in another language, with its query string or the one given; home where this is no page."""
    if not (request.endpoint or "").startswith(PAGES):
        return url_for("pages.home", lang=code)
    if query is None:
        query = urlencode([(name, value) for name, value in request.args.items(multi=True) if name != "lang"])
    return f"{quote(request.path)}?{query}{'&' if query else ''}lang={code}"


def by_machine() -> bool:
    """Whether the current path is one whose errors are JSON, in English."""
    return request.path.startswith(MACHINES)


FIELDS = {"from": to_translate("From"), "to": to_translate("to")}
"""What the search form calls the parameters that can be typed wrong in it."""
READERS = {
    "parameter_not_date": to_translate(
        "The field “%(field)s”: there is no day %(value)s. Write, for example, 25/3/2021, 3/2021 or 2021."
    ),
    "filter_reversed": to_translate("“From” (%(since)s) is later than “to” (%(until)s)."),
}
"""Reasons of refusal in the words of the form, for who filled it in; the others are told as to programs."""


def translated(error: BadQuery) -> str:
    """What is wrong with a query or parameter, in the page's language."""
    values = {name: form_day(value) if isinstance(value, date) else value for name, value in error.values.items()}
    field = FIELDS.get(str(values.get("name")), "")
    template = READERS.get(error.reason) if field or "name" not in values else None
    return str(gettext(template or REASONS[error.reason]) % {**values, "field": gettext(field) if field else ""})


def form_day(value: date) -> str:
    """`5/3/2021`, as forms take it in every language."""
    return f"{value.day}/{value.month}/{value.year:04}"


def note(said: Mapping[str, Any]) -> str:
    """A note of a page of results, for readers."""
    template = NOTES[said["code"]]
    return str(gettext(template) % said["values"])


def _catalog() -> Any:
    """The current language's texts; looked up once a request."""
    if "catalog" not in g:
        g.catalog = get_translations()
    return g.catalog


def _choose() -> str:
    chosen = request.args.get("lang", "")
    if by_machine() and chosen not in LANGUAGES:
        return "en"
    return chosen if chosen in LANGUAGES else request.accept_languages.best_match(list(LANGUAGES)) or "vi"


def _keep(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint.startswith(PAGES) and request and request.args.get("lang") in LANGUAGES:
        values.setdefault("lang", request.args["lang"])


def _say(response: Response) -> Response:
    if response.mimetype == "text/html":
        response.headers["Content-Language"] = language()
        response.vary.add("Accept-Language")
    return response
