"""Real OpenSearch nodes on loopback, each a process of its own.

`python -m tests.opensearch.nodes FOLDER [NODES]` starts some, prints their addresses, and runs until Ctrl-C.
"""

from __future__ import annotations

import json
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
RECIPE = Path(__file__).parent
BUILD = ROOT / "build/opensearch"
"""Where Maven puts the jars; they are fetched once."""
PROGRAMS = ("mvn", "java")
PATIENCE = 120.0
"""Seconds a cluster may take until it is there."""
LOGGING = """
status = error
appender.out.type = Console
appender.out.name = out
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = %d{ISO8601} %p %c{1} %m%n
rootLogger.level = warn
rootLogger.appenderRef.out.ref = out
"""
JAVA = (
    *("-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError", "-Djava.awt.headless=true", "-Dfile.encoding=UTF-8"),
    *("-Djna.nosys=true", "-Djava.locale.providers=SPI,COMPAT", "-Dlog4j2.disable.jmx=true"),
    *("-Dlog4j.shutdownHookEnabled=false", "-Dio.netty.noUnsafe=true", "-Dio.netty.recycler.maxCapacityPerThread=0"),
)
QUICK = ("-XX:TieredStopAtLevel=1",)
"""Starts sooner and runs slower: for tests, not for measuring."""


class NoNode(Exception):
    """A node that cannot be had or did not start; the message says why."""


def built() -> Path:
    """The folder of the jars; Maven fetches them if they are not there. Raises NoNode."""
    jars = BUILD / "jars"
    if not (BUILD / "complete").exists():
        if lacking := [program for program in PROGRAMS if shutil.which(program) is None]:
            raise NoNode(f"{' and '.join(lacking)} cannot be found: install Debian's maven and default-jdk-headless")
        shutil.rmtree(BUILD, ignore_errors=True)
        shutil.copytree(RECIPE, BUILD / "recipe")
        copying = ["dependency:copy-dependencies", f"-DoutputDirectory={jars}", "-DincludeScope=runtime"]
        command = ["mvn", "-q", "-B", "-f", str(BUILD / "recipe/pom.xml"), "package", *copying]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise NoNode(f"Maven cannot fetch OpenSearch: {done.stdout[-1000:]}")
        shutil.copy(BUILD / "recipe/target/node-1.jar", jars)
        (BUILD / "complete").touch()
    return jars


class Cluster:
    """Nodes with their homes in `folder`, each on ports of its own. A context: all of them are ended at its end."""

    def __init__(self, folder: Path, count: int = 1, heap: str = "384m", options: Sequence[str] = QUICK) -> None:
        self._jars, self._heap, self._options = built(), heap, options
        self._homes = [folder / f"node{number}" for number in range(count)]
        self._http, self._transport = _free_ports(count), _free_ports(count)
        self._processes: dict[int, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Cluster:
        with ExitStack() as undo:
            undo.callback(self.stop)
            for number in range(len(self._homes)):
                self.start(number)
            self.wait()
            undo.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def urls(self) -> list[str]:
        """Where the nodes answer."""
        return [f"http://127.0.0.1:{port}" for port in self._http]

    def start(self, number: int) -> None:
        """Start a node, without waiting for it."""
        home = self._homes[number]
        for name in ("config", "tmp"):
            (home / name).mkdir(parents=True, exist_ok=True)
        (home / "config/log4j2.properties").write_text(LOGGING, "utf-8")
        lines = [f"{name}: {json.dumps(value)}" for name, value in self._settings(number).items()]
        (home / "config/opensearch.yml").write_text("\n".join(lines), "utf-8")
        memory = [f"-Xms{self._heap}", f"-Xmx{self._heap}", f"-Djava.io.tmpdir={home / 'tmp'}"]
        command = ["java", *memory, *JAVA, *self._options, "-cp", f"{self._jars}/*", "LoopbackNode", str(home)]
        with (home / "log").open("ab") as log:
            self._processes[number] = subprocess.Popen(command, stdout=log, stderr=log, cwd=home)

    def wait(self, status: str = "green", patience: float = PATIENCE) -> None:
        """Until all running nodes have found each other and the cluster has a status. Raises NoNode."""
        until = time.monotonic() + patience
        while time.monotonic() < until:
            for number, process in self._processes.items():
                if process.poll() is not None:
                    raise NoNode(f"node {number} ended: see {self._homes[number] / 'log'}")
            with suppress(OSError):
                health = self.health(f"?wait_for_status={status}&wait_for_nodes={len(self._processes)}&timeout=2s")
                if not health["timed_out"]:
                    return
            time.sleep(0.1)
        raise NoNode(f"the cluster is not {status} after {patience:g} s")

    def health(self, asked: str = "") -> Any:
        """What the first running node says of the cluster. Raises OSError."""
        port = self._http[min(self._processes)]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_cluster/health{asked}", timeout=10) as answer:
            return json.load(answer)

    def kill(self, number: int) -> None:
        """End a node at once, as a power cut would."""
        process = self._processes.pop(number)
        process.kill()
        process.wait()

    def stop(self) -> None:
        """End all nodes; the data are for one test, so nothing is waited for."""
        for number in list(self._processes):
            self.kill(number)

    def _settings(self, number: int) -> dict[str, object]:
        shared: dict[str, object] = {
            "cluster.name": f"loopback-{self._transport[0]}",
            "node.name": f"node{number}",
            "network.host": "127.0.0.1",
            "http.port": self._http[number],
            "transport.port": self._transport[number],
            "cluster.routing.allocation.disk.threshold_enabled": False,
            # The serial collector leaves garbage that this breaker takes for memory in use.
            "indices.breaker.total.use_real_memory": False,
        }
        if len(self._homes) == 1:
            return {**shared, "discovery.type": "single-node"}
        names = [f"node{one}" for one in range(len(self._homes))]
        seeds = [f"127.0.0.1:{port}" for port in self._transport]
        return {**shared, "discovery.seed_hosts": seeds, "cluster.initial_cluster_manager_nodes": names}


def _free_ports(count: int) -> list[int]:
    with ExitStack() as held:
        sockets = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [one.getsockname()[1] for one in sockets]


def main(folder: str, count: str = "1") -> None:
    with Cluster(Path(folder), int(count)) as cluster:
        print(*cluster.urls, sep=",", flush=True)
        signal.sigwait([signal.SIGINT, signal.SIGTERM])


if __name__ == "__main__":
    main(*sys.argv[1:])
