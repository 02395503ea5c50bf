"""`make mutants`: what mutmut may change in the modules of [tool.mutmut] without a test failing.

Each such mutant that harmless.tsv does not explain is printed, and each line there that explains none any more; then
the share that tests kill. Ends with 1 where anything was printed, or not every mutant was tried. That SQL is written in
another case is explained for all: its words, the names of columns, and sqlite3.Row's keys mean the same in either.
"""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

SQL = "crawler.archive."
"""Functions whose texts are SQL."""
EXPLAINED = Path(__file__).with_name("harmless.tsv")
KILLED = frozenset({"killed", "timeout", "caught by type check", "segfault"})
"""What mutmut says of a mutant that was noticed."""
UNTRIED = "not checked"
_QUOTED = re.compile(r"'[^']*'")
_RESULT = re.compile(r" +(\S+): (.+)")
_NUMBERED = re.compile(r"__mutmut_\d+$")


class Mutant(NamedTuple):
    """A change: the function it is in, and its changed lines, those before and those after, each as one text."""

    function: str
    before: str
    after: str


def results(told: str) -> dict[str, str]:
    """The status of each mutant, by its name, as `mutmut results` prints them."""
    return {found[1]: found[2] for line in told.splitlines() if (found := _RESULT.fullmatch(line))}


def mutant(name: str, diff: str) -> Mutant:
    """The mutant of this name, from what `mutmut show` prints of it."""
    lines = [line for line in diff.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    before, after = (" ".join(line[1:].strip() for line in lines if line[0] == sign) for sign in "-+")
    return Mutant(_NUMBERED.sub("", name), before, after)


def is_case_of_sql(one: Mutant) -> bool:
    """Whether only the case of a statement, or of a column's name, is another, and of no value within it."""
    if not one.function.startswith(SQL) or one.before.casefold() != one.after.casefold():
        return False
    return _QUOTED.findall(one.before) == _QUOTED.findall(one.after)


def unexplained(survivors: Iterable[Mutant], explained: Iterable[Mutant]) -> Iterator[str]:
    """A line for each survivor that nobody has explained, and for each explanation of one that does not survive."""
    left, known = Counter(survivors), Counter(explained)
    for one in left - known:
        yield f"survives: {one.function}\n  - {one.before}\n  + {one.after}"
    for one in known - left:
        yield f"explained, but does not survive: {one.function}\n  - {one.before}\n  + {one.after}"


def _explained() -> list[Mutant]:
    with EXPLAINED.open(encoding="utf-8", newline="") as file:
        return [
            Mutant(row["function"], row["before"], row["after"]) for row in csv.DictReader(file, dialect="excel-tab")
        ]


def _mutmut(*arguments: str) -> str:
    command = [str(Path(sys.executable).with_name("mutmut")), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def main() -> int:
    """Tell of the last `mutmut run`; the exit code."""
    found = results(_mutmut("results", "--all", "true"))
    tried = {name: status for name, status in found.items() if status != UNTRIED}
    left = [mutant(name, _mutmut("show", name)) for name, status in tried.items() if status not in KILLED]
    survivors = [one for one in left if not is_case_of_sql(one)]
    wrong = list(unexplained(survivors, _explained()))
    print("\n".join(wrong), end="\n" if wrong else "")
    killed, share = len(tried) - len(left), (len(tried) - len(left)) / max(len(tried), 1)
    print(
        f"{killed} of {len(tried)} mutants killed, {share:.1%}; {len(left)} survive, {len(left) - len(survivors)} of "
        f"them SQL in another case, {len(wrong)} lines not as explained; {len(found) - len(tried)} not tried"
    )
    return 1 if wrong or not tried or len(tried) < len(found) else 0


if __name__ == "__main__":
    sys.exit(main())
