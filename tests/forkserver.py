"""Commands without the second that Python takes to load Scrapy: a process that has loaded it forks for each.

What a forked command does is what `python -m MODULE ARGUMENTS` does: its own environment, output, exit code and end. It
is asked for over a socket; for each the server forks twice, so that one waits for the other and tells how it ended.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import resource
import runpy
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import IO, Any, NoReturn

_LOADED = (
    *("search_app.cli", "crawler.cli.crawling", "crawler.cli.looking", "crawler.markup.soup"),
    *("indexer.cli.building", "indexer.cli.updating", "indexer.cli.asking"),
    *(
        "indexer.alerts.run",
        "indexer.engines.directory",
        "indexer.engines.embedded",
        "crawler.spiders.goc_nhin",
        "crawler.middlewares",
        "crawler.pipelines",
        "crawler.extensions",
    ),
    *("aiohttp.web", "protego", "scrapy.core.engine", "scrapy.core.downloader.contextfactory"),
    *("scrapy.core.downloader.handlers.http11", "scrapy.downloadermiddlewares.cookies", "scrapy.squeues"),
    *("scrapy.downloadermiddlewares.httpcompression", "scrapy.extensions.feedexport", "scrapy.extensions.throttle"),
    *("scrapy.extensions.remote_control", "scrapy.downloadermiddlewares.robotstxt", "scrapy.spidermiddlewares.referer"),
)
"""All that a crawl loads before its reactor, but its settings."""


def run(
    module: str, arguments: list[str], env: dict[str, str], timeout: float, file_size: int = 0, preload: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a module in the project's directory; it may write no file larger than `file_size` bytes, if that is given.

    `preload` is a shared library that stands before the C library.
    Raises subprocess.TimeoutExpired, and ends the command then.
    """
    command = [module, *arguments]
    with (
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as err,
        socket.socket(socket.AF_UNIX) as server,
    ):
        server.connect(_server(preload))
        asked = json.dumps({"command": command, "env": env, "file_size": file_size}).encode()
        socket.send_fds(server, [len(asked).to_bytes(4, "big")], [out.fileno(), err.fileno()])
        server.sendall(asked)
        with server.makefile("r") as told:
            number = int(told.readline())
            server.settimeout(timeout)
            try:
                code = int(told.readline())
            except TimeoutError:
                os.kill(number, signal.SIGKILL)
                raise subprocess.TimeoutExpired(command, timeout, _text(out), _text(err)) from None
        return subprocess.CompletedProcess(command, code, _text(out), _text(err))


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode().replace("\r\n", "\n").replace("\r", "\n")


@cache
def _server(preload: str) -> str:
    """The address of this process' server, started when it is first asked for; it ends with this process."""
    folder = tempfile.TemporaryDirectory()
    address = str(Path(folder.name) / "socket")
    command = [sys.executable, "-W", "error::DeprecationWarning:crawler", "-m", "tests.forkserver", address]
    env = {**os.environ, "LD_PRELOAD": preload} if preload else None
    root = Path(__file__).parents[1]
    process = subprocess.Popen(command, cwd=root, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin
    assert process.stdout
    assert process.stdout.readline(), "the fork server did not start"
    atexit.register(folder.cleanup)
    atexit.register(process.wait)
    atexit.register(process.stdin.close)
    return address


def serve(address: str) -> None:
    """Answer until standard input ends."""
    for name in _LOADED:
        __import__(name)
    assert "twisted.internet.reactor" not in sys.modules, "each command installs its own"
    assert "crawler.settings" not in sys.modules, "they are read from the command's environment"
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as listening, selectors.DefaultSelector() as waiting:
        listening.bind(address)
        listening.listen()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        waiting.register(listening, selectors.EVENT_READ)
        waiting.register(sys.stdin, selectors.EVENT_READ)
        while all(key.fileobj is listening for key, _ in waiting.select()):
            client, _ = listening.accept()
            if os.fork() == 0:
                listening.close()
                _supervise(client)
            client.close()


def _supervise(client: socket.socket) -> NoReturn:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    size, outputs, _, _ = socket.recv_fds(client, 4, 2)
    asked = json.loads(client.recv(int.from_bytes(size, "big"), socket.MSG_WAITALL))
    child = os.fork()
    if child == 0:
        client.close()
        _become(asked, outputs)
    client.sendall(f"{child}\n".encode())
    _, status = os.waitpid(child, 0)
    client.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())
    os._exit(0)


def _become(asked: dict[str, Any], outputs: list[int]) -> NoReturn:
    """Run the command as if Python had just been started for it."""
    null = os.open(os.devnull, os.O_RDONLY)
    for target, source in enumerate((null, *outputs)):
        os.dup2(source, target)
    os.environ.clear()
    os.environ.update(asked["env"])
    if asked["file_size"]:
        resource.setrlimit(resource.RLIMIT_FSIZE, (asked["file_size"], asked["file_size"]))
    module, *arguments = asked["command"]
    sys.argv = [module, *arguments]
    sys.path[:0] = filter(None, asked["env"].get("PYTHONPATH", "").split(os.pathsep))
    # Whatever it raises, SystemExit among it, ends this process as it would end any other.
    runpy.run_module(module, run_name="__main__", alter_sys=True)
    sys.exit()


if __name__ == "__main__":
    serve(sys.argv[1])
