"""Bringing under one id what the archive holds of one article under several."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.article import Article

if TYPE_CHECKING:
    from crawler.archive import Archive


def join(archive: Archive, article: Article) -> None:
    """Bring what is known under the article's other ids under its own, once they are learnt."""
    for alias in article.aliases:
        if alias == article.id or alias in archive.aliases(article.id):
            continue
        if archive.known(alias):
            _rename(archive, alias, article.id)
        archive.db.execute("INSERT OR REPLACE INTO alias VALUES (?, ?)", (alias, article.id))
        archive.changed(article.id)


def _rename(archive: Archive, old: int, new: int) -> None:
    """Give `old`'s revisions to `new`, before those `new` has: the legacy page was there first."""
    if archive.known(new):
        count = archive.db.execute("SELECT max(number) FROM revision WHERE article = ?", (old,)).fetchone()[0]
        # Through negative numbers, since an UPDATE checks the primary key row by row.
        archive.db.execute("UPDATE revision SET number = -(number + ?) WHERE article = ?", (count, new))
        archive.db.execute("UPDATE revision SET number = -number WHERE article = ?", (new,))
        archive.db.execute("UPDATE revision SET article = ? WHERE article = ?", (new, old))
        archive.db.execute("UPDATE article SET revision = revision + ? WHERE id = ?", (count, new))
        archive.db.execute("UPDATE alias SET article = ? WHERE article = ?", (new, old))
        archive.db.execute("DELETE FROM article WHERE id = ?", (old,))
    else:
        archive.db.execute("UPDATE article SET id = ? WHERE id = ?", (new, old))
    archive.changed(old)
