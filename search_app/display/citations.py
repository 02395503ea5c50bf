"""How to cite articles: for readers as text, for reference managers as files."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from crawler.article import Article
from crawler.config import setting
from crawler.dates import HANOI
from search_app.language import form_day

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_BIBTEX = {
    **{letter: f"\\{letter}" for letter in "{}$&#%_"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
"""What TeX would take for its own, and how it is written. Source: The Not So Short Introduction to LaTeX, 2.4."""
_LONE = {"{": r"\textbraceleft{}", "}": r"\textbraceright{}"}
"""BibTeX counts braces, written as \\{ too, to find where a field ends: those without a partner are named."""


def paper() -> str:
    """The newspaper's name as citations have it (`GOC_NHIN_PAPER`)."""
    return setting("GOC_NHIN_PAPER")


def vietnamese(article: Article, accessed: date) -> str:
    """As Vietnamese newspapers and universities do: `Chí Kiên (2021), “Tít”, Hà Nội Mới, ngày 5/3/2021, URL, …`"""
    day = _day(article)
    by = f"{', '.join(article.authors)} ({day.year}), " if article.authors else ""
    seen = f"truy cập ngày {form_day(accessed)}"
    return f"{by}“{article.title}”, {paper()}, ngày {form_day(day)}, {article.url}, {seen}."


def apa(article: Article, accessed: date) -> str:
    """APA, 7th edition, for a newspaper article; Vietnamese names are not turned round."""
    day = f"({_day(article).year}, {_english(_day(article))})."
    source = f"{paper()}. Retrieved {_english(accessed)}, {accessed.year}, from {article.url}"
    if not article.authors:
        return f"{article.title}. {day} {source}"
    *others, last = article.authors
    by = f"{', '.join(others)}, & {last}" if others else last
    return f"{by}. {day} {article.title}. {source}"


def bibtex(article: Article, accessed: date) -> str:
    """An `@article` of BibLaTeX, of which BibTeX reads what it knows. Source: the biblatex manual, 2.1.1 and 2.2."""
    day = _day(article)
    fields = {
        "author": " and ".join(f"{{{_escaped(author)}}}" for author in article.authors),
        "title": f"{{{_escaped(article.title)}}}",
        "journal": _escaped(paper()),
        "entrysubtype": "newspaper",
        "date": day.isoformat(),
        "year": f"{day.year}",
        "keywords": ", ".join(_escaped(tag) for tag in article.tags),
        "url": article.url,
        "urldate": accessed.isoformat(),
        "langid": "vietnamese",
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@article{{hanoimoi{article.id},\n{lines}}}\n"


def ris(article: Article, accessed: date) -> str:
    """A record of type NEWS. Source: the RIS format's list of tags."""
    day = _day(article)
    rows = [
        ("TY", "NEWS"),
        *(("AU", author) for author in article.authors),
        ("TI", article.title),
        ("T2", paper()),
        ("DA", f"{day:%Y/%m/%d}"),
        ("PY", f"{day.year}"),
        ("LA", "vi"),
        ("UR", article.url),
        ("Y2", f"{accessed:%Y/%m/%d}"),
        *(("KW", tag) for tag in article.tags),
        ("ER", ""),
    ]
    return "".join(f"{tag}  - {' '.join(value.split())}\r\n" for tag, value in rows)


def csl(article: Article, accessed: date) -> dict[str, object]:
    """An item of CSL-JSON."""
    return {
        "id": f"hanoimoi-{article.id}",
        "type": "article-newspaper",
        "title": article.title,
        "author": [{"literal": author} for author in article.authors],
        "container-title": paper(),
        "section": article.section,
        "issued": _parts(_day(article)),
        "accessed": _parts(accessed),
        "URL": article.url,
        "language": "vi",
    }


def metas(article: Article) -> Iterator[tuple[str, str]]:
    """Names and contents of `<meta>` by which Zotero and search engines take a page for an article.

    Sources: Google Scholar's inclusion guidelines, and Dublin Core's element set.
    """
    day = _day(article)
    yield "citation_title", article.title
    yield from (("citation_author", author) for author in article.authors)
    yield "citation_publication_date", f"{day:%Y/%m/%d}"
    yield "citation_journal_title", paper()
    yield "citation_public_url", article.url
    yield "citation_language", "vi"
    yield from (("citation_keywords", tag) for tag in article.tags)
    yield "DC.type", "newspaperArticle"
    yield "DC.title", article.title
    yield from (("DC.creator", author) for author in article.authors)
    yield "DC.date", day.isoformat()
    yield "DC.publisher", paper()
    yield "DC.source", article.url
    yield "DC.language", "vi"


def json_ld(article: Article) -> dict[str, object]:
    """What the article is for machines that read pages. Source: schema.org/OpinionNewsArticle."""
    return {
        "@context": "https://schema.org",
        "@type": "OpinionNewsArticle",
        "headline": article.title,
        "description": article.lead,
        "author": [{"@type": "Person", "name": author} for author in article.authors],
        "datePublished": article.published_at.isoformat(),
        "dateModified": (article.modified_at or article.published_at).isoformat(),
        "articleSection": article.section,
        "keywords": list(article.tags),
        "inLanguage": "vi",
        "isBasedOn": article.url,
        "publisher": {"@type": "NewsMediaOrganization", "name": paper()},
    }


def _one_after_another(
    write: Callable[[Article, date], str], mark: str = ""
) -> Callable[[Sequence[Article], date], str]:
    return lambda articles, accessed: mark.join(write(article, accessed) for article in articles)


def _csl_list(articles: Iterable[Article], accessed: date) -> str:
    return json.dumps([csl(article, accessed) for article in articles], ensure_ascii=False, indent=1)


@dataclass(frozen=True, slots=True)
class Style:
    """A form that reference managers read: its name for readers, its media type; articles, day of access → its text."""

    name: str
    media_type: str
    write: Callable[[Sequence[Article], date], str]


STYLES = {
    "bib": Style("BibTeX", "application/x-bibtex; charset=utf-8", _one_after_another(bibtex, "\n")),
    "ris": Style("RIS", "application/x-research-info-systems; charset=utf-8", _one_after_another(ris)),
    "json": Style("CSL-JSON", "application/vnd.citationstyles.csl+json", _csl_list),
}
"""By the ending of the file's name."""
READABLE = {"Việt Nam": vietnamese, "APA": apa}
"""Styles for readers by name, the Vietnamese one first."""


def _day(article: Article) -> date:
    """The day of publishing in Hanoi."""
    return article.published_at.astimezone(HANOI).date()


def _english(day: date) -> str:
    return f"{_MONTHS[day.month - 1]} {day.day}"


def _parts(day: date) -> dict[str, list[list[int]]]:
    return {"date-parts": [[day.year, day.month, day.day]]}


def _escaped(text: str) -> str:
    depths = list(accumulate((character == "{") - (character == "}") for character in text))
    paired = not depths or (min(depths) >= 0 and depths[-1] == 0)
    known = _BIBTEX if paired else {**_BIBTEX, **_LONE}
    return re.sub(r"[\\{}$&#%_~^]", lambda found: known[found[0]], " ".join(text.split()))
