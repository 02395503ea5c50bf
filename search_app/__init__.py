"""The search app. `flask --app search_app run` finds `create_app` here."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from search_app.config import AppSettings


def create_app(data: Path | None = None, settings: AppSettings | None = None, cache: Path | None = None) -> Flask:
    """See `search_app.factory.create_app`, which is loaded when it is called: the other commands do without Flask."""
    from search_app.factory import create_app

    return create_app(data, settings, cache)
