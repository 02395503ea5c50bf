"""Every error as an answer in the asker's own form: JSON for the API, a page for readers."""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from crawler.errors import GocNhinError
from indexer.errors import BadQuery
from search_app.params import BadParameter

log = logging.getLogger(__name__)

CODES = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "too_large", 500: "internal"}
TITLES = {
    400: "Không hiểu được yêu cầu",
    404: "Không tìm thấy trang này",
    405: "Chỉ đọc, không gửi được dữ liệu",
    503: "Chưa tìm kiếm được",
}


def register(app: Flask) -> None:
    """Handle every error of ours and of HTTP."""
    app.register_error_handler(BadQuery, _bad_query)
    app.register_error_handler(GocNhinError, _unavailable)
    app.register_error_handler(HTTPException, _http)


def _bad_query(error: BadQuery) -> ResponseReturnValue:
    code = "bad_parameter" if isinstance(error, BadParameter) else "bad_query"
    return _answer(400, code, str(error), position=error.position, suggestion=error.suggestion)


def _unavailable(error: GocNhinError) -> ResponseReturnValue:
    log.error("%s", error)
    return _answer(503, "unavailable", "the index cannot be read at the moment")


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:
        return error
    message = error.description or error.name
    return _answer(status, CODES.get(status, error.name.lower().replace(" ", "_")), message)


def _answer(status: int, code: str, message: str, **more: Any) -> ResponseReturnValue:
    if request.path.startswith(("/api/", "/healthz", "/export.")):
        details = {"code": code, "message": message, "position": 0, "suggestion": None, **more}
        return jsonify({"error": details}), status
    title = TITLES.get(status, "Có lỗi")
    return render_template("error.html", title=title, message=message, q=request.args.get("q", ""), **more), status
