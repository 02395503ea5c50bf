"""Bringing under one id what the archive holds of one article under several."""

from __future__ import annotations

from crawler.archive.database import Database
from crawler.article import Article


def join(database: Database, article: Article) -> None:
    """Bring what is known under the article's other ids under its own, once they are learnt."""
    for alias in article.aliases:
        query = "SELECT 1 FROM alias WHERE alias = ? AND article = ?"
        if alias == article.id or database.execute(query, (alias, article.id)).fetchone():
            continue
        if is_archived(database, alias):
            _rename(database, alias, article.id)
        database.execute("INSERT OR REPLACE INTO alias VALUES (?, ?)", (alias, article.id))
        note_change(database, article.id)


def is_archived(database: Database, number: int) -> bool:
    """Whether an article is archived under this id, not under another."""
    return database.execute("SELECT 1 FROM article WHERE id = ?", (number,)).fetchone() is not None


def note_change(database: Database, number: int) -> None:
    """Note that an index must look at an article again."""
    database.execute("INSERT INTO change (article) VALUES (?)", (number,))


def _rename(database: Database, old: int, new: int) -> None:
    """Give `old`'s revisions to `new`, before those `new` has: the legacy page was there first."""
    if is_archived(database, new):
        count = database.execute("SELECT max(number) FROM revision WHERE article = ?", (old,)).fetchone()[0]
        # Through negative numbers, since an UPDATE checks the primary key row by row.
        database.execute("UPDATE revision SET number = -(number + ?) WHERE article = ?", (count, new))
        database.execute("UPDATE revision SET number = -number WHERE article = ?", (new,))
        database.execute("UPDATE revision SET article = ? WHERE article = ?", (new, old))
        database.execute("UPDATE article SET revision = revision + ? WHERE id = ?", (count, new))
        database.execute("UPDATE alias SET article = ? WHERE article = ?", (new, old))
        database.execute("DELETE FROM article WHERE id = ?", (old,))
    else:
        database.execute("UPDATE article SET id = ? WHERE id = ?", (new, old))
    note_change(database, old)
