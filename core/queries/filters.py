"""A list's filters as a request: what stands in its address, and in a saved view, is asked of the one engine."""

from __future__ import annotations

from collections.abc import Mapping

from core.queries.fields import known
from core.queries.pages import Asked
from core.queries.tree import NONE
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


def rule(one: ListFilter, typed: str) -> Rule | Group:
    """One filter as a rule; a choice that there is not, in an old address, is nobody's."""
    asked_of = known(one.field)
    if asked_of is not None and asked_of.options and typed not in dict(asked_of.options):
        return NONE
    return Rule(one.field, one.operator or _OPERATORS[one.kind], (typed,))
