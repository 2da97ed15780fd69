"""Pledges: the account's flag, the creditor's word on acts, coverage, the release (AU-01)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from core.accounts import services as accounts
from core.accounts.models import Account
from core.accounts.schemas import Role
from core.cabinets.models import AuditEntry
from core.contacts import services as contacts
from core.contacts.schemas import NewContact
from core.db import current
from core.db.errors import DomainError
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.hooks import context
from core.hooks.hub import Hub
from core.hooks.types import AccountAction
from core.hooks.types import Adviser
from core.hooks.types import Guard
from core.links.acts import guarded
from plugins.patrimoine import loan_writes
from plugins.patrimoine import loans
from plugins.patrimoine import pledges
from plugins.patrimoine.loan_terms import Borrower
from plugins.patrimoine.loan_terms import Terms
from tests.conftest import person
from tests.plugins.patrimoine.conftest import Home

D = Decimal
Work = tuple[TenantSession, Adviser]
ACTS = tuple(
    AccountAction(code, code, nature=nature)
    for code, nature in (
        ("arbitrage", "arbitrage"), ("rachat_total", "rachat"), ("rachats_programmes", "rachat_programme"), ("avance", "avance"),
        ("versement_complementaire", "versement"), ("clause_beneficiaire", "beneficiaire"),
    )
)  # fmt: skip


def in_fine(session: TenantSession, by: Adviser, home: Home, principal: int = 100000) -> str:
    terms = Terms(
        "IN_FINE", "Immeuble de rapport", "Banque de l'Ouest", D(principal), D("0.03"), months=240, first_due=date(2020, 2, 5)
    )
    return loan_writes.create(session, by, terms, [Borrower(home.jeanne, D(1))])


def flag(session: TenantSession, home: Home) -> bool:
    return session.scalars(select(Account.pledged).where(Account.id == home.account)).one()


def test_the_flag_follows_the_pledges(home: Home, work: Work) -> None:
    """AU-01: the first pledge marks the account, the last release frees it, both in the journal."""
    session, by = work
    first = pledges.add(session, by, home.account, "Banque de l'Ouest", date(2020, 1, 5))
    second = pledges.add(session, by, home.account, "Crédit Atlantique", date(2021, 1, 5), rank=2, amount=D(20000))
    assert flag(session, home)
    pledges.release(session, by, first, date(2024, 1, 5))
    assert flag(session, home)
    pledges.release(session, by, second, date(2024, 2, 5))
    assert not flag(session, home)
    written = list(session.scalars(select(AuditEntry.action).where(AuditEntry.subject == f"account:{home.account}")))
    assert (written.count("patrimoine.pledged"), written.count("patrimoine.pledge_released")) == (2, 2)
    assert written.count("account.changed") == 2


def test_a_creditor_told_by_the_company_keeps_the_flag(home: Home, work: Work) -> None:
    """AU-01: where a creditor stands among the account's roles, our release does not free it."""
    session, by = work
    bank = contacts.create(session, by, NewContact("PERSONNE_MORALE", "PROSPECT", company_name="Banque de l'Ouest"))
    accounts.set_roles(session, by, home.account, [Role(home.jeanne, "SOUSCRIPTEUR"), Role(bank, "CREANCIER_NANTI")])
    pledge = pledges.add(session, by, home.account, "Banque de l'Ouest", date(2020, 1, 5))
    pledges.release(session, by, pledge, date(2024, 1, 5))
    assert flag(session, home)


def test_the_creditors_word(hub: Hub, home: Home, work: Work) -> None:
    """AU-01, BL-10: what takes from the account is greyed until the creditor agreed; arbitrages warn; then nothing."""
    session, by = work

    def said() -> dict[str, Guard]:
        ctx, ref = context.make(session, hub.registry, principal=by), accounts.get_ref(session, by, home.account)
        with current.bound(session):
            return guarded(hub, ctx, session, ref, ACTS, in_place=True)

    def levels() -> dict[str, str]:
        return {act: one.level for act, one in said().items()}

    taking = ("rachat_total", "rachats_programmes", "avance")
    assert said() == {}
    pledge = pledges.add(session, by, home.account, "Banque de l'Ouest", date(2020, 1, 5))
    assert levels() == {"arbitrage": "warn", **dict.fromkeys(taking, "block")}
    assert {one.code for one in said().values()} == {"contract_pledged"}
    assert all("nanti au profit de Banque de l'Ouest depuis le 05/01/2020" in one.text for one in said().values())
    pledges.agree(session, by, pledge, date(2020, 2, 1), date(2020, 3, 1))
    assert levels()["avance"] == "block", "an agreement that ran out"
    pledges.agree(session, by, pledge, date(2020, 2, 1))
    assert set(levels().values()) == {"warn"}
    assert "accord écrit" in said()["avance"].text
    second = pledges.add(session, by, home.account, "Autre banque", date(2021, 1, 5), rank=2)
    assert levels()["avance"] == "block", "each creditor has his word"
    pledges.release(session, by, second, date(2024, 1, 5))
    pledges.release(session, by, pledge, date(2024, 1, 5))
    assert said() == {}


@pytest.mark.parametrize(
    ("on", "until", "field"),
    [
        (date(2019, 1, 1), None, "agreed_on"), (date(2999, 1, 1), None, "agreed_on"),
        (date(2020, 2, 1), date(2020, 1, 31), "agreed_until"),
    ],
)  # fmt: skip
def test_agreements_that_are_refused(home: Home, work: Work, on: date, until: date | None, field: str) -> None:
    """AU-01: before the pledge, not yet received, ending before it began; and none once the pledge is released."""
    session, by = work
    pledge = pledges.add(session, by, home.account, "Banque de l'Ouest", date(2020, 1, 5))
    with pytest.raises(DomainError) as refused:
        pledges.agree(session, by, pledge, on, until)
    assert refused.value.field == field
    pledges.release(session, by, pledge, date(2024, 1, 5))
    with pytest.raises(DomainError):
        pledges.agree(session, by, pledge, date(2020, 2, 1))


def test_coverage(home: Home, work: Work) -> None:
    """AU-01: what is pledged beside what is owed; an amount caps it; unknown values make it unknown; nothing owed, no ratio."""
    session, by = work
    loan = in_fine(session, by, home)
    pledge = pledges.add(session, by, home.account, "Banque de l'Ouest", date(2020, 1, 5), loan_id=loan)
    on, found = date(2024, 1, 10), loans.get(session, by, loan)
    cover = pledges.coverage(pledges.of_loan(session, by, loan), found, on)
    assert cover is not None
    assert (cover.worth, cover.owed, cover.ratio, cover.below(D(1)), cover.below(D("0.9"))) == (
        D(90000),
        D(100000),
        D("0.9"),
        True,
        False,
    )
    pledges.release(session, by, pledge, date(2024, 1, 5))
    assert pledges.coverage(pledges.of_loan(session, by, loan), found, on) is None
    pledges.add(session, by, home.account, "Banque de l'Ouest", date(2024, 1, 6), loan_id=loan, amount=D(40000))
    cover = pledges.coverage(pledges.of_loan(session, by, loan), found, on)
    assert cover is not None
    assert cover.ratio == D("0.4")
    accounts.update(session, by, home.account, {"value": None, "value_on": None})
    cover = pledges.coverage(pledges.of_loan(session, by, loan), found, on)
    assert cover is not None
    assert (cover.ratio, cover.below(D(1))) == (None, False)


PLEDGES_THAT_ARE_REFUSED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("creditor", {"creditor": "  "}), ("amount", {"amount": D(0)}), ("rank", {"rank": 10}), ("rank", {"rank": 1}),
    ("pledged_on", {"pledged_on": date(2099, 1, 1)}), ("pledged_on", {"pledged_on": date(2014, 1, 1)}),
)  # fmt: skip


def test_pledges_that_are_refused(home: Home, work: Work) -> None:
    """AU-01, «Bad input»: said of the field; nothing is marked by it."""
    session, by = work
    pledges.add(session, by, home.account, "Crédit Atlantique", date(2020, 1, 5))
    for field, more in PLEDGES_THAT_ARE_REFUSED:
        given: dict[str, Any] = {"creditor": "Banque de l'Ouest", "pledged_on": date(2020, 1, 5), "rank": 2, **more}
        with pytest.raises(DomainError) as error:
            pledges.add(session, by, home.account, given.pop("creditor"), given.pop("pledged_on"), **given)
        assert error.value.field == field, more
    assert len(pledges.of_accounts(session, [home.account], date(2024, 1, 1))) == 1


def test_another_advisers_pledge_is_not_there(home: Home, work: Work) -> None:
    """AU-01: who does not see the account finds no pledge, and cannot give or release one."""
    session, by = work
    pledge = pledges.add(session, by, home.account, "Banque de l'Ouest", date(2020, 1, 5))
    other = person(session, home.other)
    for call in (
        lambda: pledges.get(session, other, pledge), lambda: pledges.release(session, other, pledge, date(2024, 1, 1)),
        lambda: pledges.add(session, other, home.account, "X", date(2020, 1, 5), rank=2),
    ):  # fmt: skip
        with pytest.raises(NotFound):
            call()
