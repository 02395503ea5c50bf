"""The Flask application factory."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from crawler.config import data_directory
from search_app import errors, language, limits, security
from search_app.cache import PageCache
from search_app.config import AppSettings
from search_app.display import formats
from search_app.live import LiveIndex
from search_app.parameters import params
from search_app.views import api, exports, feeds, names, ops, pages

STATIC_SECONDS = 3600
"""How long browsers need not ask again for style, script and fonts."""


def create_app(data: Path | None = None, settings: AppSettings | None = None, cache: Path | None = None) -> Flask:
    """The app over one data directory (default: $GOC_NHIN_DATA), with settings (default: the environment's).

    `cache` is a file in which the workers of one server share pages (default: each keeps them in memory).

    It starts without an index too, and says so. Raises GocNhinError for settings of no use.
    """
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = 0
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = STATIC_SECONDS
    app.extensions["data"] = data or data_directory()
    app.extensions["live_index"] = LiveIndex(app.extensions["data"], PageCache(cache))
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.jinja_options["autoescape"] = True
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    language.register(app)
    formats.register(app)
    errors.register(app)
    security.register(app)
    ops.register(app)
    limits.register(app, settings or AppSettings.read())
    params.register(app)
    for views in (pages, names, api, exports, feeds, ops):
        app.register_blueprint(views.blueprint)
    return app
