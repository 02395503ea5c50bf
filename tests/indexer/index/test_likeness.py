from __future__ import annotations

from pathlib import Path

import numpy as np

from indexer.answers.search import search
from indexer.index.likeness import WEIGHT, support
from indexer.query.parameters import SearchRequest
from tests.helpers import article, indexed

MARKET = "Chợ quê họp sớm, người bán rau ngồi dọc bờ đê, hàng cá kê sát mép nước."
ROADS = "Đường vành đai ùn tắc mỗi chiều, xe buýt nhích từng mét giữa dòng ô tô."


def test_documents_support_those_with_the_same_pairs_of_words(tmp_path: Path) -> None:
    texts = [MARKET, MARKET, ROADS, "Thư viện mở cửa muộn."]
    reader = indexed(tmp_path, [article(n, text, title=f"Bài {n}") for n, text in enumerate(texts, 1)])
    docs = np.array([reader.doc_of(number) for number in (1, 2, 3, 4)])
    gained = support(reader, docs, np.array([8.0, 1.0, 4.0, 4.0]))
    assert gained[1] > gained[0] > 0.2, "each gains by the score of the other"
    assert gained[1] <= WEIGHT * 8
    assert gained[3] < 0.1 * gained[1], "what is like nothing else gains next to nothing"


def test_one_document_alone_gains_nothing(tmp_path: Path) -> None:
    reader = indexed(tmp_path, [article(1, MARKET)])
    assert support(reader, reader.everything, np.array([3.0])).tolist() == [0.0]
    assert not len(support(reader, reader.everything[:0], np.array([])))


def test_of_equal_documents_the_one_like_others_comes_first(tmp_path: Path) -> None:
    texts = [f"Chuyện rác thải {tail}" for tail in ("ở thư viện cũ kỹ", "cuối chợ quê nghèo", "cuối chợ quê xa")]
    reader = indexed(tmp_path, [article(n, text, title="Bài") for n, text in enumerate(texts, 1)])
    found = reader.ids[search(reader, SearchRequest(q="rác thải")).docs].tolist()
    assert sorted(found) == [1, 2, 3]
    assert found[-1] == 1


def test_a_phrase_in_quotes_is_ranked_by_its_words_alone(tmp_path: Path) -> None:
    texts = [f"Chuyện rác thải {tail}" for tail in ("ở thư viện cũ", "cuối chợ quê nghèo", "cuối chợ quê xa")]
    reader = indexed(tmp_path, [article(n, text, title="Bài") for n, text in enumerate(texts, 1)])
    scores = search(reader, SearchRequest(q='"rác thải"')).scores
    assert len(set(scores.round(9).tolist())) == 1
