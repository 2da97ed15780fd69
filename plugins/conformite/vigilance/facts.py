"""The facts that a level goes by, as JSON keeps them: answers, what the file says, which lists name a country (CO-05).

They are kept with the assessment, so that its level can be made again, and so that it says which list it went by.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func
from sqlalchemy import select

from core.api import accounts
from core.api import book
from core.api import contacts
from core.api import wealth
from core.api.db import TenantSession
from core.api.finance import due_on
from core.api.types import Adviser
from plugins.conformite import profiles
from plugins.conformite.vigilance import lists
from plugins.conformite.vigilance import ruleset
from plugins.conformite.vigilance.models import Assessment
from plugins.conformite.vigilance.models import Operation

#: What the file of a person should say of countries; a company is known by its addresses and its country of tax.
_EXPECTED = {profiles.PERSON: ("nationalite", "naissance", "fiscal"), profiles.COMPANY: ("adresse",)}
#: Months over which the operations of a client are added up.
TOTAL_MONTHS = 12


def of_client(session: TenantSession, by: Adviser, card: contacts.ContactCard, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a client whom the adviser may see."""
    places = _places(session, by, card.id)
    places["fonds"] = [answers["pays_fonds"]] if answers.get("pays_fonds") else []
    unknown = [place for place in _EXPECTED.get(card.line.kind, ()) if not places[place]]
    held = accounts.refs(session, by, contact_id=card.id) if by.can("accounts.view") else None
    if held is None:
        unknown.append("comptes")
    return {
        "subject": ruleset.CLIENT, "company": card.line.kind == profiles.COMPANY, "answers": dict(answers), "file": {},
        "places": {place: codes for place, codes in places.items() if codes}, "unknown": unknown,
        "envelopes": sorted({one.envelope for one in held or () if one.state not in accounts.ENDED_STATES}),
        "lists": _lists(session, {code for codes in places.values() for code in codes}), "figures": {},
    }  # fmt: skip


def of_operation(
    session: TenantSession, by: Adviser, card: contacts.ContactCard, answers: Mapping[str, Any], *, amount: Decimal, on: date,
    account_id: str | None,
) -> dict[str, Any]:  # fmt: skip
    """The facts of an operation of a client whom the adviser may see: what it adds up to, and what he is held for."""
    places = {"fonds": [answers["pays_fonds"]]} if answers.get("pays_fonds") else {}
    held = wealth.totals.of_contact(session, by, card.id) if by.can("accounts.view") else None
    worth = held[0] if held and held[0] > 0 else None
    envelope = None
    if account_id and by.can("accounts.view"):
        envelope = session.scalar(select(book.Account.envelope).where(book.Account.id == account_id))
    return {
        "subject": ruleset.OPERATION, "company": card.line.kind == profiles.COMPANY, "answers": dict(answers),
        "file": {"client_level": _level(session, card.id)}, "places": places, "unknown": [],
        "envelopes": [envelope] if envelope else [], "lists": _lists(session, set(places.get("fonds", ()))),
        "figures": {
            "amount": str(amount), "total": str(_total(session, card.id, on) + amount),
            "share": str((amount / worth).quantize(Decimal("0.0001"))) if worth else None,
        },
    }  # fmt: skip


def _places(session: TenantSession, by: Adviser, contact_id: str) -> dict[str, list[str]]:
    contact = book.Contact
    names = ("nationality", "other_nationality", "more_nationalities", "birth_country", "tax_country")
    row = session.execute(select(*(getattr(contact, name) for name in names)).where(contact.id == contact_id)).one()
    addresses = contacts.channels.of_contact(session, by, contact_id)["address"]
    return {
        "nationalite": _codes((row.nationality, row.other_nationality, *(row.more_nationalities or ()))),
        "naissance": _codes((row.birth_country,)), "fiscal": _codes((row.tax_country,)),
        "adresse": _codes(one.values.get("country") for one in addresses),
    }  # fmt: skip


def _codes(found: Iterable[str | None]) -> list[str]:
    return sorted({code for code in found if code})


def _lists(session: TenantSession, codes: set[str]) -> dict[str, Any]:
    """List → which of these countries it names, by which import; None for a list that was never imported."""
    known = lists.current(session)
    return {
        one.code: {
            "import": known[one.code].id, "dated_on": known[one.code].dated_on.isoformat(),
            "hits": sorted(codes & set(known[one.code].countries)),
        } if one.code in known else None
        for one in ruleset.load().lists
    }  # fmt: skip


def _level(session: TenantSession, contact_id: str) -> str | None:
    wanted = select(Assessment.level).where(Assessment.contact_id == contact_id)
    return session.scalar(wanted.order_by(Assessment.assessed_on.desc(), Assessment.id.desc()).limit(1))


def _total(session: TenantSession, contact_id: str, on: date) -> Decimal:
    """What the client's operations that were assessed come to, over the twelve months before a day."""
    since = due_on(on, -TOTAL_MONTHS)
    wanted = select(func.sum(Operation.amount)).where(
        Operation.contact_id == contact_id, Operation.assessed_on > since, Operation.assessed_on <= on
    )
    return Decimal(session.scalar(wanted) or 0)
