"""A request as data: rules in groups, nested. It is frozen and hashable, travels as JSON, and knows neither SQL nor rights.

The JSON is that of react-querybuilder: `{"combinator": "and", "not": false, "rules": [{"field", "operator", "value"}, …]}`.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.db.errors import DomainError

#: What a request may hold: beyond, it was not made by a person.
MOST_RULES = 200
DEEPEST = 8
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Rule:
    """One condition: a field's path, an operator's key, and what was typed: texts, as an address or a form holds them."""

    field: str
    operator: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Rules and groups that hold all together, or one of which holds (`any_of`); the other way round where `negated`."""

    rules: tuple[Rule | Group, ...] = ()
    any_of: bool = False
    negated: bool = False

    def each(self) -> Iterator[Rule]:
        """All rules, in their order."""
        for one in self.rules:
            if isinstance(one, Rule):
                yield one
            else:
                yield from one.each()

    def __bool__(self) -> bool:
        return bool(self.rules)


#: A request that asks nothing, and one that nothing answers.
ALL = Group()
NONE = Group((ALL,), negated=True)


def read(data: Any) -> Group:
    """The tree that JSON describes. Raises `DomainError` that says what is wrong with it, in words."""
    found = _group(data, 1)
    if sum(1 for _rule in found.each()) > MOST_RULES:
        raise DomainError(f"Une requête compte {MOST_RULES} critères au plus.")
    return found


def written(group: Group) -> dict[str, Any]:
    """The same as JSON: `read(written(group)) == group`."""
    return {
        "combinator": "or" if group.any_of else "and", "not": group.negated,
        "rules": [written(one) if isinstance(one, Group) else _rule_written(one) for one in group.rules],
    }  # fmt: skip


def _rule_written(rule: Rule) -> dict[str, Any]:
    value: Any = rule.values[0] if len(rule.values) == 1 else list(rule.values)
    return {"field": rule.field, "operator": rule.operator, "value": value}


def _group(data: Any, depth: int) -> Group:
    if depth > DEEPEST:
        raise DomainError(f"Une requête compte {DEEPEST} niveaux de groupes au plus.")
    if not isinstance(data, Mapping) or not isinstance(data.get("rules"), list):
        raise DomainError("Cette requête n'a pas la forme attendue\u202f: un groupe porte une liste de critères.")
    combinator = data.get("combinator", "and")
    if combinator not in ("and", "or"):
        raise DomainError("Un groupe réunit ses critères par «\u202fand\u202f» ou «\u202for\u202f».")
    if len(data["rules"]) > MOST_RULES:
        raise DomainError(f"Une requête compte {MOST_RULES} critères au plus.")
    rules = tuple(_one(item, depth) for item in data["rules"])
    return Group(rules, any_of=combinator == "or", negated=data.get("not") is True)


def _one(data: Any, depth: int) -> Rule | Group:
    if isinstance(data, Mapping) and "rules" in data:
        return _group(data, depth + 1)
    if not isinstance(data, Mapping) or not isinstance(data.get("field"), str) or not isinstance(data.get("operator"), str):
        raise DomainError("Un critère porte un champ, un opérateur et une valeur.")
    return Rule(data["field"][:120], data["operator"][:20], _values(data.get("value")))


def _values(value: Any) -> tuple[str, ...]:
    if value is None or value == "":
        return ()
    if isinstance(value, list):
        if len(value) > MOST_RULES or not all(isinstance(one, str | int) for one in value):
            raise DomainError("La liste de valeurs d'un critère ne peut être lue.")
        return tuple(_text(one) for one in value)
    if not isinstance(value, str | int | float):
        raise DomainError("La valeur d'un critère est un texte, un nombre ou une liste.")
    return (_text(value),)


def _text(value: object) -> str:
    text = str(value)
    if len(text) > _LONGEST or "\0" in text:
        raise DomainError(f"La valeur d'un critère compte {_LONGEST} caractères au plus.")
    return text
