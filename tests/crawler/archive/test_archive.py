from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive.archive import Archive
from crawler.archive.database import locked
from crawler.archive.outcome import Outcome
from crawler.archive.reader import FILE
from crawler.archive.schema import SCHEMA_VERSION
from crawler.article import Article
from crawler.errors import ArchiveError, Locked
from tests.helpers import NOON, article, page


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path) as archive:
        yield archive


def test_the_first_time_it_is_new_and_the_second_unchanged(archive: Archive) -> None:
    assert archive.put(article(), page()) is Outcome.NEW
    change = archive.last_change()
    assert archive.put(article(), page(NOON + timedelta(1))) is Outcome.UNCHANGED
    assert archive.last_change() == change
    kept = archive.get(1)
    assert kept is not None
    assert (kept.revision, kept.captured_at) == (1, NOON)


def test_changed_text_is_a_further_revision_and_the_old_one_stays(archive: Archive) -> None:
    archive.put(article(text="cũ"), page(body=b"trang cu"))
    assert archive.put(article(text="mới"), page(NOON + timedelta(1), b"trang moi")) is Outcome.REVISED
    assert [(one.revision, one.text) for one in archive.revisions(1)] == [(1, "cũ"), (2, "mới")]
    pages = [archive.pages.of(1, number) for number in (1, 2)]
    assert [kept.body if kept else None for kept in pages] == [b"trang cu", b"trang moi"]
    assert archive.put(article(text="cũ"), page()) is Outcome.REVISED


def test_what_stands_around_the_text_is_amended_in_place(archive: Archive) -> None:
    archive.put(article(), page())
    change = archive.last_change()
    assert archive.put(article(tags=("mới",)), page()) is Outcome.AMENDED
    kept = archive.get(1)
    assert kept is not None
    assert (kept.tags, kept.revision) == (("mới",), 1)
    assert archive.changed_since(change) == [1]


def test_changes_are_numbered_so_that_an_index_can_ask_for_later_ones(archive: Archive) -> None:
    for number in (1, 2, 3):
        archive.put(article(number), page())
    middle = archive.last_change()
    archive.put(article(2, "mới"), page())
    assert archive.changed_since(0) == [1, 2, 3]
    assert archive.changed_since(middle) == [2]
    assert archive.changed_since(archive.last_change()) == []


def moved() -> Article:
    return article(991478, "Bài cũ.", aliases=(-592454,))


def test_a_legacy_article_takes_its_new_id_once_it_is_learnt(archive: Archive) -> None:
    archive.put(article(-592454, "Bài cũ."), page())
    archive.put(moved(), page())
    assert archive.ids() == [991478]
    for number in (991478, -592454):
        kept = archive.get(number)
        assert kept is not None
        assert (kept.id, kept.aliases) == (991478, (-592454,))
    assert archive.changed_since(1) == [-592454, 991478]
    assert [one.id for one in archive.current([-592454, 991478])] == [991478]


def test_two_that_turn_out_to_be_one_keep_all_their_revisions(archive: Archive) -> None:
    archive.put(article(-592454, "thứ nhất"), page())
    archive.put(article(991478, "thứ hai"), page())
    archive.put(article(991478, "thứ ba"), page())
    archive.put(article(991478, "thứ ba", aliases=(-592454,)), page())
    assert archive.ids() == [991478]
    assert [(one.revision, one.text) for one in archive.revisions(991478)] == [
        (1, "thứ nhất"),
        (2, "thứ hai"),
        (3, "thứ ba"),
    ]
    assert archive._db.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_legacy_page_still_up_after_the_move_changes_nothing(archive: Archive) -> None:
    archive.put(moved(), page())
    change = archive.last_change()
    assert archive.put(article(-592454, "Bài cũ, dàn trang khác."), page()) is Outcome.UNCHANGED
    assert (archive.ids(), archive.last_change()) == ([991478], change)


def test_importing_known_content_changes_nothing(archive: Archive) -> None:
    archive.put(article(text="cũ"), page())
    archive.put(article(text="mới"), page())
    change = archive.last_change()
    assert archive.put_imported(article(text="cũ", tags=("khác",)), NOON) is Outcome.UNCHANGED
    assert archive.last_change() == change
    assert archive.put_imported(article(text="mới nữa"), NOON) is Outcome.REVISED
    assert archive.pages.of(1, 3) is None


@given(st.lists(st.tuples(st.integers(1, 3), st.sampled_from("abc"), st.sampled_from(["", "t"]))))
def test_any_history_ends_with_each_articles_last_word(
    tmp_path_factory: pytest.TempPathFactory, history: list[tuple[int, str, str]]
) -> None:
    last: dict[int, Article] = {}
    archive = Archive.open(tmp_path_factory.mktemp("history"))
    for number, text, tag in history:
        last[number] = article(number, text, tags=(tag,) if tag else ())
        archive.put(last[number], page())
        assert archive.put(last[number], page()) is Outcome.UNCHANGED
    assert archive.ids() == sorted(last)
    for number, expected in last.items():
        kept = archive.get(number)
        assert kept is not None
        assert (kept.text, kept.tags) == (expected.text, expected.tags)
        numbers = [one.revision for one in archive.revisions(number)]
        assert numbers == list(range(1, len(numbers) + 1))
    archive.close()


def test_a_broken_off_transaction_leaves_nothing(archive: Archive) -> None:
    def broken() -> None:
        with archive.transaction():
            archive.put(article(), page())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken()
    assert archive.ids() == []


def test_an_archive_that_must_be_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="run “goc-nhin crawl”"):
        Archive.open(tmp_path / "none", create=False)
    assert not (tmp_path / "none").exists()


def test_a_file_that_is_no_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"not a database, but long enough to be taken for one" * 100)
    with pytest.raises(ArchiveError, match="cannot be opened"):
        Archive.open(tmp_path)


def test_an_archive_from_the_future_is_refused(archive: Archive, tmp_path: Path) -> None:
    archive._db.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    with pytest.raises(ArchiveError, match="update it"):
        Archive.open(tmp_path)


def test_one_lock_a_data_directory(tmp_path: Path) -> None:
    with locked(tmp_path), pytest.raises(Locked, match="nothing was changed"), locked(tmp_path):
        pass
    with locked(tmp_path):
        assert (tmp_path / "lock").exists()
