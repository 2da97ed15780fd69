"""Live updates: written with the change, in order, for whom they are (PF-05)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.db.clock import shifted
from core.extensions import db
from core.live import events
from core.shell.notifications import notify
from tests.conftest import People
from tests.conftest import person


def test_each_hears_what_is_for_all_and_for_himself(people: People, strangers: People) -> None:
    """Another person's events and another cabinet's are never told; positions follow in each cabinet."""
    with db.session(people.cabinet_id) as session:
        begin = events.position(session)
        events.publish(session, "transaction", {"id": "a"})
        events.publish(session, "notification", {"unread": 1}, user_id=people.other)
        events.publish(session, "notification", {"unread": 2}, user_id=people.adviser)
    with db.session(strangers.cabinet_id) as session:
        events.publish(session, "transaction", {"id": "secret"})
    with db.session(people.cabinet_id, write=False) as session:
        heard = events.after(session, begin, person(session, people.adviser))
        assert [(one.id - begin, one.data) for one in heard] == [(1, {"id": "a"}), (3, {"unread": 2})]
        assert [one.id - begin for one in events.after(session, begin + 1, person(session, people.other))] == [2]
        assert events.position(session) == begin + 3


def test_what_is_rolled_back_was_never_told(people: People) -> None:
    """In the change's own transaction: no event without its change."""
    with db.session(people.cabinet_id, write=False) as session:
        begin = events.position(session)
    with db.session(people.cabinet_id) as session:
        events.publish(session, "transaction", {"id": "a"})
        session.rollback()
    with db.session(people.cabinet_id, write=False) as session:
        assert events.position(session) == begin


def test_old_ones_are_forgotten_and_numbers_go_on(people: People) -> None:
    """An hour is enough for an open page; the last stays, so that a page's position never points beyond the end."""
    with db.session(people.cabinet_id) as session:
        for turn in range(3):
            events.publish(session, "transaction", {"turn": turn})
        last = events.position(session)
        with shifted(timedelta(hours=2)):
            events.purge(session)
        assert [one.id for one in events.after(session, 0, person(session, people.adviser))] == [last]
        events.publish(session, "transaction", {})
        assert events.position(session) == last + 1


def test_what_nobody_could_hear_is_refused(people: People) -> None:
    """US-01: of a kind that no one registered nobody would ever be told: whoever tells it is."""
    with db.session(people.cabinet_id) as session, pytest.raises(ValueError, match="not registered"):
        events.publish(session, "part", {}, about=("rien", "0" * 26))
    with db.session(people.cabinet_id) as session, pytest.raises(ValueError, match="not registered"):
        notify(session, [people.adviser], kind="info", key="k", title="t", text="t", about=("rien", "0" * 26))
