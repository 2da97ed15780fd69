"""Imports from the file to the order to begin: received, mapped, counted, begun, stopped, undone; each step audited (AC-02)."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import true

from core.cabinets import audit
from core.cabinets.models import User
from core.db.clock import now
from core.db.errors import Conflict
from core.db.errors import DomainError
from core.db.errors import NotFound
from core.db.model import new_id
from core.db.session import TenantSession
from core.hooks.importing import ImportField
from core.hooks.types import Adviser
from core.imports import files
from core.imports import mapping
from core.imports import states
from core.imports import tables
from core.imports import targets
from core.imports import values
from core.imports.models import ImportLine
from core.imports.models import ImportRun
from core.imports.models import ImportSource
from core.imports.targets import Known
from core.jobs import queue

#: The job that counts, writes or undoes.
JOB = "imports.work"
#: What may be chosen, of any target; the first of each is what is usual.
CHOICES: dict[str, dict[str, str]] = {name: dict(one.codes) for name, one in targets.USUAL.items()}


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that was read, not yet written anywhere."""

    filename: str
    data: bytes
    table: tables.Table
    read: dict[str, Any]


def opened(filename: str, data: bytes, settings: Mapping[str, Any] | None = None) -> Opened:
    """Read a file: slow for a large one, so before any transaction. Raises `DomainError`."""
    files.check_name(filename, data)
    table, read = files.read(data, dict(settings or {}))
    return Opened(filename[:200], data, table, read)


def receive(session: TenantSession, by: Adviser | str, known: Known, found: Opened, *, import_id: str | None = None) -> ImportRun:
    """Keep a file and its table, mapped as the same heads were before, else by its heads.

    `import_id`: the key of the form that sends it: a second arrival finds what the first made.
    """
    if import_id and (there := session.scalar(select(ImportRun).where(ImportRun.id == import_id))) is not None:
        return there
    store, fields = files.store(session.require_cabinet()), known.target.fields
    source = _source(session, known, found.table.heads)
    chosen = mapping.recalled(source.mapping, found.table.heads, fields) if source else mapping.guessed(found.table.heads, fields)
    rules = dict(source.rules) if source else {}
    row = ImportRun(
        id=import_id or new_id(), user_id=by.user_id if isinstance(by, Adviser) else None, plugin=known.plugin,
        target=known.target.key, source=source.name if source else "", filename=found.filename, size=len(found.data),
        sha256=store.put(found.data), table_sha256=store.put(found.table.data), state="draft",
        settings={"read": found.read, "mapping": chosen, "rules": rules, "recalled": source is not None}, tally={},
        count=found.table.count, kept_until=now() + files.LIFE,
    )  # fmt: skip
    session.add(row)
    session.flush()
    _audit(session, by, "import.received", row, {"file": row.filename, "lines": row.count})
    return row


def read_again(session: TenantSession, by: Adviser | str, import_id: str, known: Known, found: Opened) -> None:
    """The same file read otherwise (encoding, delimiter, sheet). Raises `NotFound`, `Conflict`."""
    row = _open(session, by, import_id)
    row.table_sha256, row.count = files.store(session.require_cabinet()).put(found.table.data), found.table.count
    kept = mapping.guessed(found.table.heads, known.target.fields)
    row.settings = {**row.settings, "read": found.read, "mapping": kept, "recalled": False}
    row.state, row.tally = "draft", {}


def choose(
    session: TenantSession, by: Adviser | str, import_id: str, known: Known, chosen: Mapping[str, int], rules: Mapping[str, Any],
    *, source: str = "",
) -> None:  # fmt: skip
    """Say which column fills which field, and what becomes of what is known already; remembered under the source's name.

    Raises `NotFound`, `Conflict` once it is begun, `DomainError` for a mapping that names nobody.
    """
    row = _open(session, by, import_id)
    heads = row.settings["read"]["heads"]
    fields = known.fields
    clean = {key: place for key, place in chosen.items() if key in fields and 0 <= place < len(heads)}
    if (lacking := known.target.lacking(frozenset(clean) | {name for name in _constants(known) if rules.get(name)})) is not None:
        raise DomainError(lacking, field="mapping")
    kept: dict[str, Any] = {name: rules[name] for name, one in known.choices.items() if rules.get(name) in one.codes}
    kept |= {"owner": rules["owner"]} if rules.get("owner") else {}
    kept |= {name: _constant(fields[name], str(rules[name])) for name in _constants(known) if rules.get(name)}
    if ticked := [name for name in known.target.ticks if name in rules.get("ticks", ())]:
        kept["ticks"] = ticked
    name = " ".join(source.split())[:80] or row.source or _named(row)
    row.source, row.state, row.tally, row.position, row.trouble = name, "checking", {}, 0, ""
    row.settings = {**row.settings, "mapping": clean, "rules": kept}
    _remember(session, known, name, heads, clean, kept)
    session.flush()
    queue.enqueue(session, JOB, {"import": row.id, "work": "check"}, lock=f"import:{row.id}")


def begin(session: TenantSession, by: Adviser | str, import_id: str) -> None:
    """Have it written: what was counted, or the rest of what was stopped. Raises `NotFound`, `Conflict`."""
    row = get(session, by, import_id)
    if row.state in ("running", "done"):
        return
    if row.state not in ("checked", "failed", "cancelled") or row.table_sha256 is None:
        raise Conflict("Cet import n'est pas prêt\u202f: vérifiez-le d'abord.")
    if row.state != "checked":
        row.trouble = ""
    again, row.state, row.stop, row.begun_at, row.ended_at = row.state != "checked", "running", False, row.begun_at or now(), None
    if not again:
        row.position, row.tally = 0, {"expected": row.tally}
    _audit(session, by, "import.begun", row, {"file": row.filename, "lines": row.count, "source": row.source})
    queue.enqueue(session, JOB, {"import": row.id, "work": "run"}, lock=f"import:{row.id}")


def stop(session: TenantSession, by: Adviser | str, import_id: str) -> None:
    """Have it end after the batch at hand; what was done stays. Raises `NotFound`, `Conflict`."""
    row = get(session, by, import_id)
    if row.state not in ("running", "checking"):
        raise Conflict("Cet import n'est pas en cours.")
    row.stop = True
    _audit(session, by, "import.stopped", row, {"line": row.position})


def undo(session: TenantSession, by: Adviser | str, import_id: str) -> None:
    """Have all that it did taken back. Raises `NotFound`, `Conflict`."""
    row = get(session, by, import_id)
    if row.state not in states.UNDOABLE:
        raise Conflict("Cet import ne peut pas être annulé\u202f: il n'a rien écrit, ou il est en cours.")
    row.state, row.stop, row.ended_at = "undoing", False, None
    _audit(session, by, "import.undoing", row, {"file": row.filename})
    queue.enqueue(session, JOB, {"import": row.id, "work": "undo"}, lock=f"import:{row.id}")


def give_up(session: TenantSession, by: Adviser | str, import_id: str) -> None:
    """Delete one of which nothing was written, with its file. Raises `NotFound`, `Conflict`."""
    row = get(session, by, import_id)
    if row.state not in states.OPEN:
        raise Conflict("Cet import a écrit des lignes\u202f: annulez-le plutôt.")
    _audit(session, by, "import.abandoned", row, {"file": row.filename})
    session.execute(delete(ImportLine).where(ImportLine.import_id == row.id).execution_options(synchronize_session=False))
    session.delete(row)


def told(session: TenantSession, by: Adviser | str, row: ImportRun) -> None:
    """Somebody takes the report away: it holds the file's lines."""
    _audit(session, by, "import.reported", row, {"file": row.filename})


def get(session: TenantSession, by: Adviser | str, import_id: str) -> ImportRun:
    """An import of one's own; anybody's for an administrator. Raises `NotFound`."""
    row = session.scalar(select(ImportRun).where(ImportRun.id == import_id, _own(by)))
    if row is None:
        raise NotFound("Cet import n'existe pas, ou n'est pas ouvert à votre profil.")
    return row


def listed(
    session: TenantSession, by: Adviser, *, limit: int = 50, after: tuple[Any, ...] | None = None, targets: Iterable[str] = ()
) -> list[ImportRun]:
    """The newest first, of these targets."""
    wanted = select(ImportRun).where(_own(by), ImportRun.target.in_(list(targets)))
    if after is not None:
        wanted = wanted.where(ImportRun.id < after[0])
    return list(session.scalars(wanted.order_by(ImportRun.id.desc()).limit(limit)))


def lines(
    session: TenantSession, by: Adviser | str, import_id: str, actions: Iterable[str], *, limit: int, after: int = 0
) -> list[ImportLine]:
    """Lines that did one of these, by number. Raises `NotFound`."""
    get(session, by, import_id)
    wanted = select(ImportLine).where(
        ImportLine.import_id == import_id, ImportLine.action.in_(list(actions)), ImportLine.number > after
    )
    return list(session.scalars(wanted.order_by(ImportLine.number).limit(limit)))


def earlier(session: TenantSession, by: Adviser | str, row: ImportRun) -> ImportRun | None:
    """An import of the very same file that wrote something, where there is one."""
    return session.scalar(
        select(ImportRun).where(
            ImportRun.sha256 == row.sha256, ImportRun.id != row.id, ImportRun.target == row.target, _own(by),
            ImportRun.state.in_(("done", "cancelled", "running")),
        ).order_by(ImportRun.id.desc()).limit(1)
    )  # fmt: skip


def kept(session: TenantSession, import_id: str, *, limit: int = 100) -> list[ImportLine]:
    """Lines that the undoing left as they are, each with the reason."""
    wanted = select(ImportLine).where(
        ImportLine.import_id == import_id, ImportLine.action.in_(("create", "update")), ImportLine.undone.is_(False)
    )
    return list(session.scalars(wanted.order_by(ImportLine.number).limit(limit)))


def people(session: TenantSession, rows: Iterable[ImportRun]) -> dict[str, str]:
    """The names of those who import, by id."""
    ids = {row.user_id for row in rows if row.user_id}
    wanted = select(User.id, User.display_name).where(User.cabinet_id == session.require_cabinet(), User.id.in_(ids))
    return {user.id: user.display_name for user in session.execute(wanted)} if ids else {}


def table(row: ImportRun) -> bytes | None:
    """The table of an import; None once its file is no longer kept."""
    return files.store(row.cabinet_id).get(row.table_sha256) if row.table_sha256 else None


def purge(session: TenantSession) -> set[str]:
    """Let go of the files that were kept long enough; the hashes that are still wanted."""
    old = select(ImportRun).where(
        ImportRun.kept_until <= now(), ImportRun.table_sha256.is_not(None), ImportRun.state.not_in(states.WORKING)
    )
    for row in session.scalars(old):
        row.sha256 = row.table_sha256 = None
        if row.state in states.OPEN:
            session.delete(row)
    session.flush()
    named = session.execute(select(ImportRun.sha256, ImportRun.table_sha256))
    return {one for row in named for one in row if one}


def counted(session: TenantSession, import_id: str) -> dict[str, int]:
    """Lines by what they did."""
    rows = session.execute(
        select(ImportLine.action, func.count()).where(ImportLine.import_id == import_id).group_by(ImportLine.action)
    )
    return {row.action: row[1] for row in rows}


def _own(by: Adviser | str) -> ColumnElement[bool]:
    if isinstance(by, str) or by.can("administration"):
        return true()
    return or_(ImportRun.user_id == by.user_id)


def _open(session: TenantSession, by: Adviser | str, import_id: str) -> ImportRun:
    row = get(session, by, import_id)
    if row.state not in states.OPEN:
        raise Conflict("Cet import a commencé\u202f: ses réglages ne changent plus.")
    return row


def _source(session: TenantSession, known: Known, heads: tuple[str, ...]) -> ImportSource | None:
    return session.scalar(
        select(ImportSource).where(
            ImportSource.plugin == known.plugin, ImportSource.target == known.target.key,
            ImportSource.heads == mapping.fingerprint(heads),
        ).order_by(ImportSource.used_at.desc()).limit(1)
    )  # fmt: skip


def _remember(
    session: TenantSession, known: Known, name: str, heads: list[str], chosen: Mapping[str, int], rules: Mapping[str, Any]
) -> None:
    row = session.scalar(
        select(ImportSource).where(
            ImportSource.plugin == known.plugin, ImportSource.target == known.target.key, ImportSource.name == name
        )
    )
    if row is None:
        row = ImportSource(plugin=known.plugin, target=known.target.key, name=name)
        session.add(row)
    row.heads, row.mapping = mapping.fingerprint(heads), mapping.by_head(chosen, heads)
    row.rules, row.used_at = dict(rules), now()


def _named(row: ImportRun) -> str:
    """What a source is called until somebody names it: by its heads, else as its file."""
    read = row.settings["read"]
    heads = {str(head).casefold() for head in read["heads"]}
    if read["kind"] == "vcard":
        return "Cartes de visite (vCard)"
    if {"given name", "family name"} <= heads or {"e-mail 1 - value"} <= heads:
        return "Google Contacts"
    if {"first name", "last name", "e-mail address"} <= heads or {"prénom", "nom", "adresse de messagerie"} <= heads:
        return "Outlook"
    return row.filename.rsplit(".", 1)[0][:80] or row.filename[:80]


def _constants(known: Known) -> list[str]:
    return [one.key for one in known.target.fields if one.constant]


def _constant(field: ImportField, text: str) -> str:
    """What stands for a field in all lines. Raises `DomainError`."""
    try:
        if field.kind == "day":
            return values.day(text).isoformat()
        return values.code(text, field) if field.kind == "code" else " ".join(text.split())[:200]
    except ValueError as error:
        raise DomainError(f"{field.label}\u202f: {error}", field=f"constant_{field.key}") from error


def _audit(session: TenantSession, by: Adviser | str, action: str, row: ImportRun, said: dict[str, Any]) -> None:
    actor = by.user_id if isinstance(by, Adviser) else by
    audit.record(session, actor, action, f"import:{row.id}", {**said, "target": row.target})
