"""Questionnaires and profiles: what may be written, each with its line in the journal. Knows no Flask."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import select

from core.api import audit
from core.api import contacts
from core.api import rights
from core.api.db import DomainError
from core.api.db import Forbidden
from core.api.db import TenantSession
from core.api.db import today
from core.api.finance import due_on
from core.api.types import Adviser
from plugins.conformite import profiles
from plugins.conformite import questionnaire
from plugins.conformite import scoring
from plugins.conformite.models import Draft
from plugins.conformite.models import Profile

EDIT = "contacts.edit"
#: No questionnaire is older than the directive that asks for one (MiFID, 2007).
OLDEST = date(2007, 11, 1)
SHORTEST, LONGEST = 10, 1000
_LOOK = "Votre profil permet de voir ce dossier, pas de le modifier. Adressez-vous à qui suit ce client."
_TEXT = 500


def owner(session: TenantSession, by: Adviser, contact_id: str) -> contacts.ContactCard:
    """The person or company whose profile may be written. Raises `NotFound`, `Forbidden`: also for a household."""
    card = contacts.get_contact(session, by, contact_id)
    if not (by.can(EDIT) and rights.sees(session, by, "contact", contact_id, EDIT)):
        raise Forbidden(_LOOK)
    if card.line.kind == profiles.HOUSEHOLD:
        raise Forbidden("Chaque membre d'un foyer a son profil\u202f: établissez-le au dossier de l'un d'eux.")
    return card


def save(session: TenantSession, by: Adviser, contact_id: str, answers: Mapping[str, Any]) -> dict[str, str]:
    """Keep answers of the questionnaire under way, begun by the first; all that is kept now. Raises `DomainError` with the
    question, `NotFound`, `Forbidden`."""
    card = owner(session, by, contact_id)
    asked, company = questionnaire.load(), card.line.kind == profiles.COMPANY
    row = session.scalar(select(Draft).where(Draft.contact_id == contact_id))
    before = dict(row.answers) if row is not None and row.version == asked.version else {}
    kept = asked.kept({**before, **checked(asked, answers, company)}, company)
    if row is None:
        row = Draft(contact_id=contact_id, version=asked.version, answers=kept)
        session.add(row)
    else:
        row.version, row.answers = asked.version, kept
    session.flush()
    changed = sorted(key for key in {*before, *kept} if before.get(key) != kept.get(key))
    if changed:
        audit.record(session, by.user_id, "conformite.answered", f"contact:{contact_id}", {
            "version": asked.version, "after": {key: kept.get(key) for key in changed},
        })  # fmt: skip
    return kept


def drop(session: TenantSession, by: Adviser, contact_id: str) -> Mapping[str, Any]:
    """Give the questionnaire under way up; what was answered, to put it back. Raises `NotFound`, `Forbidden`."""
    owner(session, by, contact_id)
    found = profiles.draft(session, contact_id)
    if found is None:
        return {}
    session.execute(delete(Draft).where(Draft.contact_id == contact_id))
    audit.record(session, by.user_id, "conformite.dropped", f"contact:{contact_id}", {"version": found.version})
    return found.answers


def establish(
    session: TenantSession, by: Adviser, contact_id: str, answers: Mapping[str, Any], *, months: int, on: date | None = None,
    level: int | None = None, reason: str = "", profile_id: str | None = None,
) -> str:  # fmt: skip
    """Make a profile of the answers; its id. `level`: what the adviser retains, the computed one by default.

    `months`: how long it is valid. `profile_id`: the form's key, a second arrival finds what the first made. Raises
    `DomainError` with the field that is wrong or the question that is not answered, `NotFound`, `Forbidden`.
    """
    card = owner(session, by, contact_id)
    if profile_id and session.scalar(select(Profile.id).where(Profile.id == profile_id)):
        return profiles.get(session, by, profile_id).id
    asked, company = questionnaire.load(), card.line.kind == profiles.COMPANY
    kept = asked.kept(checked(asked, answers, company), company)
    found = _scored(asked, kept, company)
    day, retained, why = on or today(), found.level if level is None else level, reason.strip()
    _check(found, day, retained, why)
    last = session.scalar(select(func.max(Profile.established_on)).where(Profile.contact_id == contact_id))
    if last is not None and day < last:
        text = f"Un profil du {last:%d/%m/%Y} existe déjà\u202f: un profil plus ancien ne le remplacerait pas. Vérifiez la date."
        raise DomainError(text, field="on")
    row = Profile(
        contact_id=contact_id, version=asked.version, answers=kept, computed=found.level, level=retained,
        reason=why if retained != found.level else "", tolerance=found.tolerance, loss=found.loss, knowledge=found.knowledge,
        horizon=found.horizon, objective=found.objective, esg=found.esg, established_on=day,
        valid_until=due_on(day, months), established_by=by.name,
    )  # fmt: skip
    if profile_id:
        row.id = profile_id
    session.add(row)
    session.execute(delete(Draft).where(Draft.contact_id == contact_id))
    session.flush()
    told = {
        "profile": row.id, "version": asked.version, "answers": kept, "computed": found.level, "level": retained,
        "reason": row.reason, "on": day.isoformat(), "valid_until": row.valid_until.isoformat(),
    }  # fmt: skip
    audit.record(session, by.user_id, "conformite.profile_made", f"contact:{contact_id}", told)
    return row.id


def checked(asked: questionnaire.Questionnaire, answers: Mapping[str, Any], company: bool) -> dict[str, str]:
    """Answers that the questionnaire knows. Raises `DomainError` for one that it does not offer."""
    clean: dict[str, str] = {}
    for one in asked.questions:
        given = answers.get(one.key)
        if given in (None, ""):
            continue
        if one.options and given not in one.choices(company):
            raise DomainError("Choisissez une réponse de la liste.", field=one.key)
        if len(str(given)) > _TEXT:
            raise DomainError(f"{_TEXT} caractères au plus.", field=one.key)
        clean[one.key] = str(given)
    return clean


def _scored(asked: questionnaire.Questionnaire, kept: Mapping[str, str], company: bool) -> scoring.Score:
    try:
        return scoring.score(asked.version, kept, company=company)
    except scoring.Incomplete as error:
        first = error.questions[0]
        if kept.get(first.key) == questionnaire.REFUSED:
            text = "Le client ne souhaite pas répondre\u202f: sans cette information, aucun conseil ne peut être donné."
        else:
            text = f"Sans réponse\u202f: {first.said(company)}"
        raise DomainError(text, field=first.key) from error


def _check(found: scoring.Score, day: date, level: int, reason: str) -> None:
    if level not in scoring.LEVELS:
        raise DomainError("Choisissez un profil de la liste.", field="level")
    if level != found.level and len(reason) < SHORTEST:
        text = f"Le profil calculé est «\u202f{found.level_label}\u202f»\u202f: dites en une phrase pourquoi un autre est retenu."
        raise DomainError(text, field="reason")
    if len(reason) > LONGEST:
        raise DomainError(f"{LONGEST} caractères au plus.", field="reason")
    if day > today():
        raise DomainError("Cette date est dans le futur\u202f: vérifiez-la.", field="on")
    if day < OLDEST:
        raise DomainError("Cette date est trop ancienne\u202f: vérifiez-la.", field="on")
