"""Where a client stands: CONFORME, A_COMPLETER, NON_CONFORME, EXPIRE, computed from what is known, never typed (domain.md §2.5).

`expression` is the SQL of it, behind counts, lists and requests alike; `_points` says the same of a few clients, thing by thing.
Nothing is kept: what changes in a file counts at once. Known by no profile: prospects, former clients, households, the dead.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from datetime import timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import and_
from sqlalchemy import case
from sqlalchemy import false
from sqlalchemy import func
from sqlalchemy import not_
from sqlalchemy import null
from sqlalchemy import or_
from sqlalchemy import select

from core.api import book
from core.api import queries
from core.api import rights
from core.api.db import NotFound
from core.api.db import TenantSession
from core.api.formats import day
from core.api.types import Adviser
from plugins.conformite import profiles
from plugins.conformite.demands import NOTHING
from plugins.conformite.demands import Demands
from plugins.conformite.models import Profile
from plugins.conformite.papers import status as paper_status
from plugins.conformite.papers.kinds import KINDS as PAPERS
from plugins.conformite.papers.status import NONE
from plugins.conformite.papers.status import OVER
from plugins.conformite.papers.status import UNDER_WAY
from plugins.conformite.papers.status import VALID
from plugins.conformite.vigilance import current as vigilance

CONFORM, INCOMPLETE, NOT_CONFORM, EXPIRED = "CONFORME", "A_COMPLETER", "NON_CONFORME", "EXPIRE"
#: The gravest first.
SITUATIONS: dict[str, str] = {
    NOT_CONFORM: "Non conforme", EXPIRED: "Expiré", INCOMPLETE: "À compléter", CONFORM: "Conforme",
}  # fmt: skip
#: Of those that are not expired yet: what expires within the notice.
SOON = "BIENTOT"
PATH, UNTIL = "conformite.situation", "conformite.profil_jusqu_au"
#: Identity that the law asks for (code monétaire et financier, R. 561-5; a document in force: R. 561-5-1).
SOURCE = "Code monétaire et financier, articles R. 561-5 et R. 561-5-1"
OF_VIGILANCE = "Code monétaire et financier, articles L. 561-4-1 et L. 561-6"
OF_PERSONS: Mapping[str, str] = {
    "birth_date": "date de naissance", "birth_city": "lieu de naissance", "nationality": "nationalité",
    "id_number": "pièce d'identité",
}  # fmt: skip
OF_COMPANIES: Mapping[str, str] = {"legal_form": "forme juridique", "siren": "SIREN"}
_ABSENT = "Ce contact n'existe pas, ou n'est pas ouvert à votre profil."


@dataclass(frozen=True, slots=True)
class Point:
    """One thing to settle. `key`: profil, piece, identite, document or vigilance."""

    key: str
    situation: str
    text: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one client stands. `situation`: None for who is no client; `until`: the last day of his profile."""

    contact_id: str
    situation: str | None
    points: tuple[Point, ...] = ()
    until: date | None = None


def last_day() -> Any:
    """Until when the contact's current profile is valid, beside the contact."""
    return (
        select(Profile.valid_until)
        .where(Profile.contact_id == book.Contact.id)
        .order_by(Profile.established_on.desc(), Profile.id.desc())
        .limit(1)
        .correlate(book.Contact)
        .scalar_subquery()
    )


def followed() -> Any:
    """Who is a client that stands somewhere: a person or a company, alive, not put away."""
    contact = book.Contact
    return and_(
        contact.stage == "CLIENT", contact.archived_at.is_(None), contact.vital == "VIVANT",
        contact.kind.in_((profiles.PERSON, profiles.COMPANY)),
    )  # fmt: skip


@lru_cache(maxsize=8)
def expression(on: date, demanded: Demands = NOTHING) -> Any:
    """The situation on a day, as SQL beside the contact; NULL for who is no client. `demanded`: what the cabinet asks."""
    contact, until, review = book.Contact, last_day(), vigilance.column("review_on")
    persons = and_(contact.kind == profiles.PERSON, or_(*(_empty(name) for name in OF_PERSONS)))
    companies = and_(contact.kind == profiles.COMPANY, or_(*(_empty(name) for name in OF_COMPANIES)))
    return case(
        (not_(followed()), null()),
        (until.is_(None), NOT_CONFORM),
        (
            or_(
                until < on, and_(contact.kind == profiles.PERSON, contact.id_expires_on < on), review < on,
                _paper(demanded.papers, on, OVER),
            ),
            EXPIRED,
        ),
        (
            or_(
                persons, companies, vigilance.waiting(), *([review.is_(None)] if demanded.assessed else ()),
                _paper(demanded.papers, on, UNDER_WAY, NONE),
            ),
            INCOMPLETE,
        ),
        else_=CONFORM,
    )  # fmt: skip


def asked(code: str, on: date, notice: int, fields: queries.Registry) -> queries.Asked:
    """The request of those who stand so; of SOON, of those whose profile ends within so many days."""
    if code != SOON:
        return queries.Asked(queries.Group((queries.Rule(PATH, "=", (code,)),)), fields=fields)
    last = day(on + timedelta(days=notice))
    rules = (queries.Rule(PATH, "in", (INCOMPLETE, CONFORM)), queries.Rule(UNTIL, "<=", (last,)))
    return queries.Asked(queries.Group(rules), fields=fields)


def counts(session: TenantSession, adviser: Adviser, on: date, notice: int, demanded: Demands = NOTHING) -> dict[str, int]:
    """How many of the adviser's clients stand how: one query; each number is that of the list that `asked` gives."""
    contact = book.Contact
    seen = (
        select(expression(on, demanded).label("situation"), last_day().label("until"))
        .where(rights.on(contact.id, adviser, "contact", each=True), contact.stage == "CLIENT")
        .subquery()
    )
    ends = and_(seen.c.situation.in_((INCOMPLETE, CONFORM)), seen.c.until <= on + timedelta(days=notice))
    wanted = select(seen.c.situation, func.count(), func.sum(case((ends, 1), else_=0))).group_by(seen.c.situation)
    found = {code: (count, int(soon or 0)) for code, count, soon in session.execute(wanted)}
    numbers = {code: found.get(code, (0, 0))[0] for code in SITUATIONS}
    return {**numbers, SOON: sum(soon for _count, soon in found.values())}


def of(session: TenantSession, adviser: Adviser, contact_id: str, on: date, demanded: Demands = NOTHING) -> Standing:
    """Where one contact stands. Raises `NotFound` for one that the adviser may not see."""
    found = among(session, adviser, [contact_id], on, demanded)
    if contact_id not in found:
        raise NotFound(_ABSENT)
    return found[contact_id]


def among(
    session: TenantSession, adviser: Adviser, ids: Collection[str], on: date, demanded: Demands = NOTHING
) -> dict[str, Standing]:  # fmt: skip
    """Where some contacts stand, with what is to be settled. One query."""
    contact = book.Contact
    names = ("id", "kind", "id_expires_on", *OF_PERSONS, *OF_COMPANIES)
    wanted = select(
        *(getattr(contact, name) for name in names), expression(on, demanded).label("situation"), last_day().label("until"),
        vigilance.column("review_on").label("review"), vigilance.waiting().label("waiting"),
        *(paper_status.state(kind, on).label(kind) for kind in demanded.papers),
    ).where(contact.id.in_(sorted(ids)), rights.on(contact.id, adviser, "contact", each=True))
    return {
        row["id"]: Standing(
            row["id"], row["situation"], tuple(_points(dict(row), on, demanded)) if row["situation"] else (), row["until"]
        )
        for row in session.execute(wanted).mappings()
    }  # fmt: skip


def _points(row: Mapping[str, Any], on: date, demanded: Demands) -> list[Point]:
    found = []
    if row["until"] is None:
        found.append(Point("profil", NOT_CONFORM, "Aucun profil investisseur n'est établi."))
    elif row["until"] < on:
        found.append(Point("profil", EXPIRED, f"Le profil investisseur a expiré le {day(row['until'])}."))
    person = row["kind"] == profiles.PERSON
    if person and row["id_expires_on"] is not None and row["id_expires_on"] < on:
        found.append(Point("piece", EXPIRED, f"La pièce d'identité a expiré le {day(row['id_expires_on'])}.", SOURCE))
    facts = OF_PERSONS if person else OF_COMPANIES
    lacking = [said for name, said in facts.items() if row[name] in (None, "")]
    if lacking:
        found.append(Point("identite", INCOMPLETE, f"À compléter au dossier\u202f: {', '.join(lacking)}.", SOURCE))
    return [*found, *_paper_points(row, demanded.papers), *_vigilance_points(row, on, demanded.assessed)]


def _paper(papers: tuple[str, ...], on: date, *codes: str) -> Any:
    """Whether one of these documents stands so."""
    return or_(false(), *(paper_status.state(kind, on).in_(codes) for kind in papers))


def _paper_points(row: Mapping[str, Any], papers: tuple[str, ...]) -> list[Point]:
    found = []
    for kind in papers:
        known = PAPERS[kind]
        if row[kind] == OVER:
            found.append(Point("document", EXPIRED, f"{known.label}\u202f: expiré.", known.source))
        elif row[kind] != VALID:
            what = "produit, pas signé" if row[kind] == UNDER_WAY else "manque"
            found.append(Point("document", INCOMPLETE, f"{known.label}\u202f: {what}.", known.source))
    return found


def _vigilance_points(row: Mapping[str, Any], on: date, assessed: bool) -> list[Point]:
    found = []
    if row["review"] is not None and row["review"] < on:
        text = f"La vigilance (LCB-FT) était à revoir le {day(row['review'])}."
        found.append(Point("vigilance", EXPIRED, text, OF_VIGILANCE))
    if row["waiting"]:
        text = "La vigilance renforcée attend la validation d'une seconde personne."
        found.append(Point("vigilance", INCOMPLETE, text, OF_VIGILANCE))
    if assessed and row["review"] is None:
        found.append(Point("vigilance", INCOMPLETE, "La vigilance (LCB-FT) n'a jamais été évaluée.", OF_VIGILANCE))
    return found


def _empty(name: str) -> Any:
    column = getattr(book.Contact, name)
    return column.is_(None) if name.endswith("_date") else or_(column.is_(None), column == "")
