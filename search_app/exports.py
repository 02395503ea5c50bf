"""A result set as a file: the page's own parameters, every article in full."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Response, request

from indexer.export import MIME, Format, export
from search_app import params
from search_app.limits import Export, require_full_texts
from search_app.live import served

blueprint = Blueprint("exports", __name__)


@blueprint.get("/export.<any(json, ndjson, csv):form>")
def download(form: str) -> Response:
    """Streamed; its name says what it is."""
    require_full_texts()
    asked = params.read(request.args, paged=False)
    answer = served().answer(asked.request)
    response = Response(Export(export(answer, cast(Format, form))), mimetype=MIME[form])
    response.headers["Content-Disposition"] = f'attachment; filename="goc-nhin-{len(answer)}.{form}"'
    return response
