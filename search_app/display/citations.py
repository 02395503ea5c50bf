"""How to cite an article: for readers as text, for reference managers as files."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from crawler.article import Article
from crawler.dates import HANOI

NEWSPAPER = "Hà Nội Mới"
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_BIBTEX = re.compile(r"([\\{}$&#%_~^])")


def vietnamese(article: Article) -> str:
    """As Vietnamese newspapers and universities do: `Chí Kiên (2021), “Tít”, Hà Nội Mới, ngày 5/3/2021, URL.`"""
    when = article.published_at.astimezone(HANOI)
    by = f"{', '.join(article.authors)} ({when.year}), " if article.authors else ""
    return f"{by}“{article.title}”, {NEWSPAPER}, ngày {when.day}/{when.month}/{when.year}, {article.url}."


def apa(article: Article) -> str:
    """APA, 7th edition, for a newspaper article; Vietnamese names are not turned round."""
    when = article.published_at.astimezone(HANOI)
    day = f"({when.year}, {_MONTHS[when.month - 1]} {when.day})."
    if not article.authors:
        return f"{article.title}. {day} {NEWSPAPER}. {article.url}"
    *others, last = article.authors
    by = f"{', '.join(others)}, & {last}" if others else last
    return f"{by}. {day} {article.title}. {NEWSPAPER}. {article.url}"


def bibtex(article: Article) -> str:
    """An `@article` of BibLaTeX and BibTeX."""
    when = article.published_at.astimezone(HANOI)
    fields = {
        "author": " and ".join(f"{{{_escaped(author)}}}" for author in article.authors),
        "title": f"{{{_escaped(article.title)}}}",
        "journal": NEWSPAPER,
        "date": f"{when:%Y-%m-%d}",
        "year": f"{when:%Y}",
        "url": article.url,
        "langid": "vietnamese",
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@article{{hanoimoi{article.id},\n{lines}}}\n"


def ris(article: Article) -> str:
    """A record of type NEWS. Source: the RIS format's list of tags."""
    when = article.published_at.astimezone(HANOI)
    rows = [
        ("TY", "NEWS"),
        *(("AU", author) for author in article.authors),
        ("TI", article.title),
        ("T2", NEWSPAPER),
        ("DA", f"{when:%Y/%m/%d}"),
        ("PY", f"{when:%Y}"),
        ("LA", "vi"),
        ("UR", article.url),
        *(("KW", tag) for tag in article.tags),
        ("ER", ""),
    ]
    return "".join(f"{tag}  - {' '.join(value.split())}\r\n" for tag, value in rows)


def csl(article: Article) -> str:
    """CSL-JSON, a list of one item."""
    when = article.published_at.astimezone(HANOI)
    item = {
        "id": f"hanoimoi-{article.id}",
        "type": "article-newspaper",
        "title": article.title,
        "author": [{"literal": author} for author in article.authors],
        "container-title": NEWSPAPER,
        "section": article.section,
        "issued": {"date-parts": [[when.year, when.month, when.day]]},
        "URL": article.url,
        "language": "vi",
    }
    return json.dumps([item], ensure_ascii=False, indent=1)


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
        "publisher": {"@type": "NewsMediaOrganization", "name": NEWSPAPER},
    }


@dataclass(frozen=True, slots=True)
class Style:
    """A form that reference managers read: its name for readers, its media type, an article → its text."""

    name: str
    media_type: str
    write: Callable[[Article], str]


STYLES = {
    "bib": Style("BibTeX", "application/x-bibtex; charset=utf-8", bibtex),
    "ris": Style("RIS", "application/x-research-info-systems; charset=utf-8", ris),
    "json": Style("CSL-JSON", "application/vnd.citationstyles.csl+json", csl),
}
"""By the ending of the file's name."""


def _escaped(text: str) -> str:
    return _BIBTEX.sub(lambda found: f"\\{found[1]}" if found[1] in "{}$&#%_" else "", text)
