"""What the product promises, what tries to break each promise, and the page that says what came of it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Generator, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

from tests.faults.tried import Tried
from tests.helpers import ROOT

PAGE, RESULTS = ROOT / "docs/promises.md", ROOT / "docs/promises.json"


class Promise(NamedTuple):
    """A promise in a sentence, the faults of `make faults` that try to break it, and the files of tests that do."""

    said: str
    faults: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()


PROMISES = (
    Promise(
        "What was stored is never lost, whatever ends a run; what a power cut kept from the disk is asked for again.",
        ("a site full of faults", "kills of crawls", "calls that fail", "power cuts"),
        ("tests/crawler/archive/test_machine.py", "tests/crawler/crawls/test_session.py"),
    ),
    Promise(
        "Searches are answered from the index before a build or the one after it, never from a mixture.",
        ("kills at the switch", "kills of builds", "kills of nodes"),
        ("tests/indexer/index/test_generation.py",),
    ),
    Promise(
        "Damage is found and named, and the generation before serves on.",
        ("damaged files", "power cuts"),
        ("tests/crawler/archive/test_archive.py", "tests/crawler/archive/test_warc.py"),
    ),
    Promise(
        "The index is what the archive is, after any history of changes, joined ids and broken builds.",
        ("kills of builds", "kills of nodes"),
        ("tests/indexer/index/test_histories.py", "tests/indexer/index/test_whoosh.py"),
    ),
    Promise(
        "Readers never see that something is being written.",
        ("seconds of four readers and a writer", "kills of nodes"),
        ("tests/search_app/test_live.py",),
    ),
    Promise(
        "Two runs cannot get in each other's way.", ("two commands at once",), ("tests/crawler/crawls/test_scrapy.py",)
    ),
    Promise(
        "A full, failing or read-only disk, another clock, locale or umask, a moved directory, SIGTERM: "
        "a run goes on, or ends with one clear line, and nothing is lost.",
        ("calls that fail", "odd places"),
        ("tests/crawler/crawls/test_session.py",),
    ),
    Promise(
        "Any bytes are an article, a listing, a text, or an error with a name.",
        ("a site full of faults",),
        ("tests/crawler/reading/test_page.py", "tests/crawler/listings/test_feeds.py", "tests/crawler/markup"),
    ),
    Promise(
        "Only addresses of the section on the paper's own site are asked for; compressed bombs go off harmlessly.",
        (),
        ("tests/crawler/crawls/test_guard.py", "tests/crawler/test_urls.py"),
    ),
    Promise(
        "The site is asked politely, whatever the settings: by robots.txt, once a second at most, and no refusal is "
        "gone round.",
        ("a second crawl of an unchanged site",),
        (
            "tests/crawler/crawls/test_politeness.py",
            "tests/crawler/test_manners.py",
            "tests/crawler/runs/test_refusals.py",
        ),
    ),
    Promise(
        "Any query has an answer or a clear refusal, in bounded time and memory.",
        (),
        ("tests/indexer/query/test_parser.py", "tests/search_app/test_app.py"),
    ),
    Promise(
        "No command's result is written over the archive or over what it was made from.",
        (),
        ("tests/indexer/test_export.py",),
    ),
    Promise("No script gets into a page from data or addresses.", (), ("tests/search_app/test_xss.py",)),
    Promise(
        "What is marked in an article is what matched, and its text is never altered.",
        (),
        ("tests/indexer/answers/test_highlight.py",),
    ),
    Promise(
        "Screen, API and exports give the same articles in the same order.",
        (),
        ("tests/search_app/test_app.py", "tests/indexer/test_export.py", "tests/indexer/test_spreadsheets.py"),
    ),
    Promise(
        "An article is found under its id for good, also where the paper moved it.",
        (),
        ("tests/search_app/views/test_feeds.py", "tests/crawler/archive/test_archive.py"),
    ),
    Promise(
        "Feeds and alerts tell of each new article: none is missed, and none is told twice as new.",
        ("kills of alerts",),
        ("tests/indexer/alerts", "tests/search_app/views/test_feeds.py"),
    ),
    Promise(
        "Both ends of a span of dates are part of it, by Hanoi's days, from 2000 to 2040.",
        (),
        ("tests/indexer/answers/test_dates.py",),
    ),
    Promise(
        "Who may not read full texts is not given them by completions, counts, passages or exports.",
        (),
        ("tests/search_app/test_limits.py", "tests/search_app/views/test_fulltext.py"),
    ),
)
NOT_PROMISED = (
    "That the paper's site stays as it is: `goc-nhin check` and `status` say when it no longer does.",
    "That a mail is sent once: killed between a server's yes and the note of it, a run sends it again, under the same "
    "`Message-ID`.",
    "That a power cut costs no work: the last seconds of a crawl may be done again.",
    "That a disk which lies about what it has written is noticed before `goc-nhin verify` is run.",
    "Anything where someone else changes the files of a data directory.",
    "That who may search, but not read, cannot learn whether words occur, and in what order: counts, titles and "
    "captions are for everyone, and who asks for hours can piece an article together from counts of phrases.",
)


def tested(file: str) -> Generator[str, None, int]:
    """What failed of a file or folder of tests; how many passed or failed."""
    report = ROOT / "build/promise.xml"
    report.parent.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "pytest", "-q", "--hypothesis-profile=thorough", f"--junitxml={report}", file]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    tests = 0
    for case in ET.parse(report).iter("testcase"):
        wrong = next((one for one in case if one.tag in ("failure", "error")), None)
        tests += case.find("skipped") is None
        if wrong is not None:
            yield f"{case.get('name')}: {' '.join(wrong.get('message', '').split())[:200]}"
    return tests


def write(done: Iterable[Tried], day: str) -> None:
    """Keep what came of some faults on this day beside what is known of others, and write the page from all of it."""
    kept = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    kept |= {one.name: [one.trials, len(one.losses), round(one.seconds), day] for one in done}
    RESULTS.write_text(json.dumps(dict(sorted(kept.items())), ensure_ascii=False, indent=1) + "\n", "utf-8")
    PAGE.write_text(page({name: Result(*told) for name, told in kept.items()}), "utf-8")


class Result(NamedTuple):
    """How often a fault was tried the last time, how often it broke something, how many seconds it took, and when."""

    trials: int
    broken: int
    seconds: int
    day: str


NEVER = Result(0, 0, 0, "not yet")


def page(known: Mapping[str, Result]) -> str:
    """The page, from what is known of faults and of files of tests."""
    lines = [
        "# What is promised, and what tries to break it",
        "",
        "Written by `make faults`. A trial is a kill, a power cut, a call that fails, a damage, a second under load,",
        "or a test, of which many try some hundred cases; the day is that of the trial longest ago.",
        "",
        "| promise | tried by | trials | broken | last |",
        "|---|---|---|---|---|",
    ]
    for promise in PROMISES:
        ways = [known.get(name, NEVER) for name in (*promise.faults, *promise.tests)]
        names = [*promise.faults, *(f"[{Path(file).name}](../{file})" for file in promise.tests)]
        trials, broken = sum(one.trials for one in ways), sum(one.broken for one in ways)
        last = NEVER.day if NEVER in ways else min(one.day for one in ways)
        lines.append(f"| {promise.said} | {', '.join(names)} | {trials:,} | {_broken(trials, broken)} | {last} |")
    lines += ["", "## Each fault", "", "| fault | trials | broken | seconds | last |", "|---|---|---|---|---|"]
    lines += [
        f"| {name} | {one.trials:,} | {_broken(one.trials, one.broken)} | {one.seconds} | {one.day} |"
        for name, one in sorted(known.items())
        if not name.startswith("tests/")
    ]
    return "\n".join([*lines, "", "## What is not promised", "", *(f"- {said}" for said in NOT_PROMISED), ""])


def _broken(trials: int, broken: int) -> str:
    return f"**{broken}**" if broken else "never" if trials else ""
