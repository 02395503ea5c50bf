from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

import pytest

from crawler.archive.archive import Archive
from crawler.archive.joining import note_change
from crawler.archive.reader import FILE, PAGES, ArchiveReader
from indexer.answers.search import search
from indexer.errors import IndexDamaged, IndexMissing
from indexer.index import generation
from indexer.index.build import build
from indexer.index.reader import Reader
from indexer.query.parameters import SearchRequest
from indexer.verify import problems
from tests.helpers import ROOT, article, indexed, page, run


def found(data: Path, q: str) -> list[int]:
    reader = Reader.open(data)
    answer = search(reader, SearchRequest(q=q))
    numbers: list[int] = reader.ids[answer.docs].tolist()
    reader.close()
    return sorted(numbers)


def update(data: Path, *articles: tuple[int, str]) -> None:
    with Archive.open(data) as archive:
        for number, text in articles:
            archive.put(article(number, text, title="Tít"), page())
        build(data, archive)


def test_without_an_index_there_is_an_error_and_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="run “goc-nhin index”"):
        Reader.open(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_second_build_writes_nothing(tmp_path: Path) -> None:
    update(tmp_path, (1, "chợ"))
    before = generation.names(tmp_path)
    update(tmp_path)
    assert generation.names(tmp_path) == before


def test_only_what_changed_is_indexed_again(tmp_path: Path) -> None:
    update(tmp_path, (1, "chợ"), (2, "hồ"))
    with Archive.open(tmp_path) as archive:
        archive.put(article(2, "sông", title="Tít"), page())
        archive.put(article(3, "hồ", title="Tít"), page())
        built = build(tmp_path, archive)
    assert (built.indexed, built.articles, built.reason) == (2, 3, "")
    assert (found(tmp_path, "chợ"), found(tmp_path, "hồ"), found(tmp_path, "sông")) == ([1], [3], [2])


def test_an_article_that_took_a_new_id_is_found_under_it_alone(tmp_path: Path) -> None:
    update(tmp_path, (-592454, "chợ"))
    with Archive.open(tmp_path) as archive:
        archive.put(article(991478, "chợ", title="Tít", aliases=(-592454,)), page())
        build(tmp_path, archive)
    assert found(tmp_path, "chợ") == [991478]
    reader = Reader.open(tmp_path)
    assert reader.doc_of(-592454) == reader.doc_of(991478) is not None


def test_the_generation_before_is_kept_and_no_more(tmp_path: Path) -> None:
    for number in range(1, 6):
        update(tmp_path, (number, "chợ"))
    assert len(generation.names(tmp_path)) == generation.KEPT
    assert generation.names(tmp_path)[-1] == generation.current_name(tmp_path)


@pytest.mark.parametrize("damaged", [False, True])
def test_only_a_sound_generation_is_kept_beside_the_current_one(tmp_path: Path, damaged: bool) -> None:
    update(tmp_path, (1, "chợ"))
    before = generation.current_name(tmp_path)
    if damaged:
        next((generation.directory(tmp_path) / before).glob("*.seg")).write_bytes(b"")
    with Archive.open(tmp_path) as archive:
        build(tmp_path, archive, rebuild=True)
    assert (before in generation.names(tmp_path)) is not damaged


def test_a_copy_that_somebody_left_there_is_no_generation(tmp_path: Path) -> None:
    update(tmp_path, (1, "chợ"))
    home = generation.directory(tmp_path)
    shutil.copytree(home / generation.current_name(tmp_path), home / "2026-backup")
    for number in (2, 3, 4):
        update(tmp_path, (number, "chợ"))
    assert found(tmp_path, "chợ") == [1, 2, 3, 4]
    assert (home / "2026-backup").is_dir()


@pytest.mark.parametrize("damage", ["flip", "cut", "remove"])
def test_damage_is_noticed_and_the_generation_before_answers(tmp_path: Path, damage: str) -> None:
    update(tmp_path, (1, "chợ"))
    update(tmp_path, (2, "chợ"))
    current = generation.directory(tmp_path) / generation.current_name(tmp_path)
    older = next(path for path in generation.directory(tmp_path).iterdir() if path.is_dir() and path != current)
    for file in [file for file in current.iterdir() if not (older / file.name).exists()]:
        content = bytearray(file.read_bytes())
        file.unlink()
        if damage == "flip":
            content[len(content) // 2] ^= 1
            file.write_bytes(content)
        elif damage == "cut":
            file.write_bytes(content[:-1])
        assert found(tmp_path, "chợ") == [1]
    assert run("verify", "--data", tmp_path).returncode == 1
    assert "all anew (the current generation is damaged)" in run("index", "--data", tmp_path).stderr
    assert found(tmp_path, "chợ") == [1, 2]
    assert run("verify", "--data", tmp_path).returncode == 0


def test_with_every_generation_damaged_nothing_is_served(tmp_path: Path) -> None:
    update(tmp_path, (1, "chợ"))
    for file in generation.directory(tmp_path).glob("*/*.seg"):
        file.write_bytes(b"")
    with pytest.raises(IndexDamaged, match="goc-nhin index --rebuild"):
        Reader.open(tmp_path)


def test_a_change_of_the_tokenizer_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    update(tmp_path, (1, "chợ"))
    monkeypatch.setattr("indexer.index.build.fingerprint", lambda: "another")
    with Archive.open(tmp_path) as archive:
        archive.put(article(2, "hồ"), page())
        assert build(tmp_path, archive).reason == "tokenizer or schema changed"
    with pytest.raises(IndexDamaged, match="another version"):
        Reader.open(tmp_path)


def test_a_killed_build_leaves_the_old_index_serving(tmp_path: Path) -> None:
    update(tmp_path, (1, "chợ"))
    with Archive.open(tmp_path) as archive:
        for number in range(2, 400):
            archive.put(article(number, "chợ quê " * 200), page())
    command = [sys.executable, "-m", "search_app", "index", "--rebuild", "--data", str(tmp_path)]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    while not list(generation.directory(tmp_path).glob(f"{generation.BUILDING}*/*")):
        assert process.poll() is None
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert found(tmp_path, "chợ") == [1]
    update(tmp_path)
    assert len(found(tmp_path, "chợ")) == 399
    assert not list(generation.directory(tmp_path).glob(f"{generation.BUILDING}*"))


def test_a_generation_swept_away_while_it_is_opened_gives_way_to_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    update(tmp_path, (1, "chợ"))
    update(tmp_path, (2, "chợ"))
    now = generation.sound_generation(tmp_path)
    gone = (tmp_path / "gone", now[1])
    given = iter([gone, gone, now])
    monkeypatch.setattr(generation, "sound_generation", lambda _: next(given))
    assert len(Reader.open(tmp_path)) == 2
    monkeypatch.setattr(generation, "sound_generation", lambda _: gone)
    with pytest.raises(IndexDamaged, match="try again"):
        Reader.open(tmp_path)


def test_what_a_killed_switch_left_is_swept_away(tmp_path: Path) -> None:
    update(tmp_path, (1, "chợ"))
    pointer = generation.directory(tmp_path) / generation.POINTER
    first = pointer.read_bytes()
    for number in range(2, 6):
        update(tmp_path, (number, "chợ"))
        pointer.write_bytes(first)
    assert len(generation.names(tmp_path)) <= generation.KEPT
    update(tmp_path)
    assert found(tmp_path, "chợ") == [1, 2, 3, 4, 5]


def test_an_index_of_many_removed_articles_is_built_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    update(tmp_path, (1, "chợ"), (2, "hồ"))
    with Archive.open(tmp_path) as archive:
        archive.put(article(2, "sông", title="Tít"), page())
        monkeypatch.setattr("indexer.index.build.MOST_REMOVED", -1)
        assert build(tmp_path, archive).reason == "much of it had been replaced"
    assert (found(tmp_path, "hồ"), found(tmp_path, "sông")) == ([], [2])


@pytest.mark.parametrize("was", ["Một đoạn", "chợ", "Chí Kiên", "Bài mẫu", "bai-mau"], ids=str)
def test_verify_finds_whatever_was_altered_in_a_record(tmp_path: Path, was: str) -> None:
    with Archive.open(tmp_path) as archive:
        archive.put(article(2, tags=("chợ",), authors=("Chí Kiên",)), page())
        build(tmp_path, archive)
        archive._db.execute("UPDATE revision SET record = replace(record, ?, 'khác')", (was,))
    with ArchiveReader.open_read_only(tmp_path) as archive:
        assert "archive: article 2 revision 1 is not what was stored" in list(problems(tmp_path, archive))


def test_verify_names_what_differs(tmp_path: Path) -> None:
    indexed(tmp_path, [article(1), article(2)]).close()
    with Archive.open(tmp_path) as archive:
        assert list(problems(tmp_path, archive)) == []
        archive.put(article(3), page())
        assert list(problems(tmp_path, archive)) == ["index: is behind the archive: run “goc-nhin index”"]
        build(tmp_path, archive)
        archive._db.execute("UPDATE revision SET record = replace(record, 'đoạn', 'đoàn') WHERE article = 2")
        told = list(problems(tmp_path, archive))
    assert told[0] == "archive: article 2 revision 1 is not what was stored"


def test_verify_reads_every_raw_page(tmp_path: Path) -> None:
    indexed(tmp_path, [article(1), article(2)]).close()
    (file,) = (tmp_path / PAGES).iterdir()
    written = bytearray(file.read_bytes())
    written[-40] ^= 1
    file.write_bytes(bytes(written))
    with Archive.open(tmp_path) as archive:
        (line,) = problems(tmp_path, archive)
    assert f"{file} is damaged at byte" in line


def test_a_restored_backup_with_as_many_changes_is_another_history(tmp_path: Path) -> None:
    update(tmp_path, (1, "chợ"))
    with Archive.open(tmp_path) as archive:
        archive._db.execute("VACUUM INTO ?", (str(tmp_path / "backup.sqlite"),))
    update(tmp_path, (2, "hồ"), (3, "sông"))
    for left in tmp_path.glob(f"{FILE}-*"):
        left.unlink()
    shutil.copy(tmp_path / "backup.sqlite", tmp_path / FILE)
    with Archive.open(tmp_path) as archive:
        for number, text in ((4, "cầu"), (5, "đường")):
            archive.put(article(number, text, title="Tít"), page())
        assert any("another archive" in problem for problem in problems(tmp_path, archive))
        built = build(tmp_path, archive)
    assert "before a backup was restored" in built.reason
    assert (found(tmp_path, "hồ"), found(tmp_path, "cầu")) == ([], [4])
    assert run("verify", "--data", tmp_path).returncode == 0


def test_an_index_moved_to_another_archive_is_noticed(tmp_path: Path) -> None:
    for name, text in (("one", "chợ"), ("other", "hồ")):
        update(tmp_path / name, (1, text))
    shutil.rmtree(tmp_path / "other" / "index")
    shutil.copytree(tmp_path / "one" / "index", tmp_path / "other" / "index")
    with Archive.open(tmp_path / "other") as archive:
        assert "another archive" in build(tmp_path / "other", archive).reason
    assert found(tmp_path / "other", "hồ") == [1]


def test_names_stay_short_and_in_order_whatever_the_clock_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    update(tmp_path, (1, "chợ"))

    class Ahead(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + timedelta(days=3650)

    with monkeypatch.context() as patched:
        patched.setattr("indexer.index.build.datetime", Ahead)
        update(tmp_path, (2, "chợ"))
    lengths = set()
    for number in range(3, 15):
        update(tmp_path, (number, "chợ"))
        lengths.add(len(generation.current_name(tmp_path)))
        assert generation.names(tmp_path)[-1] == generation.current_name(tmp_path)
    assert max(lengths) <= len("20261126T024800.000000-99")
    assert found(tmp_path, "chợ") == list(range(1, 15))


def test_what_cannot_be_read_in_an_archive_is_named_and_passed_over(tmp_path: Path) -> None:
    update(tmp_path, (1, "chợ"), (2, "chợ"))
    with Archive.open(tmp_path) as archive:
        broken = json.dumps({**article(2).to_dict(), "id": 0})
        archive._db.execute("UPDATE revision SET record = ? WHERE article = 2", (broken,))
        note_change(archive._db, 2)
    done = run("index", "--data", tmp_path)
    assert done.returncode == 0, done.stderr
    assert "article 2 revision 1 cannot be read: id: must not be 0" in done.stderr
    assert found(tmp_path, "chợ") == [1]
    told = run("verify", "--data", tmp_path)
    assert told.returncode == 1
    assert "article 2 revision 1 cannot be read and is passed over" in told.stdout
    assert "missing" not in told.stdout
    assert run("export", "--data", tmp_path, "--format", "ndjson").stdout.count("\n") == 1
    with Archive.open(tmp_path) as archive:
        archive.put(article(2, "hồ", title="Tít"), page())
        assert [one.revision for one in archive.revisions(2)] == [2]
    assert run("index", "--data", tmp_path).returncode == 0
    assert found(tmp_path, "hồ") == [2]


def test_an_index_of_an_earlier_version_is_built_anew_and_says_so(tmp_path: Path) -> None:
    update(tmp_path, (1, "chợ"))
    manifest = generation.directory(tmp_path) / generation.current_name(tmp_path) / generation.MANIFEST
    envelope = json.loads(manifest.read_bytes())
    del envelope["manifest"]["mark"]
    manifest.write_text(json.dumps(envelope), "utf-8")
    done = run("index", "--data", tmp_path)
    assert done.returncode == 0
    assert "was built by an earlier version of this program" in done.stderr
    assert found(tmp_path, "chợ") == [1]
