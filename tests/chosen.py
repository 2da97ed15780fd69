"""The tests that run on PostgreSQL too: a list that `make postgres-choice` writes, and what it does not know yet.

A file whose tests are not those of the list's day (one added, one renamed) runs whole; so does a new file.
"""

from __future__ import annotations

import os
import re
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest

from tests.said import function_of

ROOT = Path(__file__).parents[1]
LIST = ROOT / "tests" / "postgres" / "chosen.txt"
#: Asked by `make test-postgresql`; whoever names tests by hand gets those.
ON = os.environ.get("ENCOURS_CHOSEN") == "1"
#: Whole: what several do at once, and what a database does by itself, shows in no statement.
WHOLE = ("tests/core/db/", "tests/core/jobs/", "tests/core/live/", "tests/faults/", "tests/core/search/", "tests/core/queries/")


def functions(path: Path) -> list[str]:
    """The names of a file's tests."""
    return re.findall(r"^(?:async )?def (test_\w+)\(", path.read_text("utf-8"), re.M)


def mark(path: Path) -> str:
    """Changes with the names of a file's tests."""
    return sha256(" ".join(functions(path)).encode()).hexdigest()[:8]


def write(by_file: dict[str, list[str]]) -> None:
    """The list, a line a file: its mark, and the tests chosen, in the file's order."""
    lines = [
        " ".join([path, mark(ROOT / path), *(name for name in functions(ROOT / path) if name in names)])
        for path, names in sorted(by_file.items()) if not path.startswith(WHOLE)
    ]  # fmt: skip
    LIST.write_text("\n".join(lines) + "\n", "utf-8")


@cache
def known() -> dict[str, tuple[str, frozenset[str]]]:
    """File → its mark on the list's day, and its tests that were chosen."""
    rows = [line.split() for line in LIST.read_text("utf-8").splitlines()]
    return {path: (kept, frozenset(names)) for path, kept, *names in rows}


def runs(nodeid: str) -> bool:
    """Whether a test runs on PostgreSQL."""
    path, _, name = function_of(nodeid).partition("::")
    if path.startswith(WHOLE) or path not in known():
        return True
    kept, names = known()[path]
    return kept != mark_of(path) or name in names


@cache
def mark_of(path: str) -> str:
    return mark(ROOT / path)


class Chosen:
    """A pytest plugin: leaves the others out, and counts them."""

    @pytest.hookimpl
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        out = [item for item in items if not runs(item.nodeid)]
        if out:
            config.hook.pytest_deselected(items=out)
            items[:] = [item for item in items if item not in out]
