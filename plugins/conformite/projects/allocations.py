"""The cabinet's target allocations: versions that never change, the newest holds; the house's until there is one (CO-03)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func
from sqlalchemy import select

from core.api import audit
from core.api.db import Conflict
from core.api.db import DomainError
from core.api.db import Forbidden
from core.api.db import TenantSession
from core.api.db import day_of
from core.api.types import Adviser
from plugins.conformite.projects import targets
from plugins.conformite.projects.models import TargetVersion
from plugins.conformite.projects.targets import Targets

EDIT = "administration"
LONGEST = 500


def current(session: TenantSession) -> Targets:
    """The ones that hold."""
    newest = select(TargetVersion).order_by(TargetVersion.number.desc()).limit(1)
    row = session.scalar(newest)
    return targets.house() if row is None else _made(row)


def versions(session: TenantSession) -> list[Targets]:
    """All of them, the newest first; the house's last."""
    rows = session.scalars(select(TargetVersion).order_by(TargetVersion.number.desc()))
    return [*(_made(row) for row in rows), targets.house()]


def save(
    session: TenantSession, by: Adviser, levels: Mapping[int, Mapping[str, Decimal]], remarks: str, *, after: int | None = None
) -> Targets:
    """Make a new version; the one that holds where nothing changes. `after`: the version that was read.

    Raises `DomainError` with the field (`w_3_ACTIONS`), `Conflict` where another made a version meanwhile, `Forbidden`.
    """
    if not by.can(EDIT):
        raise Forbidden("Les allocations cibles sont fixées par un administrateur du cabinet. Adressez-vous à lui.")
    clean = targets.every(levels)
    if len(remarks) > LONGEST:
        raise DomainError(f"{LONGEST} caractères au plus.", field="remarks")
    held = current(session)
    if after is not None and after != held.number:
        raise Conflict(f"La version {held.number} a été enregistrée entre-temps\u202f: relisez-la, puis reprenez votre saisie.")
    if clean == {level: dict(some) for level, some in held.levels.items()}:
        return held
    last = session.scalar(select(func.max(TargetVersion.number))) or 0
    told = {str(level): {code: format(weight, "f") for code, weight in some.items()} for level, some in clean.items()}
    row = TargetVersion(number=last + 1, levels=told, remarks=remarks, said_by=by.name)
    session.add(row)
    session.flush()
    audit.record(session, by.user_id, "conformite.targets_changed", f"conformite-target:{row.number}", {"version": row.number})
    return _made(row)


def _made(row: TargetVersion) -> Targets:
    levels = {int(level): {code: Decimal(told) for code, told in some.items()} for level, some in row.levels.items()}
    on: datetime = row.created_at
    return Targets(row.number, day_of(on), row.remarks, row.said_by, levels, targets.house().margin)
