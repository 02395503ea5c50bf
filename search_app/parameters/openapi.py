"""The API's description, OpenAPI 3.1, put together from the views that serve it and the parameters they read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask

from indexer.errors import to_translate
from indexer.query.parameters import Parameter
from search_app.parameters.params import View, takes
from search_app.parameters.schemas import SCHEMAS
from search_app.statuses import STATUSES

VERSION = "1.0.0"
PROMISE = to_translate(
    "Within version 1 no field, parameter or error code is removed or changes its meaning; new fields and parameters"
    " may be added, so clients should pass over fields they do not know. Ids are stable; an id that gave way to another"
    " redirects. What has to change otherwise becomes /api/v2, and /api/v1 stays for a year after."
)

AN_ID = to_translate("an article's number")


def documented(answer: str, summary: str, *parameters: Parameter, missing: bool = False) -> Callable[[View], View]:
    """Describe a view: its answer's schema, what it is for, what it takes, whether it may find nothing."""

    def mark(view: View) -> View:
        view.documented = (answer, summary, missing)  # type: ignore[attr-defined]
        return takes(*parameters)(view)

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
    answer, summary, missing = view.documented
    responses: dict[str, Any] = {
        "200": {"description": "as asked", "content": _json(answer)},
        "304": {"description": "not changed since the ETag given"},
        **{str(status): _error(STATUSES[status].described) for status in (400, 403, 429, 503)},
    }
    if missing:
        responses["301"] = {"description": "known under another id now"}
        responses["404"] = _error(STATUSES[404].described)
    return {
        "operationId": endpoint.rpartition(".")[2],
        "summary": summary,
        "parameters": [*map(_path_parameter, arguments), *map(_query_parameter, view.takes)],
        "responses": dict(sorted(responses.items())),
    }


def _path_parameter(name: str) -> dict[str, Any]:
    schema = {"type": "integer", "minimum": -(10**12), "maximum": 10**12}
    return {"name": name, "in": "path", "required": True, "schema": schema, "description": AN_ID}


def _query_parameter(parameter: Parameter) -> dict[str, Any]:
    schema = parameter.kind.schema
    if parameter.repeated:
        schema = {"type": "array", "items": schema, "maxItems": parameter.kind.most}
    return {
        "name": parameter.name,
        "in": "query",
        "description": parameter.description,
        "schema": schema,
        **({"style": "form", "explode": True} if parameter.repeated else {}),
    }


def _error(said: str) -> dict[str, Any]:
    return {"description": said, "content": _json("Error")}


def _json(schema: str) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
