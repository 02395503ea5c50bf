"""Which of an archive's articles are in doubt."""

from __future__ import annotations

import json

from crawler.archive import Archive
from crawler.reading.doubts import Doubt


def doubtful(archive: Archive) -> dict[int, tuple[Doubt, ...]]:
    """Id → what is doubtful about the current revision, of every article about which anything is; the newest first."""
    query = (
        "SELECT id, doubts FROM article JOIN revision ON article = id AND number = article.revision"
        " WHERE doubts != '[]' ORDER BY published_at DESC, id DESC"
    )
    rows = archive.db.execute(query)
    return {row["id"]: tuple(Doubt(**one) for one in json.loads(row["doubts"])) for row in rows}
