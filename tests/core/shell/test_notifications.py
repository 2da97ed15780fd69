"""The notification store: each fact told once, to whom it is for, read by oneself only (PF-05)."""

from __future__ import annotations

from core.extensions import db
from core.live import events
from core.shell import notifications
from tests.conftest import People
from tests.conftest import person


def tell(session: object, *who: str, key: str = "essai:1") -> None:
    notifications.notify(session, who, kind="essai", key=key, title="Titre", text="Texte")  # type: ignore[arg-type]


def test_a_fact_is_told_once_to_each(people: People) -> None:
    """Jobs run at least once: the same key again tells only those who were not told."""
    with db.session(people.cabinet_id) as session:
        tell(session, people.adviser, people.adviser)
        tell(session, people.adviser, people.other)
        tell(session, people.adviser, key="essai:2")
        assert [notifications.unread(session, person(session, who)) for who in (people.adviser, people.other)] == [2, 1]
        counts = [
            one.data["unread"] for one in events.after(session, 0, person(session, people.adviser)) if one.topic == "notification"
        ]
        assert counts == [1, 2]


def test_one_reads_ones_own(people: People) -> None:
    """Marking as read touches one person's rows; the newest comes first."""
    with db.session(people.cabinet_id) as session:
        tell(session, people.adviser, people.other)
        tell(session, people.adviser, key="essai:2")
        notifications.mark_read(session, person(session, people.adviser))
        assert [notifications.unread(session, person(session, who)) for who in (people.adviser, people.other)] == [0, 1]
    with db.session(people.cabinet_id, write=False) as session:
        listed = notifications.listed(session, person(session, people.adviser)).items
        assert [row.key for row in listed] == ["essai:2", "essai:1"]
        assert all(row.read_at is not None for row in listed)


def test_another_cabinet_neither_tells_nor_reads(people: People, strangers: People) -> None:
    """architecture.md §3: the same person's id named from another cabinet finds nothing."""
    with db.session(people.cabinet_id) as session:
        tell(session, people.adviser)
        theirs = person(session, people.adviser)
    with db.session(strangers.cabinet_id) as session:
        assert notifications.listed(session, theirs).items == ()
        tell(session, people.adviser, key="essai:2")
        notifications.mark_read(session, theirs)
    with db.session(people.cabinet_id, write=False) as session:
        assert notifications.unread(session, theirs) == 1
