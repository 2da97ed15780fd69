"""Writes one cabinet's data: its own rows of companies, products and supports, contacts, accounts, what they hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from random import Random

from sqlalchemy import insert

from core.accounts import models as account_models
from core.contacts import models as contact_models
from core.contacts.relation_models import Relation
from core.db.model import Base
from core.db.session import TenantSession
from core.demo import channels
from core.demo import civil
from core.demo import filing
from core.demo import history
from core.demo import kinship
from core.demo import past
from core.demo import positions
from core.demo.accounts import Account
from core.demo.catalogue import Prices
from core.demo.catalogue import Support
from core.demo.companies import COMPANIES
from core.demo.companies import Product
from core.demo.directory import Contact
from core.demo.directory import Directory
from core.demo.months import noon
from core.demo.roles import Roles
from core.demo.seed import Ids
from core.demo.seed import euros
from core.demo.seed import folded
from core.demo.seed import number_key
from core.supports import models as support_models
from core.transactions import models as transaction_models

_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Kit:
    """What both cabinets are made from. `companies`: code → key in the catalogue."""

    rng: Random
    ids: Ids
    today: date
    companies: Mapping[str, str]
    products: list[Product]
    supports: list[Support]
    prices: Prices


@dataclass(frozen=True, slots=True)
class Own:
    """A cabinet's own rows: code or key in the catalogue → key."""

    companies: dict[str, str]
    products: dict[str, str]
    supports: dict[str, str]


class Writer:
    """Bulk insertion into one cabinet's tables."""

    def __init__(self, session: TenantSession, kit: Kit) -> None:
        self._session, self._kit = session, kit
        self._cabinet_id = session.require_cabinet()

    def write(self, directory: Directory, accounts: list[Account], users: Mapping[str, str], author: str) -> None:
        """Everything of the cabinet. `users`: the names that contacts know their followers by → user ids."""
        own = self._own()
        self._contacts(directory, users)
        kit = self._kit
        pledgee = next((one for one in directory.contacts if one.stage == "PROSPECT" and one.legal_form == "SA"), None)
        allocator = positions.Allocator(kit.rng, kit.supports, kit.prices)
        historian, roles = history.Historian(kit.rng, kit.ids, kit.prices), Roles(kit.ids, directory.contacts, pledgee)
        held: list[dict[str, object]] = []
        for account in accounts:
            lines = historian.write(account, allocator.fill(account))
            roles.add(account)
            held.extend(positions.rows(kit.ids, account, lines, own.supports))
        for move in historian.movements:
            move["support_id"] = own.supports.get(str(move["support_id"]))
        self.insert(account_models.Account, [_account_row(one, own, kit.today) for one in accounts])
        self.insert(account_models.AccountRole, roles.rows)
        self.insert(account_models.Position, held)
        self.insert(account_models.Movement, historian.movements)
        self.insert(account_models.Valuation, historian.valuations)
        acts = past.rows(kit.rng, kit.ids, accounts, kit.today, author)
        self.insert(transaction_models.Transaction, acts)
        self.insert(Relation, kinship.rows(kit.ids, directory, kit.today))
        for model, rows in channels.rows(kit.ids, directory.contacts, directory.members):
            self.insert(model, rows)
        for model, rows in filing.filed(directory.contacts, kit.today, str(self._cabinet_id)):
            self.insert(model, rows)

    def insert(self, model: type[Base], rows: list[dict[str, object]]) -> None:
        """Rows of a cabinet's table, with its cabinet."""
        for row in rows:
            row["cabinet_id"] = self._cabinet_id
        insert_all(self._session, model, rows)

    def _own(self) -> Own:
        ids = self._kit.ids
        companies = {code: ids.next() for code in COMPANIES}
        self.insert(
            support_models.Company,
            [
                {"id": companies[code], "catalogue_id": self._kit.companies[code], "code": code, "name": name}
                for code, name in COMPANIES.items()
            ],
        )
        products = {one.catalogue_id: ids.next() for one in self._kit.products}
        self.insert(
            support_models.Product,
            [
                {
                    "id": products[one.catalogue_id], "catalogue_id": one.catalogue_id,
                    "company_id": companies[one.company], "name": one.name, "range_name": one.range_name,
                    "envelope": one.envelope,
                }
                for one in self._kit.products
            ],
        )  # fmt: skip
        supports = {one.id: ids.next() for one in self._kit.supports}
        self.insert(
            support_models.Support,
            [
                {
                    "id": supports[one.id], "catalogue_id": one.id, "isin": one.isin, "code": one.code,
                    "label": one.label, "type": one.type, "currency": one.currency, "sri": one.sri, "sfdr": one.sfdr,
                    "asset_class": one.asset_class, "zone": one.zone,
                    "created_at": noon(self._kit.prices.days[0]),
                }
                for one in self._kit.supports
            ],
        )  # fmt: skip
        return Own(companies, products, supports)

    def _contacts(self, directory: Directory, users: Mapping[str, str]) -> None:
        ids = self._kit.ids
        cabinet = str(self._cabinet_id)
        for model, rows in filing.defined(self._kit.today, cabinet):
            self.insert(model, rows)
        # who lives together without a marriage or a PACS declares alone: the second of such a couple is not attached
        apart = {one.id for one in directory.contacts if one.situation == "CONCUBIN" and one.id > (one.partner_id or one.id)}
        self.insert(contact_models.Contact, [_contact_row(one, self._kit.today, cabinet) for one in directory.contacts])
        self.insert(
            contact_models.HouseholdMember,
            [
                {"id": ids.next(), "household_id": home, "contact_id": one, "tax_attached": one not in apart}
                for home, one in directory.members
            ],
        )
        self.insert(
            contact_models.ContactAdviser,
            [
                {"id": ids.next(), "contact_id": contact.id, "user_id": users[name], "role": role}
                for contact in directory.contacts
                for name, role in _followers(contact)
                if name in users
            ],
        )


def insert_all(session: TenantSession, model: type[Base], rows: list[dict[str, object]]) -> None:
    """Insert rows in batches, in the order given. Nulls are written: rows that lack different columns go together then."""
    statement = insert(model).execution_options(render_nulls=True)
    for start in range(0, len(rows), _BATCH):
        session.execute(statement, rows[start : start + _BATCH])


def _followers(contact: Contact) -> list[tuple[str, str]]:
    if contact.adviser == "both":
        found = [("marc", "PRINCIPAL"), ("julie", "SECONDAIRE")]
    else:
        found = [(contact.adviser, "PRINCIPAL")]
    return [*found, ("sophie", "ASSISTANT")] if contact.assisted else found


def _contact_row(one: Contact, today: date, cabinet: str) -> dict[str, object]:
    return {
        "id": one.id, "kind": one.kind, "stage": one.stage, "file_code": one.file_code,
        "display_name": one.display_name, "sort_name": folded(one.display_name), "civility": one.civility,
        "birth_name": one.birth_name, "usage_name": None if one.family == one.birth_name else one.family,
        "first_names": one.first, "birth_date": one.birth,
        "company_name": one.company_name, "legal_form": one.legal_form, "siren": one.siren,
        "situation": one.situation, "protection": one.protection, "vital": one.vital, "death_date": one.death,
        "email": one.email, "phone": one.phone, "city": one.city, "created_at": one.created_at,
        "updated_at": one.created_at, **civil.details(one, today), **filing.columns(one, today, cabinet),
    }  # fmt: skip


def _account_row(one: Account, own: Own, today: date) -> dict[str, object]:
    product = one.product
    return {
        "id": one.id, "envelope": product.envelope, "number": one.number, "number_key": number_key(one.number),
        "title": one.title, "company_id": own.companies[product.company],
        "depositary_id": own.companies[product.depositary],
        "distributor_id": own.companies[product.distributor] if product.distributor else None,
        "product_id": own.products[product.catalogue_id], "currency": "EUR", "state": one.state,
        "management_mode": one.management_mode, "opened_on": one.opened_on,
        "effect_on": None if one.state == "EN_SOUSCRIPTION" else one.opened_on, "matures_on": one.matures_on,
        "closed_on": one.closed_on, "origin": product.origin, "data_as_of": one.data_as_of,
        "freshness": one.freshness, "value": None if one.value is None else euros(one.value),
        "value_on": one.value_on, "net_payments": None if one.net_payments is None else euros(one.net_payments),
        "pledged": "pledged" in one.flags, "delegated": "delegated" in one.flags,
        "accepted_beneficiary": "accepted_beneficiary" in one.flags,
        "advance_running": "advance_running" in one.flags, "blocked": one.blocked,
        "created_at": noon(one.opened_on), "updated_at": noon(one.data_as_of or one.value_on or today),
    }  # fmt: skip
