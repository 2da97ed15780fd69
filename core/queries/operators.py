"""What may be asked of a field, by its type: the operator in words, how its value is read, the SQL that it makes.

Every condition is true or false, never unknown, wherever it stands: «n'est pas Client» keeps those of whom nothing is known.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import and_
from sqlalchemy import or_

from core.db.errors import DomainError
from core.db.folding import Folded
from core.db.folding import plain
from core.web import explained
from core.web import formats
from core.web import inputs


@dataclass(frozen=True, slots=True)
class Operator:
    """`words`: «est», «contient»; `takes`: how many values, -1 for one or more; `make(expression, values)` the SQL."""

    words: str
    takes: int
    make: Callable[[Any, Sequence[Any]], ColumnElement[bool]]


def _empty(it: Any, _values: Sequence[Any]) -> ColumnElement[bool]:
    return it.is_(None)  # type: ignore[no-any-return]


def _filled(it: Any, _values: Sequence[Any]) -> ColumnElement[bool]:
    return it.is_not(None)  # type: ignore[no-any-return]


def _is(it: Any, values: Sequence[Any]) -> ColumnElement[bool]:
    return it == values[0]  # type: ignore[no-any-return]


def _is_not(it: Any, values: Sequence[Any]) -> ColumnElement[bool]:
    return or_(it.is_(None), it != values[0])


def _in(it: Any, values: Sequence[Any]) -> ColumnElement[bool]:
    return it.in_(values)  # type: ignore[no-any-return]


def _not_in(it: Any, values: Sequence[Any]) -> ColumnElement[bool]:
    return or_(it.is_(None), it.not_in(values))


def _between(it: Any, values: Sequence[Any]) -> ColumnElement[bool]:
    low, high = values
    return and_(it >= min(low, high), it <= max(low, high))


def _contains(it: Any, values: Sequence[Any]) -> ColumnElement[bool]:
    return Folded(it).contains(plain(values[0]), autoescape=True)


def _starts(it: Any, values: Sequence[Any]) -> ColumnElement[bool]:
    return Folded(it).startswith(plain(values[0]), autoescape=True)


def _lacks(it: Any, values: Sequence[Any]) -> ColumnElement[bool]:
    return or_(it.is_(None), ~_contains(it, values))


def _same(it: Any, values: Sequence[Any]) -> ColumnElement[bool]:
    return Folded(it) == plain(values[0])


def _other(it: Any, values: Sequence[Any]) -> ColumnElement[bool]:
    return or_(it.is_(None), ~_same(it, values))


EMPTY = {"empty": Operator("n'est pas renseigné", 0, _empty), "filled": Operator("est renseigné", 0, _filled)}
_ORDER = {
    "=": Operator("égal à", 1, _is), "!=": Operator("différent de", 1, _is_not),
    ">=": Operator("au moins", 1, lambda it, values: it >= values[0]),
    "<=": Operator("au plus", 1, lambda it, values: it <= values[0]),
    ">": Operator("supérieur à", 1, lambda it, values: it > values[0]),
    "<": Operator("inférieur à", 1, lambda it, values: it < values[0]),
    "between": Operator("entre", 2, _between), **EMPTY,
}  # fmt: skip
_TEXT = {
    "contains": Operator("contient", 1, _contains), "starts": Operator("commence par", 1, _starts),
    "=": Operator("est", 1, _same), "!=": Operator("n'est pas", 1, _other),
    "lacks": Operator("ne contient pas", 1, _lacks), **EMPTY,
}  # fmt: skip
_CHOICE = {
    "=": Operator("est", 1, _is), "!=": Operator("n'est pas", 1, _is_not),
    "in": Operator("est l'un de", -1, _in), "not_in": Operator("n'est aucun de", -1, _not_in), **EMPTY,
}  # fmt: skip
_DATE = {
    "=": Operator("le", 1, _is), ">=": Operator("à partir du", 1, lambda it, values: it >= values[0]),
    "<=": Operator("jusqu'au", 1, lambda it, values: it <= values[0]), "between": Operator("entre le", 2, _between), **EMPTY,
}  # fmt: skip
_FLAG = {
    "yes": Operator("oui", 0, lambda it, _values: it.is_(True)),
    "no": Operator("non", 0, lambda it, _values: or_(it.is_(None), it.is_(False))),
}  # fmt: skip
#: Type of a field → its operators, the usual one first.
OPERATORS: Mapping[str, Mapping[str, Operator]] = {
    "text": _TEXT, "choice": _CHOICE, "amount": _ORDER, "number": _ORDER, "ratio": _ORDER, "date": _DATE, "flag": _FLAG,
}  # fmt: skip


def value(kind: str, typed: str, options: Mapping[str, str] | None, label: str) -> Any:
    """What was typed, as the database compares it. Raises `DomainError` in words."""
    try:
        if kind == "amount":
            return inputs.amount(typed)
        if kind == "number":
            return Decimal(inputs.amount(typed))
        if kind == "ratio":
            return inputs.amount(typed) / 100
        if kind == "date":
            return inputs.day(typed)
    except ValueError as error:
        raise DomainError(f"{label}\u202f: {explained.said(error) or 'cette valeur ne peut être lue.'}") from error
    if kind == "choice" and options and typed not in options:
        raise DomainError(f"{label}\u202f: «\u202f{typed}\u202f» n'est pas un choix connu.")
    return typed


def shown(kind: str, typed: str, options: Mapping[str, str] | None) -> str:
    """The same for a person: «12 500,00 €», «Client», «3 mars 2026»."""
    if kind == "amount":
        return formats.money(inputs.amount(typed))
    if kind == "date":
        return formats.day(inputs.day(typed))
    if kind == "ratio":
        return f"{typed}\u00a0%"
    return str((options or {}).get(typed, typed)) if kind == "choice" else f"«\u202f{typed}\u202f»" if kind == "text" else typed


