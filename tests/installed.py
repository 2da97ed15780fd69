"""What is installed, looked up once a process: each test has an application of its own, and all of them the same programs.

Python reads the papers of some two hundred packages for it, twice an application. A path that a test made longer is looked
through anew.
"""

from __future__ import annotations

import sys
from functools import cache
from importlib.metadata import EntryPoint
from importlib.metadata import EntryPoints
from importlib.metadata import entry_points

from core.hooks import registry as plugins
from core.themes import registry as themes


def look_up_once() -> None:
    """Every application made from now on in this process shares what is found on today's path."""
    path = tuple(sys.path)
    kept = cache(lambda group: entry_points(group=group))
    names: dict[tuple[EntryPoint, int], str] = {}
    named = plugins._distribution

    def found(*, group: str) -> EntryPoints:
        return kept(group) if tuple(sys.path) == path else entry_points(group=group)

    def distribution(entry: EntryPoint) -> str:
        if entry.dist is None or entry not in kept(entry.group):
            return named(entry)
        key = entry, id(entry.dist)  # what is kept lives as long as the process: no other has its id
        if key not in names:
            names[key] = named(entry)
        return names[key]

    plugins.entry_points = themes.entry_points = found  # type: ignore[attr-defined]
    plugins._distribution = distribution
