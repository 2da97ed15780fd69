"""What was not imported, and what was kept at an undoing, as a file: the reason beside the line as it came (AC-02)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO
from typing import Any

from sqlalchemy import and_
from sqlalchemy import or_
from sqlalchemy import select

from core.db.session import TenantSession
from core.imports import services
from core.imports import states
from core.imports import tables
from core.imports.models import ImportLine
from core.imports.models import ImportRun
from core.web import exports

HEADS = ("Ligne", "Résultat", "Motif")


def written(session: TenantSession, row: ImportRun) -> IO[bytes]:
    """The report as CSV, safe from formulas. Once the file is no longer kept, numbers and reasons only."""
    heads = list(row.settings["read"]["heads"]) if row.table_sha256 else []
    return exports.write("csv", "Rapport", [*HEADS, *heads], _lines(session, row))


def _lines(session: TenantSession, row: ImportRun) -> Iterator[list[Any]]:
    failed = ImportLine.action.in_(("error", "skip"))
    kept = and_(ImportLine.action.in_(("create", "update")), ImportLine.why != "")
    wanted = (
        select(ImportLine)
        .where(ImportLine.import_id == row.id, or_(failed, kept)).order_by(ImportLine.number)
    )  # fmt: skip
    data = services.table(row)
    cells = tables.lines(data) if data is not None else iter(())
    at = next(cells, None)
    for line in session.scalars(wanted).yield_per(1000):
        while at is not None and at.number < line.number:
            at = next(cells, None)
        own = list(at.cells) if at is not None and at.number == line.number else []
        yield [line.number, states.REPORTED[line.action], line.told, *own]
