"""The shapes of the API's answers, as JSON Schema."""

from __future__ import annotations

from typing import Any

from crawler.article import FIELDS
from indexer.answers.offers import CODES
from indexer.answers.page import BRIEF
from indexer.query.messages import NOTES, REASONS
from indexer.query.parameters import PARAMETERS

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_ID: Schema = {"type": "integer"}
_MOMENT: Schema = {"type": "string", "format": "date-time"}
_TEXTS: Schema = {"type": "array", "items": _TEXT}


def _object(**properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _sometimes(schema: Schema, **properties: Schema) -> Schema:
    """An object that may have further properties."""
    return {**schema, "properties": {**schema["properties"], **properties}}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _or_null(schema: Schema) -> Schema:
    return {**schema, "type": [schema["type"], "null"]}


_BRIEF = {name: FIELDS[name].schema for name in BRIEF}
_PIECES: Schema = _list({"type": "array", "prefixItems": [_TEXT, {"type": "boolean"}], "minItems": 2, "maxItems": 2})
_HIT = {
    **_BRIEF,
    "arrived": _COUNT,
    "score": {"type": "number"},
    "highlights": _object(title=_PIECES, text=_list(_PIECES)),
}
_COUNTED = _list(_object(value=_TEXT, count=_COUNT))
_TAKEN: dict[str, Schema] = {
    "query": _ref("Query"),
    "accents": {"enum": ["exact", "folded"]},
    "relaxed": {"type": "boolean"},
    "total": _COUNT,
    "generation": _TEXT,
    "change": _COUNT,
}

SCHEMAS: dict[str, Schema] = {
    "Query": _sometimes(
        _object(**{one.key: dict(one.kind.json_schema) for one in PARAMETERS if not one.optional}),
        **{one.key: dict(one.kind.json_schema) for one in PARAMETERS if one.optional},
    ),
    "Brief": _object(**_BRIEF),
    "Result": _object(**_HIT),
    "Near": _object(**_HIT, lacks=_TEXTS),
    "SearchPage": _object(
        **_TAKEN,
        phrase_total=_or_null(_COUNT),
        notes=_list(_object(code={"enum": list(NOTES)}, values={"type": "object"}, message=_TEXT)),
        page={"type": "integer", "minimum": 1},
        size={"type": "integer", "minimum": 1, "maximum": 100},
        took_ms={"type": "number", "minimum": 0},
        results=_list(_ref("Result")),
        near=_list(_ref("Near")),
        facets=_sometimes(_object(year=_COUNTED, author=_COUNTED, tag=_COUNTED), section=_COUNTED),
        offers=_list(
            _object(
                code={"enum": list(CODES)}, query=_ref("Query"), total=_COUNT, values={"type": "object"}, message=_TEXT
            )
        ),
        suggestion=_or_null(_TEXT),
    ),
    "Timeline": _object(**_TAKEN, months=_COUNTED),
    "Phrases": _object(**_TAKEN, phrases=_list(_object(text=_TEXT, count=_COUNT, total=_COUNT))),
    "Suggestions": _object(
        q=_TEXT,
        generation=_TEXT,
        suggestions=_list(
            _object(kind={"enum": ["phrase", "title", "author", "tag"]}, text=_TEXT, count=_COUNT, id=_or_null(_ID))
        ),
    ),
    "Article": _object(**{name: kind.schema for name, kind in FIELDS.items()}),
    "Similar": _object(id=_ID, generation=_TEXT, similar=_list(_ref("Brief"))),
    "Error": _object(
        error=_sometimes(
            _object(code=_TEXT, message=_TEXT, position=_COUNT, suggestion=_or_null(_TEXT)),
            reason={"enum": list(REASONS)},
            values={"type": "object"},
        )
    ),
}
