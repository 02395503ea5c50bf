"""The search app. `flask --app search_app run` finds `create_app` here."""

from search_app.factory import create_app

__all__ = ["create_app"]
