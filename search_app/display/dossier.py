"""A dossier: chosen articles in their order, each with the addresses that move it or take it out."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph
from flask import url_for
from flask_babel import gettext

from crawler.article import Article
from indexer.engines.protocol import Engine
from indexer.query.limits import LIMITS
from search_app.display import citations
from search_app.display.formats import moment
from search_app.language import language

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True)
class Way:
    """An address of the dossier with its articles otherwise: what the link says, and does to `one` of them."""

    sign: str
    said: str
    does: str
    one: int
    ids: tuple[int, ...]

    @property
    def link(self) -> str:
        """The address."""
        return url_for("pages.dossier", id=self.ids)


@dataclass(frozen=True, slots=True)
class Dossier:
    """Its articles by the ids they were asked for under, each once.

    `missing` are ids that the archive does not have, `beyond` how many were more than are shown.
    """

    found: Mapping[int, Article]
    asked: Sequence[int]
    missing: Sequence[int]
    beyond: int

    @classmethod
    def of(cls, engine: Engine, numbers: Sequence[int]) -> Dossier:
        """The first LIMITS.chosen of these; an article asked for under two ids stands in it once."""
        shown = numbers[: LIMITS.chosen]
        articles = {number: engine.article(number) for number in shown}
        known = {number: article for number, article in articles.items() if article}
        first: dict[int, int] = {}
        for number, article in known.items():
            first.setdefault(article.id, number)
        found = {number: known[number] for number in first.values()}
        missing = [number for number in articles if number not in known]
        return cls(found, shown, missing, len(numbers) - len(shown))

    def ways(self, number: int) -> Iterator[Way]:
        """What can be done with an article, by the id it was asked for under."""
        ids = list(self.found)
        place = ids.index(number)
        if place:
            yield Way("↑", gettext("Move up"), "up", number, _swapped(ids, place - 1))
        if place < len(ids) - 1:
            yield Way("↓", gettext("Move down"), "down", number, _swapped(ids, place))
        yield self.out(number)

    def out(self, number: int) -> Way:
        """The dossier without one of those asked for."""
        rest = tuple(one for one in self.found if one != number)
        return Way("✕", gettext("Take out"), "out", number, rest)

    def files(self) -> Iterator[tuple[str, str]]:
        """What each file of it is called, and its address."""
        ids = list(self.found)
        yield "Word", url_for("exports.dossier_word", id=ids, lang=language())
        for form, style in citations.STYLES.items():
            yield style.name, url_for("exports.dossier_citations", form=form, id=ids)
        yield "JSON", url_for("exports.dossier", id=ids)

    def bibliography(self, accessed: date) -> Iterator[tuple[str, list[str]]]:
        """Styles for readers, each with every article cited in it."""
        for name, cite in citations.READABLE.items():
            yield name, [cite(article, accessed) for article in self.found.values()]


def _swapped(ids: list[int], place: int) -> tuple[int, ...]:
    return (*ids[:place], ids[place + 1], ids[place], *ids[place + 2 :])


def word(articles: Sequence[Article], accessed: date) -> bytes:
    """The dossier as a file that Word opens: each article on a page of its own, how to cite them, page numbers."""
    document = docx.Document()
    document.styles["Normal"].font.name = "Times New Roman"
    document.styles["Normal"].font.size = Pt(12)
    document.core_properties.title = gettext("Dossier")
    document.add_heading(gettext("Dossier"), 0)
    for article in articles:
        document.add_paragraph(article.title, style="List Number")
    for article in articles:
        heading = document.add_heading(article.title, 1)
        heading.paragraph_format.page_break_before = True
        by = "".join(f" · {name}" for name in article.authors)
        document.add_paragraph(f"{moment(article.published_at)}{by}", style="Subtitle")
        for paragraph in article.paragraphs:
            document.add_paragraph(paragraph)
        document.add_paragraph(f"{article.url} · SHA-256 {article.sha256}", style="Caption")
    document.add_heading(gettext("Bibliography"), 1)
    for article in articles:
        document.add_paragraph(citations.vietnamese(article, accessed))
    _number_pages(document.sections[0].footer.paragraphs[0])
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _number_pages(paragraph: Paragraph) -> None:
    """A field that counts pages. Source: ECMA-376, part 1, 17.16.19."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)
