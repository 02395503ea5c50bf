"""What a body's text is made of: its paragraphs, the elements that part them, and characters as they are printed."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from crawler.characters import nfc, well_formed, without_controls

MOST_ENTITIES = 50_000
"""Entities escaped twice that are read in one text."""
BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "body", "center", "dd", "div", "dl", "dt", "fieldset", "footer"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "ol", "p", "pre", "section"}
    | {"table", "tbody", "tfoot", "thead", "tr", "ul"}
)
"""Elements that begin and end a paragraph."""
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,9});")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A block's text and the two looks by which bylines and leads are told."""

    text: str
    bold: bool = False
    right: bool = False


def clean(text: str) -> str:
    """One line of text as printed: NFC, entities escaped twice read, white space folded, what is invisible gone."""
    if "&" in text:
        text = _ENTITY.sub(lambda found: html.unescape(found[0]), text, count=MOST_ENTITIES)
    if not text.isprintable():  # which tells quickly of the usual text that nothing is to be taken out
        text = without_controls(well_formed(text))
    return " ".join(nfc(text).split()).strip("\u200b\u200c\u200d\u2060\ufeff\u00ad ")
