"""What the hub gives back: the contributions, and who failed, so that a page can say it in its slot."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from typing import Any
from typing import Generic
from typing import NamedTuple
from typing import TypeVar

from core.hooks.specs import Spec

T = TypeVar("T")

#: Most items that one plugin may contribute to one call.
MOST = 500


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
    """The result, if it is what the specification says; `WrongResult` otherwise."""
    if spec.shape == "none":
        return None
    if spec.shape == "one":
        if not isinstance(result, spec.item):
            raise WrongResult(f"{spec.item.__name__} attendu, {type(result).__name__} reçu")
        return result
    if spec.shape == "mapping":
        mapped = type(result) is dict or isinstance(result, Mapping)
        if not mapped or not all(isinstance(key, str) and isinstance(value, spec.item) for key, value in result.items()):
            raise WrongResult(f"un dictionnaire de {spec.item.__name__} était attendu")
        return result
    if not isinstance(result, Sequence) or isinstance(result, str | bytes):
        raise WrongResult(f"une liste de {spec.item.__name__} était attendue, {type(result).__name__} reçu")
    if len(result) > MOST:
        raise WrongResult(f"{len(result)} éléments : {MOST} au plus")
    wrong = next((item for item in result if not isinstance(item, spec.item)), None)
    if wrong is not None:
        raise WrongResult(f"{spec.item.__name__} attendu, {type(wrong).__name__} reçu")
    return result
