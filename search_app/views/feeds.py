"""A search as an Atom feed, and the archive as a search engine for browsers."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from itertools import islice
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from crawler.article import Article
from crawler.dates import HANOI
from indexer.engines.protocol import Result
from indexer.query.parameters import PARAMETERS
from search_app import live
from search_app.display.formats import xml_text
from search_app.display.results import Results
from search_app.links import Links
from search_app.parameters import params
from search_app.parameters.params import Asked

blueprint = Blueprint("feeds", __name__)

ENTRIES = 50
ATOM, OPENSEARCH = "http://www.w3.org/2005/Atom", "http://a9.com/-/spec/opensearch/1.1/"


@blueprint.get("/feed.atom")
@params.takes(*PARAMETERS)
def atom() -> BaseResponse:
    """A search's matches; without `sort`, those that came into the archive last first. Source: RFC 4287."""
    answer = live.served().answer(params.asked().request)
    response = Response(_xml(_feed(answer)), content_type="application/atom+xml; charset=utf-8")
    # Who has this feed already is told so: 304, no body.
    response.add_etag()
    response.headers["Cache-Control"] = "private, no-cache"
    return response.make_conditional(request)


@blueprint.get("/follow")
@params.takes(*PARAMETERS)
def follow() -> str:
    """The feed as a page, for who has no program that reads feeds; it says what a feed is for."""
    served, asked = live.served(), Asked(replace(params.asked().request, sort=None))
    links, page = Links(asked.request), served.page(asked.request, asked.page, asked.size)
    return render_template(
        "follow.html",
        results=Results(asked, page, links),
        articles=_shown(served.answer(asked.request)),
        most=ENTRIES,
        links=links,
        address=url_for(".atom", _external=True, **params.grouped(asked.request)),
    )


@blueprint.get("/opensearch.xml")
def opensearch() -> Response:
    """What a browser needs to search here from its address bar. Source: OpenSearch 1.1, draft 6."""
    root = ET.Element("OpenSearchDescription", xmlns=OPENSEARCH)
    _child(root, "ShortName", "Góc nhìn")
    _child(root, "Description", gettext("The opinion pieces of the newspaper Hà Nội Mới"))
    _child(root, "InputEncoding", "UTF-8")
    template = url_for("pages.home", _external=True) + "?q={searchTerms}"
    ET.SubElement(root, "Url", type="text/html", template=template)
    suggest = url_for(".suggest", _external=True) + "?q={searchTerms}"
    ET.SubElement(root, "Url", type="application/x-suggestions+json", template=suggest)
    feed = url_for(".atom", _external=True) + "?q={searchTerms}"
    ET.SubElement(root, "Url", type="application/atom+xml", template=feed)
    return Response(_xml(root), content_type="application/opensearchdescription+xml; charset=utf-8")


@blueprint.get("/feed/suggest.json")
@params.takes(params.TYPED)
def suggest() -> Response:
    """What a browser's address bar proposes. Source: OpenSearch's extension for suggestions, 1.1."""
    typed = params.values().get("q", "")
    found = [one.text for one in live.completions(typed) if one.kind != "title"]
    return Response(json.dumps([typed, found], ensure_ascii=False), content_type="application/x-suggestions+json")


def _feed(answer: Result) -> ET.Element:
    query = params.grouped(answer.request)
    feed = ET.Element("feed", {"xmlns": ATOM, "xml:lang": "vi"})
    page = url_for("pages.home", _external=True, **query)
    here = url_for(".atom", _external=True, **query)
    # Neither a host name nor a language makes it another feed.
    _child(feed, "id", f"tag:hanoimoi.vn,2026:goc-nhin/search?{urlencode([*answer.request.strings()])}")
    _child(feed, "title", f"Góc nhìn: {answer.request.q}" if answer.request.q else "Góc nhìn")
    ET.SubElement(feed, "link", rel="alternate", type="text/html", href=page)
    ET.SubElement(feed, "link", rel="self", type="application/atom+xml", href=here)
    shown = _shown(answer)
    moments = [_updated(article) for article in shown] or [datetime.fromisoformat(answer.generation.built_at)]
    _child(feed, "updated", max(moments).isoformat())
    _child(_child(feed, "author"), "name", "Hà Nội Mới")
    for article in shown:
        feed.append(_entry(article))
    return feed


def _shown(answer: Result) -> list[Article]:
    """The first ENTRIES in the order asked for; where none is, in that in which they came into the archive."""
    articles = answer.articles() if answer.request.sort else answer.latest(ENTRIES)
    return list(islice(articles, ENTRIES))


def _entry(article: Article) -> ET.Element:
    entry = ET.Element("entry")
    # The first number it was known by, so that a reader's program knows it again under a new one.
    _child(entry, "id", f"tag:hanoimoi.vn,2026:goc-nhin/{next(iter(article.aliases), article.id)}")
    _child(entry, "title", article.title)
    here = url_for("pages.article", number=article.id, _external=True)
    ET.SubElement(entry, "link", rel="alternate", type="text/html", href=here)
    ET.SubElement(entry, "link", rel="via", href=article.url)
    _child(entry, "published", article.published_at.isoformat())
    _child(entry, "updated", _updated(article).isoformat())
    for name in article.authors:
        _child(_child(entry, "author"), "name", name)
    for tag in article.tags:
        ET.SubElement(entry, "category", term=xml_text(tag))
    _child(entry, "summary", article.lead)
    return entry


def _updated(article: Article) -> datetime:
    return (article.modified_at or article.captured_at or article.published_at).astimezone(HANOI)


def _child(parent: ET.Element, name: str, text: str = "") -> ET.Element:
    child = ET.SubElement(parent, name)
    child.text = xml_text(text)
    return child


def _xml(root: ET.Element) -> bytes:
    found: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return found
