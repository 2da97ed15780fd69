"""What the demonstration's book must show: the personas of the partner link, sums to the cent, valid identifiers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from stdnum import isin
from stdnum.fr import siren

from core.accounts.models import Account
from core.accounts.models import AccountRole
from core.accounts.models import Movement
from core.accounts.models import Position
from core.accounts.models import Valuation
from core.cabinets.models import Cabinet
from core.cabinets.models import User
from core.contacts.models import Contact
from core.contacts.models import ContactAdviser
from core.contacts.models import HouseholdMember
from core.db.clock import today
from core.db.session import Database
from core.db.session import TenantSession
from core.demo.history import PAYMENTS
from core.supports.models import CatalogueSupport
from core.supports.models import Company
from core.supports.models import Product
from core.supports.models import Support
from core.transactions.models import Transaction


@pytest.fixture(params=["demo", "second"])
def book(loaded: Database, request: pytest.FixtureRequest) -> Iterator[TenantSession]:
    """Each cabinet's session in turn."""
    yield from _session(loaded, request.param)


@pytest.fixture
def demo(loaded: Database) -> Iterator[TenantSession]:
    yield from _session(loaded, "demo")


def _session(db: Database, slug: str) -> Iterator[TenantSession]:
    with db.session(None, write=False) as session:
        found = session.scalars(select(Cabinet.id).where(Cabinet.slug == slug)).one()
    with db.session(found, write=False) as session:
        yield session


def account(session: TenantSession, number: str) -> Account:
    return session.scalars(select(Account).where(Account.number_key == number)).one()


def holder(session: TenantSession, number: str) -> Contact:
    return session.scalars(
        select(Contact)
        .join(AccountRole, (AccountRole.contact_id == Contact.id) & (AccountRole.cabinet_id == Contact.cabinet_id))
        .where(AccountRole.account_id == account(session, number).id, AccountRole.role == "SOUSCRIPTEUR")
    ).one()


def test_positions_make_the_value(book: TenantSession) -> None:
    """Domain §2.3: the positions of an account sum to its value, to the cent; units × price is the line's value."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    kinds = {one.id: one.type for one in book.scalars(select(Support))}
    for line in book.scalars(select(Position)):
        sums[line.account_id] += line.value
        assert line.value >= 0
        if line.quantity is None:
            assert kinds[line.support_id] in ("FONDS_EURO", "LIQUIDITE")
        else:
            assert line.price is not None
            assert abs(line.quantity * line.price - line.value) <= Decimal("0.0050")
    accounts = {one.id: one for one in book.scalars(select(Account))}
    assert sums
    assert {key: accounts[key].value for key in sums} == dict(sums)
    assert all(accounts[key].value_on is not None for key in sums)
    aggregated = [one for one in accounts.values() if one.origin == "AGREGE" and one.value]
    assert not [one.number for one in aggregated if one.id not in sums]


def test_history_ends_on_the_value(book: TenantSession) -> None:
    """Demo: an aggregated account's last valuation is its value; its payments sum to its net payments."""
    last: dict[str, Valuation] = {}
    for row in book.scalars(select(Valuation).order_by(Valuation.on)):
        assert row.value >= 0
        last[row.account_id] = row
    paid: dict[str, Decimal] = defaultdict(Decimal)
    for move in book.scalars(select(Movement).where(Movement.kind.in_(PAYMENTS))):
        paid[move.account_id] += move.amount
    yesterday = today() - timedelta(days=1)
    fresh = 0
    for one in book.scalars(select(Account)):
        if one.id not in last:
            continue
        assert (last[one.id].value, last[one.id].on) == (one.value, one.value_on)
        assert one.net_payments == last[one.id].net_payments == paid[one.id]
        assert one.value_on is not None
        assert one.value_on <= yesterday
        fresh += one.freshness == "A_JOUR" and one.value_on == yesterday
    assert fresh >= 10
    assert not book.scalars(select(Movement).where(Movement.on > yesterday)).all()


def test_identifiers(loaded: Database, book: TenantSession) -> None:
    """Domain §2.3, §2.1: ISINs and SIRENs have the right check digit; own rows name their catalogue row."""
    with loaded.session(None, write=False) as session:
        catalogue = session.scalars(select(CatalogueSupport)).all()
    assert all(isin.is_valid(one.isin) for one in catalogue if one.isin)
    known = {one.id for one in catalogue}
    assert {one.catalogue_id for one in book.scalars(select(Support))} == known
    assert all(one.catalogue_id for one in book.scalars(select(Product)))
    assert all(one.catalogue_id for one in book.scalars(select(Company)))
    companies = book.scalars(select(Contact).where(Contact.kind == "PERSONNE_MORALE")).all()
    assert companies
    assert all(siren.is_valid(one.siren) for one in companies)
    numbers = book.scalars(select(Account)).all()
    assert all(one.number_key == one.number.replace(" ", "").replace(".", "").replace("-", "") for one in numbers)


def test_one_regulated_plan_a_person(book: TenantSession) -> None:
    """Domain §2.2: one PEA a person; its payments stay under the ceiling."""
    rows = book.execute(
        select(AccountRole.contact_id, Account.envelope, Account.net_payments)
        .join(Account, (Account.id == AccountRole.account_id) & (Account.cabinet_id == AccountRole.cabinet_id))
        .where(Account.envelope.in_(("PEA", "LIVRET_A", "LEP")), AccountRole.role == "TITULAIRE")
    ).all()
    assert rows
    assert len({(row.contact_id, row.envelope) for row in rows}) == len(rows)
    assert all((row.net_payments or 0) <= 150_000 for row in rows if row.envelope == "PEA")


@pytest.mark.parametrize(
    ("number", "name", "envelope", "fact"),
    [
        ("HIM0012345", "Durand Jeanne", "ASSURANCE_VIE", None), ("HIM0067890", "Lefevre Paul", "ASSURANCE_VIE", None),
        ("XAE0022091", "Moreau Hélène", "ASSURANCE_VIE", "pledged"),
        ("HCA0045612", "SARL Moreau Conseil", "CAPITALISATION", None),
        ("HIM0033333", "Bernard Alain", "ASSURANCE_VIE", None), ("HIM0051001", "Petit Lucas", "ASSURANCE_VIE", None),
        ("XAE0051002", "Girard Odette", "ASSURANCE_VIE", None), ("HIM0051003", "Roux Marcel", "ASSURANCE_VIE", None),
        ("HIM0051004", "Faure Claire", "ASSURANCE_VIE", "accepted_beneficiary"),
        ("XAE0051005", "Garnier Louis", "ASSURANCE_VIE", "advance_running"),
        ("HIM0099999", "Chauvet Denis", "ASSURANCE_VIE", None),
    ],
)  # fmt: skip
def test_personas(demo: TenantSession, number: str, name: str, envelope: str, fact: str | None) -> None:
    """Demo: each situation of the partner link is there, open on our side, with the one fact that makes it."""
    found = account(demo, number)
    assert (found.envelope, found.state, found.title) == (envelope, "OUVERT", found.title)
    assert holder(demo, number).display_name == name
    facts = {key for key in ("pledged", "accepted_beneficiary", "advance_running", "delegated") if getattr(found, key)}
    assert facts == ({fact} if fact else set())
    code = demo.scalars(select(Company.code).where(Company.id == found.company_id)).one()
    assert code == "generali-patrimoine"


def test_persona_facts(demo: TenantSession) -> None:
    """Demo: the minor, the protected adult, the deceased, the company, the account closed here, the pledgee."""
    assert holder(demo, "HIM0051001").protection == "MINEUR"
    assert holder(demo, "XAE0051002").protection == "TUTELLE"
    deceased = holder(demo, "HIM0051003")
    assert (deceased.vital, deceased.death_date is not None) == ("DECEDE", True)
    assert holder(demo, "HCA0045612").kind == "PERSONNE_MORALE"
    assert account(demo, "HIM0033334").state == "CLOTURE"
    roles = {
        (role, on) for role, on in demo.execute(
            select(AccountRole.role, AccountRole.accepted_on).where(
                AccountRole.account_id == account(demo, "HIM0051004").id
            )
        )
    }  # fmt: skip
    assert next(on for role, on in roles if role == "BENEFICIAIRE") is not None
    pledgees = select(AccountRole).where(
        AccountRole.account_id == account(demo, "XAE0022091").id, AccountRole.role == "CREANCIER_NANTI"
    )
    assert len(demo.scalars(pledgees).all()) == 1


def test_the_whole_book_of_the_partner(demo: TenantSession) -> None:
    """Demo: the partner's sixty ordinary contracts are held here too, under the numbers that the platform sends."""
    numbers = set(demo.scalars(select(Account.number_key)))
    assert {f"HIM01000{n:02d}" for n in range(1, 41)} <= numbers
    assert {f"XAE02000{n:02d}" for n in range(1, 21)} <= numbers
    assert "HIM0088888" not in numbers


def test_jeanne_durand(loaded: Database, demo: TenantSession) -> None:
    """Demo: her Himalia is worth 84 210,55 €; several companies; a household; followed by Marc Diallo."""
    jeanne = holder(demo, "HIM0012345")
    assert account(demo, "HIM0012345").value == Decimal("84210.55")
    held = demo.scalars(
        select(Account)
        .join(AccountRole, (AccountRole.account_id == Account.id) & (AccountRole.cabinet_id == Account.cabinet_id))
        .where(AccountRole.contact_id == jeanne.id, AccountRole.role.in_(("SOUSCRIPTEUR", "TITULAIRE")))
    ).all()
    assert {one.envelope for one in held} == {"ASSURANCE_VIE", "PER_INDIVIDUEL", "PEA", "COMPTE_TITRES"}
    assert len({one.company_id for one in held}) == 3
    assert demo.scalars(select(HouseholdMember).where(HouseholdMember.contact_id == jeanne.id)).one()
    with loaded.session(None, write=False) as session:
        marc = session.scalars(select(User.id).where(User.email == "conseiller@demo.example")).one()
    followers = {row.user_id: row.role for row in demo.scalars(
        select(ContactAdviser).where(ContactAdviser.contact_id == jeanne.id))}  # fmt: skip
    assert followers[marc] == "PRINCIPAL"
    assert holder(demo, "XAE0022091").sort_name == "moreau helene"


def test_acts_without_follow_up(demo: TenantSession) -> None:
    """BL-07: acts typed here or imported have no partner and no status; some are on the first persona's account."""
    acts = demo.scalars(select(Transaction)).all()
    assert len(acts) > 20
    assert {act.origin for act in acts} == {"SAISIE", "IMPORT"}
    assert not [act for act in acts if act.plugin or act.status]
    assert account(demo, "HIM0012345").id in {act.account_id for act in acts}
