"""Every error as an answer in the asker's own form: JSON for the API, a page for readers."""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask, Response, jsonify, make_response, render_template, request
from flask_babel import gettext
from werkzeug.exceptions import HTTPException, MethodNotAllowed, SecurityError

from crawler.errors import GocNhinError
from crawler.logs import OURS
from indexer.errors import BadQuery, to_translate
from search_app.language import by_machine, translated
from search_app.limits import RETRY_AFTER
from search_app.parameters.form import Form
from search_app.parameters.openapi import CODES
from search_app.parameters.params import BadParameter
from search_app.security import METHODS

log = logging.getLogger(f"{OURS}.app")

TITLES = {
    400: to_translate("This request is not understood"),
    403: to_translate("Not to be seen from here"),
    404: to_translate("There is no such page"),
    405: to_translate("For reading only: nothing can be sent"),
    429: to_translate("Too many requests: please wait a moment"),
    503: to_translate("Searching is not possible at the moment"),
}
TOO_MANY = to_translate("More requests than %(limit)s came from this address: wait a minute, then try again.")
_OTHERWISE = to_translate("Something went wrong")


def register(app: Flask) -> None:
    """Handle every error of ours and of HTTP."""
    app.register_error_handler(BadQuery, _bad_query)
    app.register_error_handler(GocNhinError, _unavailable)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(SecurityError, _unknown_host)


def _bad_query(error: BadQuery) -> Response:
    code = "bad_parameter" if isinstance(error, BadParameter) else "bad_query"
    message = str(error) if by_machine() else translated(error)
    return _answer(400, code, message, position=error.position, suggestion=error.suggestion)


def _unavailable(error: GocNhinError) -> Response:
    log.error("%s", error)
    return _answer(503, "unavailable", gettext("the index cannot be read at the moment"))


def _unknown_host(_: SecurityError) -> Response:
    said = "this host name is not known here: ask under one that GOC_NHIN_HOSTS names"
    # Without a host there are no addresses, and so no page.
    return _json(400, "unknown_host", said) if by_machine() else Response(f"{said}\n", 400, mimetype="text/plain")


def _http(error: HTTPException) -> Response | HTTPException:
    status = error.code or 500
    if status < 400:
        return error
    code = CODES.get(status, error.name.lower().replace(" ", "_"))
    if status == 429:
        error.description = gettext(TOO_MANY, limit=error.description)
    described = error.description if error.description != type(error).description or by_machine() else ""
    response = _answer(status, code, described or (error.name if by_machine() else ""))
    if isinstance(error, MethodNotAllowed):
        response.allow.update(METHODS)
    return response


def _answer(status: int, code: str, message: str, **more: Any) -> Response:
    if by_machine():
        response = _json(status, code, message, **more)
    else:
        title = gettext(TITLES.get(status, _OTHERWISE))
        page = render_template(
            "error.html", title=title, message=message, form=Form.typed(request.args), queries=_compared(), **more
        )
        response = make_response(page)
    response.status_code = status
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def _compared() -> list[str] | None:
    """What was typed into the form of /compare; None elsewhere."""
    return request.args.getlist("q") if request.path == "/compare" else None


def _json(status: int, code: str, message: str, **more: Any) -> Response:
    response = jsonify({"error": {"code": code, "message": message, "position": 0, "suggestion": None, **more}})
    response.status_code = status
    return response
