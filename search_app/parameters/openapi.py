"""The API's description, OpenAPI 3.1, put together from the views that serve it and the parameters they read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from flask import Flask

from indexer.errors import to_translate
from search_app.parameters.params import Parameter
from search_app.parameters.schemas import SCHEMAS

View = TypeVar("View", bound=Callable[..., Any])
VERSION = "1.0.0"
PROMISE = to_translate(
    "Within version 1 no field, parameter or error code is removed or changes its meaning; new fields and parameters"
    " may be added, so clients should pass over fields they do not know. Ids are stable; an id that gave way to another"
    " redirects. What has to change otherwise becomes /api/v2, and /api/v1 stays for a year after."
)

AN_ID = to_translate("an article's number")

CODES = {
    400: "bad_request",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    429: "rate_limited",
    500: "internal",
    503: "busy",
}
"""The error code of each status; other errors are named by their HTTP name."""
_OURS = {"bad_parameter": 400, "bad_query": 400, "unknown_host": 400, "unavailable": 503}


def codes() -> dict[str, int]:
    """Every error code and its HTTP status."""
    return {**_OURS, **{code: status for status, code in CODES.items()}}


def documented(
    answer: str, summary: str, parameters: Iterable[Parameter] = (), missing: bool = False
) -> Callable[[View], View]:
    """Describe a view: its answer's schema, what it is for, what it reads, whether it may find nothing."""

    def mark(view: View) -> View:
        view.documented = (answer, summary, tuple(parameters), missing)  # type: ignore[attr-defined]
        return view

    return mark


def description(app: Flask) -> dict[str, Any]:
    """The whole document."""
    paths: dict[str, Any] = {}
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if hasattr(view, "documented"):
            path = "".join(f"{{{part}}}" if dynamic else part for dynamic, part in _parts(rule))
            paths[path] = {"get": _operation(view, rule.endpoint, sorted(rule.arguments))}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Góc nhìn", "version": VERSION, "description": PROMISE},
        "paths": dict(sorted(paths.items())),
        "components": {"schemas": SCHEMAS},
    }


def _parts(rule: Any) -> list[tuple[bool, str]]:
    # Werkzeug's own trace of a rule: host and path as (is it a converter's, text).
    return [(dynamic, part) for dynamic, part in rule._trace if part != "|"]


def _operation(view: Any, endpoint: str, arguments: list[str]) -> dict[str, Any]:
    answer, summary, parameters, missing = view.documented
    responses: dict[str, Any] = {
        "200": {"description": "as asked", "content": _json(answer)},
        "304": {"description": "not changed since the ETag given"},
        "400": _error("a parameter or query that is of no use"),
        "403": _error("full texts are given on the newsroom's own network only"),
        "429": _error("too many requests from one address"),
        "503": _error("no index can be read at the moment, or too many are asking"),
    }
    if missing:
        responses["301"] = {"description": "known under another id now"}
        responses["404"] = _error("nothing there")
    return {
        "operationId": endpoint.rpartition(".")[2],
        "summary": summary,
        "parameters": [*map(_path_parameter, arguments), *map(_query_parameter, parameters)],
        "responses": dict(sorted(responses.items())),
    }


def _path_parameter(name: str) -> dict[str, Any]:
    schema = {"type": "integer", "minimum": -(10**12), "maximum": 10**12}
    return {"name": name, "in": "path", "required": True, "schema": schema, "description": AN_ID}


def _query_parameter(parameter: Parameter) -> dict[str, Any]:
    schema = {"type": "array", "items": parameter.schema, "maxItems": parameter.most} if parameter.repeated else None
    return {
        "name": parameter.name,
        "in": "query",
        "description": parameter.description,
        "schema": schema or parameter.schema,
        **({"style": "form", "explode": True} if parameter.repeated else {}),
    }


def _error(said: str) -> dict[str, Any]:
    return {"description": said, "content": _json("Error")}


def _json(schema: str) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
