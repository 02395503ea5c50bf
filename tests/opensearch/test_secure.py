"""Nodes behind TLS and a password: asked only where the authority is the one that was named; and nobody is told."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from crawler.archive.archive import Archive
from indexer.opensearch.cluster import ClusterRefused, ClusterUnavailable
from indexer.opensearch.store import Remote
from indexer.opensearch.where import Where
from indexer.query.parameters import SearchRequest
from tests.helpers import article, missing, page, run
from tests.opensearch.nodes import Cluster
from tests.test_deploy import free_port

USER, PASSWORD = "tòa soạn", "rất bí mật 1/2"
CONFIGURATION = """
daemon off; user {user}; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{}}
http {{
    access_log off; client_max_body_size 100m;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_certificate {folder}/node.pem; ssl_certificate_key {folder}/node.key;
        auth_basic "cluster"; auth_basic_user_file {folder}/users;
        location / {{ proxy_pass {node}; }}
    }}
}}
"""


@dataclass(frozen=True)
class Front:
    """Where nodes answer over TLS, by which authority's certificate."""

    url: str
    ca: Path


@pytest.fixture(scope="module")
def front(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """An nginx with a certificate of its own authority, in front of the node."""
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if nginx is None or shutil.which("openssl") is None:
        missing("nginx or openssl")
    folder, port = tmp_path_factory.mktemp("tls"), free_port()
    for name in ("ours", "another"):
        _authority(folder, name)
    _certificate(folder)
    (folder / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n", "utf-8")
    conf = CONFIGURATION.format(folder=folder, port=port, node=cluster.urls[0], user=getpass.getuser())
    (folder / "nginx.conf").write_text(conf, "utf-8")
    with subprocess.Popen([nginx, "-c", folder / "nginx.conf", "-p", folder], stderr=subprocess.DEVNULL) as process:
        try:
            _wait(port)
            yield Front(f"https://127.0.0.1:{port}", folder / "ours.pem")
        finally:
            process.terminate()


def _wait(port: int) -> None:
    until = time.monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert time.monotonic() < until, "nginx does not listen"
            time.sleep(0.05)
        else:
            return


def _openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


def _authority(folder: Path, name: str) -> None:
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", f"{name}.key")
    _openssl(folder, "req", "-x509", *key, "-out", f"{name}.pem", "-days", "2", "-subj", f"/CN={name}")


def _certificate(folder: Path) -> None:
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "node.key")
    _openssl(folder, "req", *key, "-out", "node.csr", "-subj", "/CN=node")
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1")
    signed = ("-CA", "ours.pem", "-CAkey", "ours.key", "-CAcreateserial", "-days", "2", "-extfile", "names")
    _openssl(folder, "x509", "-req", "-in", "node.csr", *signed, "-out", "node.pem")


@pytest.fixture
def place(front: Front, where: Where) -> Where:
    return replace(where, hosts=(front.url,), user=USER, password=PASSWORD, ca=front.ca)


def test_the_named_authority_and_the_password_are_enough(place: Where, tmp_path: Path) -> None:
    remote = Remote(place)
    with Archive.open(tmp_path) as archive:
        archive.put(article(1, "chợ quê"), page())
        remote.build(archive)
        assert list(remote.problems(archive)) == []
    assert len(remote.opened().search(SearchRequest(q="chợ"))) == 1


@pytest.mark.parametrize("authority", ["another.pem", None])
def test_a_node_of_another_authority_is_not_asked(front: Front, place: Where, authority: str | None) -> None:
    ca = front.ca.parent / authority if authority else None
    with pytest.raises(ClusterUnavailable, match="certificate") as told:
        Remote(replace(place, ca=ca)).newest()
    assert PASSWORD not in str(told.value)


def test_a_wrong_password_is_refused_in_one_sentence(place: Where) -> None:
    with pytest.raises(ClusterRefused, match="401") as told:
        Remote(replace(place, password="Rất sai")).newest()
    assert not any(said in str(told.value) for said in ("Rất sai", USER))
    assert "\n" not in str(told.value)


def test_no_command_says_the_password(front: Front, place: Where, tmp_path: Path) -> None:
    settings: dict[str, Any] = {
        "GOC_NHIN_SEARCH": f"{front.url}/{place.alias}",
        "GOC_NHIN_SEARCH_USER": USER,
        "GOC_NHIN_SEARCH_PASSWORD": PASSWORD,
        "GOC_NHIN_SEARCH_CA": str(front.ca),
    }
    with Archive.open(tmp_path) as archive:
        archive.put(article(1, "chợ quê"), page())
    for command in ("index", "status", "verify"):
        done = run(command, "--data", tmp_path, **settings)
        assert done.returncode == 0, done.stderr
        assert PASSWORD not in done.stdout + done.stderr
    done = run("index", "--data", tmp_path, **{**settings, "GOC_NHIN_SEARCH_CA": str(front.ca.parent / "another.pem")})
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert "GOC_NHIN_SEARCH_CA" in done.stderr
