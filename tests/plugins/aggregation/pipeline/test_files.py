"""AGG-01: a file is kept, read, compared, applied in one transaction, taken back; each figure leads to its line."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func
from sqlalchemy import select

from core.accounts import values_by_hand
from core.accounts.models import Account
from core.accounts.models import Movement
from core.accounts.models import Position
from core.accounts.models import Valuation
from core.cabinets.models import AuditEntry
from core.cli.worker import run_due
from core.db.errors import Conflict
from core.extensions import db
from core.live import events
from plugins.aggregation.pipeline import files
from plugins.aggregation.pipeline.models import FeedFile
from plugins.aggregation.pipeline.models import FeedMovement
from plugins.aggregation.pipeline.models import FeedStep
from tests.conftest import People
from tests.conftest import person
from tests.plugins.aggregation.pipeline import world

DAY = date(2026, 4, 1)


def book(people: People, account_id: str) -> tuple[Decimal | None, list[Decimal], list[tuple[str, Decimal]]]:
    """An account's value, its lines of the day, its movements."""
    with db.session(people.cabinet_id, write=False) as session:
        value = session.scalar(select(Account.value).where(Account.id == account_id))
        lines = session.scalars(select(Position.value).where(Position.account_id == account_id, Position.on == DAY))
        moved = session.execute(select(Movement.kind, Movement.amount).where(Movement.account_id == account_id))
        return value, sorted(lines), sorted((kind, amount) for kind, amount in moved)


def test_a_statement_from_its_deposit_to_its_undoing(adviser: FlaskClient, people: People) -> None:
    """AGG-01: nothing is written before «Appliquer»; Σ positions is the value; undoing gives all back."""
    made = world.made(people)
    page = world.send(adviser, "suravenir.txt")
    said = world.seen(adviser, page)
    assert "À appliquer" in said
    assert "10\u202f180,00" in said
    assert "SEXTANT GRAND LARGE A" in said
    assert book(people, made.contract) == (None, [], [])

    assert world.press(adviser, f"{page}/appliquer") == 303
    value, lines, moved = book(people, made.contract)
    assert (value, lines) == (Decimal("10180.00"), [Decimal("5040.00"), Decimal("5140.00")])
    assert moved == [
        ("FRAIS", Decimal("-20.00")), ("VERSEMENT", Decimal("20.00")), ("VERSEMENT", Decimal("140.00")),
        ("VERSEMENT", Decimal("840.00")),
    ]  # fmt: skip
    assert "Appliqué" in world.seen(adviser, page)

    assert world.press(adviser, f"{page}/annuler") == 303
    assert book(people, made.contract) == (None, [], [])
    assert "Annulé" in world.seen(adviser, page)
    with db.session(people.cabinet_id, write=False) as session:
        said_of = set(session.scalars(select(AuditEntry.action).where(AuditEntry.subject.like("feed:%"))))
    assert {"feed.received", "feed.applied", "feed.undone"} <= said_of


def test_the_same_file_again_changes_nothing(adviser: FlaskClient, people: People) -> None:
    """AGG-01, idempotent: deposited twice it is one; applied twice it writes once."""
    made = world.made(people)
    page = world.send(adviser, "suravenir.txt")
    world.press(adviser, f"{page}/appliquer")
    there = book(people, made.contract)
    assert world.send(adviser, "suravenir.txt") == page
    world.press(adviser, f"{page}/appliquer")
    assert book(people, made.contract) == there
    assert "déjà connu" in world.seen(adviser, page)
    with db.session(people.cabinet_id, write=False) as session:
        assert session.scalar(select(func.count(FeedFile.id))) == 1
        assert session.scalar(select(func.count(FeedMovement.id))) == 4
    world.press(adviser, f"{page}/annuler")
    assert book(people, made.contract) == (None, [], [])


def test_overlapping_files_make_no_duplicates(adviser: FlaskClient, people: People) -> None:
    """AGG-01: a movement that two files tell is one, by its fingerprint."""
    made = world.made(people, number="00001234567", company="Banque Exemple")
    text = (world.FILES / "compte.ofx").read_bytes()
    first = world.send(adviser, "mars.ofx", text)
    world.press(adviser, f"{first}/appliquer")
    more = b"<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260401<TRNAMT>-10.00<FITID>A4<NAME>PAIN</STMTTRN>\n</BANKTRANLIST>"
    longer = text.replace(b"</BANKTRANLIST>", more).replace(b"2446.10<DTASOF>20260331", b"2436.10<DTASOF>20260401")
    second = world.send(adviser, "avril.ofx", longer)
    assert "1 nouveau, 3 déjà connus" in world.seen(adviser, second)
    world.press(adviser, f"{second}/appliquer")
    with db.session(people.cabinet_id, write=False) as session:
        amounts = sorted(session.scalars(select(Movement.amount).where(Movement.account_id == made.contract)))
        rows = session.execute(select(Valuation.on, Valuation.value).where(Valuation.account_id == made.contract))
        days = {row.on: row.value for row in rows}
    assert amounts == [Decimal("-45.90"), Decimal("-10.00"), Decimal("-8.00"), Decimal("1500.00")]
    assert days == {date(2026, 3, 31): Decimal("2446.10"), date(2026, 4, 1): Decimal("2436.10")}


def test_what_was_there_comes_back(adviser: FlaskClient, people: People) -> None:
    """AGG-01: a value typed for the same day is shown before it is replaced, and is there again once it is undone."""
    made = world.made(people)
    with db.session(people.cabinet_id) as session:
        values_by_hand.put_value(session, "cli", made.contract, DAY, Decimal("9000.00"))
    page = world.send(adviser, "suravenir.txt")
    assert "au lieu de 9\u202f000,00" in world.seen(adviser, page)
    world.press(adviser, f"{page}/appliquer")
    assert book(people, made.contract)[0] == Decimal("10180.00")
    world.press(adviser, f"{page}/annuler")
    assert book(people, made.contract)[0] == Decimal("9000.00")


def test_an_account_that_a_feed_fills_is_not_typed(adviser: FlaskClient, people: People) -> None:
    """AGG-01, PF-01: from the day it is attached its values come from the feed; once detached they are typed again."""
    made = world.made(people)
    page = world.send(adviser, "suravenir.txt")
    with db.session(people.cabinet_id) as session, pytest.raises(Conflict):
        values_by_hand.put_value(session, "cli", made.contract, DAY, Decimal(1))
    with db.session(people.cabinet_id, write=False) as session:
        link = session.scalar(select(FeedStep.feed_account_id))
    assert world.press(adviser, f"/p/aggregation/comptes/{link}/detacher") == 303
    with db.session(people.cabinet_id) as session:
        values_by_hand.put_value(session, "cli", made.contract, DAY, Decimal(1))
    assert "À rattacher" in world.seen(adviser, page)


def test_every_figure_leads_to_its_file_and_line(adviser: FlaskClient, people: People) -> None:
    """AGG-01, NX-02: «each line traced to its source file»."""
    made = world.made(people)
    page = world.send(adviser, "suravenir.txt")
    world.press(adviser, f"{page}/appliquer")
    note = world.seen(adviser, f"/p/portefeuille/comptes/{made.contract}")
    assert "La valeur du 01/04/2026 vient du fichier «\u202fsuravenir.txt\u202f»" in note
    said = world.seen(adviser, f"/p/aggregation/provenance/{made.contract}")
    lines = (world.FILES / "suravenir.txt").read_text("utf-8").splitlines()
    where = next(number for number, text in enumerate(lines, 1) if "12,0000 5 040,00" in text)
    assert "suravenir.txt" in said
    assert f"ligne {where}" in said
    assert "4 mouvements" in said


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("releve.ofx", b"%PDF-1.7\n%\xe2\xe3", "n'est pas accepté"), ("vide.ofx", b"", "vide"),
        ("tableur.csv", b"bonjour;monde\n1;2\n", "d'aucun format connu"),
    ],
)  # fmt: skip
def test_what_is_no_feed_is_refused_with_the_reason(
    adviser: FlaskClient, people: People, name: str, data: bytes, why: str
) -> None:
    """Issue 6, «Bad input»: a PDF instead of an OFX, nothing, a text of another kind: said, and nothing written."""
    try:
        said = world.seen(adviser, world.send(adviser, name, data))
    except AssertionError as error:
        said = str(error)
    assert why in said
    with db.session(people.cabinet_id, write=False) as session:
        assert session.scalar(select(func.count(FeedStep.id))) == 0


def test_a_file_cut_in_the_middle_writes_nothing(adviser: FlaskClient, people: People) -> None:
    """Issue 6: nothing half-applied; the reason has its line."""
    made = world.made(people, number="00001234567", company="Banque Exemple")
    text = (world.FILES / "compte.ofx").read_bytes().replace(b"-45.90", b"quarante")
    page = world.send(adviser, "coupe.ofx", text)
    said = world.seen(adviser, page)
    assert "Refusé" in said
    assert "ligne" in said.lower()
    assert world.press(adviser, f"{page}/appliquer") == 409
    assert book(people, made.contract) == (None, [], [])


def test_an_open_page_hears_of_a_large_file(adviser: FlaskClient, people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """AGG-01, «progress on long work»: what the worker did is told to the file's page and to the list of files of who
    deposited it, and to nobody beside him."""
    monkeypatch.setattr(files, "QUICK", 0)
    world.made(people)
    page = world.send(adviser, "suravenir.txt")
    assert "Lecture en cours" in world.seen(adviser, page)
    run_due()
    parts = []
    for shown in (page, "/p/aggregation/"):
        found = re.search(r'data-live-part="([^"]+)" data-live-src="([^"]+)"', adviser.get(shown).get_data(as_text=True))
        assert found
        assert "suravenir.txt" in adviser.get(found[2]).get_data(as_text=True) or shown == page
        parts.append(found[1])
    with db.session(people.cabinet_id, write=False) as session:
        heard = [one.data for one in events.after(session, 0, person(session, people.adviser)) if one.topic == "part"]
        others = [one.data for one in events.after(session, 0, person(session, people.other)) if one.topic == "part"]
    assert heard == [{"part": one} for one in parts]
    assert others == []
    assert world.press(adviser, f"{page}/appliquer") == 303
    run_due()
    said = world.seen(adviser, page)
    assert "1 compte, 1 valorisation, 4 mouvements" in said
    assert "Appliquer le reste" not in said
