"""Which statements each test sends to its database, and how long it takes: what `scripts/postgres_choice.py` chooses by."""

from __future__ import annotations

import json
import os
import re
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

#: `ENCOURS_SAID=<beginning of a path>`: each worker of the suite writes `<beginning>-<worker>.json` as it ends.
WHERE = os.environ.get("ENCOURS_SAID", "")
_ROW = re.compile(r"\((?:\?|%\(\w+\)s(?:::\w+)?)(?:, (?:\?|%\(\w+\)s(?:::\w+)?))*\)")
_FUNCTION = re.compile(r"[\[@]")
_ROWS = re.compile(r"(\(\?\))(, \(\?\))+")


def plain(statement: str) -> str:
    """A statement, however many values its lists hold and its rows are."""
    return _ROWS.sub(r"\1", _ROW.sub("(?)", statement))


class Said:
    """A pytest plugin."""

    def __init__(self) -> None:
        self._now = ""
        self._statements: dict[str, set[str]] = defaultdict(set)
        self._seconds: dict[str, float] = defaultdict(float)
        event.listen(Engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        self._statements[self._now].add(statement)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """All of a test, with what its fixtures do."""
        self._now, begun = function_of(item.nodeid), time.process_time()
        try:
            return (yield)
        finally:
            self._seconds[self._now] += time.process_time() - begun
            self._now = ""

    def pytest_sessionfinish(self) -> None:
        """Write it down."""
        found = {
            name: {"seconds": seconds, "statements": sorted({plain(one) for one in self._statements[name]})}
            for name, seconds in self._seconds.items()
        }  # fmt: skip
        path = Path(f"{WHERE}-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}.json")
        path.write_text(json.dumps(found), "utf-8")


def function_of(nodeid: str) -> str:
    """A test's file and function: without its parameters and its group."""
    path, _, rest = nodeid.partition("::")
    return f"{path}::{_FUNCTION.split(rest)[0]}"
