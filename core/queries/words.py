"""A request in a sentence: «Type est Client et Encours au moins 100 000,00 €»."""

from __future__ import annotations

from core.db.errors import DomainError
from core.queries import operators
from core.queries.fields import Registry
from core.queries.tree import Group
from core.queries.tree import Rule


def sentence(known: Registry, subject: str, group: Group) -> str:
    """The whole in French; «Tous» for a request that asks nothing. What cannot be asked any more is said in its place."""
    return _group(known, subject, group, outer=True) or "Tous"


def _group(known: Registry, subject: str, group: Group, *, outer: bool = False) -> str:
    said = [
        _group(known, subject, one) if isinstance(one, Group) else _rule(known, subject, one) for one in group.rules
    ]  # fmt: skip
    said = [one for one in said if one]
    joined = (" ou " if group.any_of else " et ").join(said)
    if group.negated and joined:
        return f"pas ({joined})"
    return f"({joined})" if len(said) > 1 and not outer else joined


def _rule(known: Registry, subject: str, rule: Rule) -> str:
    try:
        one = known.get(rule.field, subject)
        words = one.words(rule.operator)
        options = dict(one.options) or None
        values = [operators.shown(one.type, typed, options) for typed in rule.values]
    except (DomainError, KeyError, ValueError):
        return f"[critère inconnu\u202f: {rule.field}]"
    joined = " et ".join(values) if rule.operator == "between" else " ou ".join(values)
    return " ".join(part for part in (str(one.label), words, joined) if part)
