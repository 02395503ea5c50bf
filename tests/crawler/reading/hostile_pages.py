"""Five megabytes of page each, made to take long or much: name → bytes.

`python -m tests.crawler.reading.hostile_pages NAME` reads one and prints the seconds of processor time, the
bytes of memory beyond the start, and what came of it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time

from crawler.errors import GocNhinError
from crawler.reading.page import read_page

SIZE = 5_000_000
HEAD = (
    '<h1 class="c-detail-head__title">{title}</h1><span class="c-detail-head__author">{author}</span>'
    '<span class="c-detail-head__time">{time}</span><div class="content-main-normal">{body}</div>'
)


def page(body: str = "Chữ.", title: str = "Tít", author: str = "An", time: str = "05/03/2021 06:11") -> bytes:
    return HEAD.format(title=title, author=author, time=time, body=body).encode()


def much(piece: str, most: int = 10**9) -> str:
    return piece * min(most, (SIZE - 400) // len(piece.encode()))


PAGES: dict[str, Callable[[], bytes]] = {
    "words": lambda: page(much("chữ và chữ ")),
    "one word": lambda: page(much("a")),
    "white space": lambda: page("Chữ" + much(" \n\t") + "chữ"),
    "no-break spaces": lambda: page("<p>Chữ</p>" + much("<p>\u00a0</p>", 9_000) + much("\u00a0")[:1_000_000]),
    "tags": lambda: page(much("<b>")),
    "few deep tags": lambda: page(much("<div>", 19_000)),
    "few bold tags": lambda: page(much("<b>", 19_000)),
    "paragraphs": lambda: page(much("<p>chữ</p>", 9_900)),
    "long paragraphs": lambda: page(much("<p>" + "chữ " * 200 + "</p>", 9_900)),
    "line breaks": lambda: page(much("chữ<br>", 19_000)),
    "figures": lambda: page(much('<figure><img src="/a.jpg"></figure>', 6_000)),
    "table": lambda: page("<table>" + much("<tr><td>a<td>b", 6_000)),
    "nested tables": lambda: page(much("<table><tr><td>", 6_000)),
    "attributes": lambda: page("<p " + " ".join(f"a{n}=1" for n in range(500_000)) + ">Chữ</p>"),
    "one attribute": lambda: page(f'<p title="{much("a")}">Chữ</p>'),
    "classes": lambda: page(f'<p class="{much("c ")}">Chữ</p>'),
    "style": lambda: page(f'<p style="{much("text-align: ")}">Chữ</p>'),
    "entities": lambda: page(much("&amp;")),
    "entities escaped twice": lambda: page(much("&amp;#250;")),
    "comment": lambda: page("Chữ<!--" + much("-") + "-->"),
    "unclosed comment": lambda: page("Chữ" + much("<!--", 19_000)),
    "title": lambda: page(title=much("Tít ")),
    "authors": lambda: page(author=much("An - ")),
    "roles": lambda: page(author=much("(")),
    "time": lambda: page(time=much("1/1/")),
    "digits": lambda: page(time=much("1")),
    "clocks": lambda: page(time="05/03/2021 " + much("1:")),
    "dateline": lambda: page("<p><b>" + much("( ") + "</b></p><p>Chữ</p>"),
    "marks": lambda: page("a" + much("\u0323\u0301")),
    "unordered marks": lambda: page("a" + much("\u0301\u0323\u031b\u0328")),
    "marks in the title": lambda: page(title="a" + much("\u0301\u0323\u031b")),
    "JSON-LD": lambda: page() + b'<script type="application/ld+json">' + much("[", 4_900_000).encode() + b"</script>",
    "JSON-LD objects": lambda: (
        page() + f'<script type="application/ld+json">[{much("{},", 1_500_000)}{{}}]</script>'.encode()
    ),
    "nul bytes": lambda: page() + bytes(SIZE - 1000),
    "bad bytes": lambda: page() + b"\xff\xc3" * (SIZE // 2 - 500),
    "canonical": lambda: page() + f'<link rel="canonical" href="{much("/a")}">'.encode(),
    "nested articles": lambda: page(much('<div class="onecms__detail" data-url="1 2 3">', 19_000)),
    "byline": lambda: page("<p>Chữ</p><p><b>" + much("A ") + "</b></p>"),
    "pictures": lambda: page(f'<figure><img src="{much("%")}"></figure>Chữ'),
}


def memory() -> int:
    """The most this process has had, in bytes."""
    return int(Path("/proc/self/status").read_text("utf-8").split("VmHWM:")[1].split()[0]) * 1024


def main(name: str) -> None:
    body = PAGES[name]()
    before, begun = memory(), process_time()
    try:
        came = f"{len(read_page(body, 'https://hanoimoi.vn/a-1.html').article.text)} characters"
    except GocNhinError as error:
        came = f"{type(error).__name__}: {error}"
    print(f"{process_time() - begun:.2f}\t{memory() - before}\t{came[:100]}")


if __name__ == "__main__":
    main(sys.argv[1])
