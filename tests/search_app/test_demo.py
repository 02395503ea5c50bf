from __future__ import annotations

import json
from pathlib import Path

from crawler.archive.archive import Archive
from tests.helpers import article, page, run
from tests.replica.site import Running


def test_the_demo_runs_the_whole_chain(tmp_path: Path, replica: Running) -> None:
    for expected in (f"{len(replica.site.section)} new", "nothing new"):
        done = run("demo", "--no-serve", "--data", tmp_path)
        assert done.returncode == 0, done.stderr
        assert expected in done.stderr
    status = json.loads(run("status", "--json", "--data", tmp_path).stdout)
    assert (status["articles"], status["health"]) == (len(replica.site.section), [])
    assert "health     good" in run("status", "--data", tmp_path).stderr
    assert "sound and equal" in run("verify", "--data", tmp_path).stderr


def test_specimens_never_go_among_real_articles(tmp_path: Path) -> None:
    with Archive.open(tmp_path) as archive:
        archive.put(article(), page())
    done = run("demo", "--no-serve", "--data", tmp_path)
    assert done.returncode == 1
    assert "give another --data" in done.stderr
    with Archive.open(tmp_path) as archive:
        assert archive.ids() == [1]


def test_the_terminal_shows_hits_and_how_the_query_was_taken(specimens: Path) -> None:
    done = run("search", '"ha noi', "--limit", "3", "--data", specimens)
    assert done.returncode == 0
    assert "marks left open" in done.stderr
    assert "note: closed a quote left open" in done.stderr
    assert done.stdout.count("https://hanoimoi.vn/") + done.stdout.count("http://hanoimoi.com.vn/") == 3
    near = run("search", "sông Tô Lịch xyzzy", "--data", specimens)
    assert "near, but not with all the words" in near.stderr
    assert "without: xyzzy" in near.stdout
