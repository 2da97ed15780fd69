"""Patrimoine > Budget: the page of a person and of a household, its forms, and the same for programs (PA-02)."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core.api.types import Adviser
from core.contacts import services as contacts
from core.db.clock import today
from core.db.errors import Forbidden
from core.db.session import TenantSession
from core.extensions import db
from plugins.patrimoine import budget_writes
from plugins.patrimoine import loan_writes
from plugins.patrimoine.budget_models import BudgetLine
from plugins.patrimoine.budget_sums import Line
from tests.conftest import person
from tests.core.rest.desk import Program
from tests.core.rest.desk import token_of
from tests.plugins.patrimoine.conftest import D
from tests.plugins.patrimoine.conftest import Home
from tests.plugins.patrimoine.conftest import mortgage
from tests.plugins.patrimoine.test_loan_pages import File
from tests.plugins.patrimoine.test_loan_pages import plain
from tests.plugins.patrimoine.test_loan_pages import token

WAGES = {"kind": "SALAIRES", "amount": "3 000,00", "period": "MENSUEL", "certain": "OUI", "label": "Clinique"}


@pytest.fixture
def file(adviser: FlaskClient, home: Home) -> File:
    return File(adviser, home)


def lines(home: Home) -> int:
    with db.session(home.cabinet_id, write=False) as session:
        return len(session.scalars(select(BudgetLine.id)).all())


def write(home: Home, *given: Line) -> list[str]:
    with db.session(home.cabinet_id) as session:
        return [budget_writes.create(session, person(session, home.adviser), one) for one in given]


def test_a_budget_from_nothing_to_its_ratio(file: File) -> None:
    """PA-02, NX-02: unknown is said; then lines, the loan by its schedule, the ratio with its threshold and source."""
    assert "Aucun budget saisi" in file.get("/budget")
    with db.session(file.home.cabinet_id) as session:
        loan_writes.create(session, person(session, file.home.adviser), *mortgage(file.home))
    text = file.get("/budget")
    assert "non calculable : aucun revenu saisi" in text
    assert "0,0 %" not in text
    assert "Prêt amortissable, Banque de l'Ouest calculé" in text
    assert file.post("/budget/ajouter?sorte=REVENU", WAGES).status_code == 303
    assert file.post("/budget/ajouter", {"kind": "LOYER", "amount": "12000", "period": "ANNUEL"}).status_code == 303
    text = file.get("/budget")
    # half of 1,109.20 a month: 554.60, over 3,000
    for said in ("Clinique", "Revenus par mois 3 000,00 €", "Taux d'endettement 18,5 % sous le seuil de 35 %", "554,60 €",
                 "6 655,20 €", "Capacité d'épargne par mois 1 445,40 €", "D-HCSF-2021-7 du 29 septembre 2021",
                 "calculé, échéancier du prêt, part de 50 %", "saisi : 3 000,00 € par mois"):  # fmt: skip
        assert said in text, said
    assert file.post("/budget/ajouter", {"kind": "CREDITS", "amount": "600", "period": "MENSUEL"}).status_code == 303
    text = file.get("/budget")
    assert "Taux d'endettement élevé" in text
    assert "au-dessus de 35 %" in text


BAD = (
    ("amount", "0", "supérieur à 0"), ("amount", "-5", "supérieur à 0"), ("amount", "1000000000,01", "milliard"),
    ("amount", "abc", "montant"), ("amount", "1,234", "décimales"), ("kind", "OR", "liste"), ("period", "QUOTIDIEN", "liste"),
    ("since", "31/02/2026", "n'existe pas"), ("until", "04/03/2026", "précède le début"), ("since", "01/01/1899", "1900"),
    ("until", "01/01/2199", "1900 à cent ans"), ("label", "x" * 121, "120"), ("amount", "", "Saisissez le montant"),
)  # fmt: skip


def test_bad_input_is_said_beside_its_field(file: File) -> None:
    """PA-02, «Bad input»: 422, in French, beside the field and in the summary; nothing that was typed is lost."""
    for field, typed, said in BAD:
        answer = file.post("/budget/ajouter", {**WAGES, "since": "05/03/2026", field: typed})
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422, (field, typed)
        error = re.search(rf'id="f-{field}-e">(.*?)</p>', page, re.S)
        assert error, (field, typed)
        assert said in re.sub(r"[\u00a0\u202f]", " ", unescape(error.group(1))), (field, typed)
        assert f'href="#f-{field}"' in page
        assert field == "label" or 'value="Clinique"' in page
    once = file.post("/budget/ajouter", {**WAGES, "period": "PONCTUEL"})
    assert (once.status_code, "compte dans son année" in plain(once)) == (422, True)
    assert lines(file.home) == 0


def test_several_lines_at_once(file: File) -> None:
    """PA-02: «Saisie rapide» adds each kind that has an amount, once, however often it is sent."""
    page = file.client.get(f"{file.base}/budget/saisie-rapide").get_data(as_text=True)
    sent = {name: unescape(text) for name, text in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)}
    sent |= {"amount_SALAIRES": "2 500", "period_SALAIRES": "MENSUEL", "amount_IFI": "1200", "period_IFI": "ANNUEL"}
    for _try in range(2):
        answer = file.client.post(f"{file.base}/budget/saisie-rapide", data=sent)
        assert answer.status_code == 303
    assert lines(file.home) == 2
    assert "Déjà au budget : 30 000,00 € par an" in file.get("/budget/saisie-rapide")
    empty = file.post("/budget/saisie-rapide", {})
    assert (empty.status_code, "au moins un montant" in plain(empty)) == (422, True)
    wrong = file.post("/budget/saisie-rapide", {"amount_LOYER": "-3", "amount_DONS": "10", "period_DONS": "ANNUEL"})
    assert (wrong.status_code, 'href="#f-amount_LOYER"' in wrong.get_data(as_text=True)) == (422, True)
    late = file.post("/budget/saisie-rapide", {"amount_DONS": "10", "period_DONS": "ANNUEL", "since": "01/01/2199"})
    assert (late.status_code, "cent ans" in plain(late)) == (422, True)
    assert lines(file.home) == 2


def test_changed_in_two_tabs_removed_and_put_back(file: File) -> None:
    """PA-02: two tabs clash and are told; a double click adds once; «Annuler» puts a line back."""
    page = file.client.get(f"{file.base}/budget/ajouter").get_data(as_text=True)
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    for _try in range(2):
        assert file.client.post(f"{file.base}/budget/ajouter", data={**hidden, **WAGES}).status_code == 303
    assert lines(file.home) == 1
    page = file.client.get(f"{file.base}/budget").get_data(as_text=True)
    path = re.search(r'href="([^"]*/budget/\w+/modifier)"', page).group(1).removeprefix(file.base)  # type: ignore[union-attr]
    first = file.client.get(file.base + path).get_data(as_text=True)
    stale = {k: unescape(v) for k, v in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', first)}
    assert file.post(path, {**WAGES, "amount": "3100"}).status_code == 303
    clash = file.client.post(file.base + path, data={**stale, **WAGES, "amount": "3200"})
    assert (clash.status_code, "3 100,00" in plain(clash)) == (409, True)
    gone = file.client.post(
        f"{file.base}{path.replace('modifier', 'retirer')}", data={"csrf_token": token(file, "/budget")}, follow_redirects=True
    )
    assert "est retirée du budget" in plain(gone)
    assert lines(file.home) == 0
    undo = re.search(r'name="undo" value="([^"]+)"', gone.get_data(as_text=True))
    assert undo
    file.client.post("/annuler", data={"csrf_token": token(file, "/budget"), "undo": undo.group(1)})
    assert "3 100,00 €" in file.get("/budget")


def test_the_day_that_is_asked(file: File) -> None:
    """PA-02: lines of the day count, the others stand apart; a day that is none is said and the page stands."""
    home = file.home
    year = today().year
    write(home, Line(home.jeanne, "SALAIRES", D(2000), until=today().replace(year=year - 1, month=1, day=31)),
          Line(home.jeanne, "PRIMES", D(900), "PONCTUEL", since=today()))  # fmt: skip
    text = file.get("/budget")
    assert "Revenus par mois 75,00 €" in text
    assert "Hors de cette date 1" in text
    assert "Revenus par mois 2 000,00 €" in file.get(f"/budget?au=15/01/{year - 1}")
    wrong = file.client.get(f"{file.base}/budget?au=31/02/2026")
    assert (wrong.status_code, "n'existe pas" in plain(wrong)) == (422, True)


def test_a_household_adds_up_its_members(file: File) -> None:
    """PA-02: columns side by side and their sum; it has no lines of its own; a stranger's budget is not there."""
    home = file.home
    made = write(home, Line(home.jeanne, "SALAIRES", D("1000.10")), Line(home.paul, "SALAIRES", D("500.20")),
                 Line(home.paul, "LOYER", D(300)))  # fmt: skip
    base = f"/p/patrimoine/contacts/{home.household}/budget"
    text = plain(file.client.get(base))
    assert "Salaires 1 000,10 € 500,20 € 1 500,30 €" in text
    assert "Charges — 300,00 € 300,00 €" in text
    assert "Saisie rapide" not in text
    assert file.client.get(f"{base}/ajouter").status_code == 403
    assert file.client.get(f"{base}/{made[0]}/modifier").status_code == 200
    assert file.client.get(f"{file.base}/budget/{made[1]}/modifier").status_code == 404  # Paul's, in Jeanne's file
    assert file.client.get(f"/p/patrimoine/contacts/{home.stranger}/budget").status_code == 404
    assert file.client.get(f"{file.base}/budget/{'0' * 26}/modifier").status_code == 404


def test_members_who_are_not_seen_are_said(file: File) -> None:
    """PA-02, PL-05: another adviser's client of the household counts for nothing, and the page says that it is incomplete."""
    home = file.home
    write(home, Line(home.jeanne, "SALAIRES", D(1000)))
    base = f"/p/patrimoine/contacts/{home.household}/budget"
    assert "Budget incomplet" not in plain(file.client.get(base))
    with db.session(home.cabinet_id) as session:
        contacts.join_household(session, "cli", home.household, home.stranger)
        budget_writes.create(session, person(session, home.other), Line(home.stranger, "SALAIRES", D(7777)))
    text = plain(file.client.get(base))
    assert "Budget incomplet" in text
    assert "7 777" not in text
    assert "Leroy" not in text


def test_only_a_person_has_lines(work: tuple[TenantSession, Adviser], home: Home) -> None:
    """PA-02: a household is refused in words, by whatever way it comes."""
    session, by = work
    with pytest.raises(Forbidden, match="additionne celui de ses membres"):
        budget_writes.create(session, by, Line(home.household, "SALAIRES", D(1)))


def test_programs_do_as_much(app: Flask, home: Home) -> None:
    """PL-09, PA-02: a line made, read, changed, removed; the sums of a person and of a household, null where unknown."""
    program = Program(app, token_of(home.cabinet_id, home.adviser))
    body = {"contact_id": home.jeanne, "kind": "FONCIERS", "amount": "1000.00", "period": "MENSUEL"}
    made = program.call("POST", "/p/patrimoine/budget-lines", body)
    assert made.status_code == 201, made.get_data(as_text=True)
    path = f"/p/patrimoine/budget-lines/{made.json['id']}"
    assert program.call("PATCH", path, {"amount": "1200.00"}).json["year"] == "14400.00"
    wrong = program.call("PATCH", path, {"since": "2026-03-05", "until": "2026-03-04"})
    assert (wrong.status_code, wrong.json["errors"][0]["field"]) == (422, "until")
    debt = {"contact_id": home.paul, "kind": "CREDITS", "amount": "500.00", "period": "MENSUEL"}
    other = program.call("POST", "/p/patrimoine/budget-lines", debt).json["id"]
    whole = program.call("GET", f"/p/patrimoine/contacts/{home.household}/budget").json
    sums = whole["sums"]
    assert (sums["income"], sums["charges"], sums["capacity"]) == ("14400.00", "6000.00", "8400.00")
    assert (sums["counted"], sums["ratio"], sums["beyond"]) == ("10080.00", "0.59523810", True)
    assert [one["sums"]["ratio"] for one in whole["members"]] == [None, None]
    assert whole["threshold"] == "0.35"
    listed = program.call("GET", f"/p/patrimoine/budget-lines?contact={home.household}").json["items"]
    assert {one["id"] for one in listed} == {made.json["id"], other}
    assert program.call("DELETE", path).status_code == 204
    assert program.call("GET", path).status_code == 404
    stranger = {**body, "contact_id": home.stranger}
    assert program.call("POST", "/p/patrimoine/budget-lines", stranger).status_code == 404
