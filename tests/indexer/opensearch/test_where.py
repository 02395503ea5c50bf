from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from indexer.opensearch.where import BadPlace, Where
from tests.helpers import ROOT, run

NAMES = ("", "_USER", "_PASSWORD", "_CA")


def read(patch: pytest.MonkeyPatch, *values: str) -> Where:
    for name, value in zip(NAMES, values, strict=False):
        patch.setenv(f"GOC_NHIN_SEARCH{name}", value)
    return Where.read()


@pytest.mark.parametrize(
    ("given", "hosts", "alias"),
    [
        ("http://a:9200/goc-nhin", ("http://a:9200",), "goc-nhin"),
        ("http://a:9200,https://b/goc_nhin.1", ("http://a:9200", "https://b"), "goc_nhin.1"),
        ("http://a:9200/x, http://b:9200/x/", ("http://a:9200", "http://b:9200"), "x"),
        ("http://[::1]:9200/x", ("http://[::1]:9200",), "x"),
    ],
)
def test_addresses_and_index(monkeypatch: pytest.MonkeyPatch, given: str, hosts: tuple[str, ...], alias: str) -> None:
    assert read(monkeypatch, given) == Where(hosts, alias)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("elastic", "write whoosh, or http://host1:9200"),
        ("http://a:9200", "has to name one index"),
        ("http://a:9200/x,http://b:9200/y", "has to name one index"),
        ("http://a:9200/Góc", "in small letters"),
        ("http://a:9200/_all", "in small letters"),
        ("http://a:9200/x/y", "in small letters"),
        ("ftp://a/x", "write whoosh"),
        ("http://a/x?y=1", "write whoosh"),
    ],
)
def test_what_names_no_place_is_refused(monkeypatch: pytest.MonkeyPatch, given: str, said: str) -> None:
    with pytest.raises(BadPlace, match=r"^GOC_NHIN_SEARCH is “") as told:
        read(monkeypatch, given)
    assert said in str(told.value)


def test_a_password_is_given_by_itself_and_never_shown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(BadPlace, match="holds a password") as told:
        read(monkeypatch, "http://an:secret@a:9200/x")
    assert "secret" not in str(told.value)
    with pytest.raises(BadPlace, match="both or neither"):
        read(monkeypatch, "http://a:9200/x", "an")
    with pytest.raises(BadPlace, match="no such file"):
        read(monkeypatch, "https://a:9200/x", "an", "secret", str(tmp_path / "none"))
    (tmp_path / "ca.pem").touch()
    found = read(monkeypatch, "https://a:9200/x", "an", "secret", str(tmp_path / "ca.pem"))
    assert (found.user, found.password, found.ca) == ("an", "secret", tmp_path / "ca.pem")
    assert "secret" not in repr(found)


def test_a_command_says_in_one_line_that_no_cluster_answers(tmp_path: Path, specimens: Path) -> None:
    for command in (("search", "xe"), ("index",), ("export",)):
        done = run(*command, "--data", specimens, GOC_NHIN_SEARCH="http://127.0.0.1:9/x")
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.strip().endswith("the search cluster at http://127.0.0.1:9 does not answer")
        assert len(done.stderr.splitlines()) == 1


UNSET = """
import sys
from pathlib import Path
from search_app import create_app
create_app(Path(sys.argv[1])).test_client().get("/?q=xe")
print(*sorted({name.split(".")[0] for name in sys.modules} & {"opensearchpy", "redis", "grpc"}))
"""


def test_where_nothing_is_set_nothing_of_it_is_loaded(specimens: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", UNSET, str(specimens)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ""
