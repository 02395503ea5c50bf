"""What can be taken away as a file: result sets, dossiers, citations, comparisons."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import cast

from flask import Blueprint, Response, render_template, request

from indexer.export import MIME, Format, csv_row, export
from search_app import live
from search_app.display import citations
from search_app.display.timeline import Timeline, attention
from search_app.limits import Export, require_full_texts
from search_app.parameters import params
from search_app.views.pages import chosen

blueprint = Blueprint("exports", __name__)


@blueprint.get("/export.<any(json, ndjson, csv):form>")
def download(form: str) -> Response:
    """A result set, every article in full, streamed; its name says what it is."""
    require_full_texts()
    asked = params.read(request.args, paged=False)
    answer = live.served().answer(asked.request)
    response = Response(Export(export(answer, cast(Format, form))), content_type=MIME[cast(Format, form)])
    return _named(response, f"goc-nhin-{len(answer)}.{form}")


@blueprint.get("/dossier.json")
def dossier() -> Response:
    """Chosen articles in full, in the order chosen."""
    require_full_texts()
    articles = [article.to_dict() for article in chosen()]
    text = json.dumps({"count": len(articles), "articles": articles, "complete": True}, ensure_ascii=False, indent=1)
    return _named(Response(text, mimetype="application/json"), f"ho-so-{len(articles)}.json")


@blueprint.get("/article/<int(signed=True):number>/citation.<any(bib, ris, json):form>")
def citation(number: int, form: str) -> Response:
    """An article for a reference manager."""
    found = live.article(number)
    style = cast(citations.Style, form)
    response = Response(citations.FILES[style](found), content_type=citations.MIME[style])
    return _named(response, f"hanoimoi-{found.id}.{form}")


@blueprint.get("/compare.<any(csv, svg):form>")
def comparison(form: str) -> Response:
    """The chart of /compare: its figures, or the picture."""
    requests = params.several(params.arguments())
    names = [one.q or "*" for one in requests]
    _, time = attention(live.served(), requests)
    if form == "csv":
        return _named(Response(_figures(names, time), mimetype="text/csv"), "so-sanh.csv")
    picture = render_template("compare.svg", names=names, chart=time.counts)
    return _named(Response(picture, mimetype="image/svg+xml"), "so-sanh.svg")


def _figures(names: list[str], time: Timeline) -> Iterator[str]:
    """A line for each period: of each query its articles, and their share of all."""
    yield "\ufeff" + csv_row([time.step, *(part for name in names for part in (name, f"{name} (share)"))])
    for points in zip(*time.counts.series, strict=True):
        cells = (cell for point in points for cell in (point.count, round(point.share, 6)))
        yield csv_row([points[0].period, *cells])


def _named(response: Response, name: str) -> Response:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
