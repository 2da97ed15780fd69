"""Where a figure comes from: the file, the line, when it was written and by whom (AGG-01, NX-02)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import true

from core.api.db import TenantSession
from core.api.types import Adviser
from plugins.aggregation.pipeline import rows
from plugins.aggregation.pipeline.models import FeedAccount
from plugins.aggregation.pipeline.models import FeedFile
from plugins.aggregation.pipeline.models import FeedMovement
from plugins.aggregation.pipeline.models import FeedStep

#: Files of an account that its page of origins shows.
MOST = 50


@dataclass(frozen=True, slots=True)
class Told:
    """What a file wrote of an account."""

    file_id: str
    file: str
    sha256: str
    format: str
    applied_at: datetime | None
    currency: str
    days: tuple[rows.Day, ...]
    movements: int


def of_account(session: TenantSession, account_id: str) -> list[Told]:
    """The newest first. The caller has checked that the account may be seen."""
    counted = session.execute(
        select(FeedMovement.file_id, func.count(FeedMovement.id)).where(FeedMovement.account_id == account_id)
        .group_by(FeedMovement.file_id)
    )  # fmt: skip
    moved = {row.file_id: row[1] for row in counted}
    found = session.execute(
        select(FeedStep, FeedFile).join(FeedFile, FeedFile.id == FeedStep.file_id)
        .where(FeedStep.account_id == account_id, FeedStep.state == "ECRIT").order_by(FeedStep.id.desc()).limit(MOST)
    )  # fmt: skip
    return [
        Told(
            file.id, file.name, file.sha256, str(file.tally.get("format", file.format)), file.applied_at,
            str(step.told.get("currency", "EUR")), tuple(rows.day(day) for day in step.told.get("days", ())),
            moved.get(file.id, 0),
        )
        for step, file in found
    ]  # fmt: skip


def newest(session: TenantSession, account_id: str) -> tuple[str, rows.Day] | None:
    """The file that wrote the newest day of an account, by its name, and that day."""
    row = session.execute(
        select(FeedFile.name, FeedStep.told, FeedStep.on).join(FeedFile, FeedFile.id == FeedStep.file_id)
        .where(FeedStep.account_id == account_id, FeedStep.state == "ECRIT", FeedStep.on.is_not(None))
        .order_by(FeedStep.on.desc(), FeedStep.id.desc()).limit(1)
    ).first()  # fmt: skip
    if row is None:
        return None
    days = [rows.day(one) for one in row.told.get("days", ())]
    return next(((row.name, one) for one in days if one.on == row.on), None)


def newest_file(session: TenantSession, by: Adviser, row: FeedAccount) -> str | None:
    """The newest of one's own files that names an account of a source."""
    own = true() if by.can("administration") else FeedFile.user_id == by.user_id
    return session.scalar(
        select(FeedFile.id).join(FeedStep, FeedStep.file_id == FeedFile.id)
        .where(FeedStep.feed_account_id == row.id, own).order_by(FeedFile.id.desc()).limit(1)
    )  # fmt: skip
