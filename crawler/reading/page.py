"""One page's bytes → its Article. Pure: no network, no clock, no files.

Each field is sought in three tiers: where the page's layout has it; where pages of every site have it; and, for the
text alone, by a general extractor. What the second and third give is in doubt unless something else confirms it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from crawler.article import Article
from crawler.characters import letters, without_controls
from crawler.errors import Incomplete, NotAnArticle, OutOfScope
from crawler.listings.sections import GOC_NHIN, Section, named_by
from crawler.markup.body import clean
from crawler.markup.charset import decode
from crawler.markup.document import Document
from crawler.markup.letters import misread
from crawler.markup.metadata import Metadata, may_mean, names_title, read_metadata, same_title
from crawler.markup.prose import breaks_off, follows_text, holding, is_aside, precedes
from crawler.reading import fields
from crawler.reading.byline import split_authors
from crawler.reading.doubts import Doubt, distinct
from crawler.reading.fields import Found
from crawler.reading.layouts import GENERIC, MOST_TAGS, Layout, Layouts, generic, read_layouts
from crawler.reading.text import read_text
from crawler.reading.whole import Text
from crawler.urls import PAPER, Address, article_address

LARGEST = 5 * 1024 * 1024
"""Bytes of a page; an article's is about 70 kB."""
_OVERLOADED = re.compile(rb"<[a-zA-Z](?:[^<>\s]*\s+){5000}")
"""A tag with thousands of attributes, for which libxml2 needs quadratic time."""
_LONG_TAG = 10_000
"""Bytes that such a tag has at least."""
_TAIL = 100_000
"""Bytes at a page's end among which its closing tag stands."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a page says, and how it was found out.

    `rules`: field → the selector or rule that gave it, for each field that is there. `checks`: whether what the page
    says of itself elsewhere agrees, for each place that says something. `section`: the wanted section that the page
    names; None where it names another one (then `article.section` is that) or none (then it is empty). `stated`: the
    address of another article that the page says it is, and which its headline does not confirm.
    """

    article: Article
    rules: Mapping[str, str]
    checks: Mapping[str, bool]
    doubts: tuple[Doubt, ...] = ()
    section: Section | None = None
    stated: Address | None = None


def read_page(
    body: bytes,
    url: str,
    content_type: str | None = None,
    site: str = PAPER,
    layouts: Layouts | None = None,
    sections: tuple[Section, ...] = (GOC_NHIN,),
) -> Reading:
    """Read the article that `url` names from its page.

    `content_type` is the HTTP header, for its charset. Without `layouts` the package's own are used. Raises OutOfScope
    when `url` names no article, Incomplete when title, date or text is missing, NotAnArticle when the page is far too
    large.
    """
    if len(body) > LARGEST or body.count(b"<") > MOST_TAGS or _is_overloaded(body):
        raise NotAnArticle(f"{len(body)} bytes with {body.count(b'<')} tags and their attributes are no article's page")
    decoded = decode(body, content_type)
    reader = _Reader(
        without_controls(decoded.text), article_address(url, site), site, layouts or read_layouts(), sections
    )
    reader.doubt("text", "encoding", decoded.doubt)
    reader.doubt("text", "cut_short", "" if is_whole(body) else "it has no </html>")
    return reader.read()


def is_whole(body: bytes) -> bool:
    """Whether a page was sent to its end: it has a closing tag, in no script and no comment."""
    tail = body[-_TAIL:].lower()
    closed = max(tail.rfind(b"</html"), tail.rfind(b"</body"))
    within = ((b"<script", b"</script"), (b"<!--", b"-->"))
    return closed >= 0 and all(tail.rfind(begin, 0, closed) <= tail.rfind(end, 0, closed) for begin, end in within)


def _is_overloaded(body: bytes) -> bool:
    step = _LONG_TAG // 2  # a stretch of twice that without a tag's beginning holds one whole step of it
    empty = any(body.find(b"<", at, at + step) < 0 for at in range(0, len(body) - step + 1, step))
    return empty and _OVERLOADED.search(body) is not None


class _Reader:
    """One page while it is read."""

    def __init__(
        self, markup: str, address: Address, site: str, layouts: Layouts, sections: tuple[Section, ...]
    ) -> None:
        self.address, self.site, self.sections = address, site, sections
        self.page = Document(markup)
        self.layout = _layout(self.page, layouts)
        self.rules: dict[str, str] = {}
        self.doubts: list[Doubt] = []
        _drop_nested(self.page, self.layout, address.id)
        self.metadata: Metadata = read_metadata(self.page, address.id)

    def doubt(self, field: str, code: str, detail: str) -> None:
        """Note a doubt where there is something to say."""
        if detail:
            self.doubts.append(Doubt(field, code, detail))

    def read(self) -> Reading:
        """Each field in turn: what is noise in the body may be a field of its own, so the text comes last."""
        title, headline = self._title()
        times = fields.places(self.page, self.layout.time)
        published = self._needed("published_at", fields.published(self.page, times, self.metadata))
        steps, section_rule = fields.steps(self.page, self.layout.section, self.metadata, headline)
        header = fields.places(self.page, self.layout.author)
        tags = fields.places(self.page, self.layout.tags)
        named = split_authors(header[0].text) if header else ()
        own = [*header, *times, *fields.places(self.page, self.layout.section)]
        own += [replace(tag, is_tag=True) for tag in tags]
        own += [fields.Place(title, "", headline)] if headline is not None else []
        text = self._text(named, own, headline)
        authors = self._authors(named, header, text, headline)
        section = named_by(self.sections, [(name, "") for name, _ in steps]) or named_by(
            self.sections, (step for step in steps if not fields.is_of_another(self.page, *step))
        )
        said = next((name for name, _ in reversed(steps) if not same_title(name, title)), "")
        address, aliases, stated = self._identity(title)
        for field, value, rule in (("section", said, section_rule), ("tags", tags, tags[0].rule if tags else "")):
            if value:
                self.rules[field] = rule
        article = Article(
            id=address.id,
            url=address.url,
            aliases=aliases,
            title=title,
            lead=text.lead,
            text=text.text,
            authors=authors,
            section=section.name if section else said,
            tags=tuple(dict.fromkeys(tag for place in tags if (tag := place.text.lstrip("#").strip()))),
            images=text.images,
            published_at=published,
            modified_at=self._modified(published),
            layout=self.layout.name,
        )
        self._judge(article)
        return Reading(article, self.rules, _checks(article, self.metadata), distinct(self.doubts), section, stated)

    def _title(self) -> tuple[str, Any]:
        slug = re.sub(r"-\d+\.html$", "", self.address.url.rstrip("/").rsplit("/", 1)[-1])
        found, headline = fields.title(self.page, self.layout.title, self.metadata, slug)
        title: str = self._needed("title", found)
        return title, headline

    def _needed(self, field: str, found: Found | None) -> Any:
        if found is None:
            about = clean(self.page.tree.css("title::text").get("")[:500])
            fits = "no known layout fits, and there is " if self.layout.name == GENERIC else ""
            raise Incomplete(
                self.layout.name, field, f"{fits}no {field} on the page, which calls itself “{about[:80]}”"
            )
        self.rules[field] = found.rule
        self.doubts += found.doubts
        return found.value

    def _text(self, named: tuple[str, ...], header: list[fields.Place], headline: Any) -> Text:
        printed = self._leads(headline)
        if printed:
            self.rules["lead"] = printed[0].rule
        text = read_text(
            self.page,
            self.layout,
            self.metadata,
            printed=printed[0].text if printed else "",
            header=(*header, *printed),
            authors=named,
            base=self.address.url,
            headline=headline,
        )
        if not text.text:
            raise Incomplete(self.layout.name, "text", "no text under the headline")
        self.rules |= text.rules
        self.doubts += text.doubts
        return text

    def _leads(self, headline: Any) -> list[fields.Place]:
        """The lead as the layout has it: not beside the article, nor within it behind other text."""
        every = fields.places(self.page, self.layout.lead)
        around = holding([headline] if headline is not None else [])
        found = [place for place in every if not is_aside(place.element, around)]
        if headline is not None:
            found = [place for place in found if not precedes(place.element, headline)]
        if every and not found:
            found = every
            self.doubt("text", "ambiguous", f"the lead stands beside or above the headline: {every[0].text[:50]}")
        said = letters(self.metadata.description)
        agreeing = [place for place in found if said and letters(place.text) == said]
        leads = agreeing or [place for place in found if not follows_text(place.element)]
        if leads and len(list(leads[0].element.iter("p"))) > 1:
            self.doubt("text", "ambiguous", "the lead has several paragraphs")
        if len(leads) > 1 and not agreeing:
            self.doubt("text", "ambiguous", f"{len(leads)} leads are printed: {leads[1].text[:60]}")
        elif leads and said and not agreeing and breaks_off(leads[0].text):
            self.doubt("text", "breaks_off", leads[0].text[-60:])
        return leads

    def _authors(
        self, named: tuple[str, ...], header: list[fields.Place], text: Text, headline: Any
    ) -> tuple[str, ...]:
        if named:
            self.rules["authors"] = header[0].rule
        elif text.authors:
            self.rules["authors"] = "last paragraph"
        elif not text.sourced and (found := fields.authors(self.page, self.metadata, headline)):
            authors: tuple[str, ...] = self._needed("authors", found)
            return authors
        return named or text.authors

    def _identity(self, title: str) -> tuple[Address, tuple[int, ...], Address | None]:
        """A legacy address gives way to the new one its page states, if that is made of the same headline.

        Otherwise the address itself is to be trusted, and what the page states is a doubt.
        """
        own = self.address
        try:
            stated = article_address(self.page.tree.css("link[rel=canonical]::attr(href)").get(""), self.site)
        except OutOfScope:
            return own, (), None
        if stated.id == own.id:
            return (stated if own.id > 0 else own), (), None
        slug = re.sub(r"-\d+\.html$", "", stated.url.rsplit("/", 1)[-1])
        if own.id < 0 < stated.id and names_title(slug, title):
            return stated, (own.id,), None
        self.doubt("url", "other_address", stated.url)
        return own, (), stated

    def _modified(self, published: Any) -> Any:
        for rule, moment in self.metadata.modified.items():
            self.rules["modified_at"] = rule
            return moment if moment > published else None
        return None

    def _judge(self, article: Article) -> None:
        """Doubts about what was read, whatever gave it."""
        if not article.section:
            self.doubt("section", "unsaid", "no trail, no badge")
        for field in ("title", "text"):
            self.doubt(field, "not_vietnamese", misread(getattr(article, field)))


def _layout(page: Document, layouts: Layouts) -> Layout:
    """The first layout whose headline is there, else the one most of whose marks are."""
    for layout in layouts.values():
        if any(page.css(selector) for selector in layout.title):
            return layout
    weights = {
        name: sum(any(page.css(selector) for selector in mark) for mark in layout.marks())
        for name, layout in layouts.items()
    }
    best = max(weights, key=lambda name: weights[name], default="")
    return layouts[best] if weights.get(best) else generic(layouts)


def _drop_nested(page: Document, layout: Layout, number: int) -> None:
    selectors = page.possible(layout.nested)
    for nested in page.css(selectors) if selectors else ():
        if str(abs(number)) not in re.findall(r"\d+", nested.root.get("data-url", "")):
            page.drop(nested.root)


def _checks(article: Article, metadata: Metadata) -> dict[str, bool]:
    """What else the page says of itself, held against what was read."""
    checks = {f"date in {place}": may_mean(said, article.published_at) for place, said in metadata.published.items()}
    if headline := metadata.titles.get("JSON-LD"):
        checks["title in JSON-LD"] = same_title(article.title, headline)
    return checks
