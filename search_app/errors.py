"""Every error as an answer in the asker's own form: JSON for the API, a page for readers."""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask, Response, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException, SecurityError

from crawler.errors import GocNhinError
from indexer.errors import BadQuery
from search_app.limits import RETRY_AFTER
from search_app.params import BadParameter

log = logging.getLogger(__name__)

CODES = {400: "bad_request", 403: "forbidden", 404: "not_found", 405: "method_not_allowed", 413: "too_large"}
CODES |= {429: "rate_limited", 500: "internal", 503: "busy"}
MACHINES = ("/api/", "/healthz", "/readyz", "/metrics", "/export.")
"""Paths whose errors are JSON."""
TITLES = {
    400: "Không hiểu được yêu cầu",
    403: "Không được xem từ đây",
    404: "Không tìm thấy trang này",
    405: "Chỉ đọc, không gửi được dữ liệu",
    429: "Bạn hỏi nhanh quá, xin chờ một chút",
    503: "Chưa tìm kiếm được",
}


def register(app: Flask) -> None:
    """Handle every error of ours and of HTTP."""
    app.register_error_handler(BadQuery, _bad_query)
    app.register_error_handler(GocNhinError, _unavailable)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(SecurityError, _unknown_host)


def _bad_query(error: BadQuery) -> Response:
    code = "bad_parameter" if isinstance(error, BadParameter) else "bad_query"
    return _answer(400, code, str(error), position=error.position, suggestion=error.suggestion)


def _unavailable(error: GocNhinError) -> Response:
    log.error("%s", error)
    return _answer(503, "unavailable", "the index cannot be read at the moment")


def _unknown_host(_: SecurityError) -> Response:
    # Without a host there are no addresses, and so no page.
    return Response("This host name is not known here (GOC_NHIN_HOSTS).\n", 400, mimetype="text/plain")


def _http(error: HTTPException) -> Response | HTTPException:
    status = error.code or 500
    if status < 400:
        return error
    code = CODES.get(status, error.name.lower().replace(" ", "_"))
    return _answer(status, code, error.description or error.name)


def _answer(status: int, code: str, message: str, **more: Any) -> Response:
    if request.path.startswith(MACHINES):
        details = {"code": code, "message": message, "position": 0, "suggestion": None, **more}
        response = jsonify({"error": details})
    else:
        title = TITLES.get(status, "Có lỗi")
        page = render_template("error.html", title=title, message=message, q=request.args.get("q", ""), **more)
        response = make_response(page)
    response.status_code = status
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_AFTER)
    return response
