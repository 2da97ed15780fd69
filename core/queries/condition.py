"""A tree of rules as one SQL condition on its subject. Values are parameters, never text of the statement."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import and_
from sqlalchemy import false
from sqlalchemy import func
from sqlalchemy import not_
from sqlalchemy import or_
from sqlalchemy import true

from core.db.errors import DomainError
from core.hooks.types import Adviser
from core.queries import operators
from core.queries.fields import Field
from core.queries.fields import Registry
from core.queries.tree import Group
from core.queries.tree import Rule


def condition(known: Registry, subject: str, key: Any, group: Group, adviser: Adviser) -> ColumnElement[bool]:
    """What the tree asks of a subject whose ids are `key`. Raises `DomainError` for what cannot be asked or read."""
    return _group(known, subject, key, group, adviser)


def _group(known: Registry, subject: str, key: Any, group: Group, adviser: Adviser) -> ColumnElement[bool]:
    made = [
        _group(known, subject, key, one, adviser) if isinstance(one, Group)
        else _rule(known.get(one.field, subject), key, one, adviser)
        for one in group.rules
    ]  # fmt: skip
    if not made:
        return true()
    found = or_(*made) if group.any_of else and_(*made)
    # «unknown» must not survive a negation: what is not known to hold does not hold
    return not_(func.coalesce(found, false())) if group.negated else found


def _rule(one: Field, key: Any, rule: Rule, adviser: Adviser) -> ColumnElement[bool]:
    if one.special:
        if rule.operator not in one.special:
            raise _unknown(one, rule)
        return one.special[rule.operator][1](adviser, rule.values)
    operator = one.operators.get(rule.operator)
    if operator is None:
        raise _unknown(one, rule)
    count = len(rule.values)
    if (operator.takes == -1 and not count) or (operator.takes >= 0 and count != operator.takes):
        raise DomainError(f"{one.label}\u202f: «\u202f{operator.words}\u202f» demande une valeur à cet endroit.", field=one.path)
    options = dict(one.options) or None
    values = [operators.value(one.type, typed, options, str(one.label)) for typed in rule.values]
    if one.among is not None:
        return _among(one, key, rule, operator, values)
    assert one.column is not None, one.path
    return operator.make(one.column(adviser), values)


def _among(one: Field, key: Any, rule: Rule, operator: operators.Operator, values: list[Any]) -> ColumnElement[bool]:
    """Of several values: one of them is so; «n'est pas»: none of them is."""
    assert one.among is not None
    owner, value = list(one.among.selected_columns)
    if rule.operator == "empty":
        return key.not_in(one.among.with_only_columns(owner))  # type: ignore[no-any-return]
    if rule.operator == "filled":
        return key.in_(one.among.with_only_columns(owner))  # type: ignore[no-any-return]
    positive = {"!=": "=", "not_in": "in", "lacks": "contains"}.get(rule.operator)
    asked = one.operators[positive] if positive else operator
    found = one.among.with_only_columns(owner).where(asked.make(value, values))
    return key.not_in(found) if positive else key.in_(found)  # type: ignore[no-any-return]


def _unknown(one: Field, rule: Rule) -> DomainError:
    said = f"{one.label}\u202f: l'opérateur «\u202f{rule.operator}\u202f» n'existe pas pour ce champ."
    return DomainError(said, field=one.path)
