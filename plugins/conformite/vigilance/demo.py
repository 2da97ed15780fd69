"""The demonstration's share of vigilance: levels over its clients, one exposed person, one review that is late, an operation.

The lists are samples with a few countries, and say so in their source: a cabinet imports the real ones.
"""

from __future__ import annotations

from datetime import date
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select

from core.api import accounts
from core.api import book
from core.api.db import TenantSession
from core.api.db import today
from core.api.types import Adviser
from plugins.conformite import profiles
from plugins.conformite.vigilance import lists
from plugins.conformite.vigilance import writes
from plugins.conformite.vigilance.example import answers
from plugins.conformite.vigilance.example import operation_answers

MONTHS = {"RENFORCEE": 12, "STANDARD": 36, "SIMPLIFIEE": 60}
#: How many clients are assessed beside those that are named.
MOST = 60
_SAMPLE = "Extrait de démonstration\u202f: importez la liste publiée"
#: Samples: list → days since it was published, its countries. One is older than a cabinet accepts.
LISTS = {
    "UE": (35, "IR, KP, MM"), "GAFI_NOIRE": (35, "IR, KP, MM"), "GAFI_GRISE": (35, "BG, MC"), "FISCAL": (280, "PA, VU"),
}  # fmt: skip


def write(session: TenantSession, boss: Adviser, author: Adviser) -> None:
    """Lists, then whose vigilance is what, and since when. `boss` validates what `author` assessed."""
    for code, (days, countries) in LISTS.items():
        lists.bring(session, boss, code, dated_on=today() - timedelta(days=days), source=_SAMPLE, text=countries)

    def assess(name: str, days: int, by: Adviser = author, **more: str) -> str:
        on = today() - timedelta(days=days)
        return writes.assess(session, by, _contact(session, name), answers(**more), months=MONTHS, on=on)

    assess("Durand Jeanne", 700)
    assess("Durand Jeanne", 90)
    exposed = assess("Moreau Hélène", 60, ppe="OUI", ppe_detail="Conseillère à la Cour des comptes, France, depuis 2023")
    writes.validate(session, boss, exposed)
    late = assess("Faure Claire", 420, activite="SENSIBLE", especes="OUI", canal="DISTANCE")
    writes.validate(session, boss, late)
    assess("Petit Thomas", 4, fonds="AUTRE", justificatif="REFUSE")
    assess("SCI Les Tilleuls", 30, boss, structure="SIMPLE", beneficiaires="NON_IDENTIFIES")
    _others(session, boss)
    _operation(session, author)


def _others(session: TenantSession, by: Adviser) -> None:
    """Three clients in four, at ages that leave no review late: where the other ones stand stays as it was."""
    contact = book.Contact
    grown = contact.kind == profiles.PERSON, contact.protection == "AUCUNE", contact.vital == "VIVANT"
    named = "Durand Jeanne", "Durand Philippe", "Moreau Hélène", "Faure Claire", "Petit Thomas", "Petit Émilie"
    wanted = select(contact.id).where(contact.stage == "CLIENT", *grown, contact.display_name.not_in(named))
    for place, key in enumerate(session.scalars(wanted.order_by(contact.file_code).limit(MOST)).all()):
        if place % 4:
            told = answers(canal="DISTANCE", justificatif="A_OBTENIR") if place % 3 == 0 else answers()
            on: date = today() - timedelta(days=15 + place * 53 % 1000)
            writes.assess(session, by, key, told, months=MONTHS, on=on)


def _operation(session: TenantSession, by: Adviser) -> None:
    who = _contact(session, "Durand Jeanne")
    held = accounts.refs(session, by, contact_id=who)
    writes.operate(
        session, by, who, operation_answers(coherence="NON", tiers="TIERS"), amount=Decimal(180_000),
        account_id=held[0].id if held else None, about="Versement venu d'un compte tiers", on=today() - timedelta(days=6),
    )  # fmt: skip


def _contact(session: TenantSession, name: str) -> str:
    wanted = select(book.Contact.id).where(book.Contact.display_name == name).order_by(book.Contact.id)
    return session.scalars(wanted).one()
