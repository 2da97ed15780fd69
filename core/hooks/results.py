"""What the hub gives back: the contributions, and who failed, so that a page can say it in its slot."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from dataclasses import fields
from dataclasses import is_dataclass
from datetime import date
from datetime import datetime
from decimal import Decimal
from functools import cache
from types import NoneType
from types import UnionType
from typing import Any
from typing import Generic
from typing import Literal
from typing import NamedTuple
from typing import TypeVar
from typing import get_args
from typing import get_origin
from typing import get_type_hints

from core.hooks.specs import Spec

T = TypeVar("T")

#: Most items that one plugin may contribute to one call; most keys of one batch answer.
MOST = 500
MOST_KEYS = 20_000
#: Types of fields that are checked as they are; anything else is looked into.
PLAIN = frozenset({str, int, float, bool, NoneType, Decimal, date, datetime})


class WrongResult(Exception):
    """A hook returned something else than its specification says."""


class Contribution(NamedTuple, Generic[T]):
    """One result and the plugin it comes from; `key` is the item's, namespaced.

    A tuple, since one is made for each result of each call: a frozen dataclass costs three times as much.
    """

    plugin: str
    title: str
    item: T

    @property
    def key(self) -> str:
        """`plugin:key`."""
        return f"{self.plugin}:{getattr(self.item, 'key', '')}"


@dataclass(frozen=True, slots=True)
class Failure:
    """A plugin that did not answer. `kind`: crash, late, busy, paused, rubbish, partner; `trace` finds the log."""

    plugin: str
    title: str
    kind: str
    text: str
    trace: str
    error: BaseException | None = None


@dataclass(frozen=True, slots=True)
class Collected(Generic[T]):
    """All contributions in their order, and all failures."""

    items: tuple[Contribution[T], ...] = ()
    failures: tuple[Failure, ...] = field(default=())

    def values(self) -> list[T]:
        """The items alone."""
        return [contribution.item for contribution in self.items]


def checked(spec: Spec, result: Any) -> Any:
    """The result, if it is what the specification says, as a tuple or dict of its own; `WrongResult` otherwise."""
    if spec.shape == "none":
        return None
    if spec.shape == "one":
        return _sound(spec.item, result)
    if spec.shape == "mapping":
        if not isinstance(result, Mapping):
            raise WrongResult(f"un dictionnaire de {named(spec.item)} était attendu, {type(result).__name__} reçu")
        if len(result) > MOST_KEYS:
            raise WrongResult(f"{len(result)} éléments : {MOST_KEYS} au plus")
        kept = dict(result)
        last = None
        for key, item in kept.items():
            if type(key) is not str:
                raise WrongResult("les clés doivent être du texte")
            if item is not last:  # a plugin often gives one badge to all of its accounts
                last = _sound(spec.item, item)
        return kept
    if not isinstance(result, Sequence) or isinstance(result, str | bytes):
        raise WrongResult(f"une liste de {named(spec.item)} était attendue, {type(result).__name__} reçu")
    if len(result) > MOST:
        raise WrongResult(f"{len(result)} éléments : {MOST} au plus")
    return tuple(_sound(spec.item, item) for item in result)


def named(wanted: type | tuple[type, ...]) -> str:
    """«FormStep, Ready ou Refused»."""
    names = [one.__name__ for one in (wanted if isinstance(wanted, tuple) else (wanted,))]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} ou {names[-1]}"


def _sound(wanted: type | tuple[type, ...], item: Any) -> Any:
    """The item, if its fields are of the declared types and hold no ready-made HTML (core escapes all of it)."""
    if not isinstance(item, wanted):
        raise WrongResult(f"{named(wanted)} attendu, {type(item).__name__} reçu")
    kind: Any = type(item)
    for name, types, words in fields_of(kind):
        value = getattr(item, name)
        if types is None:
            _look_into(f"{kind.__name__}.{name}", value)
        elif type(value) not in types and (hasattr(value, "__html__") or not isinstance(value, tuple(types))):
            raise WrongResult(f"{kind.__name__}.{name} : {type(value).__name__} reçu")
        if words is not None and value not in words:
            raise WrongResult(f"{kind.__name__}.{name} : «{value}» n'est pas admis")
    return item


@cache
def fields_of(cls: Any) -> tuple[tuple[str, frozenset[type] | None, frozenset[Any] | None], ...]:
    """(name, types, words) of each field of a contribution; `types` is None where the value is looked into."""
    if not is_dataclass(cls):
        return ()
    hints = get_type_hints(cls)
    found = []
    for one in fields(cls):
        hint = hints[one.name]
        words = frozenset(get_args(hint)) if get_origin(hint) is Literal else None
        kinds = {type(word) for word in words} if words else set(get_args(hint) if isinstance(hint, UnionType) else (hint,))
        plain = all(isinstance(kind, type) and (kind in PLAIN) for kind in kinds)
        found.append((one.name, frozenset(kinds) if plain else None, words))
    return tuple(found)


def _look_into(where: str, value: Any) -> None:
    if hasattr(value, "__html__"):
        raise WrongResult(f"{where} : du HTML tout fait n'est pas admis")
    if isinstance(value, Mapping):
        for item in value.values():
            _look_into(where, item)
    elif isinstance(value, tuple | list):
        for item in value:
            _look_into(where, item)
    elif is_dataclass(value) and not isinstance(value, type):
        _sound(type(value), value)
