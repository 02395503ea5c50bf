"""Every error as an answer in the asker's own form: JSON for the API, a page for readers."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask, Response, current_app, g, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_limiter import RateLimitExceeded
from werkzeug.exceptions import HTTPException, MethodNotAllowed, SecurityError

from crawler.errors import GocNhinError
from crawler.logs import OURS
from indexer.errors import BadParameter, BadQuery, IndexMoved, to_translate
from search_app.language import by_machine, translated
from search_app.limits import RETRY_AFTER
from search_app.live import renew
from search_app.parameters.form import Form
from search_app.security import METHODS
from search_app.statuses import STATUSES

log = logging.getLogger(f"{OURS}.app")

TOO_MANY = to_translate("This machine has sent more than %(most)s requests in %(period)s. Wait, then try again.")
PERIODS = {
    1: to_translate("one second"),
    60: to_translate("one minute"),
    3600: to_translate("one hour"),
    86400: to_translate("one day"),
}
"""What a rate limit counts over, by its seconds."""
TIMES = 3
"""How often a request is tried while the index changes under it."""
DATES = ("parameter_not_date", "filter_reversed")
"""Reasons that are about a date."""


def register(app: Flask) -> None:
    """Handle every error of ours and of HTTP."""
    app.register_error_handler(BadQuery, _bad_query)
    app.register_error_handler(GocNhinError, _unavailable)
    app.register_error_handler(IndexMoved, _moved)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(RateLimitExceeded, _too_many)
    app.register_error_handler(SecurityError, _unknown_host)


def _bad_query(error: BadQuery) -> Response:
    code = "bad_parameter" if isinstance(error, BadParameter) else "bad_query"
    message = str(error) if by_machine() else translated(error)
    values = {name: value if isinstance(value, int) else str(value) for name, value in error.values.items()}
    reason = {"reason": error.reason, "values": values}
    return _answer(400, code, message, position=error.position, suggestion=error.suggestion, **reason)


def _too_many(error: RateLimitExceeded) -> Response:
    rate = error.limit.limit
    seconds = rate.get_expiry()
    period = gettext(PERIODS[seconds]) if seconds in PERIODS else gettext("%(count)s seconds", count=seconds)
    return _answer(429, STATUSES[429].codes[0], gettext(TOO_MANY, most=rate.amount, period=period))


def _unavailable(error: GocNhinError) -> Response:
    log.error("%s", error)
    return _answer(503, "unavailable", gettext("the index cannot be read at the moment"))


def _moved(error: IndexMoved) -> ResponseReturnValue:
    """The same request once more, from the index as it is now: nothing of an answer was sent yet."""
    g.times = g.get("times", 1) + 1
    if g.times > TIMES:
        return _unavailable(error)
    try:
        renew()
        return current_app.dispatch_request()
    except (GocNhinError, HTTPException) as failure:
        return current_app.handle_user_exception(failure)


def _unknown_host(_: SecurityError) -> Response:
    said = "this host name is not known here: ask under one that GOC_NHIN_HOSTS names"
    # Without a host there are no addresses, and so no page.
    return _json(400, "unknown_host", said) if by_machine() else Response(f"{said}\n", 400, mimetype="text/plain")


def _http(error: HTTPException) -> Response | HTTPException:
    status = error.code or 500
    if status < 400:
        return error
    code = STATUSES[status].codes[0] if status in STATUSES else error.name.lower().replace(" ", "_")
    described = error.description if error.description != type(error).description or by_machine() else ""
    response = _answer(status, code, described or (error.name if by_machine() else ""))
    if isinstance(error, MethodNotAllowed):
        response.allow.update(METHODS)
    return response


def _answer(status: int, code: str, message: str, **more: Any) -> Response:
    if by_machine():
        response = _json(status, code, message, **more)
    else:
        dated = more.get("reason") in DATES
        title = gettext("This is no date yet") if dated else gettext(STATUSES.get(status, STATUSES[500]).title)
        form, comparing = Form.typed(request.args), request.path == "/compare"
        swapped = _swapped() if more.get("reason") == "filter_reversed" else None
        page = render_template(
            "error.html", title=title, message=message, form=form, comparing=comparing, swapped=swapped, **more
        )
        response = make_response(page)
    response.status_code = status
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def _swapped() -> str:
    """The current address with its two dates in each other's place."""
    given = request.args.to_dict(flat=False)
    given["from"], given["to"] = given.get("to", []), given.get("from", [])
    return f"{quote(request.path)}?{urlencode(given, doseq=True)}"


def _json(status: int, code: str, message: str, **more: Any) -> Response:
    response = jsonify({"error": {"code": code, "message": message, "position": 0, "suggestion": None, **more}})
    response.status_code = status
    return response
