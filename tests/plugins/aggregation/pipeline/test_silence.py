"""AGG-02: gaps and stale feeds are technical alerts."""

from __future__ import annotations

from datetime import date
from datetime import timedelta
from decimal import Decimal

from flask.testing import FlaskClient
from sqlalchemy import select

from core.accounts.models import Account
from core.api.feeds import AccountSeen
from core.api.feeds import BalanceSeen
from core.api.feeds import Place
from core.db import current
from core.db.clock import today
from core.extensions import db
from core.hooks import context
from core.hooks import telling
from core.shell.models import Notification
from plugins.aggregation.pipeline import planning
from plugins.aggregation.pipeline import silence
from plugins.aggregation.pipeline.blocks import Block
from plugins.aggregation.pipeline.models import FeedAccount
from tests.conftest import People
from tests.plugins.aggregation.pipeline import world


def look(people: People) -> list[str]:
    """The daily look; what the administrator was told of."""
    with db.session(people.cabinet_id) as session, current.bound(session):
        hub = telling.hub()
        ctx = context.make(session, hub.registry)
        failure = hub.work("aggregation", "job:feeds.silence", lambda own: silence.look(own, {}), ctx)
        assert failure is None
    with db.session(people.cabinet_id, write=False) as session:
        wanted = select(Notification.title).where(Notification.user_id == people.administrator, Notification.kind == "warning")
        return list(session.scalars(wanted))


def fresh(people: People, account_id: str) -> str:
    with db.session(people.cabinet_id, write=False) as session:
        return session.scalars(select(Account.freshness).where(Account.id == account_id)).one()


def test_a_source_that_says_nothing_is_told_once(adviser: FlaskClient, people: People) -> None:
    """AGG-02: the account says that it is old, the administrator is told once; the next file says otherwise."""
    made = world.made(people)
    page = world.send(adviser, "suravenir.txt")
    world.press(adviser, f"{page}/appliquer")
    with db.session(people.cabinet_id) as session:
        session.scalars(select(FeedAccount)).one().last_on = today() - timedelta(days=10)
    assert look(people) == []
    assert fresh(people, made.contract) == "A_JOUR"
    with db.session(people.cabinet_id) as session:
        session.scalars(select(FeedAccount)).one().last_on = today() - timedelta(days=46)
    assert look(people) == ["Flux silencieux\u202f: Suravenir"]
    assert look(people) == ["Flux silencieux\u202f: Suravenir"]
    assert fresh(people, made.contract) == "ANCIEN"
    assert "flux silencieux" in world.seen(adviser, "/p/portefeuille/comptes")


def test_a_statement_that_is_missing_is_told(adviser: FlaskClient, people: People) -> None:
    """AGG-02, «gaps»: a statement that does not begin where the last one ended."""
    world.made(people, number="00012345678901", company="Banque")
    with db.session(people.cabinet_id) as session:
        session.add(FeedAccount(
            origin="banque", key="k", number="1", company="Banque", currency="EUR", holders=[], last_on=date(2026, 1, 31),
            closing="100.00",
        ))  # fmt: skip
        session.flush()
        row = session.scalars(select(FeedAccount)).one()

        def told(amount: str) -> list[str]:
            opening = BalanceSeen("k", "opening", date(2026, 3, 1), Decimal(amount), "EUR", Place(1))
            block = Block(AccountSeen("k", "1", Place(1)), balances=[opening])
            return list(planning.plan(session, row, block, planning.around(session, [(row, block)])).told["left"])

        assert told("100.00") == []
        assert told("120.00") == [
            "Relevé manquant\u202f? Le dernier finissait à 100,00\u00a0€ le 31/01/2026, celui-ci commence à 120,00\u00a0€."
        ]
