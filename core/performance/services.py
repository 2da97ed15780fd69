"""Performance of an account, a person or a household, and beside it that of indices (PF-08).

A constant number of queries: accounts, values, movements; three for each index, of which there are a few at most.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from core.accounts import lists
from core.contacts import services as contacts
from core.db.errors import DomainError
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.performance import indices
from core.performance import tracks
from core.performance.indices import Compared
from core.performance.indices import Index
from core.performance.measure import Measure
from core.performance.measure import measure
from core.wealth import totals
from core.wealth.balance import CURRENCY

#: Envelopes that are no investment: debts, risks insured, everyday money. Left out where several accounts are added up.
APART = frozenset({"PRET", "PREVOYANCE", "CARTE", "COMPTE_COURANT", "COMPTE_JOINT"})


def of_account(session: TenantSession, adviser: Adviser, account_id: str, since: date | None, until: date) -> Measure:
    """Of one whole account, in its currency. Raises `NotFound`, also for one that is not seen, and `DomainError`."""
    _check(since, until)
    ref = lists.get_ref(session, adviser, account_id)
    return measure(tracks.read(session, {ref.id: Decimal(1)}), since, until, ref.currency)


def of_contact(session: TenantSession, adviser: Adviser, contact_id: str, since: date | None, until: date) -> Measure:
    """Of what a person, or the members of a household, hold together: each account for their part of it today, in euros.

    Raises `NotFound`, also for a contact that is not seen, and `DomainError`.
    """
    _check(since, until)
    contacts.get_contact(session, adviser, contact_id)
    held = lists.refs(session, adviser, contact_id=contact_id)
    parts = totals.parts_of(session, contact_id, [ref.id for ref in held])
    counted = [ref for ref in held if ref.currency == CURRENCY and ref.envelope not in APART and parts.get(ref.id)]
    found = tracks.read(session, {ref.id: parts[ref.id] for ref in counted})
    valued = [one for one in found if one.values]
    told = [
        ("Autre devise que l'euro, hors mesure", [ref.label for ref in held if ref.currency != CURRENCY]),
        ("Ni placement ni épargne, hors mesure", [
            ref.label for ref in held if ref.currency == CURRENCY and ref.envelope in APART
        ]),
        ("Part inconnue, hors mesure", [ref.label for ref in held if not parts.get(ref.id)]),
    ]  # fmt: skip
    told.append(("Jamais valorisés, hors mesure", [one.label for one in found if not one.values]))
    notes = [f"{label}\u202f: {', '.join(names)}." for label, names in told if names]
    return measure(valued, since, until, CURRENCY, notes)


def beside(session: TenantSession, found: Measure, wanted: Sequence[str]) -> tuple[Compared, ...]:
    """Indices over a measure's days. Raises `NotFound` for what is no index of the cabinet."""
    if not wanted:
        return ()
    known = {one.id: one for one in indices.known(session)}
    if not set(wanted) <= set(known):
        raise NotFound("Cet indice n'existe pas dans votre cabinet.")
    return indices.compared(session, [known[key] for key in dict.fromkeys(wanted)], [one.on for one in found.levels])


def known_indices(session: TenantSession) -> tuple[Index, ...]:
    """The cabinet's indices."""
    return indices.known(session)


def _check(since: date | None, until: date) -> None:
    if since is not None and since >= until:
        raise DomainError(
            f"La période finit le {until:%d/%m/%Y}, avant d'avoir commencé ou le même jour\u202f: choisissez une date de fin "
            f"après le {since:%d/%m/%Y}."
        )
