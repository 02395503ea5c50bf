"""Where each field stands in each era of the site, as CSS selectors. Within a field the first that finds text wins.

Source of the selectors: public code that has read hanoimoi.vn and its sister sites on the same CMS.
"""

from __future__ import annotations

from dataclasses import dataclass

MOST_TAGS = 20_000
"""Tags a page may have: an article's has some 1,500, and BeautifulSoup needs a second for these."""
NESTED = ".onecms__detail[data-url]"
"""Where the site appends further articles below the one the address names."""

NOISE = (
    "script, style, noscript, iframe, form, button, figure, figcaption, table.picture, .thumbox, .c-box,"
    ".c-news-related, .sc-hightlight-box, .sc-empty-layer, .c-sticky-share, .onecms__tags, .c-widget-tags,"
    ".sc-longform-header, .block-sc-title, .block-sc-cate-name, .block-sc-author, .block-sc-publish-time,"
    ".block-sc-sapo, .c-detail-head, .c-author-page, h2.desc, p.desc, div[id^=ads]"
)
"""What stands inside a body and is not its text."""

FIGURES = "figure, table.picture, .thumbox"
CAPTIONS = "figcaption, .caption, span, td, p"


@dataclass(frozen=True, slots=True)
class Layout:
    """One era's page. `title` also tells whether a page is of this era; of `section`'s trail the last step counts."""

    name: str
    title: str
    time: tuple[str, ...]
    author: tuple[str, ...]
    section: tuple[str, ...]
    lead: tuple[str, ...]
    body: tuple[str, ...]
    tags: str


LAYOUTS = (
    Layout(
        name="longform",
        title="h1.block-sc-title, h1.sc-longform-header-title",
        time=(".block-sc-publish-time", ".sc-longform-header-date"),
        author=(".block-sc-author", ".sc-longform-header-author"),
        section=("a.block-sc-cate-name", "li.breadcrumb-item a"),
        lead=(".block-sc-sapo", ".sc-longform-header-sapo"),
        body=(".b-maincontent article.entry", ".b-maincontent div.entry", "article.entry", "div.entry"),
        tags=".onecms__tags a, .c-widget-tags a",
    ),
    Layout(
        name="classic",
        title="h1.c-detail-head__title",
        time=(".c-detail-head__time",),
        author=(".c-detail-head__author", ".c-author-page"),
        section=(".c-detail-head__cat a", ".c-detail-head__cat", "li.breadcrumb-item a"),
        lead=("h2.desc", "p.desc"),
        body=(".content-main-normal", "article.entry", ".b-maincontent .entry"),
        tags=".onecms__tags a, .c-widget-tags a",
    ),
    Layout(
        name="legacy",
        title="h1.caption",
        time=(".definfo .period", ".definfo"),
        author=(),
        section=(".breadcrum a",),
        lead=(),
        body=("div.article",),
        tags=".tags a",
    ),
)
