"""How a hook is declared and implemented: the marks on the methods of `core.hooks.specs.Plugin`. A leaf."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from typing import Literal
from typing import TypeVar

import pluggy

PROJECT = "encours"
_spec_marker = pluggy.HookspecMarker(PROJECT)
_impl_marker = pluggy.HookimplMarker(PROJECT)

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Spec:
    """How a hook is called and what may come back. `item` is the type of each result."""

    lane: Literal["inline", "guarded"]
    kind: Literal["collect", "addressed", "notify"]
    shape: Literal["list", "mapping", "one", "none"]
    item: type | tuple[type, ...]
    #: Seconds after which a guarded call is given up.
    limit: float = 2.0
    #: The version of `core.api` that brought it.
    since: str = "1.0"


def hookspec(
    *, lane: Literal["inline", "guarded"], kind: Literal["collect", "addressed", "notify"],
    shape: Literal["list", "mapping", "one", "none"], item: type | tuple[type, ...], limit: float = 2.0, since: str = "1.0",
) -> Callable[[F], F]:  # fmt: skip
    """Mark a method of `Plugin` as a hook."""

    def mark(function: F) -> F:
        function.encours_hook = Spec(lane, kind, shape, item, limit, since)  # type: ignore[attr-defined]
        return _spec_marker(function)

    return mark


def hookimpl(function: F) -> F:
    """Mark a method as an implementation of the hook of its name."""
    return _impl_marker(function)
