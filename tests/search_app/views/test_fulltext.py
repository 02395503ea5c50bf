"""Under GOC_NHIN_FULLTEXT=local nobody outside is given a stretch of an article's text, whatever address is asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from crawler.archive.reader import ArchiveReader
from crawler.article import Article
from indexer.language.vietnamese import keys
from search_app import create_app

ELSEWHERE = {"REMOTE_ADDR": "203.0.113.7"}
STRETCH = 6
"""Words in a row that would give something away."""


@pytest.fixture(scope="module")
def app(specimens: Path) -> Iterator[Flask]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GOC_NHIN_FULLTEXT", "local")
        patch.setenv("GOC_NHIN_RATE_LIMIT", "off")
        yield create_app(specimens)


@pytest.fixture(scope="module")
def article(specimens: Path) -> Article:
    """The longest one."""
    with ArchiveReader.open_read_only(specimens) as archive:
        return max(archive.current(archive.ids()), key=lambda one: len(one.text))


def addresses(app: Flask, article: Article) -> Iterator[str]:
    """Every address that can be asked for, about this article in particular."""
    middle = article.text.split()[60:64]
    queries = ["", article.title, f'"{" ".join(middle)}"', " ".join(middle), f'title:"{article.title}"', middle[0]]
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint == "static":
            continue
        path = rule.rule
        for converter in ("int(signed=True):number", "signed:number", "int:number", "number"):
            path = path.replace(f"<{converter}>", str(article.id))
        forms = [path] if "<" not in path else _forms(path)
        for form in forms:
            yield from (f"{form}?q={quote(query)}" for query in queries)
            yield from (f"{form}?{name}={article.id}" for name in ("id", "a", "b"))
            yield form


def _forms(path: str) -> list[str]:
    """A path with each value that its first part in angle brackets can have, and so on."""
    before, _, rest = path.partition("<")
    inner, _, after = rest.partition(">")
    values = inner[4 : inner.index(")")].replace("'", "").split(",") if inner.startswith("any(") else ["x", "1"]
    filled = [f"{before}{value.strip()}{after}" for value in values]
    return [form for one in filled for form in (_forms(one) if "<" in one else [one])]


def stretches(text: str) -> set[tuple[str, ...]]:
    words = keys(text)
    return {tuple(words[place : place + STRETCH]) for place in range(len(words) - STRETCH + 1)}


def test_no_address_gives_a_stretch_of_text_to_who_is_elsewhere(app: Flask, article: Article) -> None:
    client: FlaskClient = app.test_client()
    public = stretches(article.title) | stretches(article.lead)
    secret = {one for part in article.text.split("\n\n") for one in stretches(part)} - public
    given, asked = dict[str, list[str]](), 0
    for address in addresses(app, article):
        own = stretches(address)
        answer = client.get(address, environ_base=ELSEWHERE)
        asked += answer.status_code == 200
        if found := (stretches(answer.get_data().decode(errors="replace")) & secret) - own:
            given[address] = [" ".join(one) for one in list(found)[:2]]
    assert given == {}
    assert asked > 100


def test_inside_it_is_given(app: Flask, article: Article) -> None:
    shown = app.test_client().get(f"/article/{article.id}").text
    assert stretches(article.text) & stretches(shown)


def test_a_guess_at_a_text_cannot_be_tried_against_its_digest(app: Flask, article: Article) -> None:
    path = f"/article/{article.id}"
    assert article.sha256 not in app.test_client().get(path, environ_base=ELSEWHERE).text
    assert article.sha256 in app.test_client().get(path).text
