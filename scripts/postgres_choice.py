"""Choose the tests that `make test-postgresql` runs: together they send every statement that the suite sends.

Most tests are no matter of the database; run twice, they say the same twice. Of those that `ENCOURS_SAID` recorded on SQLite
(`make postgres-choice`), the fewest seconds' worth are taken that leave no statement out; `tests/chosen.py` reads the list.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests import chosen  # noqa: E402
from tests.sqlite_only import REASONS  # noqa: E402


def cover(statements: dict[str, set[str]], seconds: dict[str, float]) -> list[str]:
    """Test after test, the one that adds most for its time."""
    left, taken = set().union(*statements.values()), list[str]()
    while left:
        best = max(statements, key=lambda name: (len(statements[name] & left) / max(seconds[name], 0.02), name))
        taken.append(best)
        left -= statements[best]
    return taken


def main(recorded: list[str]) -> None:
    statements, seconds = defaultdict[str, set[str]](set), defaultdict[str, float](float)
    for path in recorded:
        for name, one in json.loads(Path(path).read_text("utf-8")).items():
            if name.startswith(tuple(REASONS)):
                continue
            statements[name] |= set(one["statements"])
            seconds[name] += one["seconds"]
    taken = cover(statements, seconds)
    by_file: dict[str, list[str]] = {name.split("::")[0]: [] for name in statements}
    for name in taken:
        path, function = name.split("::")
        by_file[path].append(function)
    chosen.write(by_file)
    count = len(set().union(*statements.values()))
    print(f"{count} statements, by {len(taken)} of {len(statements)} tests, {sum(seconds[name] for name in taken):.0f} s of "
          f"{sum(seconds.values()):.0f}")  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1:])
