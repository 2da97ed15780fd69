"""Accounts as a subject of requests: their fields, their orders, pages of their lines (BL-02, RQ-01)."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import true

from core.accounts import lists
from core.accounts.access import visible_accounts
from core.accounts.envelopes import ENDED_STATES
from core.accounts.envelopes import ENVELOPES
from core.accounts.envelopes import HOLDING_ROLES
from core.accounts.envelopes import MANAGEMENT_MODES
from core.accounts.envelopes import ORIGINS
from core.accounts.envelopes import STATES
from core.accounts.models import Account
from core.accounts.models import AccountRole
from core.accounts.numbers import search_key
from core.contacts.models import Contact
from core.contacts.models import HouseholdMember
from core.contacts.services import fold
from core.db.paging import Page
from core.db.session import TenantSession
from core.hooks.types import AccountRef
from core.hooks.types import Adviser
from core.queries import pages
from core.queries.fields import Field
from core.queries.fields import declare
from core.queries.pages import Asked
from core.queries.pages import Run
from core.queries.pages import Subject
from core.queries.pages import known_first
from core.supports.models import Company

KEY = "comptes"
BATCH = 500
#: States that stand for several.
OPEN, ENDED = "ouverts", "clos"
_COMPANY = select(Company.name).where(Company.id == Account.company_id).scalar_subquery()
_TITLE = (Account.title, Account.number_key, Account.id)


def _named(_adviser: Adviser, values: Sequence[str]) -> ColumnElement[bool]:
    """Title, number or a holder's name contains the text."""
    text = values[0].strip() if values else ""
    if not text:
        return true()
    holders = select(AccountRole.account_id).join(Contact, Contact.id == AccountRole.contact_id)
    named = holders.where(AccountRole.role.in_(HOLDING_ROLES), Contact.sort_name.contains(fold(text) or text, autoescape=True))
    found = [Account.title.icontains(text, autoescape=True), Account.id.in_(named)]
    if key := search_key(text):
        found.append(Account.number_key.contains(key, autoescape=True))
    return or_(*found)


def _held(_adviser: Adviser, values: Sequence[str]) -> ColumnElement[bool]:
    """One of these people holds it, or a member of one of these households."""
    members = select(HouseholdMember.contact_id).where(HouseholdMember.household_id.in_(values))
    held = select(AccountRole.account_id).where(
        AccountRole.role.in_(HOLDING_ROLES), or_(AccountRole.contact_id.in_(values), AccountRole.contact_id.in_(members))
    )
    return Account.id.in_(held)


def _state(_adviser: Adviser, values: Sequence[str]) -> ColumnElement[bool]:
    """A state, or one of the two that stand for several."""
    state = values[0] if values else ""
    if state == OPEN:
        return Account.state.not_in(ENDED_STATES)
    return Account.state.in_(ENDED_STATES) if state == ENDED else Account.state == state


SUBJECT = pages.declare(
    Subject(
        KEY, Account, visible_accounts,
        {
            "titre": lambda _adviser: (Run(_TITLE),),
            "numero": lambda _adviser: (Run((Account.number_key, Account.id)),),
            "compagnie": lambda _adviser: (Run((_COMPANY, Account.title, Account.id)),),
            "valeur": lambda _adviser: known_first(Account.value, Account.id),
            "date": lambda _adviser: known_first(Account.data_as_of, Account.id),
        }, "titre",
    )
)  # fmt: skip


def _own(path: str, kind: str, label: str, column: Any, options: dict[str, str] | None = None, group: str = "Compte") -> Field:
    return Field(
        f"compte.{path}", KEY, kind, label, column=lambda _adviser: column, group=group, options=tuple((options or {}).items())
    )


_STATES = {OPEN: "Non clos", ENDED: "Clos", **STATES}
declare(
    Field("compte.search", KEY, "text", "Intitulé, numéro ou titulaire", special={"find": ("contient", _named)}, group="Compte"),
    Field(
        "compte.archived", KEY, "flag", "Archivé", group="Compte",
        special={
            "yes": ("oui", lambda _adviser, _values: Account.archived_at.is_not(None)),
            "no": ("non", lambda _adviser, _values: Account.archived_at.is_(None)),
        },
    ),
    Field("compte.holder", KEY, "choice", "Titulaire", special={"=": ("est", _held), "in": ("parmi", _held)}, group="Compte"),
    Field("compte.state", KEY, "choice", "État", special={"=": ("est", _state)}, options=tuple(_STATES.items()), group="Compte"),
    _own("title", "text", "Intitulé", Account.title),
    _own("envelope", "choice", "Enveloppe", Account.envelope, ENVELOPES),
    _own("company", "choice", "Compagnie", Account.company_id),
    _own("management_mode", "choice", "Mode de gestion", Account.management_mode, MANAGEMENT_MODES),
    _own("origin", "choice", "Origine des données", Account.origin, ORIGINS, "Données"),
    _own("currency", "text", "Devise", Account.currency, group="Valorisation"),
    _own("value", "amount", "Valorisation", Account.value, group="Valorisation"),
    _own("net_payments", "amount", "Versements nets", Account.net_payments, group="Valorisation"),
    _own("value_on", "date", "Valorisé le", Account.value_on, group="Valorisation"),
    _own("data_as_of", "date", "Données au", Account.data_as_of, group="Données"),
    _own("opened_on", "date", "Ouvert le", Account.opened_on),
    _own("closed_on", "date", "Clos le", Account.closed_on),
    _own("pledged", "flag", "Nanti", Account.pledged, group="Contraintes"),
    _own("delegated", "flag", "Délégué", Account.delegated, group="Contraintes"),
    _own("accepted_beneficiary", "flag", "Bénéficiaire acceptant", Account.accepted_beneficiary, group="Contraintes"),
    _own("advance_running", "flag", "Avance en cours", Account.advance_running, group="Contraintes"),
)  # fmt: skip


def page(session: TenantSession, adviser: Adviser, asked: Asked, *, number: int = 1, size: int = 50) -> Page[AccountRef]:
    """One page of the accounts that the adviser may see, in a constant number of queries. Raises `DomainError`."""
    total = count(session, adviser, asked)
    number = max(1, min(number, -(-total // size) or 1))
    ids = pages.ids(session, adviser, SUBJECT, asked, total, (number - 1) * size, size) if total else []
    return Page(tuple(lists.in_order(session, ids)), total, number, size)


def count(session: TenantSession, adviser: Adviser, asked: Asked) -> int:
    """How many there are."""
    return pages.count(session, adviser, SUBJECT, asked)


def every(session: TenantSession, adviser: Adviser, asked: Asked) -> Iterator[AccountRef]:
    """All of them in order: three queries a batch."""
    total = count(session, adviser, asked)
    ids = pages.ids(session, adviser, SUBJECT, asked, total, 0, total) if total else []
    for start in range(0, len(ids), BATCH):
        yield from lists.in_order(session, ids[start : start + BATCH])


def following_id(
    session: TenantSession, adviser: Adviser, asked: Asked, after: str | None, *, size: int
) -> list[AccountRef]:
    """Those that a request keeps, in the order of their ids, from beyond one of them: pages that no change moves."""
    return lists.in_order(session, pages.following_id(session, adviser, SUBJECT, asked, after, size=size))
