"""Supports made and corrected by a person, each value with who says it (OU-09, ADR 030)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from core.cabinets.models import AuditEntry
from core.db.clock import today
from core.db.errors import Conflict
from core.db.errors import DomainError
from core.db.errors import Forbidden
from core.db.errors import NotFound
from core.hooks.types import Adviser
from core.supports import by_hand
from core.supports import facts
from core.supports import services as supports
from core.supports.by_hand import Cause
from core.supports.models import Support
from tests.core.accounts.book import Book
from tests.core.supports.test_supports import ISIN
from tests.core.supports.test_supports import catalogue

OTHER = "FR0000120271"
VALUES = {"label": "Fonds maison", "type": "OPCVM", "currency": "EUR", "ongoing_costs": Decimal("0.0125"), "sri": 4}
READ = Cause("DIC du 12/03/2026", date(2026, 3, 12))


def test_a_missing_support_is_made_at_once_and_says_where_its_values_are_from(book: Book) -> None:
    """OU-09: made by a member of the cabinet; each value keeps its source, its day, who; lists and search have it."""
    with book.db.session(1) as session:
        made = by_hand.add(session, book.marc, VALUES, READ, isin="fr 0000120271", support_id="0" * 26)
        assert by_hand.add(session, book.marc, VALUES, READ, isin=OTHER, support_id="0" * 26) == made
        told = facts.of(session, made)["ongoing_costs"].told
        assert (told.value, told.origin, told.source, told.on) == ("0.0125", "SAISIE", READ.source, READ.on)
        assert told.said_by == book.marc.name
        row = session.scalars(select(Support).where(Support.id == made)).one()
        assert (row.isin, row.sri, row.ongoing_costs, row.srri) == (OTHER, 4, Decimal("0.0125"), None)
        lines, _how = supports.found(session, "fonds maison", on=today(), limit=5)
        assert [one.id for one in lines] == [made]
        with pytest.raises(Conflict, match="déjà"):
            by_hand.add(session, book.marc, VALUES, Cause(), isin=OTHER)
        with pytest.raises(DomainError, match="ISIN"):
            by_hand.add(session, book.marc, VALUES, Cause())
        with pytest.raises(DomainError, match="ISIN"):
            by_hand.add(session, book.marc, VALUES, Cause(), isin="FR0000120272")


def test_a_word_of_the_cabinet_stands_before_the_catalogues_and_comes_off(book: Book) -> None:
    """OU-09, ADR 030: the catalogue's value is kept beside, and stands again once the cabinet's is withdrawn."""
    catalogue(book)
    with book.db.session(1) as session:
        made = by_hand.add(
            session, book.marc, {"label": "Carmignac Patrimoine", "type": "OPCVM", "currency": "EUR", "sri": 4, "sfdr": ""}, READ,
            isin=ISIN,
        )  # fmt: skip
        assert facts.of(session, made)["sfdr"].told.value == "ART8"  # what is left empty is left to the catalogue
        sri = facts.of(session, made)["sri"]
        assert (sri.told.value, sri.told.origin, sri.corrected) == ("4", "SAISIE", True)
        assert [(one.value, one.origin) for one in sri.beneath] == [("3", "CATALOGUE")]
        assert facts.of(session, made)["label"].told.origin == "CATALOGUE"  # the same word is no correction
        gone = by_hand.withdraw(session, book.marc, made, "sri")
        row = session.scalars(select(Support).where(Support.id == made)).one()
        assert row.sri == 3
        by_hand.put_back(session, book.marc, made, "sri", gone)
        assert (row.sri, facts.of(session, made)["sri"].told.source) == (4, READ.source)
        assert by_hand.change(session, book.marc, made, {"sri": 3}, Cause()) == {"sri": ("4", "3")}
        assert facts.of(session, made)["sri"].told.origin == "CATALOGUE"  # said as the catalogue does: nothing to keep
        with pytest.raises(NotFound):
            by_hand.withdraw(session, book.marc, made, "sri")


def test_what_a_support_was_made_with_comes_back(book: Book) -> None:
    """OU-09: a support that an account's line or a file made keeps its first label beneath the correction."""
    with book.db.session(1) as session:
        made = supports.support_for(session, code="X", label="FDS EUR 1", type="FONDS_EURO")
        by_hand.change(session, book.marc, made, {"label": "Fonds en euros Vie"}, Cause())
        assert [one.value for one in facts.of(session, made)["label"].beneath] == ["FDS EUR 1"]
        by_hand.withdraw(session, book.marc, made, "label")
        assert facts.of(session, made)["label"].told.value == "FDS EUR 1"
        assert supports.found(session, "FDS EUR", on=today(), limit=5)[0]
        with pytest.raises(DomainError, match="vide"):
            by_hand.change(session, book.marc, made, {"label": ""}, Cause())


def test_costs_and_codes_are_bounded(book: Book) -> None:
    """OU-09: bad input is refused at its field; SRI and SRRI are two things."""
    with book.db.session(1) as session:
        made = by_hand.add(session, book.marc, {**VALUES, "srri": "5"}, Cause(), code="MAISON")
        known = facts.of(session, made)
        assert (known["sri"].told.value, known["srri"].told.value) == ("4", "5")
        for code, value in (
            ("sri", "8"), ("type", "LOTERIE"), ("ongoing_costs", Decimal(2)), ("ongoing_costs", "1e400"),
            ("ongoing_costs", "NaN"),
            ("currency", "euro"), ("label", "x" * 10_000), ("ongoing_costs", Decimal("0.000000001")),
        ):  # fmt: skip
            with pytest.raises(DomainError) as caught:
                by_hand.change(session, book.marc, made, {code: value}, Cause())
            assert caught.value.field == code
        for cause in (Cause("x" * 201), Cause("", date(1, 1, 1)), Cause("", date(2999, 1, 1))):
            with pytest.raises(DomainError):
                by_hand.change(session, book.marc, made, {"sri": 5}, cause)


def test_prices_are_typed_and_taken_back(book: Book) -> None:
    """OU-09: a price of a day, its source; what a statement brought is neither replaced nor removed here."""
    with book.db.session(1) as session:
        made = by_hand.add(session, book.marc, VALUES, Cause(), isin=OTHER)
        day = date(2026, 11, 2)
        by_hand.put_price(session, book.marc, made, day, Decimal("12.5"), "site de la société")
        by_hand.put_price(session, book.marc, made, day, Decimal("12.6"))
        assert by_hand.price_on(session, made, day) == supports.Price(Decimal("12.6"), day, "Saisie", "cabinet")
        assert [one.on for one in by_hand.typed_prices(session, made)] == [day]
        assert by_hand.remove_price(session, book.marc, made, day) == (Decimal("12.6"), "Saisie")
        with pytest.raises(NotFound):
            by_hand.remove_price(session, book.marc, made, day)
        supports.set_price(session, made, day, Decimal(9), source="Relevé", actor="cli")
        with pytest.raises(Conflict, match="Relevé"):
            by_hand.put_price(session, book.marc, made, day, Decimal(1))
        with pytest.raises(NotFound):
            by_hand.remove_price(session, book.marc, made, day)
        for value in (Decimal(0), Decimal(-1), Decimal("1e400"), Decimal("0.00001")):
            with pytest.raises(DomainError):
                by_hand.put_price(session, book.marc, made, date(2026, 11, 3), value)
        for wrong in (date(1, 1, 1), date(2999, 1, 1)):
            with pytest.raises(DomainError):
                by_hand.put_price(session, book.marc, made, wrong, Decimal(1))


def test_rights_walls_and_journal(book: Book) -> None:
    """OU-09: without the right nothing is written; another cabinet's support does not exist; each change is in the journal."""
    looker = Adviser(book.marc.user_id, 1, "Marc", "", "CONSEILLER", frozenset())
    with book.db.session(1) as session:
        made = by_hand.add(session, book.marc, VALUES, Cause(), isin=OTHER)
        by_hand.change(session, book.marc, made, {"sri": 5, "zone": "EUROPE"}, READ)
        by_hand.withdraw(session, book.marc, made, "zone")
        said = session.scalars(select(AuditEntry.action).where(AuditEntry.subject == f"support:{made}")).all()
        assert {"support.added", "support.changed", "support.released"} <= set(said)
        with pytest.raises(Forbidden):
            by_hand.add(session, looker, VALUES, Cause(), code="Y")
        with pytest.raises(Forbidden):
            by_hand.put_price(session, looker, made, date(2026, 1, 1), Decimal(1))
    with book.db.session(2) as session:
        for call in (
            lambda: facts.of(session, made), lambda: by_hand.change(session, book.stranger, made, {"sri": 1}, Cause()),
            lambda: by_hand.put_price(session, book.stranger, made, date(2026, 1, 2), Decimal(1)),
            lambda: by_hand.withdraw(session, book.stranger, made, "sri"),
        ):  # fmt: skip
            with pytest.raises(NotFound):
                call()
