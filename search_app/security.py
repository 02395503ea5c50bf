"""Headers that every answer carries, errors included."""

from __future__ import annotations

from flask import Flask, Response, request
from werkzeug.exceptions import MethodNotAllowed

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self';"
    " img-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    # The texts are the newspaper's: no search engine shall have them from here.
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


METHODS = ["GET", "HEAD"]


def register(app: Flask) -> None:
    """Refuse whatever is not for reading, and set the headers after every request."""

    @app.before_request
    def only_reading() -> None:
        if request.method not in METHODS:
            raise MethodNotAllowed(METHODS)

    @app.after_request
    def add(response: Response) -> Response:
        response.headers.extend(HEADERS)
        # Who may read full texts gets other answers than who may not, under the same address.
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response
