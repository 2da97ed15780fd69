"""The performance of accounts whose movements and valuations came by the API (PF-05, PF-08)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from flask import Flask

from core.accounts import services as accounts
from core.accounts.schemas import NewAccount
from core.accounts.schemas import Role
from core.api.finance import twr
from core.api.finance import xirr
from core.contacts import services as contacts
from core.contacts.schemas import NewContact
from core.extensions import db
from core.supports import services as supports
from tests.conftest import People
from tests.core.rest.desk import Program
from tests.core.rest.desk import token_of

D = Decimal


@pytest.fixture
def marc(app: Flask, people: People) -> Program:
    return Program(app, token_of(people.cabinet_id, people.adviser, name="Tableur"))


@pytest.fixture
def ids(people: People) -> dict[str, str]:
    """Jeanne and her household; her PEA, and an account that she holds with Paul."""
    with db.session(people.cabinet_id) as session:
        made = {}
        for name in ("jeanne", "paul"):
            data = NewContact("PERSONNE_PHYSIQUE", "CLIENT", birth_name="Durand", first_names=name.title())
            made[name] = contacts.create(session, "cli", data)
            contacts.follow(session, "cli", made[name], people.adviser)
        made["home"] = contacts.create(session, "cli", NewContact("FOYER", "CLIENT", display_name="Famille Durand"))
        contacts.follow(session, "cli", made["home"], people.adviser)
        contacts.join_household(session, "cli", made["home"], made["jeanne"])
        bank = supports.company_for(session, "banque", name="Banque de Loire")
        for key, envelope, roles in (
            ("pea", "PEA", [Role(made["jeanne"], "TITULAIRE")]),
            ("joint", "COMPTE_TITRES", [Role(made["jeanne"], "TITULAIRE"), Role(made["paul"], "CO_TITULAIRE")]),
        ):  # fmt: skip
            data = NewAccount(envelope, f"N-{key}", key.upper(), bank, roles, opened_on=date(2024, 1, 1))
            made[key] = accounts.create(session, "cli", data)
    return made


def fill(marc: Program, account: str) -> None:
    for on, kind, amount in (
        ("2024-01-01", "VERSEMENT", "10000.00"), ("2024-07-01", "VERSEMENT", "1000.00"), ("2024-10-01", "RACHAT", "500.00"),
        ("2024-11-15", "FRAIS", "12.00"),
    ):  # fmt: skip
        marc.post(f"/accounts/{account}/movements", {"on": on, "kind": kind, "amount": amount}, 201)
    for on, value in (("2024-07-01", "11000.00"), ("2024-10-01", "12600.00"), ("2024-12-31", "11858.00")):
        marc.post(f"/accounts/{account}/valuations", {"on": on, "value": value}, 201)


def test_figures_are_those_of_what_was_posted(marc: Program, ids: dict[str, str]) -> None:
    """PF-08, interfaces.md: ratios as numbers, amounts as strings, each by its convention, which is named."""
    fill(marc, ids["pea"])
    path = f"/accounts/{ids['pea']}/performance?from=2024-01-01&to=2024-12-31"
    found = marc.get(path)
    values = [("2024-01-01", 0), ("2024-07-01", 11000), ("2024-10-01", 12600), ("2024-12-31", 11858)]
    flows = [("2024-01-01", 10000), ("2024-07-01", 1000), ("2024-10-01", -500)]
    dated = [[(date.fromisoformat(on), D(amount)) for on, amount in line] for line in (values, flows)]
    assert found["twr"] == pytest.approx(twr(*dated))
    assert found["twr"] == pytest.approx(1.1 * (12600 / 12000) * (11858 / 12100) - 1)
    paid = [*((on, -amount) for on, amount in dated[1]), (date(2024, 12, 31), D(11858))]
    assert found["xirr"] == pytest.approx(xirr(paid))
    assert (found["contributions"], found["gain"]) == ("10500.00", "1358.00")
    assert (found["from"], found["to"], found["measured_from"]) == ("2024-01-01", "2024-12-31", "2024-01-01")
    assert found["max_drawdown"] == pytest.approx(11858 / 12100 - 1)
    assert found["volatility"] is None
    assert "Dietz" in found["convention"]
    assert any("olatilité" in one for one in found["notes"])
    assert [D(one["amount"]) for one in found["flows"]] == [D(10000), D(1000), D(-500)]
    assert marc.get(f"/accounts/{ids['pea']}/movements")["items"][0]["source"] == "API, jeton Tableur"
    # what cannot be computed is null, and says why
    early = marc.get(f"/accounts/{ids['pea']}/performance?from=2020-01-01&to=2021-01-01")
    assert {early[key] for key in ("twr", "xirr", "contributions", "gain", "volatility", "max_drawdown")} == {None}
    assert early["notes"]


def test_a_person_a_household_and_an_index(marc: Program, ids: dict[str, str], people: People) -> None:
    """PF-08: each for the part; the household like its only member; an index on the same days."""
    for one in ("pea", "joint"):
        fill(marc, ids[one])
    period = "from=2024-01-01&to=2024-12-31"
    both = marc.get(f"/contacts/{ids['jeanne']}/performance?{period}")
    assert both["contributions"] == "15750.00"
    assert both["twr"] == pytest.approx(marc.get(f"/accounts/{ids['pea']}/performance?{period}")["twr"])
    assert marc.get(f"/contacts/{ids['home']}/performance?{period}") == both
    assert marc.get(f"/contacts/{ids['paul']}/performance?{period}")["gain"] == "679.00"
    with db.session(people.cabinet_id) as session:
        index = supports.support_for(session, code="ESSAI", label="Indice d'essai", type="INDICE")
        for on, price in ((date(2023, 12, 31), "100"), (date(2024, 6, 30), "104"), (date(2024, 12, 31), "110")):
            supports.set_price(session, index, on, D(price), source="essai", actor="cli")
    beside = marc.get(f"/accounts/{ids['pea']}/performance?{period}&indices={index}")["indices"][0]
    assert beside["ratio"] == pytest.approx(0.1)
    assert [one["index"] for one in beside["series"]] == [pytest.approx(100), pytest.approx(104), None, pytest.approx(110)]
    marc.get(f"/accounts/{ids['pea']}/performance?indices=inconnu", 404)


def test_what_is_posted_is_checked_and_written_once(marc: Program, ids: dict[str, str], app: Flask, people: People) -> None:
    """PF-05: idempotent; no future, no zero, no unknown kind or support; a valuation replaces its day's; rights hold."""
    path, key = f"/accounts/{ids['pea']}/movements", str(uuid4())
    body = {"on": "2024-02-01", "kind": "VERSEMENT", "amount": "100.00", "label": "Prime"}
    assert marc.post(path, body, 201, key=key) == marc.post(path, body, 201, key=key)
    assert [one["label"] for one in marc.get(path)["items"]] == ["Prime"]
    for wrong in (
        {"on": "2999-01-01"}, {"amount": "0.00"}, {"amount": 5}, {"kind": "CADEAU"}, {"support_id": "inconnu"}, {"on": None},
        {"kind": None},
    ):  # fmt: skip
        marc.post(path, {**body, **wrong}, 422)
    marc.post(path, {}, 422)
    for value in ("100.00", "120.00"):
        marc.post(f"/accounts/{ids['pea']}/valuations", {"on": "2024-03-01", "value": value, "net_payments": "100.00"}, 201)
    assert [D(one["value"]) for one in marc.get(f"/accounts/{ids['pea']}/valuations")["items"]] == [D(120)]
    assert D(marc.get(f"/accounts/{ids['pea']}")["account"]["value"]) == D(120)
    marc.post(f"/accounts/{ids['pea']}/valuations", {"on": "2024-03-01"}, 422)
    reader = Program(app, token_of(people.cabinet_id, people.adviser, ["accounts:read"]))
    reader.post(path, body, 403)
    other = Program(app, token_of(people.cabinet_id, people.other))
    other.post(path, body, 404)
    other.post(f"/accounts/{ids['pea']}/valuations", {"on": "2024-01-01", "value": "1.00"}, 404)
    other.get(f"/accounts/{ids['pea']}/performance", 404)
    other.get(f"/contacts/{ids['jeanne']}/performance", 404)
    marc.get(f"/accounts/{ids['pea']}/performance?from=2024-05-01&to=2024-05-01", 400)
    marc.get(f"/accounts/{ids['pea']}/performance?from=hier", 400)
