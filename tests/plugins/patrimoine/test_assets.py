"""Assets as they are written and read: owners, values on a day, rents, their place in a balance sheet (PA-01, AU-01)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from core.cabinets.models import AuditEntry
from core.contacts.models import Contact
from core.db import current
from core.db.clock import today
from core.db.errors import DomainError
from core.db.errors import Forbidden
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.wealth import services
from plugins.patrimoine import asset_kinds
from plugins.patrimoine import asset_models as tables
from plugins.patrimoine import asset_writes
from plugins.patrimoine import assets
from plugins.patrimoine import loan_writes
from plugins.patrimoine import wealth
from plugins.patrimoine.asset_terms import Owner
from plugins.patrimoine.asset_terms import Rent
from plugins.patrimoine.asset_terms import Valuation
from plugins.patrimoine.loan_terms import Borrower
from plugins.patrimoine.loan_terms import Terms
from tests.conftest import person
from tests.plugins.patrimoine.conftest import Home
from tests.plugins.patrimoine.owning import HALF
from tests.plugins.patrimoine.owning import halves
from tests.plugins.patrimoine.owning import house

D = Decimal
Work = tuple[TenantSession, Adviser]


def test_an_asset_is_read_back_as_it_was_written(home: Home, work: Work) -> None:
    """PA-01: facts and owners; the price of a purchase is a value of its day; twice the form is one asset; the journal."""
    session, by = work
    facts = house(address="1 rue Haute", surface=D("84.5"), scheme="PINEL", scheme_since=date(2020, 2, 29), scheme_years=9)
    key, first = "01" + "k" * 24, Valuation(date(2024, 5, 6), D(230000), "EXPERTISE")
    for _turn in range(2):
        assert asset_writes.create(session, by, facts, halves(home), first=first, asset_id=key) == key
    (found,) = assets.of_contact(session, by, home.paul)
    assert found.facts == facts
    assert [(one.contact_id, one.share, one.right) for one in found.owners] == [
        (home.jeanne, HALF, "PLEINE_PROPRIETE"), (home.paul, HALF, "PLEINE_PROPRIETE"),
    ]  # fmt: skip
    assert [(one.on, one.value, one.basis) for one in found.values] == [
        (date(2020, 1, 6), D(200000), "ACTE"), (date(2024, 5, 6), D(230000), "EXPERTISE"),
    ]  # fmt: skip
    assert found.scheme_ends == date(2029, 2, 28)
    assert [one.id for one in assets.of_contact(session, by, home.household)] == [key]
    actions = session.scalars(select(AuditEntry.action).where(AuditEntry.subject == f"contact:{home.jeanne}")).all()
    assert (actions.count("patrimoine.asset_added"), actions.count("patrimoine.asset_valued")) == (1, 2)


def test_a_value_is_the_last_known_by_a_day(home: Home, work: Work) -> None:
    """PA-01: none known is none, never 0; a removed one is not known; another of the same day is refused."""
    session, by = work
    made = asset_writes.create(session, by, house(mode="", price=None), halves(home))
    values = {
        day: asset_writes.add_value(session, by, made, Valuation(day, D(value)))
        for day, value in ((date(2022, 1, 1), 210000), (date(2021, 1, 1), 190000))
    }
    found = assets.get(session, by, made)
    days = (date(2020, 6, 1), date(2021, 1, 1), date(2021, 12, 31), today())
    said = [(one := found.value(day)) and one.value for day in days]
    assert said == [None, D(190000), D(190000), D(210000)]
    assert found.values[0].source == f"Estimation, saisi par {by.name}"
    with pytest.raises(DomainError, match="déjà notée ce jour-là"):
        asset_writes.add_value(session, by, made, Valuation(date(2021, 1, 1), D(1)))
    gone = asset_writes.remove_value(session, by, made, values[date(2022, 1, 1)])
    assert gone.value == D(210000)
    assert [one.value for one in assets.get(session, by, made).values] == [D(190000)]


RIGHTS_THAT_ARE_REFUSED = (
    ((("jeanne", "0.6", "PLEINE_PROPRIETE"), ("paul", "0.5", "PLEINE_PROPRIETE")), "font ensemble 110"),
    ((("jeanne", "1", "USUFRUIT"), ("paul", "0.5", "NUE_PROPRIETE")), "nue-propriété font ensemble 50"),
    ((("jeanne", "0.5", "USUFRUIT"), ("paul", "1", "NUE_PROPRIETE")), "usufruit font ensemble 50"),
    ((("jeanne", "0.5", "USUFRUIT"), ("jeanne", "0.5", "USUFRUIT"), ("paul", "1", "NUE_PROPRIETE")), "deux fois"),
    ((("jeanne", "0", "PLEINE_PROPRIETE"),), "supérieure à 0"),
    ((("household", "1", "PLEINE_PROPRIETE"),), "Un foyer ne possède rien"),
    ((), "au moins un propriétaire"),
)  # fmt: skip


def test_shares_that_do_not_sum_are_refused(home: Home, work: Work) -> None:
    """PA-01, «Bad input»: said beside the owners; several rights of one person are fine."""
    session, by = work
    for owners, said in RIGHTS_THAT_ARE_REFUSED:
        given = [Owner(getattr(home, who), D(share), right) for who, share, right in owners]  # type: ignore[arg-type]
        with pytest.raises(DomainError, match=said) as refused:
            asset_writes.create(session, by, house(), given)
        assert refused.value.field == "owners"
    twice = [Owner(home.jeanne, HALF), Owner(home.jeanne, HALF, "USUFRUIT"), Owner(home.paul, HALF, "NUE_PROPRIETE")]
    assert asset_writes.create(session, by, house(), twice)


FACTS_THAT_ARE_REFUSED: tuple[tuple[dict[str, Any], str], ...] = (
    ({"acquired_on": date(1899, 12, 31)}, "acquired_on"), ({"price": D(-1)}, "price"), ({"costs": D(10) ** 12 + 1}, "costs"),
    ({"surface": D(0)}, "surface"), ({"ifi": D("1.2")}, "ifi"), ({"kind": "CHATEAU"}, "kind"), ({"label": ""}, "label"),
    ({"label": "x" * 121}, "label"), ({"mode": "VOL"}, "mode"), ({"nature": "AUTRE"}, "nature"), ({"scheme": "X"}, "scheme"),
    ({"scheme": "PINEL", "scheme_years": 31}, "scheme_years"),
    ({"scheme": "PINEL", "scheme_since": date(1800, 1, 1)}, "scheme_since"),
    ({"kind": "PARTS_SOCIALES", "company_id": "inconnue"}, "company_id"),
)  # fmt: skip


def test_facts_that_are_refused(home: Home, work: Work) -> None:
    """PA-01, «Bad input»: each with its field; a day to come too; what the kind has no use for is dropped."""
    session, by = work
    to_come = ({"acquired_on": today() + timedelta(days=1)}, "acquired_on")
    for more, field in (*FACTS_THAT_ARE_REFUSED, to_come):
        with pytest.raises(DomainError) as refused:
            asset_writes.create(session, by, house(**more), halves(home))
        assert refused.value.field == field, more
    car = house(kind="VEHICULE", address="Rue", surface=D(9), scheme="PINEL", usufruct_until=date(2040, 1, 1))
    found = assets.get(session, by, asset_writes.create(session, by, car, halves(home)))
    assert (found.facts.address, found.facts.surface, found.facts.scheme, found.facts.usufruct_until) == ("", None, "", None)
    for given, field in (
        (Valuation(date(1899, 1, 1), D(1)), "on"), (Valuation(today() + timedelta(days=1), D(1)), "on"),
        (Valuation(today(), D(-1)), "value"), (Valuation(today(), D(10) ** 13), "value"),
        (Valuation(today(), D(1), "X"), "basis"),
    ):  # fmt: skip
        with pytest.raises(DomainError) as refused:
            asset_writes.add_value(session, by, found.id, given)
        assert refused.value.field == field


def test_a_past_day_still_shows_what_was_sold(home: Home, work: Work) -> None:
    """PA-01: theirs from its purchase until its sale; a mistake never was; an adviser who sees only, and a stranger."""
    session, by = work
    made = asset_writes.create(session, by, house(), halves(home))
    with pytest.raises(DomainError, match="précède l'acquisition"):
        asset_writes.dispose(session, by, made, date(2019, 1, 1), "VENDU")
    asset_writes.dispose(session, by, made, date(2024, 3, 1), "VENDU")

    def owned(on: date) -> int:
        with current.bound(session):
            return len(wealth.items([home.jeanne], on))

    days = (date(2020, 1, 5), date(2020, 1, 6), date(2024, 2, 29), date(2024, 3, 1))
    assert [owned(day) for day in days] == [0, 1, 1, 0]
    asset_writes.restore(session, by, made)
    assert owned(today()) == 1
    asset_writes.dispose(session, by, made, date(2024, 3, 1), asset_kinds.MISTAKE)
    assert [owned(day) for day in days] == [0, 0, 0, 0]
    other = person(session, home.other)
    with pytest.raises(NotFound):
        assets.get(session, other, made)
    with pytest.raises(NotFound):
        asset_writes.create(session, by, house(), [Owner(home.stranger)])
    looks = replace(by, permissions=by.permissions - {"contacts.edit"})
    with pytest.raises(Forbidden):
        asset_writes.restore(session, looks, made)


def test_parts_and_the_balance_sheet(home: Home, work: Work) -> None:
    """PA-01, NX-02: whole, with its owners, its day, its source; parts by the scale of art. 669, which make the whole."""
    session, by = work
    birth = {home.jeanne: date(today().year - 65, 1, 1)}
    for contact in session.scalars(select(Contact).where(Contact.id.in_([home.jeanne, home.paul]))):
        contact.birth_date = birth.get(contact.id)
    owners = [Owner(home.jeanne, D(1), "USUFRUIT"), Owner(home.paul, D(1), "NUE_PROPRIETE")]
    facts = house(kind="RESIDENCE_PRINCIPALE", nature="PROPRE")
    asset_writes.create(session, by, facts, owners, first=Valuation(date(2025, 1, 1), D("300000.01")))
    with current.bound(session):
        (item,) = wealth.items([home.jeanne], today())
    assert (item.value, item.as_of, item.origin) == (D("300000.01"), date(2025, 1, 1), "DECLARE")
    assert (item.category, item.immovable, item.main_home, item.taxable) == ("IMMOBILIER_USAGE", True, True, D(1))
    assert (item.nature, item.acquired_on, by.name in item.source) == ("PROPRE", date(2020, 1, 6), True)
    (line,) = services.lines(session, "patrimoine", [item], today())
    assert line.amounts == {home.jeanne: D("120000.00"), home.paul: D("180000.01")}  # 65 years: 40 %


def test_two_rows_of_one_person_are_their_sum(home: Home, work: Work) -> None:
    """CT-02, PA-01: a merge of two owners leaves two rows; the asset is read as if he had been one all along."""
    session, by = work
    made = asset_writes.create(session, by, house(), halves(home))
    for row in session.scalars(select(tables.AssetOwner)):
        row.contact_id = home.jeanne
    session.flush()
    assert [(one.contact_id, one.share) for one in assets.get(session, by, made).owners] == [(home.jeanne, D(1))]


def test_rents_and_yields(home: Home, work: Work) -> None:
    """AU-01: gross on the value of the day, net less vacancy, charges and tax; nothing where a piece is not known."""
    session, by = work
    made = asset_writes.create(session, by, house(), halves(home))
    rent = Rent(D(1000), date(2021, 1, 1), D(800), D(1200), D("0.05"), tenant="T3")
    kept = asset_writes.add_rent(session, by, made, rent)
    found = assets.get(session, by, made).yields(today())
    assert found
    assert (found.yearly, found.gross, found.net) == (D(12000), D("0.06"), D("0.047"))
    asset_writes.change_rent(session, by, made, kept, replace(rent, property_tax=None))
    found = assets.get(session, by, made).yields(today())
    assert found
    assert (found.gross, found.net) == (D("0.06"), None)
    asset_writes.change_rent(session, by, made, kept, replace(rent, until=date(2022, 12, 31)))
    read = assets.get(session, by, made)
    assert read.yields(today()) is None
    assert read.yields(date(2022, 12, 31)) is not None
    for more, field in (
        ({"monthly": D(0)}, "monthly"), ({"vacancy": D(1)}, "vacancy"), ({"until": date(2020, 1, 1)}, "until"),
        ({"charges": D(-1)}, "charges"), ({"since": date(1850, 1, 1)}, "since"),
    ):  # fmt: skip
        with pytest.raises(DomainError) as refused:
            asset_writes.add_rent(session, by, made, replace(rent, **more))  # type: ignore[arg-type]
        assert refused.value.field == field
    car = asset_writes.create(session, by, house(kind="VEHICULE"), halves(home))
    with pytest.raises(DomainError, match="Seul un bien immobilier"):
        asset_writes.add_rent(session, by, car, rent)
    assert asset_writes.remove_rent(session, by, made, kept).tenant == "T3"


def test_what_a_loan_paid_for(home: Home, work: Work) -> None:
    """AU-01, PA-03: it names the asset; in fine, what may be deducted goes down a part a year (art. 974 II CGI)."""
    session, by = work
    made = asset_writes.create(session, by, house(), halves(home))
    car = asset_writes.create(session, by, house(kind="VEHICULE"), halves(home))
    terms = Terms(
        "IN_FINE", "Maison", "Banque", D(100000), D("0.03"), months=120, granted_on=date(2020, 1, 6), first_due=date(2020, 2, 6),
        asset_id=made,
    )  # fmt: skip
    loan = loan_writes.create(session, by, terms, [Borrower(home.jeanne, D(1))])

    def deducted(on: date) -> tuple[str, Decimal]:
        with current.bound(session):
            item = next(one for one in wealth.items([home.jeanne], on) if one.category == "EMPRUNT")
        return item.finances, item.taxable

    days = (date(2020, 6, 1), date(2021, 1, 5), date(2021, 1, 6), date(2026, 1, 6))
    assert [deducted(day) for day in days] == [(made, D(1)), (made, D(1)), (made, D("0.9")), (made, D("0.4"))]
    cases: tuple[tuple[dict[str, Any], tuple[str, Decimal]], ...] = (
        ({"kind": "AMORTISSABLE"}, (made, D(1))), ({"asset_id": car}, (car, D(0))), ({"asset_id": None}, ("", D(0))),
    )  # fmt: skip
    for more, wanted in cases:
        loan_writes.change(session, by, loan, replace(terms, **more), [Borrower(home.jeanne, D(1))])
        assert deducted(date(2023, 1, 6)) == wanted
    alone = asset_writes.create(session, by, house(), [Owner(home.paul)])
    with pytest.raises(DomainError) as refused:
        loan_writes.change(session, by, loan, replace(terms, asset_id=alone), [Borrower(home.jeanne, D(1))])
    assert refused.value.field == "asset_id"


def test_the_table_of_kinds() -> None:
    """PA-01, domain.md §2.8: each kind has a category of the balance sheet, its ratio says why, property alone is a main home."""
    for code, one in asset_kinds.KINDS.items():
        assert one.category in asset_kinds.CATEGORIES, code
        assert 0 <= one.ifi <= 1
        assert one.why
        assert one.immovable or not one.main_home
        assert len(code) <= 24
