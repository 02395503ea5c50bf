"""What can be taken away as a file: result sets, dossiers, citations, comparisons."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import quote

from flask import Blueprint, Response, render_template

from crawler.dates import HANOI
from indexer.export import FORMATS, SEPARATORS, csv_row, export
from indexer.language.vietnamese import fold
from indexer.query.parameters import PARAMETERS, SearchRequest
from search_app import live
from search_app.display import citations
from search_app.display.dossier import WORD, word
from search_app.display.timeline import Timeline, attention
from search_app.limits import Export, require_full_texts
from search_app.parameters import params
from search_app.views.pages import chosen

blueprint = Blueprint("exports", __name__)

NAME = 80
"""Characters of a file's name."""


@blueprint.get(f"/export.<any({', '.join(FORMATS)}):form>")
@params.takes(*PARAMETERS, params.SEPARATOR)
def download(form: str) -> Response:
    """A result set, every article in full, streamed; its name says what was asked."""
    require_full_texts()
    found = params.values()
    separator = SEPARATORS[found.pop("sep", "comma")]
    request = SearchRequest(**found)
    answer = live.served().answer(request)
    response = Response(Export(export(answer, form, separator)), content_type=FORMATS[form].media_type)
    return _named(response, f"{_slug(request)}.{form}")


@blueprint.get("/dossier.json")
@params.takes(params.CHOSEN)
def dossier() -> Response:
    """Chosen articles in full, in the order chosen."""
    require_full_texts()
    articles = [article.to_dict() for article in chosen()]
    text = json.dumps({"count": len(articles), "articles": articles, "complete": True}, ensure_ascii=False, indent=1)
    return _named(Response(text, mimetype="application/json"), f"ho-so-{len(articles)}.json")


@blueprint.get("/dossier.docx")
@params.takes(params.CHOSEN)
def dossier_word() -> Response:
    """Chosen articles as a file that Word opens."""
    require_full_texts()
    articles = chosen()
    text = word(articles, datetime.now(HANOI).date())
    return _named(Response(text, content_type=WORD), f"ho-so-{len(articles)}.docx")


@blueprint.get(f"/dossier/citations.<any({', '.join(citations.STYLES)}):form>")
@params.takes(params.CHOSEN)
def dossier_citations(form: str) -> Response:
    """Chosen articles for a reference manager, in one file."""
    articles, style = chosen(), citations.STYLES[form]
    response = Response(style.write(articles, datetime.now(HANOI).date()), content_type=style.media_type)
    return _named(response, f"ho-so-{len(articles)}.{form}")


@blueprint.get(f"/article/<int(signed=True):number>/citation.<any({', '.join(citations.STYLES)}):form>")
def citation(number: int, form: str) -> Response:
    """An article for a reference manager."""
    found = live.article_or_404(number)
    style = citations.STYLES[form]
    response = Response(style.write([found], datetime.now(HANOI).date()), content_type=style.media_type)
    return _named(response, f"hanoimoi-{found.id}.{form}")


@blueprint.get("/compare.<any(csv, svg):form>")
@params.takes(*params.COMPARED)
def comparison(form: str) -> Response:
    """The chart of /compare: its figures, or the picture."""
    asked = params.compared()
    names = [typed or "*" for typed, _ in asked.requests]
    _, time = attention(live.served(), [request for _, request in asked.requests], datetime.now(HANOI).date())
    if form == "csv":
        return _named(Response(_figures(names, time), mimetype="text/csv"), "so-sanh.csv")
    picture = render_template(
        "compare.svg", chart=time.counts, legend=time.counts.legend(names), height=time.counts.height_with(names)
    )
    return _named(Response(picture, mimetype="image/svg+xml"), "so-sanh.svg")


def _figures(names: list[str], time: Timeline) -> Iterator[str]:
    """A line for each period: of each query its articles, and their share of all."""
    yield "\ufeff" + csv_row([time.step, *(part for name in names for part in (name, f"{name} (share)"))])
    for points in zip(*time.counts.series, strict=True):
        cells = (cell for point in points for cell in (point.count, round(point.share, 6)))
        yield csv_row([points[0].period, *cells])


def _named(response: Response, name: str) -> Response:
    plain = fold(name).encode("ascii", "ignore").decode()
    plain = f"goc-nhin{plain}" if plain.startswith(".") else plain
    shown = f'attachment; filename="{plain}"'
    # Source: RFC 6266, 4.3, and RFC 5987.
    response.headers["Content-Disposition"] = shown if plain == name else f"{shown}; filename*=UTF-8''{quote(name)}"
    return response


def _slug(request: SearchRequest) -> str:
    """What a result's file is called: its words and dates, as `vỉa-hè-2021`; `goc-nhin` for the whole archive."""
    days = [day for day in (request.since, request.until) if day]
    dates = sorted({f"{day.year}" for day in days} | {year for year in request.years if year[0] != "-"})
    names = [name for name in (*request.authors, *request.tags) if not name.startswith("-")]
    words = re.findall(r"\w+", " ".join([request.q, *names, *dates]))
    return "-".join(words)[:NAME] or "goc-nhin"
