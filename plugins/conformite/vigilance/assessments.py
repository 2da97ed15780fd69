"""Vigilance as it is read: a contact's current assessment, its past ones, its operations. Knows no Flask (CO-05)."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from sqlalchemy import Select
from sqlalchemy import select

from core.api import contacts
from core.api import rights
from core.api.db import NotFound
from core.api.db import TenantSession
from core.api.formats import day
from core.api.types import Adviser
from plugins.conformite.vigilance import ruleset
from plugins.conformite.vigilance import scoring
from plugins.conformite.vigilance.models import Assessment
from plugins.conformite.vigilance.models import Operation
from plugins.conformite.vigilance.scoring import Score

_ERASED = "Les réponses n'ont pas été gardées\u202f: le niveau est celui qui a été établi, ses raisons ne se relisent plus."
ABSENT = "Cette évaluation n'existe pas, ou n'est pas ouverte à votre profil."
TO_VALIDATE, VALIDATED, FREE = "A_VALIDER", "VALIDEE", "SANS_OBJET"
VALIDATIONS: dict[str, str] = {TO_VALIDATE: "À valider", VALIDATED: "Validée", FREE: "Sans validation requise"}
LATE, SOON, GOOD, NONE = "EN_RETARD", "BIENTOT", "A_JOUR", "JAMAIS"
REVIEWS: dict[str, str] = {
    LATE: "Revue en retard", SOON: "Revue bientôt due", GOOD: "À jour", NONE: "Jamais évaluée",
}  # fmt: skip


@dataclass(frozen=True)
class Judgement:
    """An assessment. `computed`: what the rules say; `level`: what was retained; `review_on`: None for an operation."""

    id: str
    contact_id: str
    version: str
    facts: Mapping[str, Any]
    points: int
    computed: str
    level: str
    reason: str
    assessed_on: date
    assessed_by: str
    author_id: str
    needs: bool
    validated_at: datetime | None
    validated_by: str | None
    review_on: date | None = None
    account_id: str | None = None
    transaction_id: str | None = None
    about: str = ""
    amount: Decimal | None = None

    @property
    def level_label(self) -> str:
        """«Renforcée»."""
        return ruleset.LEVELS[self.level]

    @property
    def computed_label(self) -> str:
        """The level that the rules give, in words."""
        return ruleset.LEVELS[self.computed]

    @property
    def validation(self) -> str:
        """A code of VALIDATIONS."""
        if not self.needs:
            return FREE
        return VALIDATED if self.validated_at else TO_VALIDATE

    @cached_property
    def score(self) -> Score:
        """The level with its reasons, made again of the same version and facts; without reasons once the facts are erased."""
        if self.facts:
            return scoring.score(self.version, self.facts)
        wanted = ruleset.load(self.version).documents[self.computed]
        return Score(self.version, self.computed, self.points, "", (), (), wanted, _ERASED)

    @property
    def documents(self) -> tuple[str, ...]:
        """What the level that was retained asks for."""
        return scoring.documents(ruleset.load(self.version), self.level, self.score.reasons)

    @property
    def answers(self) -> tuple[tuple[str, str], ...]:
        """Question and answer, as people read them."""
        if not self.facts:
            return ()
        rules, given = ruleset.load(self.version), self.facts["answers"]
        asked = rules.asked(self.facts["subject"], given, self.facts["company"])
        return tuple((one.label, _said(one, given[one.key])) for one in asked if given.get(one.key))

    @property
    def lists(self) -> tuple[tuple[str, date | None], ...]:
        """Each list of countries that was gone by, with its date; None for one that was not imported then."""
        known = self.facts.get("lists", {})
        return tuple(
            (one.label, date.fromisoformat(known[one.code]["dated_on"]) if known.get(one.code) else None)
            for one in ruleset.load(self.version).lists
        )

    def review(self, on: date, notice: int) -> str:
        """A code of REVIEWS; of a client's."""
        assert self.review_on is not None, "operations are not reviewed"
        if self.review_on < on:
            return LATE
        return SOON if self.review_on < on + timedelta(days=notice) else GOOD


def of_contact(session: TenantSession, adviser: Adviser, contact_id: str) -> list[Judgement]:
    """A client's assessments, the current one first."""
    return _made(session, adviser, Assessment, _newest(Assessment, Assessment.contact_id == contact_id))


def current(session: TenantSession, adviser: Adviser, contact_ids: Collection[str]) -> dict[str, Judgement]:
    """The current assessment of each of a few contacts. One query."""
    found: dict[str, Judgement] = {}
    for one in _made(session, adviser, Assessment, _newest(Assessment, Assessment.contact_id.in_(sorted(contact_ids)))):
        found.setdefault(one.contact_id, one)
    return found


def get(session: TenantSession, adviser: Adviser, assessment_id: str) -> Judgement:
    """One. Raises `NotFound`, also for one of a contact whom the adviser may not see."""
    return _one(_made(session, adviser, Assessment, select(Assessment).where(Assessment.id == assessment_id)))


def following(session: TenantSession, adviser: Adviser, after: str | None, *, size: int) -> list[Judgement]:
    """Some in the order of their ids: a page of the API."""
    return _following(session, adviser, Assessment, after, size)


def operations(session: TenantSession, adviser: Adviser, contact_id: str) -> list[Judgement]:
    """The operations of a client that were assessed, the newest first."""
    return _made(session, adviser, Operation, _newest(Operation, Operation.contact_id == contact_id))


def operation(session: TenantSession, adviser: Adviser, operation_id: str) -> Judgement:
    """One operation. Raises `NotFound`."""
    return _one(_made(session, adviser, Operation, select(Operation).where(Operation.id == operation_id)))


def operations_following(session: TenantSession, adviser: Adviser, after: str | None, *, size: int) -> list[Judgement]:
    """Some in the order of their ids."""
    return _following(session, adviser, Operation, after, size)


def operations_to_validate(session: TenantSession, adviser: Adviser, limit: int) -> list[Judgement]:
    """Those that wait for a second person, the oldest first."""
    wanted = select(Operation).where(Operation.needs.is_(True), Operation.validated_at.is_(None))
    return _made(session, adviser, Operation, wanted.order_by(Operation.assessed_on, Operation.id).limit(limit))


def _said(question: ruleset.Question, answer: str) -> str:
    if question.kind == "country":
        return str(contacts.choices.countries().get(answer, answer))
    return day(date.fromisoformat(answer)) if question.kind == "day" else question.said(answer)


def _one(found: list[Judgement]) -> Judgement:
    if not found:
        raise NotFound(ABSENT)
    return found[0]


def _newest(model: Any, *asked: Any) -> Select[Any]:
    return select(model).where(*asked).order_by(model.assessed_on.desc(), model.id.desc())


def _following(session: TenantSession, adviser: Adviser, model: Any, after: str | None, size: int) -> list[Judgement]:
    wanted = select(model).order_by(model.id).limit(size)
    return _made(session, adviser, model, wanted if after is None else wanted.where(model.id > after))


def _made(session: TenantSession, adviser: Adviser, model: Any, wanted: Select[Any]) -> list[Judgement]:
    rows = session.scalars(wanted.where(rights.on(model.contact_id, adviser, "contact")))
    own = ("review_on",) if model is Assessment else ("account_id", "transaction_id", "about", "amount")
    names = (
        "id", "contact_id", "version", "facts", "points", "computed", "level", "reason", "assessed_on", "assessed_by",
        "author_id", "needs", "validated_at", "validated_by", *own,
    )  # fmt: skip
    return [Judgement(**{name: getattr(row, name) for name in names}) for row in rows]
