"""`python -m tests.faults.dying STEP ARGUMENTS`: goc-nhin, killed with -9 at the STEPth thing it does to files from the
manifest's being written on; at its end it prints how many there were."""

from __future__ import annotations

import os
import signal
import sys

from crawler.cli.shared import run_command
from indexer.index.generation import MANIFEST
from search_app.cli import goc_nhin

STEPS = ("open", "os.rename", "os.chmod", "os.remove", "os.rmdir", "os.listdir", "os.scandir", "shutil.rmtree")
steps = 0


def _listen(event: str, arguments: tuple[object, ...]) -> None:
    global steps
    if event in STEPS and (steps or f".{MANIFEST}." in str(arguments[0])):
        steps += 1
        if steps == int(sys.argv[1]):
            os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    sys.addaudithook(_listen)
    code = run_command(goc_nhin, sys.argv[2:])
    print(steps)
    sys.exit(code)
