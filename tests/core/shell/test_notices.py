"""The bell and the page of notifications (AL-01, as far as the store goes): filters, marking, constant queries."""

from __future__ import annotations

import re
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import event

from core.db import clock
from core.extensions import db
from core.live import events
from core.shell import notifications
from core.shell.notices import SORTS
from tests.conftest import People
from tests.conftest import csrf
from tests.conftest import person

FRAGMENT = {"X-Fragment": "1", "Accept": "text/html"}


def tell(people: People, count: int, *, kind: str = "warning", to: str | None = None, start: int = 0) -> list[str]:
    """Notifications a minute apart; their ids, oldest first."""
    who = to or people.adviser
    for place in range(start, start + count):
        with clock.shifted(timedelta(minutes=place)), db.session(people.cabinet_id) as session:
            notifications.notify(session, [who], kind=kind, key=f"essai:{who}:{place}", title=f"Fait n° {place}", text="Texte.")
    with db.session(people.cabinet_id, write=False) as session:
        listed = notifications.listed(session, person(session, who), size=1000).items
    return [row.id for row in reversed(listed)][start:]


def page(client: FlaskClient, path: str = "/notifications") -> str:
    return client.get(path).get_data(as_text=True)


def facts(html: str) -> list[str]:
    return re.findall(r"<b>(Fait n° \d+)</b>", html)


def test_filters_are_in_the_address(adviser: FlaskClient, people: People) -> None:
    """AL-01, ux.md §3.2 rule 2: unread or all, by nature, page by page; nonsense in the address is the whole list."""
    old = tell(people, 3, kind="warning")
    tell(people, 2, kind="mandate", start=3)
    with db.session(people.cabinet_id) as session:
        assert notifications.mark_read(session, person(session, people.adviser), old[:2]).count == 2
    assert facts(page(adviser)) == [f"Fait n° {place}" for place in (4, 3, 2, 1, 0)]
    assert facts(page(adviser, "/notifications?etat=non-lues")) == ["Fait n° 4", "Fait n° 3", "Fait n° 2"]
    assert facts(page(adviser, "/notifications?etat=non-lues&type=a-verifier")) == ["Fait n° 2"]
    assert facts(page(adviser, "/notifications?type=mandats")) == ["Fait n° 4", "Fait n° 3"]
    nothing = page(adviser, "/notifications?type=securite")
    assert "Aucune notification ne correspond" in nothing
    assert "Voir toutes les notifications" in nothing
    for odd in ("etat=%00&type=</b>&page=abc", "page=-4", "page=99999999999999999999"):
        assert len(facts(page(adviser, f"/notifications?{odd}"))) == 5


def test_only_natures_one_has_are_offered(adviser: FlaskClient, people: People) -> None:
    """AL-01: no filter that finds nothing; every kind that the product writes has its own nature."""
    tell(people, 1, kind="security")
    tell(people, 1, kind="danger", start=1)
    shown = page(adviser)
    assert re.findall(r'<option value="([a-z-]+)"', shown) == ["a-traiter", "securite"]
    written = {"danger", "warning", "success", "mandate", "partner", "plugin", "security"}
    assert written <= {kind for one in SORTS.values() for kind in one.kinds}


def test_marking_one_some_all(adviser: FlaskClient, people: People) -> None:
    """AL-01: what was ticked, then all; one comes back to the same filters, and open pages count anew."""
    ids = tell(people, 4)
    token = csrf(adviser, "/notifications")
    form = {"csrf_token": token, "notification": ids[:2], "etat": "non-lues", "type": "a-verifier", "page": "1"}
    answer = adviser.post("/notifications/lue", data=form)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/notifications?etat=non-lues&type=a-verifier"
    assert "2 notifications marquées comme lues." in page(adviser)
    assert adviser.post("/notifications/lues", data={"csrf_token": token}).status_code == 303
    assert "aucune non lue" in page(adviser)
    with db.session(people.cabinet_id, write=False) as session:
        heard = events.after(session, 0, person(session, people.adviser))
        told = [one.data["unread"] for one in heard if one.topic == "notification"]
    assert told == [1, 2, 3, 4, 2, 0]
    assert "Aucune notification n" in adviser.post(
        "/notifications/lue", data={"csrf_token": token}, follow_redirects=True
    ).get_data(as_text=True)


def test_some_are_dismissed_and_brought_back(adviser: FlaskClient, people: People) -> None:
    """AL-01, ux.md §3.2 rule 3: what was ticked is shown no more, is not told again, and comes back by «Annuler»."""
    ids = tell(people, 3)
    token = csrf(adviser, "/notifications")
    answer = adviser.post("/notifications/ecartees", data={"csrf_token": token, "notification": ids[:2], "etat": "non-lues"})
    assert answer.headers["Location"] == "/notifications?etat=non-lues"
    shown = page(adviser)
    assert "2 notifications écartées." in shown
    assert facts(shown) == ["Fait n° 2"]
    assert "1 non lue" in shown
    assert tell(people, 2) == ids[2:]
    undo = re.search(r'name="undo" value="([^"]+)"', shown)
    assert undo
    adviser.post("/annuler", data={"csrf_token": token, "undo": undo.group(1), "next": "/notifications"})
    shown = page(adviser)
    assert "2 notifications sont de nouveau affichées." in shown
    assert len(facts(shown)) == 3
    adviser.post("/notifications/ecartees", data={"csrf_token": token})
    assert "Aucune notification n’était cochée." in page(adviser)


def test_nobody_marks_another_s(adviser: FlaskClient, people: People) -> None:
    """AL-01, security-reliability.md §2: an id that is not one's own changes nothing."""
    theirs = tell(people, 1, to=people.other)
    token = csrf(adviser, "/notifications")
    for path in ("/notifications/lue", "/notifications/ecartees"):
        adviser.post(path, data={"csrf_token": token, "notification": [*theirs, "x" * 26, "", "a\x00b"]})
    with db.session(people.cabinet_id, write=False) as session:
        assert notifications.unread(session, person(session, people.other)) == 1


def test_the_bell_s_fragment(adviser: FlaskClient, people: People) -> None:
    """AL-01: the latest eight, those not read first; marked from there, the fragment comes back counted anew."""
    empty = adviser.get("/notifications/dernieres", headers=FRAGMENT).get_data(as_text=True)
    assert "Aucune notification" in empty
    assert "<html" not in empty
    ids = tell(people, 10)
    with db.session(people.cabinet_id) as session:
        notifications.mark_read(session, person(session, people.adviser), ids[1:])
    shown = adviser.get("/notifications/dernieres", headers=FRAGMENT).get_data(as_text=True)
    assert facts(shown) == [f"Fait n° {place}" for place in (0, 9, 8, 7, 6, 5, 4, 3)]
    assert "1 non lue" in shown
    token = csrf(adviser, "/notifications")
    answer = adviser.post("/notifications/lue", data={"csrf_token": token, "notification": ids[0]}, headers=FRAGMENT)
    assert answer.status_code == 200
    assert "aucune non lue" in answer.get_data(as_text=True)


def test_the_page_asks_as_much_for_sixty_as_for_three(adviser: FlaskClient, people: People) -> None:
    """performance.md: the number of queries does not depend on the number of lines."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    def counted() -> int:
        seen.clear()
        assert facts(page(adviser))
        return len(seen)

    tell(people, 3)
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        counted()
        few = counted()
        event.remove(db.engine, "before_cursor_execute", note)
        tell(people, 57, start=3)
        event.listen(db.engine, "before_cursor_execute", note)
        assert counted() == few
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert "31 à 60 sur 60" in page(adviser, "/notifications?page=2")
