"""`check` and `read`: what a person is told on the first day."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from flask import Response
from warcio.archiveiterator import ArchiveIterator

from tests.crawler.crawls.test_first_day import changed
from tests.helpers import ROOT, run
from tests.replica.pieces import specimens
from tests.replica.site import Running, serving

CASES = ROOT / "tests/pages"
SHELL = "<html><head><script src=/app.js></script></head><body><div id=root></div></body></html>"


def check(running: Running, *options: str | Path) -> CompletedProcess[str]:
    return run("check", "--site", running.url, "--delay", "0", *options)


@contextmanager
def everywhere(answer: Response) -> Iterator[Running]:
    """A site that answers the same whatever is asked, but for its rules."""
    with serving() as running:
        for path in ("/goc-nhin", "/rss/goc-nhin", "/sitemap.xml"):
            running.site.instead[path] = answer
        yield running


def test_the_replica_is_well(tmp_path: Path) -> None:
    with serving() as running:
        done = check(running, "--keep", tmp_path / "kept", "--data", tmp_path / "data")
        asked = sum(running.site.asked.values())
    assert (done.returncode, done.stdout) == (0, "")
    assert "all is well" in done.stderr.splitlines()[0]
    assert len(done.stderr.splitlines()) <= 40, "a screenful"
    assert asked <= 15
    assert not (tmp_path / "data").exists(), "nothing is archived"
    (file,) = (tmp_path / "kept").iterdir()
    with file.open("rb") as stream:
        kept = [record for record in ArchiveIterator(stream) if record.rec_type == "response"]
    assert len(kept) == asked


def test_as_json_it_is_data() -> None:
    with serving() as running:
        told = json.loads(check(running, "--json").stdout)
    assert (told["code"], told["stopped"]) == (0, None)
    assert [row["what"] for row in told["rows"]][:3] == ["robots.txt", "section goc-nhin", "more of goc-nhin"]
    articles = [row for row in told["rows"] if row["what"] == "article"]
    assert len(articles) > 3
    assert all(row["rules"]["text"] and row["layout"] for row in articles)


def test_a_site_that_refuses_everything() -> None:
    with serving() as running:
        running.site.faults.refused = 1.0
        done = check(running)
        assert sum(running.site.asked.values()) <= 15
    assert done.returncode == 1
    assert "refuses us" in done.stderr.splitlines()[0]


def test_another_newspaper() -> None:
    front = "<html><head><title>Báo Khác</title></head><body><h1>Tin mới</h1><a href='/tin/1'>Một tin</a></body></html>"
    with everywhere(Response(front, mimetype="text/html")) as running:
        done = check(running)
    assert done.returncode == 1
    assert "another newspaper" in done.stderr.splitlines()[0]


def test_a_site_drawn_by_scripts() -> None:
    with everywhere(Response(SHELL, mimetype="text/html")) as running:
        done = check(running)
    assert done.returncode == 1
    assert "drawn by scripts" in done.stderr.splitlines()[0]


def test_a_site_drawn_by_scripts_whatever_is_asked() -> None:
    with everywhere(Response(SHELL, mimetype="text/html")) as running:
        running.site.robots = Response(SHELL, mimetype="text/html")
        done = check(running)
    assert done.returncode == 1
    assert "drawn by scripts" in done.stderr.splitlines()[0]


@pytest.mark.parametrize(
    ("robots", "said"),
    [
        (Response("User-agent: *\nDisallow: /\n", mimetype="text/plain"), "robots.txt forbids"),
        (Response("", 500), "out of order"),
    ],
)
def test_rules_that_forbid_or_cannot_be_had(robots: Response, said: str) -> None:
    with serving() as running:
        running.site.robots = robots
        done = check(running)
    assert done.returncode == 1
    assert said in done.stderr.splitlines()[0]
    assert "would get nothing" in done.stderr.splitlines()[-1]


def test_a_changed_site_needs_a_person() -> None:
    with serving(changed(specimens())) as running:
        done = check(running)
    assert done.returncode == 3
    assert "a person should look" in done.stderr.splitlines()[0]
    assert "text" in done.stderr.splitlines()[0]


def test_a_page_is_read_from_a_file() -> None:
    case = CASES / "classic-two-authors"
    done = run("read", case / "page.html", "--url", (case / "address.txt").read_text().strip())
    told = json.loads(done.stdout)
    expected = json.loads((case / "article.json").read_text("utf-8"))
    assert (done.returncode, told["error"], told["doubts"]) == (0, None, [])
    assert {name: told["article"][name] for name in expected} == expected
    assert told["layout"] == "classic"
    assert told["rules"]["text"] == "article.entry"


def test_doubts_and_failures_have_their_codes(tmp_path: Path) -> None:
    piece = next(piece for piece in specimens() if piece.layout == "longform")
    (page,) = changed([piece])
    (tmp_path / "doubtful.html").write_bytes(page.html or b"")
    done = run("read", tmp_path / "doubtful.html")
    told = json.loads(done.stdout)
    assert done.returncode == 3
    assert {doubt["code"] for doubt in told["doubts"]} == {"other_rule"}
    assert told["article"]["text"] == piece.text
    refused = run("read", CASES.parent / "not_articles/refusal.html", "--url", piece.url)
    assert refused.returncode == 1
    assert json.loads(refused.stdout)["article"] is None
    assert json.loads(refused.stdout)["error"]


def test_a_page_is_read_from_the_site_and_from_the_archive(specimens: Path, replica: Running) -> None:
    piece = next(piece for piece in replica.site.section if piece.layout == "classic")
    for what in (f"{replica.url}{piece.path}", str(piece.id)):
        done = run("read", what, "--delay", "0", "--data", specimens)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["article"]["text"] == piece.text


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("no-such-file",), 2, "is no file"),
        (("1234567",), 1, "there is no article 1234567"),
        (("{page}",), 2, "say it with --url"),
        (("{page}", "--url", "https://evil.example/a-1.html"), 1, "is not at"),
        (("https://hanoimoi.vn/a-1.html",), 1, "GOC_NHIN_CONTACT"),
    ],
)
def test_wrong_input_is_one_line(
    specimens: Path, tmp_path: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    (tmp_path / "page.html").write_text("<h1>x</h1>", "utf-8")
    done = run("read", *(one.format(page=tmp_path / "page.html") for one in arguments), "--data", specimens)
    assert (done.returncode, len(done.stderr.splitlines())) == (code, 1), done.stderr
    assert said in done.stderr
