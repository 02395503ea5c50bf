"""Each call of each command that writes fails once: with a full disk, a broken one, without the right."""

from __future__ import annotations

import errno
import re
import shutil
from collections import Counter
from collections.abc import Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tests.faults.machine.jobs import Job, again, jobs, wrong
from tests.faults.machine.shim import Failure, calls, run
from tests.replica.pieces import many
from tests.replica.site import serving

ERRORS = (errno.ENOSPC, errno.EIO, errno.EACCES)
AT_ONCE = 3
ARTICLES = 3
WELL = 0
HARMLESS: Mapping[str, str] = MappingProxyType(
    {
        r".* (open|write|sync|truncate) \d+ /archive\.sqlite-journal": "for this run SQLite keeps its journal",
        r"crawl write \d /archive\.sqlite": "the first bytes of a new archive; for this run SQLite keeps its journal",
        r".* sync \d+ ": "the name of SQLite's log; in the end it is copied into the archive, and that is synced",
        r".* sync \d+ /archive\.sqlite": "while a new archive is laid out; in the end it is synced, and that is told",
        r".* unlink \d+ /archive\.sqlite-(journal|wal|shm)": "read or swept by whoever opens it next",
        r".* unlink \d+ /index/.*": "left over, and swept by the next build",
    }
)
"""Where a command whose call failed may end as if nothing had: a pattern of “job kind number path”, and why."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of a failure: the file, the exit code, what went wrong then."""

    job: str
    failure: Failure
    path: str
    code: int
    said: str
    problems: tuple[str, ...]

    def __str__(self) -> str:
        failure = self.failure
        return f"{self.job}: {failure.kind} {failure.number} of {self.path} with {errno.errorcode[failure.errno]}"


def failing(home: Path, every: int) -> Generator[str, None, int]:
    """What was not right after each `every`th of the failures there can be; how many were tried. Raises NoShim."""
    home.mkdir()
    with serving(many(ARTICLES)) as site, ThreadPoolExecutor(AT_ONCE) as pool:
        tried = [
            (job, expected, failure)
            for job in jobs(home, site)
            for failures, expected in (_unbroken(job, home),)
            for failure in failures
        ]
        trials = list(pool.map(lambda one: _trial(home, *one), tried[::every]))
    codes = Counter(trial.code == WELL for trial in trials)
    happened = [trial for trial in trials if trial.path]
    print(f"     {len(trials)} failed calls, {len(trials) - len(happened)} not reached; {codes[True]} ended with 0")
    for trial in trials:
        yield from (f"{trial}: {problem}" for problem in trial.problems)
        if trial.path and trial.code == WELL and not _is_harmless(trial):
            yield f"{trial}: ended with 0"
        if trial.code != WELL and not re.search(r"(^|\n)goc-nhin[^\n]*\n$", trial.said):
            yield f"{trial}: ended with {trial.code}, and said {trial.said[-300:]!r}"
    return len(happened)


def _unbroken(job: Job, home: Path) -> tuple[list[Failure], Any]:
    """Every failure that its calls can have, and what it leaves without one."""
    data, log = home / f"unbroken {job.name}", home / f"{job.name}.log"
    job.begin(data)
    done = run(job.command(data), data, log=log)
    assert done.returncode == WELL, done.stderr
    counts = Counter(call.kind for call in calls(log))
    numbers = [(kind, number) for kind, most in counts.items() for number in range(1, most + 1)]
    return [Failure(*one, error) for one in numbers for error in ERRORS], job.told(data)


def _trial(home: Path, job: Job, expected: Any, failure: Failure) -> Trial:
    data = home / f"{job.name} {failure.kind} {failure.number} {failure.errno}"
    log = data.with_suffix(".log")
    job.begin(data)
    done = run(job.command(data), data, failure, log)
    found = next((call for call in calls(log) if call.kind == "failed"), None) if log.exists() else None
    problems = [f"then {one}" for one in wrong(data)]
    problems += again(job, data, expected)
    shutil.rmtree(data, ignore_errors=True)
    path = found.path.removeprefix(str(data)) if found else ""
    return Trial(job.name, failure, path, done.returncode, done.stderr, tuple(problems))


def _is_harmless(trial: Trial) -> bool:
    name = f"{trial.job} {trial.failure.kind} {trial.failure.number} {trial.path}"
    return any(re.fullmatch(pattern, name) for pattern in HARMLESS)
