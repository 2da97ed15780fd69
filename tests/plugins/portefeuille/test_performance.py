"""PF-08, NX-02: the pages of performance: figures with their convention, what made them, gaps, an index, refused days."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.accounts import services as accounts
from core.contacts import services as contacts
from core.contacts.schemas import NewContact
from core.extensions import db
from core.supports import services as supports
from tests.conftest import People
from tests.conftest import sign_in
from tests.plugins.portefeuille.conftest import Portfolio

BASE = "/p/portefeuille"


def text(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return unescape(answer.get_data(as_text=True)).replace("\u202f", " ").replace("\u00a0", " ")


@pytest.fixture
def index(portfolio: Portfolio, people: People) -> str:
    """Himalia over 2025, valued each month; one payment and one surrender; an index of the cabinet's own."""
    with db.session(people.cabinet_id) as session:
        for month in range(13):
            day = date(2025 + month // 12, month % 12 + 1, 1)
            value = Decimal(1000) * Decimal("1.01") ** month + (500 if month >= 6 else 0)
            accounts.put_valuation(session, "cli", portfolio.himalia, day, value.quantize(Decimal("0.01")), "relevé")
        for day, kind, amount in ((date(2025, 6, 10), "VERSEMENT", "500"), (date(2025, 3, 3), "FRAIS", "-4")):
            accounts.add_movement(
                session, "cli", portfolio.himalia, on=day, kind=kind, label=kind, amount=Decimal(amount), source="relevé"
            )
        made = supports.support_for(session, code="IDX", label="Indice d'essai", type="INDICE")
        for day, price in ((date(2025, 1, 1), "100"), (date(2026, 1, 1), "108")):
            supports.set_price(session, made, day, Decimal(price), source="bourse", actor="cli")
    return made


def test_an_account_tells_its_figures_and_what_made_them(adviser: FlaskClient, portfolio: Portfolio, index: str) -> None:
    """PF-08, NX-02: each figure by its convention; flows with day and source; fees are no flow; the table of months."""
    path = f"{BASE}/comptes/{portfolio.himalia}/performance?du=01/01/2025&au=01/01/2026"
    page = text(adviser, f"{path}&indice={index}")
    assert "Performance du 01/01/2025 au 01/01/2026" in page
    for label in ("TWR", "TRI (XIRR)", "Gain", "Versements nets", "Volatilité", "Perte maximale", "D'où viennent ces chiffres"):
        assert label in page
    assert "+500,00 €" in page
    assert "12 rendements mensuels" in page
    flows = page.split("Flux retenus, les plus récents d'abord")[1].split("</table>")[0]
    assert "10/06/2025" in flows
    assert "relevé" in flows
    assert "Frais" not in flows
    assert "+8,00 %" in page, "the index, on the same days"
    assert "Cours du 01/01/2025 et du 01/01/2026 (bourse)" in page
    assert "Rendements par année et par mois" in page
    assert 'aria-current="page">Performance' in page or "Performance</a>" in page
    tabs = [page.index(f">{name}</a>") for name in ("Synthèse", "Supports", "Mouvements", "Transactions", "Performance")]
    assert tabs == sorted(tabs), "interfaces.md: Performance after Transactions"


def test_a_person_and_a_household(adviser: FlaskClient, people: People, portfolio: Portfolio, index: str) -> None:
    """PF-08: all accounts together, in the rubric Portefeuille; an index's choice keeps the period."""
    for who in (portfolio.jeanne, portfolio.household):
        page = text(adviser, f"{BASE}/contacts/{who}/performance?du=01/02/2025&au=01/01/2026")
        assert "Performance du 01/02/2025 au 01/01/2026" in page
        assert "Indice d'essai" in page
    page = text(adviser, f"{BASE}/contacts/{portfolio.jeanne}/performance?periode=1a&indice={index}")
    assert f"periode=3a&indice={index}" in page or f"indice={index}&periode=3a" in page
    with db.session(people.cabinet_id) as session:
        data = NewContact("PERSONNE_PHYSIQUE", "CLIENT", birth_name="Sanscompte", first_names="Odile")
        odile = contacts.create(session, "cli", data)
        contacts.follow(session, "cli", odile, people.adviser)
    assert "Rien à mesurer" in text(adviser, f"{BASE}/contacts/{odile}/performance")


def test_gaps_and_days_that_make_no_sense(adviser: FlaskClient, portfolio: Portfolio, index: str) -> None:
    """PF-08, «Bad input»: what cannot be computed says why; refused days stay, with what is wrong; never a 500."""
    base = f"{BASE}/comptes/{portfolio.himalia}/performance"
    page = text(adviser, f"{base}?du=01/01/2019&au=01/01/2020")
    assert "Performance non calculable" in page
    assert "rien ne peut être mesuré" in page
    for query, told in (
        ("du=31/02/2025&au=", "Le 31 février n'existe pas"), ("du=01/01/2026&au=01/01/2025", "avant d'avoir commencé"),
        ("au=01/01/2090", "dans le futur"), ("du=01/01/1901&au=01/01/2025", "la première acceptée est le 01/01/1950"),
    ):  # fmt: skip
        page = text(adviser, f"{base}?{query}", 422)
        assert told in page
        assert f'value="{query.split("=")[1].split("&")[0]}"' in page
    for query in ("periode=%00", "periode=libre", "indice=inconnu", "du=%F0%9F%8C%B1", "periode=5a&periode=1a"):
        assert adviser.get(f"{base}?{query}").status_code in (200, 422)


def test_nobody_elses_performance(app: Flask, people: People, strangers: People, portfolio: Portfolio) -> None:
    """PF-08, domain.md §3.6: another adviser's and another cabinet's: nowhere."""
    for email in ("autre@demo.example", "administrateur@second.example"):
        client = app.test_client()
        sign_in(client, email)
        text(client, f"{BASE}/comptes/{portfolio.himalia}/performance", 404)
        text(client, f"{BASE}/contacts/{portfolio.jeanne}/performance", 404)
