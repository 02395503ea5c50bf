from __future__ import annotations

from pathlib import Path

from tests.helpers import answering, article

TEXTS = [
    "Ùn tắc giao thông giờ cao điểm khiến ai cũng mệt mỏi.",
    "Giờ cao điểm, ùn tắc giao thông lại tái diễn.",
    "Giao thông đô thị cần thêm xe buýt.",
    "Tết Trung thu của trẻ em phố cổ.",
]


def test_articles_that_share_telling_pairs_come_first(tmp_path: Path) -> None:
    engine = answering(tmp_path, [article(number, text, title=text) for number, text in enumerate(TEXTS, 1)])
    assert [like.id for like in engine.similar(1)] == [2, 3]
    assert engine.similar(4) == engine.similar(99) == []


def test_no_more_than_asked_for(tmp_path: Path) -> None:
    engine = answering(tmp_path, [article(number, "Cùng một bài viết.") for number in range(1, 10)])
    assert len(engine.similar(1)) == 5
