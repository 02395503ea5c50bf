"""`python -m tests.audited FILE ARGUMENTS`: goc-nhin, and in FILE as JSON whom it tried to reach and its memory.

`reached`: each host and port that a name was looked up for or a connection made to. `memory`: its most, in bytes.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from crawler.cli.shared import run_command
from search_app.cli import goc_nhin

_reached: set[str] = set()


def _listen(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        _reached.add(f"{arguments[1][0]}:{arguments[1][1]}")
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        _reached.add(f"{arguments[0]!r} looked up")


sys.addaudithook(_listen)
code = run_command(goc_nhin, sys.argv[2:])
# Not getrusage: what it tells begins with the memory of the process that started this one.
status = Path("/proc/self/status").read_text("utf-8")
memory = int(status.split("VmHWM:")[1].split()[0]) * 1024
Path(sys.argv[1]).write_text(json.dumps({"reached": sorted(_reached), "memory": memory}), "utf-8")
sys.exit(code)
