"""Fields where no layout's selector gives them: by what pages of every site carry. Each value with its rule."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from crawler.characters import letters, nfc, unmarked
from crawler.dates import has_clock, parse_time
from crawler.errors import BadDate
from crawler.markup.body import clean
from crawler.markup.document import Document, spaced
from crawler.markup.metadata import LONGEST_TITLE, Metadata, may_mean, moments, names_title, same_title
from crawler.markup.prose import is_aside
from crawler.reading.byline import reads_as_names, split_authors
from crawler.reading.doubts import Doubt

_UPDATED = re.compile(r"cập nhật|chỉnh sửa|sửa (?:lần cuối|lúc|đổi)|lần cuối|updated?|modified", re.IGNORECASE)
LONGEST = 5_000
"""Characters of a field above the text; what is longer is none."""
_DAY = re.compile(r"\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{4}|\d{4}-\d{2}-\d{2}")
_HOUR = re.compile(r"\d{1,2}\s*(?:[:hg]|giờ)\s*\d{2}")
_HALF = re.compile(r"\b(?:sáng|trưa|chiều|tối|đêm)\b", re.IGNORECASE)
_LONGEST_TIME = 100
"""Characters of a printed time with what is written around it."""
_PRINTED = "//body//text()[string-length(.) < 160 and (contains(., '/') or contains(., '-'))]"
_SOFT_HYPHEN = "\u00ad"
_QUOTES = "“”‘’\"'«(["
_SITE_SUFFIX = re.compile(r"\s+[-–—|]\s+[^-–—|]{2,60}$")
_BREAKS_OFF = re.compile(r"(?:\.\.\.|…)\s*$")
_ICON = re.compile(r"^[\W_]+|[\W_]+$")
_HOME = re.compile(r"trang (?:chủ|nhất|đầu)|home|", re.IGNORECASE)
"""A trail's first step, and one without a name: neither is a section."""
_NEAR = 4
"""Steps up from the headline within which the section's name, the author and the time stand."""


@dataclass(frozen=True, slots=True)
class Found:
    """A field's value, the rule that gave it, and what is doubtful about it."""

    value: Any
    rule: str
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """An element's text and the selector that found it. `is_tag`: it is a tag's, whose words the text may hold."""

    text: str
    rule: str
    element: Any
    is_tag: bool = False


def places(page: Document, selectors: Iterable[str]) -> list[Place]:
    """What the first fruitful selector finds; nothing where none finds a text, or only far too long ones."""
    for selector in selectors:
        texts = [(spaced(one.root), one.root) for one in page.css(selector)]
        found = [
            Place(clean(text.replace("\u00ad", "")), selector, element)
            for text, element in texts
            if len(text) <= LONGEST
        ]
        if found := [place for place in found if place.text]:
            return found
    return []


# --- the headline


def title(page: Document, selectors: Iterable[str], metadata: Metadata, slug: str) -> tuple[Found | None, Any]:
    """The headline, and the element it stands in (None where only metadata has it)."""
    said = metadata.titles

    def agreeing(text: str) -> bool:
        return any(same_title(text, one) for one in said.values()) or names_title(slug, text)

    printed = places(page, selectors)
    if printed:
        place = next((one for one in printed if agreeing(one.text)), printed[0])
        return _printed(place, said, slug), place.element
    heads = places(page, ("[itemprop=headline]",)) + places(page, ("h1",)) + places(page, ("h2",))
    for place in heads:
        if len(place.text) <= LONGEST_TITLE and agreeing(place.text) and not is_aside(place.element):
            found = _printed(place, said, slug)
            confirmed = (*found.doubts, Doubt("title", "confirmed", place.rule))
            return Found(found.value, place.rule, confirmed), place.element
    for text in said.values():
        exact = page.tree.xpath("//body//*[not(self::script)][normalize-space(.) = $text]", text=text)
        if exact:
            element = exact[-1].root
            confirmed = (Doubt("title", "confirmed", "the element that prints what its metadata says"),)
            return Found(clean(element.text_content()), "what its metadata says", confirmed), element
    only = [place for place in heads if place.rule == "h1"]
    if len(only) == 1 and len(only[0].text) <= LONGEST_TITLE:
        return Found(only[0].text, "h1", (Doubt("title", "other_rule", only[0].text[:80]),)), only[0].element
    if said:
        place_name, text = next(iter(said.items()))
        return Found(text, place_name, (Doubt("title", "other_rule", f"only {place_name} has one"),)), None
    return None, None


def _printed(place: Place, said: Mapping[str, str], slug: str) -> Found:
    """The headline as printed; where only its blanks or capitals differ from what metadata says, as that says it."""
    own = letters(place.text)
    same = [one for one in said.values() if letters(one) == own]
    if same:
        capitals = place.text.isupper() and not same[0].isupper()
        icon = same[0][0].isalnum() and not (place.text[0].isalnum() or place.text[0] in _QUOTES)
        better = len(same[0].split()) > len(place.text.split()) or capitals or icon
        return Found(same[0] if better else place.text, place.rule)
    whole = next((one for one in said.values() if _BREAKS_OFF.search(place.text) and letters(one).startswith(own)), "")
    if whole:
        return Found(
            _SITE_SUFFIX.sub("", whole), place.rule, (Doubt("title", "differs", f"printed: {place.text[:70]}"),)
        )
    if not said or letters(slug) == letters(unmarked(place.text)):
        return Found(place.text, place.rule)
    if any(own and _BREAKS_OFF.search(one) and own.startswith(letters(one)) for one in said.values()):
        return Found(place.text, place.rule)
    if own and letters(said.get("the page's title", "")).startswith(own) and len(said) == 1:
        return Found(place.text, place.rule)
    return Found(place.text, place.rule, (Doubt("title", "differs", next(iter(said.values()))[:80]),))


# --- the time


def published(page: Document, header: Iterable[Place], metadata: Metadata) -> Found | None:
    """The publishing time: as printed in the header, else by what most places of the page agree on."""
    said, header = list(metadata.published.items()), list(header)
    texts = [place.text for place in header]
    printed = [(place.rule, moment) for place in header if (moment := _first_published(place.text))]
    if printed:
        agreeing = [one for one in printed if any(may_mean(meanings, one[1]) for _, meanings in said)]
        rule, moment = (agreeing or printed)[0]
        doubts = []
        if said and not agreeing:
            doubts.append(Doubt("published_at", "differs", f"{said[0][0]} says {said[0][1][0]:%d/%m/%Y %H:%M}"))
        elif not said and (len({moment for _, moment in printed}) > 1 or any(map(_unclear, texts))):
            doubts.append(Doubt("published_at", "ambiguous", "; ".join(texts)[:80]))
        return Found(moment, rule, tuple(doubts))
    return _agreed([*_elsewhere(page), *said])


def _agreed(said: list[tuple[str, tuple[datetime, ...]]]) -> Found | None:
    """Of several places that tell a time, what most of them may mean."""
    candidates = [(rule, meanings[0], len(meanings) == 1) for rule, meanings in said]
    if not candidates:
        return None
    support = {
        index: sum(may_mean(meanings, moment) for _, meanings in said)
        for index, (_, moment, _) in enumerate(candidates)
    }
    best = max(support, key=lambda index: (support[index], candidates[index][2], -index))
    rule, moment, certain = candidates[best]
    doubts = []
    if support[best] < len(said) and (support[best] == 1 or support[best] <= len(said) / 2):
        doubts.append(Doubt("published_at", "differs", f"{rule} says {moment:%d/%m/%Y %H:%M}, others otherwise"))
    elif not certain:
        doubts.append(Doubt("published_at", "ambiguous", f"{rule}"))
    elif len(said) == 1:
        doubts.append(Doubt("published_at", "other_rule", rule))
    else:
        doubts.append(Doubt("published_at", "confirmed", rule))
    return Found(moment, rule, tuple(doubts))


def _unclear(text: str) -> bool:
    """Whether a printed time names several days or hours, none, or a half of the day in words."""
    days, hours = _DAY.findall(text), _HOUR.findall(text)
    return len(days) > 1 or len(hours) != 1 or _HALF.search(text) is not None


def _first_published(text: str) -> datetime | None:
    """The first time of a header's line that is not said to be an update's."""
    for part in re.split(rf"(?={_UPDATED.pattern})|(?=(?:ngày )?đăng)|[|;]", text, flags=re.IGNORECASE):
        if part and re.search(r"\d", part) and not _UPDATED.search(part):
            with suppress(BadDate):
                return parse_time(part)
    return None


def _elsewhere(page: Document) -> Iterator[tuple[str, tuple[datetime, ...]]]:
    for rule in ("time[datetime]", "[itemprop=datePublished]"):
        for found in page.css(rule):
            element = found.root
            value = element.get("datetime") or element.get("content") or element.text_content()
            if not is_aside(element) and (said := moments(clean(value[:200]))):
                yield rule, said
                break
    seen = set()
    for piece in page.root.xpath(_PRINTED):
        text, element = clean(piece), piece.getparent()
        if len(text) > _LONGEST_TIME or not has_clock(text) or element.tag in ("script", "style", "option", "time"):
            continue
        moment = _first_published(text)
        if moment and moment not in seen and not is_aside(element):
            seen.add(moment)
            yield "a time printed on the page", (moment,)


# --- the section and the authors


def steps(
    page: Document, selectors: Iterable[str], metadata: Metadata, headline: Any
) -> tuple[list[tuple[str, str]], str]:
    """What the page says its section is, as (name, path of its address), the last the most exact; and by which rule."""
    found: list[tuple[str, str]] = []
    rules: list[str] = []
    for selector in selectors:
        if some := [_step(one.root) for one in page.css(selector)]:
            rules.append(selector)
            found = [*(step for step in some if step[0]), *found]
    if not found:
        trail = page.css("[class*=breadcrumb] a, [class*=breadcrum] a, [itemtype*=BreadcrumbList] a")
        if found := [_step(one.root) for one in trail]:
            rules.append("breadcrumbs")
        elif metadata.trail:
            found, rules = [(name, "") for name in metadata.trail], ["JSON-LD's breadcrumbs"]
        elif found := list(_badges(headline)):
            rules.append("a link beside the headline")
    named = [(_ICON.sub("", name), path) for name, path in found]
    named = [(name, path) for name, path in named if not _HOME.fullmatch(name)]
    return named, rules[0] if rules else ""


def is_of_another(page: Document, name: str, path: str) -> bool:
    """Whether the site's menu has this name at another address than the step's, which then is a slip."""
    links = page.tree.xpath("//li/a[normalize-space(.) = $name]/@href", name=name).getall() if path and name else []
    others = {link.rstrip("/").lower() for link in links if link.startswith("/") and link.count("/") == 1}
    return bool(others) and path not in others


def _step(element: Any) -> tuple[str, str]:
    link = element if element.get("href") else next(iter(element.iter("a")), element)
    try:
        path = urlsplit((link.get("href") or "").strip()).path
    except ValueError:
        path = ""
    return clean(element.text_content()), path.rstrip("/").lower()


def _badges(headline: Any) -> Iterator[tuple[str, str]]:
    """Links to a section, not to an article, around the headline."""
    for step, parent in enumerate(headline.iterancestors() if headline is not None else ()):
        if step == _NEAR or parent.tag in ("body", "html"):
            return
        for link in parent.iter("a"):
            name, path = _step(link)
            if name and re.fullmatch(r"(?:/[a-z0-9-]+){1,2}", path) and not is_aside(link):
                yield name, path
                return


def authors(page: Document, metadata: Metadata, headline: Any) -> Found | None:
    """Names beside the headline, or of the metadata; always in doubt."""
    for rule in ("[itemprop=author]", "[rel=author]", "[class*=author]"):
        for found in page.css(rule):
            text = clean(found.root.text_content()[:200])
            if reads_as_names(text) and not is_aside(found.root):
                return Found(split_authors(text), rule, (Doubt("authors", "other_rule", text[:80]),))
    if names := split_authors(metadata.authors):
        return Found(names, "metadata", (Doubt("authors", "other_rule", metadata.authors[:80]),))
    for step, parent in enumerate(headline.iterancestors() if headline is not None else ()):
        if step == 2 or parent.tag in ("body", "html"):
            break
        for element in parent.iter("span", "div", "p", "b", "strong", "em", "i"):
            text = clean(element.text_content()) if len(element) == 0 else ""
            if (
                len(text.split()) in range(2, 6)
                and reads_as_names(text)
                and letters(text) != letters(nfc(headline.text_content()))
            ):
                return Found(split_authors(text), "beside the headline", (Doubt("authors", "other_rule", text[:80]),))
    return None
