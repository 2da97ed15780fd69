"""The five days (BL-05): who is told what on which day, once; time alone never activates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from core.activation import steps
from core.db import clock
from core.extensions import db
from core.hooks import settings
from core.hooks.hub import Hub
from core.links import mandate_clock
from core.links import mandates
from core.shell.models import Notification
from plugins.nomineo.plugin import NomineoPlugin
from tests.plugins.nomineo.link import PLUGIN
from tests.plugins.nomineo.link import Link
from tests.plugins.nomineo.link import main
from tests.plugins.nomineo.link import texts

NARROW = "\u202f"
#: A Friday before a leap day: 29 February 2028 is a Tuesday.
START = date(2028, 2, 25)


@contextmanager
def on(day: date, hour: int = 10) -> Iterator[None]:
    """As if it were that day, in France."""
    wanted = datetime.combine(day, time(hour), tzinfo=clock.PARIS)
    with clock.shifted(wanted - clock.now()):
        assert clock.today() == day
        yield


def tick(link: Link, day: date, times: int = 2) -> list[str]:
    """The job of that day, more than once; the titles told by it, with how many were told."""
    before = Counter(told(link))
    with on(day):
        for _ in range(times):
            mandate_clock.tick(link.people.cabinet_id)
    return sorted((Counter(told(link)) - before).elements())


def told(link: Link) -> list[str]:
    """Who was told what: «person: title»."""
    names = {link.people.administrator: "administrateur", link.people.adviser: "conseiller", link.people.other: "autre"}
    with db.session(link.people.cabinet_id, write=False) as session:
        rows = session.scalars(select(Notification).where(Notification.kind == "mandate"))
        titles = [(names[row.user_id], row.title) for row in rows if not row.title.startswith("Mandat ")]
    return [f"{name}: {title.removeprefix('Nominéo').strip(': ' + NARROW)}" for name, title in titles]


def working(hub: Hub, link: Link) -> None:
    """The cabinet counts working days."""
    with db.session(link.people.cabinet_id) as session:
        values = {"delay_days": "5", "delay_kind": "working", "reminder_days": "3"}
        settings.save(session, hub.registry.plugins[PLUGIN], values, actor="cli")


@pytest.mark.parametrize(
    ("kind", "reminder", "due"),
    [("calendar", date(2028, 2, 28), date(2028, 3, 1)), ("working", date(2028, 3, 1), date(2028, 3, 3))],
)
def test_a_reminder_at_day_three_an_alert_at_day_five_and_late_after(
    link: Link, hub: Hub, kind: str, reminder: date, due: date
) -> None:
    """BL-05, PLP-042's table: from the receipt, over a week-end and a leap day; each told once, however often it runs."""
    if kind == "working":
        working(hub, link)
    with on(START):
        link.bring("received")
    day = START
    heard: dict[date, list[str]] = {}
    while day <= due + timedelta(days=3):
        if found := tick(link, day):
            heard[day] = found
        day += timedelta(days=1)
    late = due + timedelta(days=1)
    assert heard == {
        reminder: ["administrateur: activation attendue"],
        due: ["administrateur: activation attendue aujourd'hui"],
        late: ["administrateur: retard d'activation", "conseiller: retard d'activation"],
    }
    assert link.mandate().state == "received"


def test_an_unknown_receipt_counts_nothing_and_has_the_inspector_chased(link: Link, administrator: FlaskClient) -> None:
    """BL-05, domain.md §3.6, 8: no countdown from the sending; chased at day 3, then once a week; never late."""
    with on(START):
        link.bring("sent")
    heard = {n: tick(link, START + timedelta(days=n)) for n in range(12)}
    assert {n: found for n, found in heard.items() if found} == {
        3: ["administrateur: relancez l'inspecteur"], 7: ["administrateur: relancez l'inspecteur"],
    }  # fmt: skip
    with db.session(link.people.cabinet_id, write=False) as session:
        assert mandate_clock.due_on(session, PLUGIN) is None
    page = texts(main(administrator.get("/p/nomineo/activation").get_data(as_text=True)))
    assert "Au plus tard le" not in page
    assert "Date de réception inconnue" in page


def test_time_alone_never_activates(link: Link) -> None:
    """BL-05: a year later the mandate is where the partner left it, and closed to every call."""
    with on(START):
        link.bring("received")
    for days in (5, 6, 30, 400):
        tick(link, START + timedelta(days=days))
        assert link.mandate().state == "received"
        assert link.mandate().active_from is None


def test_a_code_of_more_than_thirty_days_is_told_once(link: Link) -> None:
    """PLP-021: the printed code has run out before anybody typed it: said, with what to do."""
    with on(START):
        link.bring("sent")
    assert "administrateur: code d'activation périmé" not in tick(link, START + timedelta(days=29))
    assert "administrateur: code d'activation périmé" in tick(link, START + timedelta(days=31))
    assert tick(link, START + timedelta(days=32), times=5) == []


def test_expiry_is_told_once_and_is_final(link: Link) -> None:
    """PLP-042: the clock may only expire; advisers are told too."""
    link.bring("active")
    with db.session(link.people.cabinet_id) as session:
        row = mandate_clock.book.current(session, PLUGIN)
        assert row is not None
        row.expires_at = clock.now() + timedelta(days=2)
    today = clock.today()
    assert tick(link, today + timedelta(days=1)) == []
    assert tick(link, today + timedelta(days=3)) == [
        "administrateur: le mandat a expiré", "conseiller: le mandat a expiré",
    ]  # fmt: skip
    assert tick(link, today + timedelta(days=4)) == []
    assert link.mandate().state == "expired"


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (START, "dans 5 jours"),
        (START + timedelta(days=4), "dans 1 jour ;"),
        (START + timedelta(days=5), "c'est aujourd'hui"),
        (START + timedelta(days=6), "Retard d'activation"),
    ],
)
def test_the_next_step_counts_down(link: Link, day: date, said: str) -> None:
    """BL-05, domain.md §3.6, 7: the date, how it is counted, what is left."""
    with on(START):
        link.bring("received")
    with db.session(link.people.cabinet_id, write=False) as session, on(day):
        stands = mandates.standing(session, PLUGIN)
        assert stands is not None
        following = steps.following(stands, NomineoPlugin().partnership)
    shown = texts(f"{following.title} {following.text}")
    assert said in shown
    assert "01/03/2028" in shown
    assert "5 jours calendaires" in shown


def test_days_shown_are_those_of_france(link: Link, administrator: FlaskClient) -> None:
    """BL-05: what happened at half past midnight in Paris is not shown under the day before (UTC)."""
    wanted = datetime.combine(date(2026, 7, 15), time(0, 30), tzinfo=clock.PARIS)
    with clock.shifted(wanted - clock.now()):
        link.bring("issued")
    page = main(administrator.get("/p/nomineo/activation").get_data(as_text=True))
    assert 'datetime="2026-07-15"' in page
    assert "14/07/2026" not in page
