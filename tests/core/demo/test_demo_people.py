"""What somebody in the trade would look for in the demonstration: who people are, who may hold what, what is nobody's."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from stdnum import iban
from stdnum import luhn

from core.accounts.envelopes import HOLDING_ROLES
from core.accounts.models import Account
from core.accounts.models import AccountRole
from core.accounts.models import Movement
from core.accounts.models import Valuation
from core.contacts import details
from core.contacts.models import Contact
from core.contacts.models import ContactAddress
from core.contacts.models import ContactBank
from core.contacts.models import ContactEmail
from core.contacts.models import ContactPhone
from core.contacts.models import HouseholdMember
from core.db.clock import today
from core.db.session import Database
from core.db.session import TenantSession
from core.demo.channels import BANK
from core.demo.channels import places
from core.demo.civil import age_on
from core.demo.flows import CEILINGS
from tests.core.demo.test_demo_load import cabinet_id

#: Blocks that Arcep keeps for works of fiction.
FICTION = re.compile(r"^\+33(19900|26191|35301|46571|53649|63998)\d{4}$")


@pytest.fixture(params=["demo", "second"])
def book(loaded: Database, request: pytest.FixtureRequest) -> Iterator[TenantSession]:
    with loaded.session(cabinet_id(loaded, request.param), write=False) as session:
        yield session


@pytest.fixture
def demo(loaded: Database) -> Iterator[TenantSession]:
    with loaded.session(cabinet_id(loaded, "demo"), write=False) as session:
        yield session


def test_channels_reach_nobody(book: TenantSession) -> None:
    """CT-01: telephones of Arcep's blocks for fiction, e-mails at example domains, IBANs with right keys at no bank."""
    for phone in book.scalars(select(ContactPhone.number)):
        assert FICTION.match(phone), phone
    for email in book.scalars(select(ContactEmail.email)):
        assert re.fullmatch(r"[a-z0-9.-]+@example\.org", email), email
    numbers = book.scalars(select(ContactBank.iban)).all()
    assert len(numbers) == len(set(numbers)) > 5
    for number in numbers:
        assert iban.is_valid(number), number
        assert number[4:9] == BANK
        bank, branch, account, key = int(number[4:9]), int(number[9:14]), int(number[14:25]), int(number[25:])
        assert (89 * bank + 15 * branch + 3 * account + key) % 97 == 0, number


def test_addresses_are_real_towns(book: TenantSession) -> None:
    """CT-01: a town's own postcode; all who live in a household live at one address."""
    known = {(town, code) for town, codes in places().items() for code, _ in codes}
    home: dict[str, tuple[str | None, str | None]] = {}
    for one in book.scalars(select(ContactAddress)):
        assert (one.city, one.postal_code) in known
        home[one.contact_id] = (one.street, one.postal_code)
    for member in book.scalars(select(HouseholdMember)):
        assert home[member.contact_id] == home[member.household_id]


def test_fields_pass_the_form(book: TenantSession) -> None:
    """CT-01: what the demonstration writes is what the form would take: codes of the lists, fields of their kind only."""
    for one in book.scalars(select(Contact)):
        details.check(one)
        assert one.kind == "PERSONNE_MORALE" or not one.siren
        assert not one.siren or luhn.is_valid(one.siren)


def test_persons_are_coherent(demo: TenantSession) -> None:
    """CT-01: minors have no profession nor marriage; who is retired is old enough; régimes belong to marriages and PACS."""
    day = today()
    found = demo.scalars(select(Contact).where(Contact.kind == "PERSONNE_PHYSIQUE")).all()
    for one in found:
        assert one.birth_date is not None
        years = age_on(one.birth_date, day)
        assert 0 <= years < 100, one.display_name
        assert (one.protection == "MINEUR") == (years < 18), one.display_name
        assert (one.matrimonial_regime is not None) == (one.situation == "MARIE"), one.display_name
        assert (one.pacs_regime is not None) == (one.situation == "PACSE"), one.display_name
        if years < 18:
            assert (one.work_status, one.profession, one.situation) == (None, None, "CELIBATAIRE")
        if one.work_status == "RETRAITE":
            assert years >= 62, one.display_name
        if one.work_status in ("SALARIE", "TNS", "DIRIGEANT", "FONCTIONNAIRE"):
            assert 24 <= years < 70, one.display_name
            assert one.profession
        if one.situation == "VEUF":
            assert years >= 50, one.display_name
        if one.id_issued_on is not None:
            assert one.id_issued_on < day
    assert {one.vital for one in found} == {"VIVANT", "DECEDE"}
    assert {"AUCUNE", "MINEUR", "TUTELLE"} <= {one.protection for one in found}
    assert len({one.first_names for one in found}) > 90
    names = [one.display_name for one in found]
    assert any("-" in name for name in names)
    assert any(name.startswith(("Le ", "de ", "d'", "du ", "Da ", "El ", "Van ", "Di ", "Ben ")) for name in names)


def test_couples_and_children(book: TenantSession) -> None:
    """CT-01: spouses are of about one age, under one régime; a child was born when its parents were grown."""
    people = {one.id: one for one in book.scalars(select(Contact))}
    homes: dict[str, list[Contact]] = defaultdict(list)
    for member in book.scalars(select(HouseholdMember)):
        homes[member.household_id].append(people[member.contact_id])
    assert homes
    for members in homes.values():
        adults = [one for one in members if one.protection != "MINEUR"]
        births = [one.birth_date for one in adults if one.birth_date]
        assert abs((births[0] - births[1]).days) < 12 * 366, members[0].display_name
        if all(one.situation == "MARIE" for one in adults):
            assert len({one.matrimonial_regime for one in adults}) == 1
        for child in (one for one in members if one.protection == "MINEUR"):
            assert child.birth_date is not None
            assert all(child.birth_date - born > timedelta(days=18 * 365) for born in births), child.display_name


def test_who_may_hold_what(book: TenantSession) -> None:
    """PF-01: contracts of work are workers'; an adult opened a plan for adults, one each; none before its law."""
    people = {one.id: one for one in book.scalars(select(Contact))}
    holders: dict[str, list[Contact]] = defaultdict(list)
    for role in book.scalars(select(AccountRole).where(AccountRole.role.in_(HOLDING_ROLES))):
        holders[role.account_id].append(people[role.contact_id])
    first = {"PER_INDIVIDUEL": date(2019, 10, 1), "PEA_PME": date(2014, 3, 1), "PEA_JEUNE": date(2019, 5, 24)}
    one_each: set[tuple[str, str]] = set()
    for account in book.scalars(select(Account)):
        assert holders[account.id], account.number
        opened = account.opened_on
        assert opened is not None
        assert opened >= first.get(account.envelope, opened), (account.number, account.title)
        if account.envelope in ("PERP", "MADELIN", "ARTICLE_83", "PERCO"):
            assert opened <= date(2020, 9, 30), (account.number, account.title)
        for one in holders[account.id]:
            if one.birth_date is None:
                assert one.founded_on is None or opened > one.founded_on, (account.number, one.display_name)
                assert account.envelope not in CEILINGS, account.number
                continue
            assert opened > one.birth_date, (account.number, one.display_name)
            if account.envelope in ("PEA", "PEA_PME", "PEA_JEUNE", "PER_INDIVIDUEL", "MADELIN", "PEE", "COMPTE_TITRES"):
                assert age_on(one.birth_date, opened) >= 18, (account.number, one.display_name)
            if account.envelope in ("PEE", "PERCO", "PER_OBLIGATOIRE", "PARTICIPATION"):
                assert one.work_status == "SALARIE", (account.number, one.display_name)
            if account.envelope == "MADELIN":
                assert one.work_status in ("TNS", "DIRIGEANT")
            if account.envelope in CEILINGS and account.state == "OUVERT":
                assert (one.id, account.envelope) not in one_each, (one.display_name, account.envelope)
                one_each.add((one.id, account.envelope))


def test_ceilings_hold(book: TenantSession) -> None:
    """PF-01: payments into PEA and PEA-PME stay under their ceilings, both together too; savings accounts under theirs."""
    paid: dict[str, Decimal] = defaultdict(Decimal)
    for move in book.scalars(select(Movement).where(Movement.kind == "VERSEMENT")):
        paid[move.account_id] += move.amount
    accounts = {one.id: one for one in book.scalars(select(Account))}
    both: dict[str, Decimal] = defaultdict(Decimal)
    for role in book.scalars(select(AccountRole).where(AccountRole.role == "TITULAIRE")):
        one = accounts[role.account_id]
        if one.envelope in ("PEA", "PEA_PME", "PEA_JEUNE"):
            assert paid[one.id] <= CEILINGS[one.envelope], one.number
            both[role.contact_id] += paid[one.id]
    assert not both or max(both.values()) <= 225_000
    for row in book.scalars(select(Valuation)):
        envelope = accounts[row.account_id].envelope
        if envelope in ("LIVRET_A", "LDDS", "LEP", "LIVRET_JEUNE"):
            assert row.value <= CEILINGS[envelope] * Decimal("1.05"), accounts[row.account_id].number


def test_beneficiaries(demo: TenantSession) -> None:
    """PF-05: a clause goes with its beneficiaries; each rank's shares make a whole; an insured life is a person's."""
    shares: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    kinds = {one.id: one.kind for one in demo.scalars(select(Contact))}
    for role in demo.scalars(select(AccountRole)):
        if role.role == "BENEFICIAIRE":
            assert role.clause
            assert role.share is not None
            shares[role.account_id, role.rank] += role.share
        if role.role == "ASSURE":
            assert kinds[role.contact_id] == "PERSONNE_PHYSIQUE"
    assert shares
    assert all(abs(total - 1) < Decimal("0.0001") for total in shares.values())
