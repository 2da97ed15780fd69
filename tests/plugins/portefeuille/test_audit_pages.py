"""Portefeuille > Audit: the page, its day, who does not answer; and the same for programs (PF-07)."""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from core.accounts import services as accounts
from core.accounts.schemas import NewPosition
from core.extensions import db
from core.hooks import enabling
from core.hooks import settings
from core.hooks.findings import Finding
from core.hooks.findings import FindingLine
from core.hooks.hub import Hub
from core.hooks.specs import Plugin
from core.hooks.specs import hookimpl
from core.hooks.types import AccountRef
from core.hooks.types import Context
from core.supports import services as supports
from plugins.portefeuille.audit.checks import RULES
from tests.conftest import People
from tests.core.rest.desk import Program
from tests.core.rest.desk import token_of
from tests.plugins.portefeuille.conftest import Portfolio

D = Decimal


class Regle(Plugin):
    """A module that has one rule of its own, or fails."""

    name, title, weight = "regle", "Règles d'ailleurs", 70
    fails = False

    @hookimpl
    def portfolio_checks(self, ctx: Context, accounts: Sequence[AccountRef], on: date) -> Sequence[Finding]:
        if self.fails:
            raise RuntimeError("boum")
        lines = tuple(FindingLine(one.title, D("0.5"), "RATIO", account_id=one.id) for one in accounts)
        return [Finding("moitie", "ALERTE", "Une règle d'ailleurs", "Trouvé ailleurs.", "Sa source.", "À faire.", lines)]


def page(client: FlaskClient, contact: str, query: str = "", status: int = 200) -> str:
    answer = client.get(f"/p/portefeuille/contacts/{contact}/audit{query}")
    assert answer.status_code == status
    return html.unescape(answer.get_data(as_text=True)).replace("\u202f", " ").replace("\xa0", " ")


@pytest.fixture
def filled(portfolio: Portfolio, people: People) -> Portfolio:
    """Himalia holds one fund, whose price is of January."""
    with db.session(people.cabinet_id) as session:
        fund = supports.support_for(session, isin="FR0010135103", label="Carmignac Patrimoine", type="OPCVM")
        line = NewPosition(fund, D("84210.55"), D("1"), D("84210.55"), date(2026, 1, 2))
        accounts.put_positions(session, "cli", portfolio.himalia, date(2026, 1, 2), [line], "flux")
    return portfolio


def test_findings_by_severity_with_lines_source_and_remedy(adviser: FlaskClient, filled: Portfolio) -> None:
    """PF-07: what was found, its lines with account and support, whence, what to do, and the partner's menu."""
    shown = page(adviser, filled.jeanne, "?au=01/03/2026")
    for words in (
        "Un support dépasse 25 % du portefeuille", "Carmignac Patrimoine pèse 98,8 % du portefeuille",
        "Plus de 70 000 € chez un assureur", "dont 14 210,55 € au-delà de la garantie", "R423-7", "Que faire :",
        "Acte proposé : Arbitrage", "D'où vient ce constat", "Clause bénéficiaire absente", "Prix de plus de 30 jours",
        "prix du 02/01/2026", "Risque non connu", "Règles appliquées", "Actions Essai SA, compte HIM0012345",
        "Voir l'audit du foyer Famille Durand",
    ):  # fmt: skip
        assert words in shown, words
    assert "84 210,55 €" in page(adviser, filled.household, "?au=01/03/2026")


def test_nothing_to_say(adviser: FlaskClient, portfolio: Portfolio) -> None:
    """PF-07: no account, no finding: the page says so, and which rules were run."""
    assert "Aucun compte à cette date" in page(adviser, portfolio.jeanne, "?au=01/01/2001")
    assert "la première acceptée est le 01/01/1990" in page(adviser, portfolio.jeanne, "?au=01/01/1900", 422)
    page(adviser, portfolio.jeanne, "?au=31/02/2026", 422)


def test_a_calm_portfolio_names_the_rules(adviser: FlaskClient, portfolio: Portfolio, people: People) -> None:
    """PF-07: «Rien à signaler» and each rule by its name, once the only account gives no reason to speak."""
    with db.session(people.cabinet_id) as session:
        accounts.update(session, "cli", portfolio.himalia, {"state": "CLOTURE", "closed_on": date(2025, 1, 1)})
        accounts.add_movement(
            session, "cli", portfolio.pea, on=date(2026, 1, 2), kind="VERSEMENT", label="Versement", amount=D(10), source="flux"
        )
    shown = page(adviser, portfolio.jeanne, "?au=01/03/2026")
    assert "Rien à signaler" in shown
    assert all(str(rule.label) in shown for rule in RULES)


def test_another_module_s_rules_and_its_failure(
    adviser: FlaskClient, portfolio: Portfolio, hub: Hub, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PF-07, PL-05: another module's finding stands under its name; one that fails is named, the rest is shown."""
    hub.registry.register("regle", Regle)
    with db.session(people.cabinet_id) as session:
        enabling.switch(session, hub.registry, "regle", on=True, actor="cli")
    shown = page(adviser, portfolio.jeanne, "?au=01/03/2026")
    for words in ("Une règle d'ailleurs", "Règles d'ailleurs", "50 %", "Clause bénéficiaire absente"):
        assert words in shown, words
    monkeypatch.setattr(Regle, "fails", True)
    shown = page(adviser, portfolio.jeanne, "?au=01/03/2026")
    assert "Une règle d'ailleurs" not in shown
    assert "Règles d'ailleurs" in shown
    assert "Clause bénéficiaire absente" in shown
    program = Program(adviser.application, token_of(people.cabinet_id, people.adviser))
    assert program.get(f"/p/portefeuille/contacts/{portfolio.jeanne}/audit")["missing"]


def test_the_same_for_programs(filled: Portfolio, people: People, adviser: FlaskClient) -> None:
    """PF-07, PL-09: findings and lines, figures as decimal texts; a stranger's contact is not found."""
    program = Program(adviser.application, token_of(people.cabinet_id, people.adviser))
    body = program.get(f"/p/portefeuille/contacts/{filled.jeanne}/audit?on=2026-03-01")
    found = {one["key"]: one for one in body["findings"]}
    assert (found["garantie_assureur"]["severity"], found["garantie_assureur"]["said_by"]) == ("INFO", "portefeuille")
    assert [(one["value"], one["account_id"]) for one in found["concentration_support"]["lines"]] == [
        ("84210.55", filled.himalia)
    ]
    assert len(body["rules"]) == len(RULES)
    assert set(body["accounts"]) == {filled.himalia, filled.pea}
    program.get(f"/p/portefeuille/contacts/{filled.jeanne}/audit?on=demain", 400)
    program.get("/p/portefeuille/contacts/01ABCDEFGHJKMNPQRSTVWXYZ00/audit", 404)


def test_the_cabinet_s_thresholds(adviser: FlaskClient, filled: Portfolio, people: People, hub: Hub) -> None:
    """PF-07, US-02: a rule speaks from the cabinet's own threshold on."""
    with db.session(people.cabinet_id) as session:
        settings.save(session, hub.registry.plugins["portefeuille"], {"audit_support": 99}, actor="cli")
    assert "Un support dépasse" not in page(adviser, filled.jeanne, "?au=01/03/2026")
