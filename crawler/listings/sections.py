"""The paper's sections that are crawled: what each is called, where it is listed, and which one a page names. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from crawler.characters import unmarked
from crawler.errors import GocNhinError

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_NAMES = {"goc-nhin": "Góc nhìn", "moi-ngay-mot-chuyen": "Mỗi ngày một chuyện"}
"""How the paper writes them. Source: the addresses of its sections, as public code names them."""


@dataclass(frozen=True, slots=True)
class Section:
    """A section by its slug in addresses, such as `goc-nhin`, and its name as articles carry it."""

    slug: str
    name: str

    @property
    def path(self) -> str:
        """The path of its page on the site."""
        return f"/{self.slug}"

    @property
    def rss_path(self) -> str:
        """The path of its RSS channel."""
        return f"/rss/{self.slug}"

    def is_named_by(self, name: str, path: str = "") -> bool:
        """Whether a step of a trail is this section: by what it is called, or by a part of its address."""
        return slug_of(name) == self.slug or self.slug in path.lower().split("/")


GOC_NHIN = Section("goc-nhin", _NAMES["goc-nhin"])


def parse_sections(text: str) -> tuple[Section, ...]:
    """`goc-nhin,moi-ngay-mot-chuyen` as sections, each once. Raises GocNhinError."""
    slugs = list(dict.fromkeys(part.strip().strip("/").lower() for part in text.split(",") if part.strip()))
    if not slugs:
        raise GocNhinError("GOC_NHIN_SECTIONS names no section: write goc-nhin, or several between commas")
    for slug in slugs:
        if not _SLUG.fullmatch(slug):
            raise GocNhinError(
                f"GOC_NHIN_SECTIONS: “{slug[:40]}” is no section: write it as in its address, like goc-nhin"
            )
    return tuple(Section(slug, _NAMES.get(slug, slug.replace("-", " ").capitalize())) for slug in slugs)


def named_by(sections: Iterable[Section], steps: Iterable[tuple[str, str]]) -> Section | None:
    """The first of the sections that any step (name, path) of a page's trail names."""
    trail = list(steps)
    return next((one for one in sections if any(one.is_named_by(*step) for step in trail)), None)


def slug_of(name: str) -> str:
    """A name as an address would have it: `› GÓC NHÌN` → `goc-nhin`."""
    return "-".join(re.findall(r"[a-z0-9]+", unmarked(name)))
