"""Whoever follows a client is told once that a document is about to be out of date, and once that it is (AU-03)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from core.db import current
from core.db.clock import today
from core.documents import filing
from core.documents.filing import Facts
from core.extensions import db
from core.shell.models import Notification
from plugins.ged import telling
from tests.conftest import person
from tests.plugins.ged.conftest import Home
from tests.plugins.ged.conftest import filed
from tests.plugins.ged.conftest import paper


def told(home: Home) -> list[tuple[str, str]]:
    nothing: Any = None
    with db.session(home.cabinet_id) as session, current.bound(session):
        telling.look(nothing, {})
    with db.session(home.cabinet_id, write=False) as session:
        return [(one.user_id, one.title) for one in session.scalars(select(Notification).order_by(Notification.id))]


def test_the_end_of_a_document_is_told_once_before_and_once_after(home: Home) -> None:
    """AU-03: to the principal adviser alone; not of documents long out of date or far from it, nor of a former version."""
    made = filed(home, paper("a"), title="Passeport", expires_on=today() + timedelta(days=20))
    filed(home, paper("b"), title="Loin", expires_on=today() + timedelta(days=200))
    filed(home, paper("c"), title="Ancien", expires_on=today() - timedelta(days=90))
    assert told(home) == [(home.adviser, "Document bientôt périmé")]
    assert told(home) == [(home.adviser, "Document bientôt périmé")]
    with db.session(home.cabinet_id) as session:
        by = person(session, home.adviser)
        filing.change(session, by, made, Facts("Passeport", "PASSEPORT", today() - timedelta(days=1)))
    assert told(home)[1:] == [(home.adviser, "Document périmé")]
    with db.session(home.cabinet_id) as session:
        filing.add_version(session, person(session, home.adviser), made, paper("neuf"), expires_on=None)
    assert len(told(home)) == 2
