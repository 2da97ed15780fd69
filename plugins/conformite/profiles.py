"""Investor profiles as they are read: a contact's current one, its past ones, the questionnaire under way. Knows no Flask."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from datetime import timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import Select
from sqlalchemy import select

from core.api import book
from core.api import rights
from core.api.db import NotFound
from core.api.db import TenantSession
from core.api.types import Adviser
from plugins.conformite import scoring
from plugins.conformite.models import Draft
from plugins.conformite.models import Profile
from plugins.conformite.scoring import Score

ABSENT = "Ce profil n'existe pas, ou n'est pas ouvert à votre profil."
PERSON, COMPANY, HOUSEHOLD = "PERSONNE_PHYSIQUE", "PERSONNE_MORALE", "FOYER"
VALID, SOON, EXPIRED, NONE = "VALIDE", "BIENTOT", "EXPIRE", "ABSENT"
STATES: dict[str, str] = {VALID: "À jour", SOON: "Expire bientôt", EXPIRED: "Expiré", NONE: "À établir"}


@dataclass(frozen=True)
class Established:
    """A profile that was established. `computed`: the level that scoring gives; `level`: what the adviser retained."""

    id: str
    contact_id: str
    kind: str
    version: str
    answers: Mapping[str, Any]
    computed: int
    level: int
    reason: str
    tolerance: int
    loss: int
    knowledge: str
    horizon: str
    objective: str
    esg: str
    established_on: date
    valid_until: date
    established_by: str

    @property
    def level_label(self) -> str:
        """«Équilibré»."""
        return scoring.LEVELS.get(self.level, str(self.level))

    @property
    def overridden(self) -> bool:
        """Whether the adviser retained another level than the computed one."""
        return self.level != self.computed

    @cached_property
    def score(self) -> Score | None:
        """The score with its reasons, made again of the same version and answers. None once answers are erased."""
        try:
            return scoring.score(self.version, self.answers, company=self.kind == COMPANY)
        except scoring.Incomplete:
            return None

    def state(self, on: date, notice: int) -> str:
        """VALIDE, BIENTOT in the last `notice` days, EXPIRE after the last valid day."""
        if on > self.valid_until:
            return EXPIRED
        return SOON if on + timedelta(days=notice) > self.valid_until else VALID


@dataclass(frozen=True, slots=True)
class Begun:
    """A questionnaire under way."""

    version: str
    answers: Mapping[str, Any]
    updated_at: datetime


def of_contact(session: TenantSession, adviser: Adviser, contact_id: str) -> list[Established]:
    """A contact's profiles, the current one first."""
    return _made(session, adviser, _newest_first(select(Profile).where(Profile.contact_id == contact_id)))


def current(session: TenantSession, adviser: Adviser, contact_ids: Collection[str]) -> dict[str, Established]:
    """The current profile of each of a few contacts. One query."""
    wanted = _newest_first(select(Profile).where(Profile.contact_id.in_(sorted(contact_ids))))
    found: dict[str, Established] = {}
    for one in _made(session, adviser, wanted):
        found.setdefault(one.contact_id, one)
    return found


def as_of(session: TenantSession, adviser: Adviser, contact_ids: Collection[str], on: date) -> dict[str, Established]:
    """The profile that each of a few contacts had on a day, expired or not. One query."""
    wanted = select(Profile).where(Profile.contact_id.in_(sorted(contact_ids)), Profile.established_on <= on)
    found: dict[str, Established] = {}
    for one in _made(session, adviser, _newest_first(wanted)):
        found.setdefault(one.contact_id, one)
    return found


def get(session: TenantSession, adviser: Adviser, profile_id: str) -> Established:
    """One profile. Raises `NotFound`, also for one of a contact whom the adviser may not see."""
    found = _made(session, adviser, select(Profile).where(Profile.id == profile_id))
    if not found:
        raise NotFound(ABSENT)
    return found[0]


def following(session: TenantSession, adviser: Adviser, after: str | None, *, size: int) -> list[Established]:
    """Some profiles in the order of their ids: a page of the API."""
    wanted = select(Profile).order_by(Profile.id).limit(size)
    return _made(session, adviser, wanted if after is None else wanted.where(Profile.id > after))


def last_days(session: TenantSession, contact_ids: Collection[str]) -> dict[str, date]:
    """Until when the current profile of each of these is valid, whoever asks: what a guard goes by. One query."""
    columns = select(Profile.contact_id, Profile.valid_until).where(Profile.contact_id.in_(sorted(contact_ids)))
    found: dict[str, date] = {}
    for row in session.execute(_newest_first(columns)):
        found.setdefault(row.contact_id, row.valid_until)
    return found


def draft(session: TenantSession, contact_id: str) -> Begun | None:
    """The questionnaire under way of a contact whom the adviser may see."""
    row = session.scalar(select(Draft).where(Draft.contact_id == contact_id))
    return Begun(row.version, dict(row.answers), row.updated_at) if row is not None else None


def _newest_first(wanted: Any) -> Any:
    return wanted.order_by(Profile.established_on.desc(), Profile.id.desc())


def _made(session: TenantSession, adviser: Adviser, wanted: Select[Any]) -> list[Established]:
    contact = book.Contact
    seen = wanted.join(contact, contact.id == Profile.contact_id).add_columns(contact.kind)
    rows = session.execute(seen.where(rights.on(Profile.contact_id, adviser, "contact"))).all()
    return [
        Established(
            row.id, row.contact_id, kind, row.version, dict(row.answers), row.computed, row.level, row.reason, row.tolerance,
            row.loss, row.knowledge, row.horizon, row.objective, row.esg, row.established_on, row.valid_until,
            row.established_by,
        )
        for row, kind in rows
    ]  # fmt: skip
