"""Pages of a plugin: its blueprint, who may come in, the request's session and context. Since 1.0."""

from __future__ import annotations

from collections.abc import Callable

from core.hooks.types import Adviser
from core.shell.addresses import address
from core.shell.addresses import reached
from core.shell.gate import current_context
from core.shell.gate import hub
from core.shell.gate import own_context
from core.shell.reading import also as also_reads
from core.web.attached import attach
from core.web.blueprints import blueprint
from core.web.policy import F
from core.web.policy import policy
from core.web.request import db_session

__all__ = [
    "address", "adviser", "also_reads", "attach", "blueprint", "current_context", "db_session", "hub", "own_context",
    "permission", "reached", "signed_in",
]  # fmt: skip


def permission(name: str) -> Callable[[F], F]:
    """The view asks for a signed-in person who holds this permission."""
    return policy("permission", name)


def signed_in(view: F) -> F:
    """The view asks for a signed-in person."""
    return policy("session")(view)


def adviser() -> Adviser:
    """The signed-in person."""
    found = current_context().principal
    assert found is not None, "the gate lets nobody in without a principal"
    return found
