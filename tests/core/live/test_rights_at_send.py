"""Live updates and notifications are told by the rights of the moment at which they are sent (PF-05, the walls)."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.auth import sessions
from core.cabinets import services as cabinets
from core.contacts import services as contacts
from core.extensions import db
from core.live import events
from core.live import views
from core.shell import notifications
from core.transactions import services as transactions
from tests.conftest import People
from tests.conftest import person
from tests.conftest import sign_in
from tests.plugins.portefeuille.conftest import Portfolio
from tests.plugins.portefeuille.conftest import portfolio

__all__ = ["portfolio"]


def act(people: People, account: str) -> str:
    """Something happens on an account."""
    with db.session(people.cabinet_id) as session:
        return transactions.create(
            session, account_id=account, plugin=None, origin="SAISIE", act="arbitrage", act_label="Arbitrage",
            initiated_by=people.adviser,
        ).id  # fmt: skip


def lose(people: People, portfolio: Portfolio) -> None:
    """The client goes to a colleague."""
    with db.session(people.cabinet_id) as session:
        contacts.follow(session, "cli", portfolio.jeanne, people.other)
        contacts.unfollow(session, "cli", portfolio.jeanne, people.adviser)


def polled(client: FlaskClient) -> list[dict[str, str]]:
    answer = client.get("/live?after=0").get_json()
    return [one["data"] for one in answer["events"] if one["topic"] == "transaction"]


def test_the_poll_tells_each_his_own(app: Flask, adviser: FlaskClient, people: People, portfolio: Portfolio) -> None:
    """Who never followed the client, or lost him since it happened, hears nothing; who got him, hears."""
    other = app.test_client()
    sign_in(other, "autre@demo.example")
    made = act(people, portfolio.himalia)
    assert polled(adviser) == [{"transaction_id": made, "account_id": portfolio.himalia}]
    assert polled(other) == []
    lose(people, portfolio)
    assert polled(adviser) == []
    assert [one["transaction_id"] for one in polled(other)] == [made]


@pytest.fixture
def stream(adviser: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> Iterator[Iterator[str]]:
    """The open stream of the adviser's page, turn after turn."""
    monkeypatch.setattr(views, "EVERY", 0.0)
    answer = adviser.get("/live/stream?after=0", buffered=False)
    parts = iter(answer.response)
    next(parts)
    yield (part.decode() if isinstance(part, bytes) else part for part in parts)
    answer.close()


def told(part: str) -> list[str]:
    return [json.loads(line[6:])["data"]["transaction_id"] for line in part.splitlines() if line.startswith("data: ")]


def test_an_open_stream_stops_telling(stream: Iterator[str], people: People, portfolio: Portfolio) -> None:
    """The page stays open, the client is given to a colleague: from then on it hears no more of him, and goes on."""
    first = act(people, portfolio.himalia)
    assert told(next(stream)) == [first]
    lose(people, portfolio)
    act(people, portfolio.himalia)
    assert [told(next(stream)) for _ in range(3)] == [[], [], []]
    with db.session(people.cabinet_id) as session:
        contacts.follow(session, "cli", portfolio.jeanne, people.adviser, "SECONDAIRE")
    third = act(people, portfolio.himalia)
    assert told(next(stream)) == [third]


def test_an_open_stream_ends_with_its_session(stream: Iterator[str], people: People, portfolio: Portfolio) -> None:
    """Sessions ended, or the person deactivated: the stream ends before it tells anything more."""
    assert told(next(stream)) == []
    with db.session(people.cabinet_id) as session:
        sessions.end_all(session, people.adviser)
    act(people, portfolio.himalia)
    assert list(stream) == []


def test_an_open_stream_ends_with_its_person(stream: Iterator[str], people: People, portfolio: Portfolio) -> None:
    """The same for whoever may not sign in any more."""
    with db.session(people.cabinet_id) as session:
        cabinets.set_active(session, people.adviser, active=False, actor="cli")
    act(people, portfolio.himalia)
    assert list(stream) == []


def test_many_that_are_another_s_hold_up_nothing(people: People, portfolio: Portfolio) -> None:
    """Events that one may not see do not use up the batch of those that one may."""
    with db.session(people.cabinet_id) as session:
        hidden = transactions.create(
            session, account_id=portfolio.himalia, plugin=None, origin="SAISIE", act="arbitrage", act_label="A"
        ).id
        for _ in range(events.BATCH + 5):
            events.publish(session, "transaction", {}, about=("transaction", hidden))
        events.publish(session, "essai", {"n": 1})
        assert [one.topic for one in events.after(session, 0, person(session, people.other))] == ["essai"]


def test_notifications_go_with_the_client(people: People, portfolio: Portfolio) -> None:
    """Told to those who see him; shown no more to who lost him, counted no more; back with him."""
    made = act(people, portfolio.himalia)
    with db.session(people.cabinet_id) as session:
        notifications.notify(
            session, [people.adviser, people.other], kind="success", key="k", title="T", text="X", about=("transaction", made)
        )
        assert [notifications.unread(session, person(session, who)) for who in (people.adviser, people.other)] == [1, 0]
    lose(people, portfolio)
    with db.session(people.cabinet_id) as session:
        mine = person(session, people.adviser)
        assert notifications.listed(session, mine).items == ()
        assert notifications.unread(session, mine) == 0
        account = ("account", portfolio.himalia)
        notifications.notify(session, [people.adviser], kind="x", key="k2", title="T", text="X", about=account)
        contacts.follow(session, "cli", portfolio.jeanne, people.adviser, "SECONDAIRE")
        assert [row.key for row in notifications.listed(session, mine).items] == ["k"]
