"""A file taken through the wizard for the demonstration, once: its pages are then seen filled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from core.extensions import db
from core.hooks import context
from core.hooks import telling
from core.hooks.types import Adviser
from core.imports import services
from core.imports import targets
from core.imports import work
from core.imports.models import ImportRun


def brought(
    cabinet_id: int, by: Adviser, target: str, filename: str, text: str, *, source: str, rules: Mapping[str, Any] | None = None
) -> None:
    """Have a person of a demonstration cabinet import a file, unless it is there; the columns are known by their heads."""
    found = services.opened(filename, text.encode())
    with db.session(cabinet_id) as session:
        if session.scalar(select(ImportRun.id).where(ImportRun.filename == filename, ImportRun.target == target)) is not None:
            return
        known = targets.find(target, context.make(session, telling.hub().registry).enabled, by)
        row = services.receive(session, by, known, found)
        services.choose(session, by, row.id, known, row.settings["mapping"], rules or {}, source=source)
        import_id = row.id
    work.carry(cabinet_id, {"import": import_id, "work": "check"})
    with db.session(cabinet_id) as session:
        services.begin(session, by, import_id)
    work.carry(cabinet_id, {"import": import_id, "work": "run"})
