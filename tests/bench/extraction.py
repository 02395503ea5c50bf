"""Pages a second: ours against trafilatura's, on pages of the real ones' size."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from time import perf_counter

import trafilatura

from crawler.reading.page import read_page
from tests.bench.line import Line
from tests.bench.scale import Scale
from tests.crawler.reading.hostile_pages import PAGES
from tests.replica.pieces import Piece, specimens
from tests.replica.site import create_site

FLOOR = 5.0
BYTES = 70_000
PLAIN, TIMES_PLAIN = "words", 3.0
"""The page of five megabytes that means no harm, and how many times its processor time any other may take."""


def extraction(scale: Scale) -> list[Line]:
    """The ratio, the best of the rounds each; and how many of the pages each read without a slip."""
    pages = padded()[: scale.few]
    ours = min(seconds(pages, by_us) for _ in range(scale.rounds))
    theirs = min(seconds(pages, by_trafilatura) for _ in range(scale.rounds))
    right, their_right = (sum(read(body, piece) for piece, body in pages) for read in (by_us, by_trafilatura))
    said = f"{len(pages) / ours:.0f} against {len(pages) / theirs:.0f} pages/s of {len(pages[0][1]) // 1000} kB"
    exact = f"{right} of {len(pages)} exact, trafilatura {their_right}"
    return [
        Line("extraction, times trafilatura's speed", theirs / ours, FLOOR, said),
        *_beside_newspaper4k(pages, ours, scale.rounds),
        Line("extraction, share of pages exact", right / len(pages), 1.0, exact),
        _worst(list(PAGES)[: scale.few]),
    ]


def _beside_newspaper4k(pages: list[tuple[Piece, bytes]], ours: float, rounds: int) -> Iterator[Line]:
    """Where it is installed, which it is for `make bench` only."""
    if find_spec("newspaper"):
        theirs = min(seconds(pages, by_newspaper4k) for _ in range(rounds))
        right = sum(by_newspaper4k(body, piece) for piece, body in pages)
        said = f"{len(pages) / theirs:.0f} pages/s, {right} of {len(pages)} exact"
        yield Line("extraction, times newspaper4k's speed", theirs / ours, FLOOR, said)


def _worst(names: list[str]) -> Line:
    """Five megabytes that were made to take long, against as many of plain words; each in a process of its own."""
    took = {name: _processor_time(name) for name in {PLAIN, *names}}
    worst = max(took, key=lambda name: took[name])
    said = f"“{worst}” takes {took[worst]:.2f} s, “{PLAIN}” {took[PLAIN]:.2f} s"
    return Line(
        "reading 5 MB meant to hurt, times plain ones", took[worst] / took[PLAIN], TIMES_PLAIN, said, at_most=True
    )


def _processor_time(name: str) -> float:
    command = [sys.executable, "-m", "tests.crawler.reading.hostile_pages", name]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\t")[0])


def padded() -> list[tuple[Piece, bytes]]:
    """The specimens' pages with menus and scripts around them, as the site has."""
    client = create_site().test_client()
    menu = "".join(f'<li class="item-{n}"><a href="/muc-{n}"><span>Mục số {n}</span></a></li>' for n in range(300))
    script = "<script>" + "var dong = {a: 1, b: 'văn bản'};\n" * 30 + "</script>"
    pages = []
    for piece in specimens():
        page = client.get(piece.path).text.replace("<body>", f"<body><nav><ul>{menu}</ul></nav>", 1)
        filling = script * ((BYTES - len(page.encode())) // len(script.encode()))
        pages.append((piece, page.replace("</body>", f"{filling}</body>").encode()))
    return pages


def seconds(pages: list[tuple[Piece, bytes]], read: Callable[[bytes, Piece], bool]) -> float:
    begun = perf_counter()
    for piece, body in pages:
        read(body, piece)
    return perf_counter() - begun


def by_us(body: bytes, piece: Piece) -> bool:
    article = read_page(body, piece.url).article
    return (article.title, article.text, article.authors) == (piece.title, piece.text, piece.authors)


def by_trafilatura(body: bytes, piece: Piece) -> bool:
    found = json.loads(trafilatura.extract(body.decode(), output_format="json", with_metadata=True) or "{}")
    same = " ".join(str(found.get("text")).split()) == " ".join(piece.text.split())
    return bool(same and found.get("title") == piece.title)


def by_newspaper4k(body: bytes, piece: Piece) -> bool:
    import newspaper

    found = newspaper.article(piece.url, input_html=body.decode(), language="vi")
    same = " ".join(str(found.text).split()) == " ".join(piece.text.split())
    return bool(same and found.title == piece.title)
