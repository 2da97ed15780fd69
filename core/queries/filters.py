"""A list's filters as a request: what stands in its address, and in a saved view, is asked of the one engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.queries.pages import Asked
from core.queries.tree import Group
from core.queries.tree import Rule
from core.web.lists import ListFilter
from core.web.lists import ListState

#: Kind of filter → the operator that it means.
_OPERATORS: Mapping[str, str] = {"choice": "=", "search": "find", "context": "=", "amount": ">=", "since": ">=", "until": "<="}


def asked(state: ListState, *, only: tuple[str, ...] | None = None) -> Asked:
    """What a list is asked for; filters that could not be read ask nothing, and say so beside their field."""
    rules = tuple(
        rule(one, state.typed[one.key]) for one in state.filters
        if one.field and state.typed.get(one.key) and one.key not in state.problems
    )  # fmt: skip
    return Asked(Group(rules), state.sort, state.descending, only)


def rule(one: ListFilter, typed: Any) -> Rule:
    """One filter as a rule."""
    return Rule(one.field, one.operator or _OPERATORS[one.kind], (str(typed),))
