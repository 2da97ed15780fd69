"""A file's plans written in one transaction, and taken back: every figure keeps its file and its place (AGG-01)."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete
from sqlalchemy import select

from core.api import accounts
from core.api import supports
from core.api.db import DomainError
from core.api.db import TenantSession
from core.api.types import Adviser
from plugins.aggregation.pipeline import batches
from plugins.aggregation.pipeline import linking
from plugins.aggregation.pipeline import planning
from plugins.aggregation.pipeline.batches import Planned
from plugins.aggregation.pipeline.blocks import Block
from plugins.aggregation.pipeline.models import FeedAccount
from plugins.aggregation.pipeline.models import FeedFile
from plugins.aggregation.pipeline.models import FeedMovement
from plugins.aggregation.pipeline.models import FeedStep
from plugins.aggregation.pipeline.planning import DayPlan
from plugins.aggregation.pipeline.planning import Key
from plugins.aggregation.pipeline.planning import Plan


def write(session: TenantSession, by: Adviser, file: FeedFile, read: Iterable[Block], source: str) -> dict[str, int]:
    """Write all that is attached and not written yet; how many accounts, days, movements. Raises what reading raises."""
    done = {"accounts": 0, "days": 0, "movements": 0}
    kept = dict[Key, str]()
    with accounts.gathered(session):
        for some in batches.cut(read):
            session.replan()
            for group in batches.planned(session, by, some, file.format, file.source):
                _write(session, by, file, group, source, kept, done)
    session.flush()
    return done


def _write(
    session: TenantSession, by: Adviser, file: FeedFile, group: Sequence[Planned], source: str, kept: dict[Key, str],
    done: dict[str, int],
) -> None:  # fmt: skip
    """Accounts that are told one day and nothing else, at once; the others one by one, each whole or not at all."""
    steps = _steps(session, file, group)
    days = {one.row.account_id: day for one in group if one.row.account_id and (day := _day_alone(session, by, one, kept))}
    at_once = accounts.bulk_days.put(session, by, days, source) if days else {}
    for one in group:
        step, row, ids = steps[one.rank], one.row, list[str]()
        if row.account_id is None or row.state != "RATTACHE":
            step.told = one.plan.told
            continue
        if row.account_id in at_once:
            written = [list(at_once[row.account_id])]
        else:
            try:
                with session.begin_nested():
                    written, ids = _written(session, by, file, row.account_id, one.plan, source, kept)
            except DomainError as error:
                kept.clear()  # what it made is gone with it
                step.why = error.text[:500]
                continue
        step.account_id, step.why = row.account_id, ""
        if written or ids:
            _note(step, one.plan, written, ids)
            done["accounts"] += 1
            done["days"] += len(written)
            done["movements"] += len(ids)
        _latest(row, one.block)


def _day_alone(session: TenantSession, by: Adviser, one: Planned, kept: dict[Key, str]) -> accounts.bulk_update.Day | None:
    """The day of a plan that changes nothing else, all of whose supports are there."""
    changed = [day for day in one.plan.days if day.changes]
    if one.row.state != "RATTACHE" or one.plan.movements or len(changed) != 1:
        return None
    if any(line.support not in kept and not planning.there(line.support) for line in changed[0].lines):
        return None
    return _change(session, by, changed[0], kept).day


def take_back(session: TenantSession, by: Adviser, file: FeedFile) -> list[str]:
    """Take back what the file wrote and nobody changed since; what was kept, and why."""
    kept = list[str]()
    written = FeedStep.file_id == file.id, FeedStep.state == "ECRIT"
    steps = session.scalars(select(FeedStep).where(*written).order_by(FeedStep.rank.desc()))
    with accounts.gathered(session):
        for step in steps:
            assert step.account_id is not None
            try:
                accounts.feeding.remove_movements(session, by, step.account_id, step.after.get("movements", ()))
            except DomainError as error:
                kept.append(error.text)
                continue
            for before, after in reversed(step.after.get("days", ())):
                if (why := accounts.bulk_undo.put_back(session, by, step.account_id, before, after)) is not None:
                    kept.append(why)
            step.state, step.before, step.after = "REPRIS", {}, {}
            row = linking.get(session, step.feed_account_id)
            row.last_on = row.closing = None
    mine = delete(FeedMovement).where(FeedMovement.file_id == file.id).execution_options(synchronize_session=False)
    session.execute(mine)
    session.flush()
    return kept


def _steps(session: TenantSession, file: FeedFile, group: Sequence[Planned]) -> dict[int, FeedStep]:
    """Rank → the file's step of it, made where there is none."""
    wanted = select(FeedStep).where(FeedStep.file_id == file.id, FeedStep.rank.in_([one.rank for one in group]))
    found = {step.rank: step for step in session.scalars(wanted)}
    for one in group:
        if one.rank not in found:
            found[one.rank] = FeedStep(file_id=file.id, feed_account_id=one.row.id, rank=one.rank)
            session.add(found[one.rank])
        found[one.rank].feed_account_id = one.row.id
    return found


def _note(step: FeedStep, made: Plan, days: list[list[Any]], ids: list[str]) -> None:
    """A second application adds to what the first wrote: a day told anew keeps what was there before the first."""
    there = {after["on"]: before for before, after in step.after.get("days", ())} if step.state == "ECRIT" else {}
    old = [pair for pair in step.after.get("days", ()) if pair[1]["on"] not in {after["on"] for _b, after in days}]
    fresh = [[there.get(after["on"], before), after] for before, after in days]
    older = list(step.after.get("movements", ())) if step.state == "ECRIT" else []
    step.state, step.told = "ECRIT", made.told
    step.after = {"days": [*(old if there else ()), *fresh], "movements": [*older, *ids]}
    newest = max((date.fromisoformat(after["on"]) for _before, after in fresh), default=step.on)
    step.on = newest


def _written(
    session: TenantSession, by: Adviser, file: FeedFile, account_id: str, made: Plan, source: str, kept: dict[Key, str]
) -> tuple[list[list[Any]], list[str]]:
    days = [
        list(accounts.bulk_update.apply(session, by, account_id, _change(session, by, one, kept), source=source))
        for one in made.days if one.changes
    ]  # fmt: skip
    lines = [
        accounts.feeding.FedMovement(
            one.on, planning.kind_of(one), one.label, one.amount, one.currency or "EUR",
            _support(session, by, key, one.currency or "EUR", kept) if key else None, one.quantity,
        )
        for one, key in made.movements
    ]  # fmt: skip
    ids = accounts.feeding.add_movements(session, by, account_id, lines, source)
    session.add_all(
        FeedMovement(
            file_id=file.id, account_id=account_id, fingerprint=one.fingerprint, movement_id=key, place=str(one.place)[:200]
        )
        for key, (one, _support_key) in zip(ids, made.movements, strict=True)
    )  # fmt: skip
    return days, ids


def _change(session: TenantSession, by: Adviser, one: DayPlan, kept: dict[Key, str]) -> accounts.bulk_update.Change:
    lines = tuple(
        accounts.NewPosition(
            _support(session, by, line.support, line.currency, kept), line.value, line.quantity, line.price, line.price_on,
            line.cost, line.currency or "EUR", line.pocket,
        )
        for line in one.lines
    )  # fmt: skip
    return accounts.bulk_update.Change(day=accounts.bulk_update.Day(one.day.on, one.day.value, None, lines))


def _support(session: TenantSession, by: Adviser, key: Key, currency: str, kept: dict[Key, str]) -> str:
    if key not in kept:
        kept[key] = supports.support_for(session, **dict(key), currency=currency or "EUR", actor=by.user_id)
    return kept[key]


def _latest(row: FeedAccount, block: Block) -> None:
    days = [one.on for one in block.balances if one.kind in ("closing", "value")] + [one.on for one in block.positions]
    newest = max(days, default=None)
    if newest is not None and (row.last_on is None or newest >= row.last_on):
        row.last_on = newest
        closing = [one for one in block.balances if one.kind == "closing" and one.on == newest]
        row.closing = str(closing[-1].amount) if closing else None
