"""Movements that a feed brings and the acts that they are of: proposed, then a person's word, both ways (PF-05, ADR 035)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from core.accounts import feeding
from core.accounts import values_by_hand
from core.accounts.feeding import FedMovement
from core.accounts.models import Account
from core.accounts.models import Movement
from core.accounts.values_by_hand import TypedMovement
from core.cabinets.models import AuditEntry
from core.db.clock import now
from core.db.errors import Conflict
from core.db.errors import Forbidden
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.transactions import lists
from core.transactions import matching
from core.transactions import services
from core.transactions import typed
from core.transactions.lists import TransactionFilter
from core.transactions.models import MovementMatch
from core.transactions.typed import Given
from core.transactions.typed_acts import OUT
from core.transactions.typed_shapes import Leg
from tests.core.accounts.book import Book
from tests.core.transactions.test_typed import BEFORE
from tests.core.transactions.test_typed import DAY
from tests.core.transactions.test_typed import kept_by_lines
from tests.core.transactions.test_typed import moved

D = Decimal


def surrendered(session: TenantSession, book: Book) -> tuple[str, str, str, str]:
    """A surrender of 1 040 € on two lines, executed here; then the account is fed. The account, the act, the supports."""
    account, euro, fund = kept_by_lines(session, book)
    legs = (Leg(OUT, euro, "amount", D(600)), Leg(OUT, fund, "units", D(4), D(110)))
    act = typed.add(session, book.marc, account, Given("rachat_partiel", DAY, D(1040), legs))
    typed.execute(session, book.marc, act)
    feeding.filled_by(session, book.marc, account, "AGREGE")
    return account, act, euro, fund


def fed(session: TenantSession, book: Book, account: str, *lines: tuple[str, str, str | None]) -> list[str]:
    told = [FedMovement(DAY + timedelta(1), kind, "Relevé", D(amount), "EUR", support) for kind, amount, support in lines]
    return feeding.add_movements(session, book.marc, account, told, "Relevé de mars")


def at_partner(session: TenantSession, account: str, amount: str, status: str = "validated", act: str = "rachat_partiel") -> str:
    made = services.create(
        session, account_id=account, plugin="essai", origin="PARTENAIRE", act=act, act_label=act.title(), amount=D(amount)
    )
    row = services.locked(session, made.id)
    services.set_status(session, row, services.Change(status, status, "hook", now(), seq=1))
    return made.id


def seen(session: TenantSession, book: Book, account: str) -> list[tuple[str, str]]:
    return [(one.act.id, one.movement.id) for one in matching.proposals(session, book.marc, account)]


def said(session: TenantSession, act: str) -> list[str]:
    wanted = select(AuditEntry.action).where(AuditEntry.subject == f"transaction:{act}").order_by(AuditEntry.seq)
    return [one for one in session.scalars(wanted) if "match" in one]


def test_a_typed_act_told_again_by_a_feed(book: Book) -> None:
    """PF-05: nothing is silent: until a person says so both stand; then the feed's alone; taken back, the act's own stand again,
    with their ids; the account's value never moves.
    """
    with book.db.session(1) as session:
        account, act, euro, fund = surrendered(session, book)
        written = set(session.scalars(select(Movement.id).where(Movement.account_id == account)))
        first, second = fed(session, book, account, ("RACHAT", "-600", euro), ("RACHAT", "-440", fund))
        value = session.get_one(Account, (1, account)).value
        twice = [("RACHAT", D(-600)), ("RACHAT", D(-600)), ("RACHAT", D(-440)), ("RACHAT", D(-440))]
        assert sorted(moved(session, account)) == sorted(twice)
        found = matching.proposals(session, book.marc, account)
        assert {(one.act.id, one.movement.id) for one in found} == {(act, first), (act, second)}
        assert all(len(one.aside) == 1 for one in found)
        assert matching.confirm(session, book.marc, act, first)
        assert not matching.confirm(session, book.marc, act, first)
        assert matching.confirm(session, book.marc, act, second)
        assert sorted(moved(session, account)) == sorted([("RACHAT", D(-600)), ("RACHAT", D(-440))])
        assert [(line.id, state) for line, state in matching.movements_of(session, act)] == [
            (one, "CONFIRME") for one in sorted([first, second])
        ]  # fmt: skip
        assert seen(session, book, account) == []
        feeding.filled_by(session, book.marc, account, "MANUEL")
        with pytest.raises(Conflict, match="rapprochés de cet acte"):
            typed.take_back(session, book.marc, act)
        for one in (first, second):
            assert matching.undo(session, book.marc, act, one)
            assert not matching.undo(session, book.marc, act, one)
        assert sorted(moved(session, account)) == sorted(twice)
        assert {line.id for line, _state in matching.movements_of(session, act)} == written
        assert session.get_one(Account, (1, account)).value == value
        assert said(session, act) == ["transaction.matched"] * 2 + ["transaction.match_undone"] * 2
        with pytest.raises(Conflict, match="écrit par l'acte"):
            matching.undo(session, book.marc, act, min(written))


def test_a_file_that_is_taken_back_gives_the_act_its_own_again(book: Book) -> None:
    """PF-05, AGG-01: the feed's movement goes with its file: what it stood for stands again; so with one typed and removed."""
    with book.db.session(1) as session:
        account, act, _euro, _fund = surrendered(session, book)
        (told,) = fed(session, book, account, ("DEBIT", "-1040", None))
        assert matching.confirm(session, book.marc, act, told)
        assert moved(session, account) == [("DEBIT", D(-1040))]
        feeding.remove_movements(session, book.marc, account, [told])
        assert moved(session, account) == [("RACHAT", D(-600)), ("RACHAT", D(-440))]
        assert session.scalars(select(MovementMatch.state)).all() == ["ECRIT", "ECRIT"]
        feeding.filled_by(session, book.marc, account, "MANUEL")
        typed_one = values_by_hand.add_movement(session, book.marc, account, TypedMovement(DAY, "RACHAT", "Relevé", D(-1040)))
        assert matching.confirm(session, book.marc, act, typed_one)
        values_by_hand.remove_movement(session, book.marc, account, typed_one)
        assert moved(session, account) == [("RACHAT", D(-600)), ("RACHAT", D(-440))]
        assert typed.take_back(session, book.marc, act)
        assert moved(session, account) == []
        assert session.scalars(select(MovementMatch.id)).all() == []


def test_an_act_at_a_partner(book: Book) -> None:
    """PF-05: a movement is of one act; a refusal is kept until it is taken back; a status never moves; both lists know."""
    with book.db.session(1) as session:
        account, _euro, _fund = kept_by_lines(session, book)
        twins = [at_partner(session, account, "500"), at_partner(session, account, "500", "pending")]
        at_partner(session, account, "500", "rejected")
        feeding.filled_by(session, book.marc, account, "AGREGE")
        (told,) = feeding.add_movements(
            session, book.marc, account, [FedMovement(DAY + timedelta(2), "RACHAT", "Rachat", D(-500), "EUR")], "Relevé"
        )
        assert sorted(seen(session, book, account)) == sorted((one, told) for one in twins)
        assert matching.refuse(session, book.marc, twins[0], told)
        assert not matching.refuse(session, book.marc, twins[0], told)
        assert seen(session, book, account) == [(twins[1], told)]
        assert matching.undo(session, book.marc, twins[0], told)
        assert matching.confirm(session, book.marc, twins[0], told)
        with pytest.raises(Conflict, match="n'est plus proposé"):
            matching.confirm(session, book.marc, twins[1], told)
        assert [services.get(session, book.marc, one).status for one in twins] == ["validated", "pending"]
        assert {key: one.id for key, one in matching.acts_of(session, book.marc, [told]).items()} == {told: twins[0]}
        for found, count in ((True, 1), (False, 2)):
            assert lists.count(session, book.marc, account, TransactionFilter(matched=found)) == count
        assert [(one.state, one.act.id, one.who) for one in matching.decided(session, book.marc, account)] == [
            ("CONFIRME", twins[0], book.marc.name)
        ]  # fmt: skip
        assert matching.acts_of(session, book.claire, [told]) == {}


def test_whose_word_counts(book: Book) -> None:
    """PF-05, domain.md §3.6: another adviser's account is nowhere; a reader sees and says nothing; an archived one rests."""
    with book.db.session(1) as session:
        account, act, euro, _fund = surrendered(session, book)
        (told,) = fed(session, book, account, ("RACHAT", "-600", euro))
        with pytest.raises((NotFound, Forbidden)):
            matching.confirm(session, book.claire, act, told)
        with pytest.raises(NotFound):
            matching.confirm(session, book.marc, act, "0" * 26)
        session.get_one(Account, (1, account)).archived_at = now()
        session.flush()
        with pytest.raises(Conflict, match="archivé"):
            matching.confirm(session, book.marc, act, told)
        assert BEFORE < DAY
