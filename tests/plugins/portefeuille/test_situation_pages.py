"""Portefeuille > Situation: the page, its day, its axes; and the same for programs (PF-06, NX-02)."""

from __future__ import annotations

import html

from flask.testing import FlaskClient

from tests.conftest import People
from tests.core.rest.desk import Program
from tests.core.rest.desk import token_of
from tests.plugins.portefeuille.conftest import Portfolio


def page(client: FlaskClient, contact: str, query: str = "", status: int = 200) -> str:
    answer = client.get(f"/p/portefeuille/contacts/{contact}/situation{query}")
    assert answer.status_code == status
    return html.unescape(answer.get_data(as_text=True)).replace("\u202f", " ").replace("\xa0", " ")


def test_the_page_by_axis_and_slice(adviser: FlaskClient, portfolio: Portfolio) -> None:
    """PF-06, NX-02: a chart and its table along an axis; a slice opens its lines with account, day and source."""
    shown = page(adviser, portfolio.jeanne, "?par=enveloppe&au=01/03/2026")
    for words in ("Total au 01/03/2026", "85 210,55 €", "Assurance-vie", "84 210,55 €", "99 %", "PEA"):
        assert words in shown, words
    assert "D'où vient ce chiffre" not in shown
    opened = page(adviser, portfolio.jeanne, "?par=enveloppe&au=01/03/2026&tranche=PEA")
    for words in ("D'où vient ce chiffre : PEA", "02/01/2026", "flux", "Voir la situation du foyer Famille Durand"):
        assert words in opened, words
    assert "84 210,55 €" in page(adviser, portfolio.household, "?par=compagnie")


def test_days_that_make_no_sense(adviser: FlaskClient, portfolio: Portfolio) -> None:
    """PF-06: the form says what is wrong; an unknown slice opens nothing, an unknown axis is told."""
    assert "la première acceptée est le 01/01/1990" in page(adviser, portfolio.jeanne, "?au=01/01/1900", 422)
    page(adviser, portfolio.jeanne, "?au=31/02/2026", 422)
    assert "Classe d'actifs" in page(adviser, portfolio.jeanne, "?tranche=x")
    assert "Classe d'actifs" in page(adviser, portfolio.jeanne, "?par=nimporte", 422)
    assert "Rien à cette date" in page(adviser, portfolio.jeanne, "?au=01/01/2001")


def test_the_same_for_programs(portfolio: Portfolio, people: People, adviser: FlaskClient) -> None:
    """PF-06, PL-09: total, slices and lines, as decimal texts; an unknown axis is refused."""
    program = Program(adviser.application, token_of(people.cabinet_id, people.adviser))
    body = program.get(f"/contacts/{portfolio.jeanne}/situation?by=enveloppe&on=2026-03-01")
    assert (body["total"], body["newest"], body["by_label"]) == ("85210.55", "2026-01-02", "Enveloppe")
    assert [(one["code"], one["value"], len(one["lines"])) for one in body["slices"]] == [
        ("ASSURANCE_VIE", "84210.55", 1), ("PEA", "1000.00", 1),
    ]  # fmt: skip
    program.get(f"/contacts/{portfolio.jeanne}/situation?by=couleur", 400)
