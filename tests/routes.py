"""Rules of routes compiled once a process: each test has an application of its own, and all of them the same routes.

Werkzeug writes and compiles two functions for each rule; for some three hundred rules that was a fifth of the suite's work.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule


def compile_once() -> None:
    """Every application made from now on in this process shares what its rules have in common with another's."""
    made: dict[tuple[object, ...], Callable[..., tuple[str, str]]] = {}
    compiled = Rule._compile_builder

    def once(self: Rule, append_unknown: bool = True) -> Any:
        if self.defaults:  # its values are written into the function
            return compiled(self, append_unknown)
        key = (self.rule, tuple(self._trace), append_unknown)
        if key not in made:
            made[key] = compiled(self, append_unknown)
        return made[key]

    Rule._compile_builder = once  # type: ignore[method-assign]
