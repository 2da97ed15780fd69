"""Debts beside loans, and sureties: rules, their place in a balance sheet, pages, programs (PA-01)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.db import current
from core.db.clock import today
from core.db.errors import DomainError
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.extensions import db
from core.hooks.types import Adviser
from plugins.patrimoine import asset_writes
from plugins.patrimoine import debt_writes
from plugins.patrimoine import debts
from plugins.patrimoine import wealth
from plugins.patrimoine.asset_terms import DebtTerms
from plugins.patrimoine.asset_terms import Owner
from tests.conftest import person
from tests.core.rest.desk import Program
from tests.core.rest.desk import token_of
from tests.plugins.patrimoine.conftest import Home
from tests.plugins.patrimoine.owning import halves
from tests.plugins.patrimoine.owning import house
from tests.plugins.patrimoine.test_loan_pages import File
from tests.plugins.patrimoine.test_loan_pages import plain

D = Decimal
Work = tuple[TenantSession, Adviser]
TAX = DebtTerms("DETTE_FISCALE", "Solde d'impôt", "Trésor public", D(3000), date(2024, 6, 1), date(2024, 5, 1))


def test_what_is_owed_on_a_day(home: Home, work: Work) -> None:
    """PA-01: from its start until it is settled; twice the form is one; what it paid for; a stranger sees none."""
    session, by = work
    asset = asset_writes.create(session, by, house(), halves(home))
    key = "01" + "d" * 24
    for _turn in range(2):
        assert debt_writes.create(session, by, replace(TAX, asset_id=asset), halves(home), debt_id=key) == key
    debt_writes.create(session, by, replace(TAX, kind="CAUTION", since=None), [Owner(home.paul)])

    def owed(on: date) -> list[tuple[str, Decimal | None, Decimal]]:
        with current.bound(session):
            found = [one for one in wealth.items([home.jeanne], on) if one.debt]
        return [(one.category, one.value, one.taxable) for one in found]

    assert owed(date(2024, 4, 30)) == []
    assert owed(date(2024, 5, 1)) == [("DETTE_FISCALE", D(3000), D(1))]
    debt_writes.settle(session, by, key, date(2024, 9, 1))
    assert owed(date(2024, 8, 31))
    assert owed(date(2024, 9, 1)) == []
    debt_writes.reopen(session, by, key)
    assert owed(today())
    with current.bound(session):
        (surety,) = [one for one in wealth.items([home.paul], today()) if one.off_balance]
    assert surety.category == "CAUTION"
    with pytest.raises(NotFound):
        debts.get(session, person(session, home.other), key)


REFUSED: tuple[tuple[dict[str, Any], str], ...] = (
    ({"kind": "X"}, "kind"), ({"label": ""}, "label"), ({"creditor": ""}, "creditor"), ({"amount": D(0)}, "amount"),
    ({"amount": D(-5)}, "amount"), ({"amount": D(10) ** 12 + 1}, "amount"), ({"since": date(1899, 1, 1)}, "since"),
    ({"due_on": date(2024, 4, 30)}, "due_on"), ({"asset_id": "inconnu"}, "asset_id"),
)  # fmt: skip


def test_what_is_refused(home: Home, work: Work) -> None:
    """PA-01, «Bad input»: each with its field; shares that do not sum, an unknown person, a household."""
    session, by = work
    for more, field in (*REFUSED, ({"amount_on": today() + timedelta(days=1)}, "amount_on")):
        with pytest.raises(DomainError) as refused:
            debt_writes.create(session, by, replace(TAX, **more), halves(home))
        assert refused.value.field == field, more
    half = D("0.5")
    for owners, said in (
        ([Owner(home.jeanne, half)], "font ensemble 50"), ([], "au moins une personne"),
        ([Owner(home.household)], "Un foyer ne doit rien"), ([Owner(home.jeanne, D(1), "USUFRUIT")], "pas démembrée"),
    ):  # fmt: skip
        with pytest.raises(DomainError, match=said) as refused:
            debt_writes.create(session, by, TAX, owners)
        assert refused.value.field == "owners"
    with pytest.raises(NotFound):
        debt_writes.create(session, by, TAX, [Owner(home.stranger)])


FORM = {
    "kind": "DETTE_FISCALE", "label": "Solde d'impôt", "creditor": "Trésor public", "amount": "3 000,50",
    "amount_on": "01/06/2024", "owner_2": "", "share_1": "50", "share_2": "50",
}  # fmt: skip


def test_a_debt_from_its_form_to_its_list(adviser: FlaskClient, home: Home) -> None:
    """PA-01, NX-02: added with a co-debtor, shown with its source, changed, settled, back; a surety told apart."""
    file = File(adviser, home)
    values = {**FORM, "owner_1": home.jeanne, "owner_2": home.paul}
    made = file.post("/passifs/nouveau", values)
    assert made.status_code == 303, plain(made)
    path = made.location.removeprefix(file.base)
    assert "1 500,25 €" in file.get(path)
    text = file.get("/passifs")
    assert "au 01/06/2024 déclaré · Saisi par Conseiller Demo" in text
    assert "Total 1 500,25 €" in text
    assert file.post(f"{path}/modifier", {**values, "creditor": "Trésor"}).status_code == 303
    surety = file.post("/passifs/nouveau", {**values, "kind": "CAUTION", "label": "Caution du bail"})
    assert surety.status_code == 303
    text = file.get("/passifs")
    assert "Cautions données, hors bilan 1" in text
    assert "Total 1 500,25 €" in text
    assert file.post(f"{path}/solder", {"on": "02/07/2024"}).status_code == 303
    assert "soldée le 02/07/2024" in file.get("/passifs")
    assert file.post(f"{path}/solder", {}).status_code == 303
    assert "soldée le" not in file.get("/passifs")
    wrong = file.post("/passifs/nouveau", {**values, "share_2": "40"})
    assert (wrong.status_code, "font ensemble 90 %" in plain(wrong)) == (422, True)
    base = f"/p/patrimoine/contacts/{home.household}/passifs"
    assert file.client.get(f"{base}/nouveau").status_code == 403
    assert "Part du foyer" in plain(file.client.get(base))


def test_programs_do_as_much(app: Flask, home: Home) -> None:
    """PL-09, PA-01: a debt made, changed, settled, reopened; what is refused names its field."""
    program = Program(app, token_of(home.cabinet_id, home.adviser))
    body = {
        "kind": "DETTE_FAMILIALE", "label": "Travaux", "creditor": "Odette", "amount": "9000.00", "amount_on": "2024-06-01",
        "owners": [{"contact_id": home.jeanne, "share": "1"}],
    }  # fmt: skip
    made = program.post("/p/patrimoine/debts", body, 201)
    path = f"/p/patrimoine/debts/{made['id']}"
    assert (made["category"], made["owners"][0]["share"]) == ("AUTRE_DETTE", "1.00000000")
    assert program.call("PATCH", path, {"amount": "8000.00"}).json["amount"] == "8000.0000"
    assert program.post(f"{path}/settle", {"on": "2024-07-01"})["settled_on"] == "2024-07-01"
    assert program.post(f"{path}/reopen")["settled_on"] is None
    wrong = program.call("POST", "/p/patrimoine/debts", {**body, "owners": [{"contact_id": home.jeanne, "share": "0.4"}]})
    assert (wrong.status_code, wrong.json["errors"][0]["field"]) == (422, "owners")
    assert [one["id"] for one in program.get(f"/p/patrimoine/debts?contact={home.household}")["items"]] == [made["id"]]
    with db.session(home.cabinet_id, write=False) as session:
        assert len(debts.of_contact(session, person(session, home.adviser), home.jeanne)) == 1
