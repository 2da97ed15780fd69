"""Assessments of clients and of operations, their validation: what may be written, each with its line in the journal.

The level may be retained above the computed one freely; below it with a reason; never below what a factor forces. What is
reinforced, or would be, waits for a second person (four eyes). Knows no Flask (CO-05).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import and_
from sqlalchemy import func
from sqlalchemy import select

from core.api import accounts
from core.api import audit
from core.api import contacts
from core.api import notify
from core.api import rights
from core.api import transactions
from core.api.db import Conflict
from core.api.db import DomainError
from core.api.db import Forbidden
from core.api.db import NotFound
from core.api.db import TenantSession
from core.api.db import now
from core.api.db import today
from core.api.finance import due_on
from core.api.forms import inputs
from core.api.types import Adviser
from plugins.conformite import profiles
from plugins.conformite.vigilance import facts
from plugins.conformite.vigilance import ruleset
from plugins.conformite.vigilance import scoring
from plugins.conformite.vigilance.assessments import ABSENT
from plugins.conformite.vigilance.models import Assessment
from plugins.conformite.vigilance.models import Operation
from plugins.conformite.vigilance.scoring import Score

EDIT, VALIDATE = "contacts.edit", "vigilance.validate"
#: No assessment is older than the first French law on money laundering (loi 90-614 of 12 July 1990).
OLDEST = date(1990, 7, 12)
SHORTEST, LONGEST, TEXT = 10, 1000, 300
MOST = Decimal(1_000_000_000)
_LOOK = "Votre profil permet de voir ce dossier, pas de le modifier. Adressez-vous à qui suit ce client."


def owner(session: TenantSession, by: Adviser, contact_id: str) -> contacts.ContactCard:
    """The person or company whose vigilance may be written. Raises `NotFound`, `Forbidden`: also for a household."""
    card = contacts.get_contact(session, by, contact_id)
    if not (by.can(EDIT) and rights.sees(session, by, "contact", contact_id, EDIT)):
        raise Forbidden(_LOOK)
    if card.line.kind == profiles.HOUSEHOLD:
        raise Forbidden("La vigilance s'évalue pour chaque membre d'un foyer\u202f: ouvrez le dossier de l'un d'eux.")
    return card


def assess(
    session: TenantSession, by: Adviser, contact_id: str, answers: Mapping[str, Any], *, months: Mapping[str, int],
    on: date | None = None, level: str | None = None, reason: str = "", assessment_id: str | None = None,
) -> str:  # fmt: skip
    """Assess a client; the assessment's id. `level`: what is retained, the computed one by default; `months`: level → months
    until the review. `assessment_id`: the form's key, a second arrival finds what the first made.

    Raises `DomainError` with the field that is wrong or the question that is not answered, `NotFound`, `Forbidden`.
    """
    card = owner(session, by, contact_id)
    if assessment_id and session.scalar(select(Assessment.id).where(Assessment.id == assessment_id)):
        return assessment_id
    day = on or today()
    told = checked(ruleset.CLIENT, answers, card.line.kind == profiles.COMPANY)
    known = facts.of_client(session, by, card, told)
    found = scored(known)
    _check_day(day)
    last = session.scalar(select(func.max(Assessment.assessed_on)).where(Assessment.contact_id == contact_id))
    if last is not None and day < last:
        text = f"Une évaluation du {last:%d/%m/%Y} existe déjà\u202f: une plus ancienne ne la remplacerait pas. Vérifiez la date."
        raise DomainError(text, field="on")
    retained, why = _retained(found, level, reason)
    row = Assessment(
        **_judged(by, contact_id, known, found, retained, why, day), review_on=due_on(day, months[retained]),
    )  # fmt: skip
    _keep(session, row, assessment_id)
    waited = select(Assessment.id).where(Assessment.contact_id == contact_id, Assessment.id != row.id, _waits(Assessment))
    for replaced in session.scalars(waited).all():
        notify.settled(session, _told_under(replaced))
    told = {**_told(row), "review_on": row.review_on.isoformat()}
    audit.record(session, by.user_id, "conformite.vigilance_assessed", f"contact:{contact_id}", told)
    _call_second(session, by, row, card.name, f"/p/conformite/contacts/{contact_id}/vigilance")
    return row.id


def operate(
    session: TenantSession, by: Adviser, contact_id: str, answers: Mapping[str, Any], *, amount: Decimal,
    on: date | None = None, account_id: str | None = None, transaction_id: str | None = None, about: str = "",
    level: str | None = None, reason: str = "", operation_id: str | None = None,
) -> str:  # fmt: skip
    """Assess one operation of a client; its id. `transaction_id`: an act of one of his accounts, whose account it then has.

    Raises `DomainError` with the field that is wrong, `NotFound`, `Forbidden`.
    """
    card = owner(session, by, contact_id)
    if operation_id and session.scalar(select(Operation.id).where(Operation.id == operation_id)):
        return operation_id
    day = on or today()
    if not 0 < amount <= MOST:
        raise DomainError("Le montant est au-dessus de zéro\u202f: vérifiez-le.", field="amount")
    if transaction_id:
        account_id = transactions.get(session, by, transaction_id).account_id
    if account_id and account_id not in {one.id for one in accounts.refs(session, by, contact_id=contact_id)}:
        raise DomainError("Ce compte n'est pas de ce dossier\u202f: choisissez-en un de la liste.", field="held")
    told = checked(ruleset.OPERATION, answers, False)
    _check_day(day)
    known = facts.of_operation(session, by, card, told, amount=amount, on=day, account_id=account_id)
    found = scored(known)
    retained, why = _retained(found, level, reason)
    row = Operation(
        **_judged(by, contact_id, known, found, retained, why, day), account_id=account_id, transaction_id=transaction_id,
        about=_text(about, "about", 200), amount=amount,
    )  # fmt: skip
    _keep(session, row, operation_id)
    said = {**_told(row), "amount": str(amount), "account": account_id}
    audit.record(session, by.user_id, "conformite.operation_assessed", f"contact:{contact_id}", said)
    _call_second(session, by, row, card.name, f"/p/conformite/contacts/{contact_id}/vigilance/operations/{row.id}")
    return row.id


def validate(session: TenantSession, by: Adviser, assessment_id: str) -> str:
    """Validate an assessment of a client, as the second person; the contact's id. Done already: nothing more happens.

    Raises `NotFound`, `Forbidden` without the right or for the author, `Conflict` where a later one took its place.
    """
    row = _waiting(session, by, Assessment, assessment_id)
    newer = select(Assessment.id).where(Assessment.contact_id == row.contact_id).where(
        (Assessment.assessed_on > row.assessed_on) | ((Assessment.assessed_on == row.assessed_on) & (Assessment.id > row.id))
    )  # fmt: skip
    if session.scalar(newer.limit(1)):
        raise Conflict("Une évaluation plus récente a remplacé celle-ci\u202f: validez la dernière.")
    return _validated(session, by, row)


def validate_operation(session: TenantSession, by: Adviser, operation_id: str) -> str:
    """The same of an operation; the contact's id."""
    return _validated(session, by, _waiting(session, by, Operation, operation_id))


def checked(subject: str, answers: Mapping[str, Any], company: bool) -> dict[str, str]:
    """Answers to what is asked, and nothing else. Raises `DomainError` for one that is not offered."""
    rules, clean = ruleset.load(), dict[str, str]()
    for one in rules.questions(subject, company):
        given = answers.get(one.key)
        if given in (None, ""):
            continue
        if one.kind == "country" and given not in contacts.choices.countries():
            raise DomainError("Choisissez un pays de la liste.", field=one.key)
        if one.kind == "radio" and given not in one.options:
            raise DomainError("Choisissez une réponse de la liste.", field=one.key)
        clean[one.key] = _day(given, one.key) if one.kind == "day" else _text(given, one.key, TEXT)
    return {one.key: clean[one.key] for one in rules.asked(subject, clean, company) if one.key in clean}


def scored(known: Mapping[str, Any]) -> Score:
    """The score of facts. Raises `DomainError` with the first question that is not answered."""
    try:
        return scoring.score(ruleset.CURRENT, known)
    except scoring.Incomplete as error:
        first = error.questions[0]
        raise DomainError(f"Sans réponse\u202f: {first.label}.", field=first.key) from error


def _retained(found: Score, level: str | None, reason: str) -> tuple[str, str]:
    retained, why = level or found.level, reason.strip()
    if retained not in ruleset.LEVELS:
        raise DomainError("Choisissez un niveau de la liste.", field="level")
    if found.forced and scoring.lower(retained, found.forced):
        imposed = ruleset.LEVELS[found.forced].lower()
        text = f"Un critère impose le niveau «\u202f{imposed}\u202f»\u202f: il ne peut pas être abaissé."
        raise DomainError(text, field="level")
    if scoring.lower(retained, found.level) and len(why) < SHORTEST:
        made = found.level_label.lower()
        text = f"Le niveau calculé est «\u202f{made}\u202f»\u202f: dites en une phrase pourquoi un plus léger."
        raise DomainError(text, field="reason")
    return retained, _text(why, "reason", LONGEST)


def _judged(
    by: Adviser, contact_id: str, known: dict[str, Any], found: Score, level: str, reason: str, day: date
) -> dict[str, Any]:
    return {
        "contact_id": contact_id, "version": found.version, "facts": known, "points": found.points, "computed": found.level,
        "level": level, "reason": reason, "assessed_on": day, "assessed_by": by.name, "author_id": by.user_id,
        "needs": ruleset.REINFORCED in (level, found.level),
    }  # fmt: skip


def _keep(session: TenantSession, row: Assessment | Operation, key: str | None) -> None:
    if key:
        row.id = key
    session.add(row)
    session.flush()


def _told(row: Assessment | Operation) -> dict[str, Any]:
    """What the journal keeps of both."""
    return {
        "assessment": row.id, "version": row.version, "answers": row.facts["answers"], "points": row.points,
        "computed": row.computed, "level": row.level, "reason": row.reason, "on": row.assessed_on.isoformat(),
    }  # fmt: skip


def _call_second(session: TenantSession, by: Adviser, row: Assessment | Operation, name: str, url: str) -> None:
    """Tell those who may be the second person, as far as they see the contact."""
    if row.needs:
        what = "Vigilance d'une opération à valider" if isinstance(row, Operation) else "Vigilance à valider"
        notify.notify_holders(
            session, VALIDATE, kind="warning", key=_told_under(row.id), title=f"{what}\u202f: {name}", url=url,
            text=f"Évaluée par {by.name} le {row.assessed_on:%d/%m/%Y}\u202f: elle attend une seconde personne.",
            about=("contact", row.contact_id), but=by.user_id,
        )  # fmt: skip


def _told_under(ref: str) -> str:
    """The key of what is told of an assessment that waits."""
    return f"vigilance:{ref}"


def _waits(model: Any) -> Any:
    return and_(model.needs.is_(True), model.validated_at.is_(None))


def _waiting(session: TenantSession, by: Adviser, model: Any, ref: str) -> Any:
    row = session.scalar(select(model).where(model.id == ref))
    if row is None or not rights.sees(session, by, "contact", row.contact_id):
        raise NotFound(ABSENT)
    if not by.can(VALIDATE):
        raise Forbidden("Valider une vigilance renforcée demande un droit que votre profil n'a pas.")
    if row.author_id == by.user_id:
        raise Forbidden("Vous êtes l'auteur de cette évaluation\u202f: une seconde personne doit la valider.")
    if not row.needs:
        raise Conflict("Cette évaluation n'attend aucune validation.")
    return row


def _validated(session: TenantSession, by: Adviser, row: Any) -> str:
    if row.validated_at is None:
        row.validated_at, row.validated_by = now(), by.name
        session.flush()
        notify.settled(session, _told_under(row.id))
        audit.record(session, by.user_id, "conformite.vigilance_validated", f"contact:{row.contact_id}", {
            "assessment": row.id, "level": row.level,
        })  # fmt: skip
    return str(row.contact_id)


def _check_day(day: date) -> None:
    if day > today():
        raise DomainError("Cette date est dans le futur\u202f: vérifiez-la.", field="on")
    if day < OLDEST:
        raise DomainError("Cette date est trop ancienne\u202f: vérifiez-la.", field="on")


def _day(given: Any, key: str) -> str:
    try:
        day = given if isinstance(given, date) else inputs.day(str(given))
    except ValueError as error:
        raise DomainError("Écrivez la date comme 05/03/2026.", field=key) from error
    if day > today():
        raise DomainError("Cette date est dans le futur\u202f: vérifiez-la.", field=key)
    return day.isoformat()


def _text(given: Any, key: str, most: int) -> str:
    text = str(given).strip()
    if len(text) > most:
        raise DomainError(f"{most} caractères au plus.", field=key)
    return text
