"""Every route declares who may come in: a test reads the URL map and refuses one that does not.

Kinds: `public` (anyone), `session` (signed in), `permission` (signed in, with that right), `machine` (authenticates
itself; never reads the session cookie, hence no CSRF token).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from typing import Literal
from typing import TypeVar

from core.extensions import csrf

Kind = Literal["public", "session", "permission", "machine"]
F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Policy:
    """What a view asks of whoever comes."""

    kind: Kind
    permission: str | None = None


def policy(kind: Kind, permission: str | None = None) -> Callable[[F], F]:
    """Declare a view's policy."""

    def mark(view: F) -> F:
        view.encours_policy = Policy(kind, permission)  # type: ignore[attr-defined]
        if kind == "machine":
            csrf.exempt(view)
        return view

    return mark


def policy_of(view: Callable[..., Any]) -> Policy | None:
    """A view's declared policy, or None."""
    found: Policy | None = getattr(view, "encours_policy", None)
    return found
