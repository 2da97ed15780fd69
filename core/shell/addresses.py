"""Addresses that plugins contribute: one that leads nowhere is its plugin's fault, and costs its own entry only (PL-05)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from typing import Generic
from typing import Protocol
from typing import TypeVar

from flask import url_for
from werkzeug.routing import BuildError

from core.hooks.results import Collected
from core.hooks.results import Contribution
from core.hooks.results import Failure
from core.shell.gate import current_context
from core.shell.gate import hub


class Placed(Protocol):
    """A contribution that leads to a page."""

    @property
    def endpoint(self) -> str: ...


T = TypeVar("T", bound=Placed)


@dataclass(frozen=True, slots=True)
class Reached(Generic[T]):
    """Contributions with their addresses, and the plugins that failed, now or when they were asked."""

    found: tuple[tuple[Contribution[T], str], ...]
    failures: tuple[Failure, ...]

    def values(self) -> list[T]:
        """The items alone."""
        return [contribution.item for contribution, _ in self.found]

    def url(self, item: T) -> str:
        """An item's address."""
        return next(url for contribution, url in self.found if contribution.item is item)


def reached(collected: Collected[T], hook: Callable[..., Any], **values: Any) -> Reached[T]:
    """The contributions of `hook` whose endpoint exists and takes these values; the others are counted as failures."""
    found, failures = [], list(collected.failures)
    for contribution in collected.items:
        try:
            found.append((contribution, url_for(contribution.item.endpoint, **values)))
        except (BuildError, ValueError) as error:
            failures.append(hub().blame(contribution.plugin, hook, current_context(), error))
    return Reached(tuple(found), tuple(failures))


def address(endpoint: str, **values: Any) -> str | None:
    """The address of a page of some plugin's, by its endpoint; None where it is not installed, not enabled, or has none.

    For a link between plugins, which do not import each other: a module that is off leaves plain text, not a dead link.
    """
    plugin = endpoint.split(".")[0].removeprefix("p_")
    if plugin not in current_context().enabled:
        return None
    try:
        return url_for(endpoint, **values)
    except (BuildError, ValueError):
        return None
