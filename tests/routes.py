"""Rules of routes compiled once a process: each test has an application of its own, and all of them the same routes.

Werkzeug reads each rule and writes and compiles two functions for it; for some six hundred rules that was a fifth of the suite's
work.
"""

from __future__ import annotations

from typing import Any

from werkzeug.routing import Rule

#: What compiling a rule leaves on it. Nothing writes there afterwards, but for the set of arguments.
_MADE = ("_parts", "_trace", "_converters", "arguments")


def compile_once() -> None:
    """Every application made from now on in this process shares what its rules have in common with another's."""
    made: dict[tuple[str, bool], tuple[dict[str, Any], Any, Any]] = {}
    compiled = Rule.compile

    def once(self: Rule) -> None:
        if self.defaults or self.host or self.subdomain:  # they are written into what is compiled
            compiled(self)
            return
        key = (self.rule, self.merge_slashes)
        if key not in made:
            compiled(self)
            made[key] = ({name: getattr(self, name) for name in _MADE}, self._build.__func__, self._build_unknown.__func__)  # type: ignore[attr-defined]
        kept, build, build_unknown = made[key]
        vars(self).update(kept, arguments=set(kept["arguments"]))
        self._build = build.__get__(self, None)
        self._build_unknown = build_unknown.__get__(self, None)

    Rule.compile = once  # type: ignore[method-assign]
