"""For a plugin's share of the demonstration: programs to run, a partner to join, a file to import. Since 1.0."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.hooks.telling import hub
from core.imports import demo as _imports
from core.links.demo import Joined
from core.links.demo import Paper
from core.links.demo import acting
from core.links.demo import context_of
from core.links.demo import enable
from core.links.demo import join_partner
from core.links.demo import wait_active
from core.links.demo import working
from core.programs import Program

__all__ = [
    "Joined", "Paper", "Program", "acting", "context_of", "enable", "hub", "imported", "join_partner", "wait_active",
    "working",
]  # fmt: skip


def imported(
    slug: str, email: str, target: str, filename: str, text: str, *, source: str, rules: Mapping[str, Any] | None = None
) -> None:
    """Have one of a demonstration cabinet's people import a file, once."""
    with acting(slug, email) as (session, by):
        cabinet_id = session.require_cabinet()
    _imports.brought(cabinet_id, by, target, filename, text, source=source, rules=rules)
