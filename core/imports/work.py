"""The job: counts what a file would do, does it in batches of one transaction each, or takes it back (AC-02).

A batch's rows, its lines and the place after it are written together: a worker that dies in between has done whole
batches only, and the next one goes on from the last.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import Any
from typing import TypeVar

from sqlalchemy import func
from sqlalchemy import select

from core.cabinets import audit
from core.cabinets import services as cabinets
from core.cabinets.models import AuditEntry
from core.db import current
from core.db import faults
from core.db.clock import now
from core.db.errors import DomainError
from core.db.session import TenantSession
from core.extensions import db
from core.hooks import context
from core.hooks import telling
from core.hooks.importing import Action
from core.hooks.importing import ImportField
from core.hooks.importing import ImportLine as Line
from core.hooks.importing import ImportRules
from core.hooks.importing import Verdict
from core.hooks.importing import Written
from core.hooks.types import Context
from core.imports import files
from core.imports import mapping
from core.imports import services
from core.imports import targets
from core.imports import together
from core.imports.mapping import Bad
from core.imports.models import ImportLine
from core.imports.models import ImportRun
from core.imports.targets import Known
from core.jobs import queue
from core.live import events

#: Lines of one transaction at most: some tenths of a second, for which the cabinet's other writers wait.
BATCH = 1_000
#: Seconds after each, in which a writer who waits gets his turn.
PAUSE = 0.05
#: Lines that the preview shows, of each kind.
SHOWN = 8
#: A line's reason: so much in its own column, so much of one that is longer in its content.
LONGEST, MOST_SAID = 300, 2_000
T = TypeVar("T")
Judged = list[tuple[Line, Verdict]]


class Broken(DomainError):
    """The plugin failed: the import waits to be taken up again."""


@queue.handler(services.JOB, transaction=False)
def carry(cabinet_id: int, payload: dict[str, Any]) -> None:
    """One order: «check», «run» or «undo». A second arrival finds it done."""
    work, state, after = {
        "check": (check, "checking", "draft"), "run": (run, "running", "failed"), "undo": (take_back, "undoing", "failed"),
    }[payload["work"]]  # fmt: skip
    try:
        work(cabinet_id, payload["import"])
    except DomainError as error:
        _ended(cabinet_id, payload["import"], state, after, error.text)


def check(cabinet_id: int, import_id: str) -> None:
    """Go through the whole file without writing: counts by verdict, and the first lines of each for the preview."""
    row, known = _taken(cabinet_id, import_id, "checking")
    if row is None or known is None:
        return
    rules, shown = _rules(row, known), list[dict[str, Any]]()
    counts: dict[Action, int] = {"create": 0, "update": 0, "skip": 0, "error": 0, "part": 0}
    seen = {**counts, "part": SHOWN}
    for batch in _batches(row, known, 0):
        with db.session(cabinet_id, write=False) as session:
            judged = _judge(session, row, known, batch, rules)
        for line, verdict in _led(judged):
            counts[verdict.action] += 1
            if seen[verdict.action] < SHOWN:
                seen[verdict.action] += 1
                shown.append(_told(known, line, verdict))
        if not _progress(cabinet_id, row.id, len(batch)):
            _ended(cabinet_id, import_id, "checking", "draft", "")
            return
    with db.session(cabinet_id) as session:
        fresh = session.scalar(select(ImportRun).where(ImportRun.id == import_id))
        # what was counted is told only of the file as it is mapped now
        if fresh is not None and fresh.state == "checking" and fresh.settings == row.settings:
            fresh.state, fresh.tally, fresh.position, fresh.stop = "checked", {"counts": counts, "shown": shown}, 0, False
            _tell(session, fresh)


def run(cabinet_id: int, import_id: str) -> None:
    """Write the rest of the file, batch by batch."""
    row, known = _taken(cabinet_id, import_id, "running")
    if row is None or known is None:
        return
    rules = _rules(row, known)
    for batch in _batches(row, known, row.position):
        with db.session(cabinet_id) as session:
            fresh = session.scalars(select(ImportRun).where(ImportRun.id == import_id)).one()
            if fresh.state != "running":
                return
            if fresh.stop:
                _finish(session, fresh, "cancelled")
                return
            if fresh.position != row.position:  # another worker went on meanwhile
                raise queue.Retry(1, "un autre exécutant s'en occupe")
            session.replan()
            _write(session, fresh, known, batch, rules)
            fresh.position += len(batch)
            _tell(session, fresh)
            faults.point("import:batch")
        row.position = fresh.position
        faults.point("import:committed")
        if row.position < row.count:
            time.sleep(PAUSE)
    with db.session(cabinet_id) as session:
        _finish(session, session.scalars(select(ImportRun).where(ImportRun.id == import_id)).one(), "done")


def take_back(cabinet_id: int, import_id: str) -> None:
    """Undo what the lines did, the last first; what was changed since is kept, and says so."""
    row, known = _taken(cabinet_id, import_id, "undoing")
    if row is None or known is None:
        return
    while True:
        with db.session(cabinet_id) as session:
            found = list(session.scalars(
                select(ImportLine)
                .where(
                    ImportLine.import_id == import_id, ImportLine.action.in_(("create", "update")), ImportLine.undone.is_(False),
                    ImportLine.why == "",
                )
                .order_by(ImportLine.number.desc()).limit(BATCH)
            ))  # fmt: skip
            if not found:
                fresh = session.scalars(select(ImportRun).where(ImportRun.id == import_id)).one()
                _finish(session, fresh, "undone")
                return
            written = [_written(one) for one in found]
            told = _undone(session, row, known, written)
            for one, why in zip(found, told, strict=True):
                one.undone, one.why = why is None, (why or "")[:LONGEST]


def _written(one: ImportLine) -> Written:
    content = one.content
    seq = content.get("seq") or (content.get("after") or {}).get("seq", 0)
    action: Action = "create" if one.action == "create" else "update"
    return Written(action, one.ref, content.get("before"), content.get("after"), seq=int(seq))


def _undone(session: TenantSession, row: ImportRun, known: Known, written: list[Written]) -> Sequence[str | None]:
    return _call(session, row, known, "import:undo", lambda ctx: known.target.undo(ctx, written))


def _write(session: TenantSession, row: ImportRun, known: Known, batch: list[Line | Bad], rules: ImportRules) -> None:
    judged = _judge(session, row, known, batch, rules)
    wanted = [(line, verdict) for line, verdict in judged if verdict.action in ("create", "update")]
    done = _call(session, row, known, "import:write", lambda ctx: known.target.write(ctx, wanted, rules)) if wanted else []
    seq = session.scalar(select(func.max(AuditEntry.seq))) or 0
    outcome = dict(zip((line.number for line, _verdict in wanted), done, strict=True))
    rows, tally, head, created = [], dict(row.tally), Written("error"), {"seq": seq}
    for line, verdict in _led(judged):
        if verdict.action == "part":  # it went as the line whose thing it belongs to
            one = Written(head.action if head.action in ("error", "skip") else "part", head.ref, why=head.why)
        else:
            head = one = outcome.get(line.number) or Written(verdict.action, verdict.ref, why=verdict.why)
        tally[one.action] = tally.get(one.action, 0) + 1
        content: dict[str, Any] = {}
        if one.action == "create":
            content = created
        elif one.action == "update":
            content = {"before": dict(one.before or {}), "after": dict(one.after or {}), "seq": seq}
        if len(one.why) > LONGEST:
            content["why"] = one.why[:MOST_SAID]
        rows.append((row.id, line.number, one.action, one.ref, one.why[:LONGEST], content, False))
    session.put(ImportLine, ("import_id", "number", "action", "ref", "why", "content", "undone"), rows)
    row.tally = tally


def _led(judged: Judged) -> Iterator[tuple[Line, Verdict]]:
    """Each line; one that belongs to a thing that is left out is left out for the same reason."""
    head = None
    for line, verdict in judged:
        if verdict.action != "part":
            head = verdict
        elif head is not None and head.action in ("error", "skip"):
            yield line, replace(verdict, action=head.action, ref=head.ref, why=head.why)
            continue
        yield line, verdict


def _judge(session: TenantSession, row: ImportRun, known: Known, batch: list[Line | Bad], rules: ImportRules) -> Judged:
    """What becomes of each line. What could be read of a bad one is judged too, apart: all its faults are told at once."""
    read = [one for one in batch if isinstance(one, Line)]
    bad = [one for one in batch if isinstance(one, Bad)]
    verdicts = iter(_asked(session, row, known, read, rules))
    # in a memory of their own: they are no earlier line of anything
    others = iter(_asked(session, row, known, [one.line for one in bad], replace(rules, memory={})))
    return [
        (one, next(verdicts)) if isinstance(one, Line) else (one.line, _refused(one, next(others))) for one in batch
    ]  # fmt: skip


def _asked(session: TenantSession, row: ImportRun, known: Known, lines: list[Line], rules: ImportRules) -> Sequence[Verdict]:
    return _call(session, row, known, "import:judge", lambda ctx: known.target.judge(ctx, lines, rules)) if lines else ()


def _refused(bad: Bad, more: Verdict) -> Verdict:
    """A bad line with what the rules say of the rest of it; a field that could not be read is only told to be so."""
    told = more.faults or ((more.field, more.why),) if bad.fields and more.action == "error" else ()
    further = " ".join(why for field, why in told if field not in bad.fields)
    return Verdict("error", more.name, f"{bad.why} {further}".strip(), field=next(iter(bad.fields), None))


def _call(session: TenantSession, row: ImportRun, known: Known, name: str, work: Callable[[Context], Sequence[T]]) -> Sequence[T]:
    """Ask the plugin, in the session at hand, as the person who imports. Raises `DomainError`."""
    hub = telling.hub()
    principal = None
    if row.user_id is not None:
        principal = cabinets.principals(session, [row.user_id]).get(row.user_id)
        if principal is None:
            raise Broken("La personne qui a lancé cet import n'a plus accès à Encours.")
        targets.find(known.target.key, [known.plugin], principal)
    found: list[Sequence[T]] = []
    with current.bound(session):
        ctx = context.make(session, hub.registry, principal=principal)
        failure = hub.work(known.plugin, name, lambda own: found.append(work(own)), ctx)
    if failure is not None:
        raise Broken(f"{failure.text} Rien de ce lot n'est écrit.")
    return found[0]


def _taken(cabinet_id: int, import_id: str, state: str) -> tuple[ImportRun | None, Known | None]:
    """The import, where it is still to be worked on so; its target."""
    with db.session(cabinet_id, write=False) as session:
        row = session.scalar(select(ImportRun).where(ImportRun.id == import_id))
        if row is None or row.state != state:
            return None, None
        enabled = context.make(session, telling.hub().registry).enabled
    return row, targets.find(row.target, [one for one in enabled if one == row.plugin], None)


def _batches(row: ImportRun, known: Known, after: int) -> Iterator[list[Line | Bad]]:
    data = services.table(row)
    if data is None:
        raise Broken("Le fichier de cet import n'est plus gardé.")
    chosen, rules, target = row.settings["mapping"], row.settings["rules"], known.target
    ways = mapping.detected(data, chosen, target.fields)
    constants = {one.key: _constant(one, rules[one.key]) for one in target.fields if one.constant and rules.get(one.key)}
    size, sizes = min(BATCH, target.batch), list[int]()
    if target.together:
        data, sizes = together.gathered(data, together.places(target.together, chosen))
    lines = mapping.read(data, chosen, ways, target.fields, constants, after=after)
    if target.together:
        yield from together.batches(lines, sizes, size, after)
        return
    while batch := list(islice(lines, size)):
        yield batch


def _constant(field: ImportField, text: str) -> Any:
    return date.fromisoformat(text) if field.kind == "day" else text


def _rules(row: ImportRun, known: Known) -> ImportRules:
    told = row.settings["rules"]
    chosen: dict[str, Any] = {name: told.get(name) or next(iter(one.codes)) for name, one in known.choices.items()}
    owner, ticks = told.get("owner"), frozenset(told.get("ticks", ())) & known.target.ticks.keys()
    return ImportRules(**chosen, owner=owner or None, ticks=ticks)


def _told(known: Known, line: Line, verdict: Verdict) -> dict[str, Any]:
    """A line as the preview shows it."""
    if verdict.made is not None and known.target.show is not None:
        shown = list(known.target.show(verdict.made))
    else:
        shown = [(str(known.fields[key].label), _plain(known, key, value)) for key, value in line.values.items()]
    return {"number": line.number, "action": verdict.action, "name": verdict.name[:120], "why": verdict.why[:MOST_SAID],
            "ref": verdict.ref, "values": [[str(label)[:60], str(text)[:120]] for label, text in shown[:40]]}  # fmt: skip


def _plain(known: Known, key: str, value: Any) -> str:
    field = known.fields[key]
    if field.kind == "code" and field.codes:
        return str(field.codes.get(value, value))
    if field.kind == "day":
        return str(value.strftime("%d/%m/%Y"))
    return f"{value:,f}".replace(",", "\u202f").replace(".", ",") if field.kind == "amount" else str(value)[:120]


def _progress(cabinet_id: int, import_id: str, count: int) -> bool:
    """The check went on; False where it was told to stop."""
    with db.session(cabinet_id) as session:
        row = session.scalar(select(ImportRun).where(ImportRun.id == import_id, ImportRun.state == "checking"))
        if row is None or row.stop:
            return False
        row.position = min(row.count, row.position + count)
        _tell(session, row)
        return True


def _finish(session: TenantSession, row: ImportRun, state: str) -> None:
    row.state, row.ended_at, row.stop, row.trouble = state, now(), False, ""
    said = {name: row.tally.get(name, 0) for name in ("create", "update", "skip", "error")}
    if state == "undone":
        kept = select(func.count(ImportLine.id)).where(ImportLine.import_id == row.id, ImportLine.undone.is_(False),
                                                       ImportLine.action.in_(("create", "update")))  # fmt: skip
        row.tally = {**row.tally, "kept": session.scalar(kept) or 0}
        said = {"kept": row.tally["kept"]}
    action = {"done": "import.ended", "cancelled": "import.cut", "undone": "import.undone"}[state]
    audit.record(session, row.user_id or "cli", action, f"import:{row.id}", said)
    _tell(session, row)


def _ended(cabinet_id: int, import_id: str, state: str, after: str, text: str) -> None:
    with db.session(cabinet_id) as session:
        row = session.scalar(select(ImportRun).where(ImportRun.id == import_id, ImportRun.state == state))
        if row is not None:
            row.state, row.trouble, row.stop = after, text[:300], False
            _tell(session, row)


def _tell(session: TenantSession, row: ImportRun) -> None:
    """Open pages of the person who imports show how far it is."""
    if row.user_id is not None:
        events.publish(session, "import", {"import_id": row.id}, row.user_id)


@queue.periodic("imports.files", 3600)
def purge(cabinet_id: int) -> None:
    """Let go of the files that were kept long enough."""
    with db.session(cabinet_id) as session:
        named = services.purge(session)
    files.sweep(cabinet_id, named)
