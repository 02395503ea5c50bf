from __future__ import annotations

from pathlib import Path

from indexer.answers.similar import similar
from tests.helpers import article, indexed

TEXTS = [
    "Ùn tắc giao thông giờ cao điểm khiến ai cũng mệt mỏi.",
    "Giờ cao điểm, ùn tắc giao thông lại tái diễn.",
    "Giao thông đô thị cần thêm xe buýt.",
    "Tết Trung thu của trẻ em phố cổ.",
]


def test_articles_that_share_telling_pairs_come_first(tmp_path: Path) -> None:
    reader = indexed(tmp_path, [article(number, text, title=text) for number, text in enumerate(TEXTS, 1)])
    found = [int(reader.ids[doc]) for doc in similar(reader, reader.doc_of(1) or 0)]
    assert found == [2, 3]
    assert similar(reader, reader.doc_of(4) or 0) == []


def test_no_more_than_asked_for(tmp_path: Path) -> None:
    reader = indexed(tmp_path, [article(number, "Cùng một bài viết.") for number in range(1, 10)])
    assert len(similar(reader, 0, most=3)) == 3
