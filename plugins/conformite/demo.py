"""The demonstration's share of conformité: profiles of a couple, a manager and her company; one that expired, one under way;
documents, vigilances, projects (`papers.demo`, `vigilance.demo`, `projects.demo`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from core.api import book
from core.api import demo
from core.api.db import TenantSession
from core.api.db import today
from core.api.types import Adviser
from plugins.conformite import profile_writes
from plugins.conformite import questionnaire
from plugins.conformite.models import Profile
from plugins.conformite.papers import demo as papers
from plugins.conformite.projects import demo as projects
from plugins.conformite.projects.models import Project
from plugins.conformite.vigilance import demo as vigilance
from plugins.conformite.vigilance.models import Assessment

CABINET, WHO, AUTHOR = "demo", "administrateur@demo.example", "conseiller@demo.example"
MONTHS = 12
#: How many other clients are looked at.
MOST = 60
#: What each kind of investor answers beside the instruments.
PRUDENT: Mapping[str, str] = {
    "precaution": "DE_3_A_6", "part": "DE_50_A_75", "effort": "MOINS_10", "perte": "P5", "metier": "NON", "baisse": "ALLEGER",
    "choix": "B", "priorite": "STABLE", "vecu": "JAMAIS", "objectif": "REVENUS", "projet": "RESERVE", "horizon": "DE_3_A_5",
    "besoin": "NON", "esg": "NON",
}  # fmt: skip
BALANCED: Mapping[str, str] = {
    "precaution": "DE_6_A_12", "part": "DE_25_A_50", "effort": "DE_10_A_25", "perte": "P10", "metier": "NON",
    "baisse": "ATTENDRE", "choix": "C", "priorite": "EQUILIBRE", "vecu": "GARDE", "objectif": "CROISSANCE",
    "projet": "TRANSMISSION", "horizon": "PLUS_8", "besoin": "NON", "esg": "OUI", "esg_taxonomie": "5", "esg_sfdr": "20",
    "esg_pai": "CLIMAT", "esg_pai_mode": "QUALITATIVE", "esg_adaptees": "NON",
}  # fmt: skip
DYNAMIC: Mapping[str, str] = {
    **BALANCED, "precaution": "PLUS_12", "part": "MOINS_25", "effort": "PLUS_25", "perte": "P20", "baisse": "GARDER",
    "choix": "D", "priorite": "RENDEMENT", "vecu": "RENFORCE", "projet": "RETRAITE", "esg": "SANS_AVIS",
}  # fmt: skip
#: Instrument → operations, of those that are known and understood.
FEW = {"fonds_euros": "DE_1_A_4", "immobilier": "ANCIENNES"}
SOME = {"fonds_euros": "DE_1_A_4", "obligations": "AUCUNE", "actions": "DE_1_A_4", "immobilier": "ANCIENNES"}
MANY = {**SOME, "actions": "PLUS_4", "obligations": "PLUS_4", "structures": "DE_1_A_4", "capital": "ANCIENNES"}


class ConformiteDemo:
    """What `encours demo` prepares; nothing runs beside the web server."""

    def prepare(self, folder: Path) -> None:
        """The profiles, documents, vigilances and projects, once."""
        with demo.acting(CABINET, AUTHOR) as (_session, author):
            pass  # only who he is: one transaction writes
        with demo.acting(CABINET, WHO) as (session, by):
            if session.scalar(select(Profile.id).limit(1)) is None:
                write(session, by)
            if session.scalar(select(Assessment.id).limit(1)) is None:
                vigilance.write(session, by, author)
            if session.scalar(select(Project.id).limit(1)) is None:
                projects.write(session, by, _contact)
        with demo.working(CABINET, "conformite") as ctx:
            papers.write(ctx)

    def programs(self, folder: Path) -> list[demo.Program]:
        """None."""
        return []

    def join(self, folder: Path) -> None:
        """Nothing is done over the wire."""

    def addresses(self) -> list[tuple[str, str]]:
        """None."""
        return []


def answers(kind: Mapping[str, str], known: Mapping[str, str], **more: str) -> dict[str, str]:
    """A whole questionnaire. `known`: instrument → operations; each of these is understood."""
    asked = questionnaire.load()
    told = dict(kind)
    for one in asked.instruments:
        told[f"{one.key}_{questionnaire.KNOWN}"] = questionnaire.YES if one.key in known else questionnaire.NO
        if one.key in known:
            told |= {f"{one.key}_{questionnaire.TEST}": one.right, f"{one.key}_{questionnaire.DONE}": known[one.key]}
    return {**told, **more}


def write(session: TenantSession, by: Adviser) -> None:
    """Whose profile is what, and since when."""

    def establish(name: str, days: int, given: Mapping[str, str], **more: object) -> None:
        on = today() - timedelta(days=days)
        profile_writes.establish(session, by, _contact(session, name), given, months=MONTHS, on=on, **more)  # type: ignore[arg-type]

    establish("Durand Jeanne", 540, answers(PRUDENT, FEW))
    establish("Durand Jeanne", 150, answers(BALANCED, SOME))
    establish("Durand Philippe", 150, answers(DYNAMIC, MANY))
    wrong = {"actions_connu": "OUI", "actions_test": "GARANTI", "actions_operations": "AUCUNE"}
    establish("Petit Thomas", 350, answers(PRUDENT, FEW, **wrong))
    establish(
        "Moreau Hélène", 60, answers({**DYNAMIC, "perte": "P35"}, MANY, besoin="OUI"), level=3,
        reason="La cession de la société est en cours\u202f: la cliente préfère attendre son issue avant de prendre ce risque.",
    )
    establish("Faure Claire", 460, answers(BALANCED, SOME))
    establish(
        "SCI Les Tilleuls", 90, answers(PRUDENT, SOME, objectif="PRESERVATION", representant="Durand Philippe, gérant"),
    )
    _others(session, by)
    half = {name: answer for name, answer in BALANCED.items() if name in ("precaution", "part", "effort", "perte")}
    profile_writes.save(session, by, _contact(session, "Petit Émilie"), half)


def _others(session: TenantSession, by: Adviser) -> None:
    """Profiles of other clients: two in three, none expired: acts on their accounts stay as they were."""
    contact, kinds = book.Contact, ((PRUDENT, FEW), (BALANCED, SOME), (DYNAMIC, MANY))
    has_one = select(Profile.id).where(Profile.contact_id == contact.id).exists()
    grown = contact.kind == "PERSONNE_PHYSIQUE", contact.protection == "AUCUNE"
    apart = contact.display_name != "Petit Émilie"  # hers is under way
    wanted = select(contact.id).where(contact.stage == "CLIENT", *grown, ~has_one, apart)
    ids = session.scalars(wanted.order_by(contact.file_code).limit(MOST)).all()
    for place, key in enumerate(ids):
        if place % 3:
            on = today() - timedelta(days=20 + place * 37 % 330)
            profile_writes.establish(session, by, key, answers(*kinds[place % 4 % len(kinds)]), months=MONTHS, on=on)


def _contact(session: TenantSession, name: str) -> str:
    wanted = select(book.Contact.id).where(book.Contact.display_name == name).order_by(book.Contact.id)
    return session.scalars(wanted).one()
