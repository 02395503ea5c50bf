from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from crawler.archive.archive import Archive
from tests.helpers import run
from tests.replica.pieces import specimens
from tests.replica.site import serving


def test_what_is_said_is_lines_for_people_or_json(tmp_path: Path) -> None:
    pieces = specimens()[:4]
    with serving(pieces) as running:
        running.site.refused_paths.add("/rss/goc-nhin")
        options = ("--site", running.url, "--delay", "0")
        people = run("crawl", *options, "--data", tmp_path / "people")
        machines = run("update", *options, "--data", tmp_path / "machines", "--log-format", "json", "--verbose")
    assert people.stderr.splitlines()[-1].startswith(f"crawl: {len(running.site.section)} new")
    lines = [json.loads(line) for line in machines.stderr.splitlines()]
    assert all(datetime.fromisoformat(line["time"]).tzinfo for line in lines)
    ours = [(line["level"], line["message"]) for line in lines if line["logger"] == "goc_nhin"]
    assert ours[0][0] == "WARNING"
    assert "rss" in ours[0][1]
    assert [level for level, _ in ours[1:]] == ["INFO"] * len(ours[1:])
    assert any(line["logger"].startswith("scrapy") for line in lines)


def test_an_error_is_a_line_too(tmp_path: Path) -> None:
    Archive.open(tmp_path).close()
    done = run("crawl", "--site", "http://127.0.0.1:9", "--delay", "0", "--data", tmp_path, "--log-format", "json")
    assert done.returncode == 1
    last = json.loads(done.stderr.splitlines()[-1])
    assert (last["level"], last["logger"]) == ("ERROR", "goc_nhin")
    assert "does not answer" in last["message"]
