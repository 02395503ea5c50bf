"""The cluster's answers are those of the embedded index, and its index is what the archive is."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crawler.archive.archive import Archive
from indexer.engines.directory import Directory
from indexer.engines.protocol import Engine
from indexer.errors import BadQuery, BuildFailed, IndexDamaged, IndexMissing, IndexMoved
from indexer.language.vietnamese import fold, keys
from indexer.opensearch import building, words
from indexer.opensearch.cluster import Cluster as Client
from indexer.opensearch.cluster import ClusterUnavailable
from indexer.opensearch.engine import Clustered
from indexer.opensearch.store import Remote
from indexer.opensearch.where import Where
from indexer.opensearch.words import Lexicon
from indexer.query.parameters import SearchRequest
from tests.collection import AUTHORS, WORDS, articles, as_typed, query
from tests.helpers import article, page
from tests.indexer.answers.test_about import TEXTS
from tests.opensearch.nodes import Cluster

REQUESTS, SEED = 500, 17
FACETS = ("author", "tag", "section", "year")


@pytest.fixture(scope="module")
def both(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> tuple[Engine, Engine]:
    """The embedded engine and the cluster's over the same 1,500 articles."""
    data = tmp_path_factory.mktemp("both")
    embedded, remote = Directory(data), Remote(Where(tuple(cluster.urls), "both"))
    with Archive.open(data) as archive:
        for one in articles(random.Random(SEED)):
            archive.put(one, page())
        embedded.build(archive)
        remote.build(archive)
    return embedded.opened(), remote.opened()


def requests(chance: random.Random) -> Iterator[SearchRequest]:
    """Queries of every kind, words as people type them, with and without marks, and every filter."""
    for _ in range(REQUESTS):
        words = " ".join(chance.choices(WORDS, k=chance.randint(1, 3)))
        q = chance.choice([as_typed(query(chance)), words, " ".join(map(fold, keys(words))), f'"{words}"', ""])
        yield SearchRequest(
            q=q,
            authors=tuple(chance.choice([(), (), (chance.choice(AUTHORS),), (f"-{AUTHORS[0]}",), ("le ky",)])),
            tags=tuple(chance.choice([(), (), (), (chance.choice(WORDS),)])),
            years=tuple(chance.choice([(), (), ("2019", "2021"), ("-2020",)])),
            since_change=chance.choice([None, None, 700]),
            sort=chance.choice([None, "newest", "oldest"]),
            literal=chance.random() < 0.2,
        )


def told(engine: Engine, request: SearchRequest) -> Any:
    """What both engines must say alike."""
    try:
        result = engine.search(request)
    except BadQuery as error:
        return str(error)
    shown = result.page(1, 10)
    ids = result.ids()
    return {
        "ids": ids if request.order != "relevance" else sorted(ids),
        "total": (len(result), shown["total"], result.accents, shown["phrase_total"]),
        "facets": shown["facets"],
        "months": result.timeline()["months"],
        "notes": [note for note in shown["notes"] if note["code"] not in ("near_corrected", "nothing_near")],
        "first": result.first(),
        "latest": [one.id for one in result.latest(5)],
        "marked": shown["results"] if request.order != "relevance" and result.accents == "exact" else None,
    }


def test_random_requests_have_the_same_answers(both: tuple[Engine, Engine]) -> None:
    sizes = []
    for request in requests(random.Random(SEED)):
        expected = told(both[0], request)
        assert told(both[1], request) == expected, request
        sizes.append(len(expected["ids"]) if isinstance(expected, dict) else 0)
    assert sum(0 < size < 1500 for size in sizes) > REQUESTS * 0.5


def test_an_export_holds_every_article_once_and_whole(both: tuple[Engine, Engine]) -> None:
    expected, found = (list(engine.search(SearchRequest(sort="oldest")).articles()) for engine in both)
    assert found == expected
    assert len(found) == 1500


def test_places_in_a_result_are_told(both: tuple[Engine, Engine]) -> None:
    request = SearchRequest(q="chợ", sort="newest")
    ids = both[0].search(request).ids()
    for engine in both:
        result = engine.search(request)
        assert result.neighbours(ids[1]) == (2, ids[0], ids[2])
        assert result.neighbours(10**9) is None
        assert [hit["id"] for hit in result.page(2, 5)["results"]] == ids[5:10]
        assert result.page(10**6, 50)["results"] == []


SLIPS = ("giao thônh", "quy hoạhc đô thị", "truong lop hocj sinh", "viahe", "vi2a he2", "vỉa hè", "hàng gong", "BRT")


@pytest.mark.parametrize("q", SLIPS)
def test_a_slip_is_mended_alike(both: tuple[Engine, Engine], q: str) -> None:
    expected, found = (engine.search(SearchRequest(q=q)).page(1, 5) for engine in both)
    assert found["suggestion"] == expected["suggestion"]
    assert [offer["query"] for offer in found["offers"]] == [offer["query"] for offer in expected["offers"]]


def test_words_are_fetched_in_parts(both: tuple[Engine, Engine], monkeypatch: pytest.MonkeyPatch) -> None:
    engine = both[1]
    assert isinstance(engine, Clustered)
    whole = Lexicon(engine.snapshot).frequencies
    monkeypatch.setattr(words, "MOST_WORDS", 7)
    assert Lexicon(engine.snapshot).frequencies == whole
    assert len(whole) > 50


def test_what_is_near_says_what_it_lacks(both: tuple[Engine, Engine]) -> None:
    for q in ("hà nội phường zzz", "via he zzz", "sông Hồng zzz -chợ", 'author:"Hoà Bình" vỉa hè zzz'):
        expected, found = (engine.search(SearchRequest(q=q)).page(1, 5) for engine in both)
        assert (found["total"], found["relaxed"]) == (expected["total"], expected["relaxed"])
        assert {tuple(hit["lacks"]) for hit in found["near"]} == {tuple(hit["lacks"]) for hit in expected["near"]}
        assert len(found["near"]) == len(expected["near"])


def test_what_sets_a_result_apart_is_counted_exactly(remote: Remote, tmp_path: Path) -> None:
    with Archive.open(tmp_path) as archive:
        for number, text in enumerate(TEXTS, 1):
            archive.put(article(number, text, title="Tít"), page())
        remote.build(archive)
    engine = remote.opened()
    phrases = engine.search(SearchRequest(q="vỉa hè")).phrases()["phrases"]
    told = {one["text"]: (one["count"], one["total"]) for one in phrases}
    assert (told["hàng rong"], told["lấn chiếm"]) == ((6, 6), (6, 9))
    assert not {"vỉa hè", "người dân"} & told.keys()
    for text, (count, _) in told.items():
        assert len(engine.search(SearchRequest(q=f'vỉa hè "{text}"'))) == count


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path) as found:
        for number in range(1, 8):
            found.put(article(number, "chợ quê", authors=("Lê Hoa",)), page())
        yield found


def totals(remote: Remote, q: str) -> int:
    return len(remote.opened().search(SearchRequest(q=q)))


def test_an_update_brings_what_changed(archive: Archive, remote: Remote) -> None:
    with pytest.raises(IndexMissing, match="goc-nhin index"):
        remote.opened()
    assert remote.build(archive).reason == "first build"
    before = remote.opened()
    archive.put(article(3, "hồ nước"), page())
    archive.put(article(9, "hồ nước", aliases=(1,)), page())
    built = remote.build(archive)
    assert (built.indexed, built.removed, built.articles, built.reason) == (2, 1, 7, "")
    assert (totals(remote, "hồ"), totals(remote, "chợ"), len(before.search(SearchRequest(q="chợ")))) == (2, 5, 7)
    assert remote.opened().article(1) == archive.get(9)
    assert list(remote.problems(archive)) == []
    assert remote.build(archive).indexed == 0


def test_an_index_built_before_anything_was_stored_is_built_anew(remote: Remote, tmp_path: Path, where: Where) -> None:
    with Archive.open(tmp_path) as archive:
        assert remote.build(archive).articles == 0
        archive.put(article(1, "chợ"), page())
        assert (remote.build(archive).reason, totals(remote, "chợ")) == ("first build", 1)
        remote.build(archive, rebuild=True)
    assert len(Client(where).call("GET", f"/{where.alias}-*/_mapping")) == building.KEPT


STAGES = ("_bulk", "write_card", "visible", "_clear")


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("rebuild", [True, False])
def test_a_build_that_is_broken_off_is_gone_on_with(
    archive: Archive, remote: Remote, monkeypatch: pytest.MonkeyPatch, stage: str, rebuild: bool
) -> None:
    remote.build(archive)
    before = remote.opened()
    archive.put(article(3, "hồ nước"), page())

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(building, stage, die)
        if stage != "_clear" or rebuild:
            with pytest.raises(KeyboardInterrupt):
                remote.build(archive, rebuild)
    assert len(before.search(SearchRequest(q="chợ"))) == 7, "who has it open goes on"
    assert totals(remote, "hồ") in (0, 1)
    remote.build(archive)
    assert (totals(remote, "hồ"), totals(remote, "chợ")) == (1, 6)
    assert list(remote.problems(archive)) == []


def test_no_more_indexes_than_are_kept(archive: Archive, remote: Remote, where: Where) -> None:
    for _ in range(4):
        remote.build(archive, rebuild=True)
    found = Client(where).call("GET", f"/{where.alias}-*/_mapping")
    assert len(found) == building.KEPT


def test_what_is_another_archives_is_left_alone(archive: Archive, remote: Remote, tmp_path: Path) -> None:
    remote.build(archive)
    with Archive.open(tmp_path / "other") as other:
        other.put(article(1, "hồ"), page())
        for rebuild in (False, True):
            with pytest.raises(IndexDamaged, match="another archive's and is left alone"):
                remote.build(other, rebuild)
        assert any("another archive" in problem for problem in remote.problems(other))
    assert totals(remote, "chợ") == 7


def test_what_is_no_index_of_ours_is_left_alone(archive: Archive, where: Where) -> None:
    client = Client(where)
    client.call("PUT", f"/{where.alias}", {})
    with pytest.raises(IndexDamaged, match="no index of goc-nhin"):
        Remote(where).build(archive)
    assert client.call("GET", f"/{where.alias}")


def is_refused_and_built_anew(remote: Remote, archive: Archive) -> None:
    with pytest.raises(IndexDamaged, match="another version of this program"):
        remote.opened()
    assert remote.build(archive).reason == "tokenizer or mapping changed"
    assert totals(remote, "chợ") == 7


def test_an_index_of_another_analyzer_is_built_anew(
    archive: Archive, remote: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(building, "fingerprint", lambda: "another")
        remote.build(archive)
    is_refused_and_built_anew(remote, archive)


def test_an_index_of_another_version_is_built_anew(archive: Archive, remote: Remote, where: Where) -> None:
    remote.build(archive)
    client = Client(where)
    (told,) = client.call("GET", f"/{where.alias}/_mapping").values()
    other = {name: value for name, value in told["mappings"]["_meta"].items() if name != "built_at"}
    client.call("PUT", f"/{where.alias}/_mapping", {"_meta": {**other, "more": 1}})
    is_refused_and_built_anew(remote, archive)


def test_a_moment_that_is_lost_is_had_again_or_told(archive: Archive, remote: Remote, where: Where) -> None:
    remote.build(archive)
    engine, client = remote.opened(), Client(where)
    client.call("DELETE", "/_search/point_in_time/_all")
    assert len(engine.search(SearchRequest(q="chợ"))) == 7
    archive.put(article(3, "hồ nước"), page())
    remote.build(archive)
    client.call("DELETE", "/_search/point_in_time/_all")
    for _ in range(3):
        with pytest.raises(IndexMoved):
            engine.search(SearchRequest(q="chợ"))
    assert client.call("GET", "/_search/point_in_time/_all").get("pits", []) == [], "each try held a moment of its own"


def test_an_index_that_takes_no_more_ends_an_update_and_loses_nothing(
    archive: Archive, remote: Remote, where: Where
) -> None:
    remote.build(archive)
    client = Client(where)
    archive.put(article(3, "hồ nước"), page())
    client.call("PUT", f"/{where.alias}/_settings", {"index.blocks.read_only_allow_delete": True})
    with pytest.raises(BuildFailed, match="disk is full: nothing is lost"):
        remote.build(archive)
    assert totals(remote, "chợ") == 7
    client.call("PUT", f"/{where.alias}/_settings", {"index.blocks.read_only_allow_delete": None})
    remote.build(archive)
    assert (totals(remote, "hồ"), list(remote.problems(archive))) == (1, [])


def test_an_export_is_of_one_moment(archive: Archive, remote: Remote, another: Callable[[], Remote]) -> None:
    for number in range(100, 1200):
        archive.put(article(number, "chợ"), page())
    remote.build(archive)
    exported = another().opened().search(SearchRequest(q="chợ", sort="oldest")).articles()
    found = [next(exported).id]
    for number in range(100, 1200):
        archive.put(article(number, "hồ"), page())
    remote.build(archive)
    remote.build(archive, rebuild=True)
    found += [one.id for one in exported]
    assert len(found) == len(set(found)) == 1107


def test_without_a_cluster_there_is_one_sentence(where: Where) -> None:
    gone = replace(where, hosts=("http://127.0.0.1:9",), user="an", password="Bí mật")
    with pytest.raises(ClusterUnavailable, match=r"^the search cluster at http://127.0.0.1:9 does not answer$"):
        Remote(gone).opened()
    assert "mật" not in repr(gone)
