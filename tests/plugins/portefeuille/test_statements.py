"""Statements as files: the same figures on paper, in the workbook and in the data; read here by other programs (PF-02, NX-06)."""

from __future__ import annotations

import io
from datetime import date
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask

from core.accounts import services as accounts
from core.accounts.schemas import NewPosition
from core.api.db import DomainError
from core.contacts import services as contacts
from core.contacts.schemas import NewContact
from core.db import current
from core.db.session import TenantSession
from core.extensions import db
from core.supports import services as supports
from core.wealth.situation import situation
from plugins.portefeuille.statements import data
from plugins.portefeuille.statements import figures
from plugins.portefeuille.statements import paper
from plugins.portefeuille.statements import sheet
from tests.conftest import People
from tests.conftest import person
from tests.plugins.portefeuille.conftest import Portfolio
from tests.plugins.portefeuille.statements_kit import Book
from tests.plugins.portefeuille.statements_kit import Paper

D = Decimal
DAY = date(2026, 6, 30)
SINCE = date(2025, 12, 31)
EVIL = "=HYPERLINK(\"http://mal.example\")"


@pytest.fixture
def filled(portfolio: Portfolio, people: People) -> Portfolio:
    """Himalia with two lines that do not tell 210,55 € of it, a movement that looks like a formula; the PEA without a line."""
    with db.session(people.cabinet_id) as session:
        fund = supports.support_for(session, isin="FR0010135103", label="@Carmignac Patrimoine", type="OPCVM")
        euro = supports.support_for(session, code="EURO", label="Fonds en euros", type="FONDS_EURO")
        lines = [NewPosition(fund, D("60000.00"), D("200"), D("300"), DAY), NewPosition(euro, D("25000.00"))]
        accounts.put_positions(session, "cli", portfolio.himalia, DAY, lines, "+relevé")
        accounts.put_valuation(session, "cli", portfolio.himalia, DAY, D("85210.55"), "+relevé", D("81000.55"))
        accounts.add_movement(
            session, "cli", portfolio.himalia, on=date(2026, 3, 2), kind="VERSEMENT", label=EVIL, amount=D("1000"), source="flux"
        )
        accounts.add_movement(
            session, "cli", portfolio.himalia, on=SINCE, kind="FRAIS", label="Veille", amount=D("-7"), source="flux"
        )
        accounts.add_movement(
            session, "cli", portfolio.himalia, on=date(2026, 7, 2), kind="RACHAT", label="Après", amount=D("-5"), source="flux"
        )
    return portfolio


def made(people: People, contact: str, on: date = DAY, since: date | None = SINCE, **more: object) -> figures.Statement:
    with db.session(people.cabinet_id, write=False) as session, current.bound(session):
        who = person(session, people.adviser)
        return figures.statement(session, who, contact, figures.Wanted(on, since, **more))  # type: ignore[arg-type]


def drawn(people: People, found: figures.Statement) -> bytes:
    with db.session(people.cabinet_id, write=False) as session, current.bound(session):
        ready = paper.sheet_of(found)
    return paper.drawn(ready)


def test_the_same_figures_everywhere(app: Flask, filled: Portfolio, people: People) -> None:
    """PF-02, NX-06: the situation's total to the cent on paper, in the workbook's formulas, in the data; PDF/A-3 with both
    inside, fonts embedded; what is not told is told; texts are no formulas; the same bytes again."""
    found = made(people, filled.jeanne)
    with db.session(people.cabinet_id, write=False) as session:
        assert found.total == situation(session, person(session, people.adviser), filled.jeanne, DAY).total == D("86210.55")
    pdf = drawn(people, found)
    read = Paper(pdf)
    for words in (
        "Relevé de situation, Durand Jeanne", "au 30/06/2026", "86 210,55 €", "Non détaillé", "210,55 €", "Himalia HIM0012345",
        "source : +relevé", "@Carmignac Patrimoine", "FR0010135103", "200,00", "300,00", "Mouvements du 01/01/2026 au 30/06/2026",
        "+1 000,00 €", "Dietz modifiée", "ne remplace pas les relevés officiels", f"1 / {len(read.pages)}",
    ):  # fmt: skip
        assert words in read.text, words
    assert "Après" not in read.text, "a movement after the day of the statement"
    assert "Veille" not in read.text, "a movement that is in the period's first value"
    assert 'pdfaid:part="3"' in read.metadata
    assert 'pdfaid:conformance="U"' in read.metadata
    fonts = read.fonts()
    assert fonts
    assert all(fonts.values()), fonts
    assert all("Inter" in name for name in fonts), fonts
    body = read.figures
    assert (body["format"], body["version"], body["total"], body["on"]) == ("encours-releve", 1, "86210.55", "2026-06-30")
    assert sum(D(one["value"]) for one in body["accounts"]) == D(body["total"])
    for account in body["accounts"]:
        assert sum(D(line["value"]) for line in account["lines"]) == D(account["value"])
    for axis in figures.AXES:
        assert sum(D(one["value"]) for one in body["shares"] if one["axis"] == axis) == D(body["total"])
    assert [one["label"] for one in body["movements"]] == [EVIL]
    assert read.attached("releve.json") == data.written(found)
    check_book(Book(read.attached("releve.xlsx")))
    assert drawn(people, made(people, filled.jeanne)) == pdf


def check_book(book: Book) -> None:
    assert book.names == ["Synthèse", "Comptes", "Lignes", "Mouvements", "Performance"][: len(book.names)]
    assert len(book.names) == 4
    assert book.reckoned("Synthèse", "B4") == book.cells["Synthèse"]["B4"] == D("86210.55")
    assert book.reckoned("Comptes", "H4") == D("86210.55")
    assert book.reckoned("Lignes", "H6") == D("86210.55")
    assert all(book.frozen.values()), book.frozen
    told = [formula for sheet_ in book.formulas.values() for formula in sheet_.values()]
    assert all(formula.startswith(("SUM(", "'Comptes'!")) for formula in told), told
    assert EVIL in book.cells["Mouvements"].values()
    assert not [name for name in book.parts if "vba" in name.lower() or "externalLink" in name or "hyperlink" in name.lower()]
    assert book.cells["Mouvements"]["A2"] == D((date(2026, 3, 2) - date(1899, 12, 30)).days), "a date, not a text"


def test_what_is_left_out(app: Flask, filled: Portfolio, people: People) -> None:
    """PF-02: without charts, lines, movements or performance the pages are shorter, and the files inside still have all."""
    found = made(people, filled.jeanne, parts=frozenset())
    read = Paper(drawn(people, found))
    for words in ("@Carmignac", "Mouvements du", "Dietz", "Évolution"):
        assert words not in read.text, words
    assert "86 210,55 €" in read.text
    assert len(read.figures["movements"]) == 1


def test_before_anything_is_known(app: Flask, filled: Portfolio, people: People) -> None:
    """PF-02: a day before the first valuation is told with the first day that can be had; a period of which the performance is
    not known says so and gives the rest."""
    with pytest.raises(DomainError, match="la première est du 02/01/2026") as refused:
        made(people, filled.jeanne, date(2024, 1, 1), None)
    assert refused.value.field == "au"
    with db.session(people.cabinet_id) as session:
        empty = contacts.create(session, "cli", NewContact("PERSONNE_PHYSIQUE", "CLIENT", birth_name="Vide", first_names="Odile"))
        contacts.follow(session, "cli", empty, people.adviser)
    with pytest.raises(DomainError, match="enregistrez une valorisation"):
        made(people, empty)
    found = made(people, filled.jeanne, date(2026, 1, 2), date(2026, 1, 1))
    assert not found.measure.known or found.measure.twr is None or found.measure.notes
    assert found.total == D("85210.55")


def test_a_household_counts_parts(app: Flask, filled: Portfolio, people: People) -> None:
    """PF-02: a household's statement has its members' accounts; the PEA of Jeanne is whole in hers."""
    found = made(people, filled.household)
    assert found.total == D("86210.55")
    assert found.contact.name == "Famille Durand"
    assert [one.part for one in found.accounts] == [D(1), D(1)]


def sixty(session: TenantSession, account: str) -> None:
    lines = []
    for n in range(60):
        support = supports.support_for(session, code=f"F{n}", label=f"Fonds de démonstration numéro {n} part C", type="OPCVM")
        lines.append(NewPosition(support, D("1000.01") + n, None, None))
    accounts.put_positions(session, "cli", account, DAY, lines, "flux")
    for n in range(40):
        accounts.add_movement(
            session, "cli", account, on=DAY - timedelta(days=n), kind="FRAIS", label=f"Frais {n}", amount=D("-1"), source="flux"
        )  # fmt: skip


def test_sixty_lines_and_no_head_alone(app: Flask, filled: Portfolio, people: People) -> None:
    """PF-02: a long table repeats its head on each of its pages, and no page ends on a head without a line."""
    with db.session(people.cabinet_id) as session:
        sixty(session, filled.himalia)
    found = made(people, filled.jeanne, parts=frozenset({"lignes", "mouvements"}))
    read = Paper(drawn(people, found))
    assert len(read.pages) > 2
    body = [[line.strip() for line in page.split("\n") if line.strip()] for page in read.pages]
    for number, lines in enumerate(body, 1):
        numbered = [line for line in lines if line != f"{number} / {len(body)}"]
        # the foot is drawn before the text: the last line is the page's own
        assert not numbered[-1].startswith(("Support", "Date", "Poids", "Montant")), (number, numbered[-3:])
    for n in (0, 30, 59):
        assert f"Fonds de démonstration numéro {n} part C" in read.text
    whole = sum(one.value for one in found.accounts)
    assert whole == found.total
    book = Book(sheet.workbook(found))
    assert book.reckoned("Lignes", f"H{2 + sum(len(one.lines) for one in found.accounts)}") == whole


def test_the_same_workbook_is_the_same_bytes(app: Flask, filled: Portfolio, people: People) -> None:
    """NX-06: the same figures on the same day are the same file, so that a statement can be made again and compared."""
    first, second = (sheet.workbook(made(people, filled.jeanne)) for _turn in range(2))
    assert io.BytesIO(first).getvalue() == second
    assert data.written(made(people, filled.jeanne)) == data.written(made(people, filled.jeanne))
