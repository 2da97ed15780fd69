"""What the tests of imports share: a file taken through the wizard's steps without its pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func
from sqlalchemy import select

from core.contacts.models import Contact
from core.extensions import db
from core.imports import services
from core.imports import targets
from core.imports import work
from core.imports.models import ImportRun
from tests.conftest import People
from tests.conftest import person


def received(people: People, data: bytes | str, name: str = "essai.csv", *, by: str = "", to: str = "contacts") -> str:
    """A file, received by the adviser; the import's id."""
    found = services.opened(name, data.encode() if isinstance(data, str) else data)
    with db.session(people.cabinet_id) as session:
        who = person(session, by or people.adviser)
        return services.receive(session, who, _target(to, who), found).id


def checked(
    people: People, import_id: str, rules: Mapping[str, Any] | None = None, mapping: Mapping[str, int] | None = None, *,
    by: str = "",
) -> ImportRun:  # fmt: skip
    """Mapped as guessed unless told, and gone through."""
    with db.session(people.cabinet_id) as session:
        who = person(session, by or people.adviser)
        row = services.get(session, who, import_id)
        known = _target(row.target, who)
        services.choose(session, who, import_id, known, mapping or row.settings["mapping"], rules or {})
    work.carry(people.cabinet_id, {"import": import_id, "work": "check"})
    return found(people, import_id)


def begun(people: People, import_id: str, *, by: str = "") -> None:
    """Begun, not yet carried out."""
    with db.session(people.cabinet_id) as session:
        services.begin(session, person(session, by or people.adviser), import_id)


def carried(people: People, import_id: str, what: str = "run") -> ImportRun:
    """The job, as the worker calls it."""
    work.carry(people.cabinet_id, {"import": import_id, "work": what})
    return found(people, import_id)


def imported(
    people: People, data: bytes | str, rules: Mapping[str, Any] | None = None, name: str = "essai.csv", *, by: str = "",
    to: str = "contacts",
) -> ImportRun:  # fmt: skip
    """All of it."""
    import_id = received(people, data, name, by=by, to=to)
    checked(people, import_id, rules, by=by)
    begun(people, import_id, by=by)
    return carried(people, import_id)


def _target(key: str, who: Any) -> targets.Known:
    return targets.find(key, ["aggregation", "contacts"], who)


def undone(people: People, import_id: str, *, by: str = "") -> ImportRun:
    """Undone, as far as may be."""
    with db.session(people.cabinet_id) as session:
        services.undo(session, person(session, by or people.adviser), import_id)
    return carried(people, import_id, "undo")


def found(people: People, import_id: str) -> ImportRun:
    """The import as it is now."""
    with db.session(people.cabinet_id, write=False) as session:
        return services.get(session, "cli", import_id)


def tally(row: ImportRun) -> tuple[int, int, int, int]:
    """Created, updated, skipped, in error."""
    create, update, skip, error = (row.tally.get(key, 0) for key in ("create", "update", "skip", "error"))
    return create, update, skip, error


def reasons(people: People, import_id: str) -> dict[int, str]:
    """Why lines did nothing, by number."""
    with db.session(people.cabinet_id, write=False) as session:
        return {one.number: one.why for one in services.lines(session, "cli", import_id, ("error", "skip"), limit=1000)}


def contacts(people: People) -> dict[str, Contact]:
    """All contacts of the cabinet, by name."""
    with db.session(people.cabinet_id, write=False) as session:
        return {row.display_name: row for row in session.scalars(select(Contact))}


def contacts_by_email(people: People) -> dict[str, str]:
    """E-mail → id."""
    with db.session(people.cabinet_id, write=False) as session:
        return {row.email: row.id for row in session.execute(select(Contact.id, Contact.email).where(Contact.email.is_not(None)))}


def count(people: People) -> int:
    """How many contacts there are."""
    with db.session(people.cabinet_id, write=False) as session:
        return session.scalar(select(func.count(Contact.id))) or 0
