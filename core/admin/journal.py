"""The cabinet's journal, read: a page of it, one line whole, whether the chain holds (US-02, architecture.md §5).

Who administers does not always see every client: names of clients' things, and what changed in their files, are shown
as far as his own rights reach; that something was done, by whom and when, always.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import and_
from sqlalchemy import func
from sqlalchemy import select

from core.accounts.models import Account
from core.admin import journal_words as words
from core.cabinets import audit
from core.cabinets import profiles
from core.cabinets import rights
from core.cabinets import services
from core.cabinets.models import Agency
from core.cabinets.models import AuditEntry
from core.cabinets.models import AuditPayload
from core.contacts import aliases
from core.contacts.models import Contact
from core.db.clock import PARIS
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.search.words import fold
from core.supports.models import Company
from core.supports.models import Product
from core.supports.models import Support
from core.transactions.models import Transaction

#: What modules are called, by name.
Titles = Mapping[str, str]
#: Lines read at a time where the whole journal is.
BATCH = 500
#: Kinds that hang on a client, or that may quote one: their content asks for rights besides the administration's.
OF_CLIENTS = ("contact", "account", "transaction", "document")
QUOTING = ("list", "view")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which lines. `action`: a code, or «famille:…»; `kind`: of the subject; `subject`: an id, a code, a number, a name."""

    since: date | None = None
    until: date | None = None
    actor: str | None = None
    action: str | None = None
    kind: str | None = None
    subject: str = ""
    oldest_first: bool = False
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it is listed. `name`: of the subject, where it is known and may be seen."""

    id: str
    seq: int
    at: datetime
    actor: str
    action: str
    subject: str
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line whole. `payload` is None where it is not shown: `purged` says since when, or the reader's rights end there."""

    line: Line
    code: str
    payload: dict[str, Any] | None
    purged: datetime | None
    hash: str
    previous: str


def count(session: TenantSession, adviser: Adviser, asked: Asked) -> int:
    """How many lines there are."""
    return session.scalar(select(func.count()).select_from(AuditEntry).where(_which(session, adviser, asked))) or 0


def page(
    session: TenantSession, adviser: Adviser, asked: Asked, titles: Titles, *, start: int, size: int
) -> list[Line]:
    """Some of them, in order."""
    order = AuditEntry.seq.asc() if asked.oldest_first else AuditEntry.seq.desc()
    found = select(AuditEntry).where(_which(session, adviser, asked)).order_by(order).limit(size).offset(start)
    return _lines(session, adviser, session.scalars(found).all(), titles)


def before_seq(
    session: TenantSession, adviser: Adviser, asked: Asked, titles: Titles, edge: int | None, *, size: int
) -> list[Line]:
    """The last written first, from before one of them: pages that no change moves."""
    found = select(AuditEntry).where(_which(session, adviser, asked))
    if edge is not None:
        found = found.where(AuditEntry.seq < edge)
    return _lines(session, adviser, session.scalars(found.order_by(AuditEntry.seq.desc()).limit(size)).all(), titles)


def every(session: TenantSession, adviser: Adviser, asked: Asked, titles: Titles) -> Iterator[Line]:
    """All of them, some at a time."""
    edge: int | None = None
    which = _which(session, adviser, asked)
    while True:
        order = AuditEntry.seq.asc() if asked.oldest_first else AuditEntry.seq.desc()
        found = select(AuditEntry).where(which).order_by(order).limit(BATCH)
        if edge is not None:
            found = found.where(AuditEntry.seq > edge if asked.oldest_first else AuditEntry.seq < edge)
        rows = session.scalars(found).all()
        yield from _lines(session, adviser, rows, titles)
        if len(rows) < BATCH:
            return
        edge = rows[-1].seq


def entry(session: TenantSession, adviser: Adviser, entry_id: str, titles: Titles) -> Entry:
    """One line whole. Raises `NotFound`."""
    row = session.get(AuditEntry, (session.require_cabinet(), entry_id))
    if row is None:
        raise NotFound("Cette entrée n'est pas du journal de ce cabinet.")
    kept = session.scalar(select(AuditPayload).where(AuditPayload.entry_id == row.id))
    payload = kept.payload if kept is not None and _may_read(session, adviser, row.subject) else None
    purged = _purged(session, row.seq) if kept is None else None
    return Entry(_lines(session, adviser, [row], titles)[0], row.action, payload, purged, row.hash, row.previous)


def people(session: TenantSession) -> dict[str, str]:
    """The cabinet's people by id, also those who left."""
    return {user.id: user.display_name for user in services.everybody(session)}


def _which(session: TenantSession, adviser: Adviser, asked: Asked) -> ColumnElement[bool]:
    found: list[ColumnElement[bool]] = [AuditEntry.cabinet_id == session.require_cabinet()]
    if asked.since is not None:
        found.append(AuditEntry.at >= datetime.combine(asked.since, time(), PARIS))
    if asked.until is not None:
        found.append(AuditEntry.at < datetime.combine(asked.until + timedelta(days=1), time(), PARIS))
    if asked.actor:
        found.append(AuditEntry.actor == asked.actor)
    if asked.action:
        family = words.FAMILIES.get(asked.action.removeprefix("famille:"))
        codes = list(family[1]) if family is not None and asked.action.startswith("famille:") else [asked.action]
        found.append(AuditEntry.action.in_(codes))
    if asked.kind:
        found.append(AuditEntry.subject.startswith(f"{asked.kind}:", autoescape=True))
    if asked.subject:
        found.append(AuditEntry.subject.in_(_subjects(session, adviser, asked.subject)))
    if asked.only:
        found.append(AuditEntry.id.in_(asked.only))
    return and_(*found)


def _subjects(session: TenantSession, adviser: Adviser, typed: str) -> list[str]:
    """What a text may mean: a subject itself, an id of any kind, a file code, a contract's number, the name of one's people."""
    found = [typed, *(f"{kind}:{typed}" for kind in words.KINDS)]
    seen = rights.on(Contact.id, adviser, "contact")
    for one in session.scalars(select(Contact.id).where(Contact.file_code == typed.upper(), seen)):
        found += [f"contact:{name}" for name in aliases.names(session, one)]
    seen = rights.on(Account.id, adviser, "account")
    found += [f"account:{one}" for one in session.scalars(select(Account.id).where(Account.number == typed, seen))]
    asked = fold(typed).split()
    if asked:
        named = {f"user:{one}": name for one, name in people(session).items()}
        named |= {f"agency:{row.id}": row.name for row in session.scalars(select(Agency))}
        named |= {f"profile:{code}": label for code, label in profiles.labels(session).items()}
        found += [subject for subject, name in named.items() if all(word in fold(name).split() for word in asked)]
    return found


def _lines(session: TenantSession, adviser: Adviser, rows: Sequence[AuditEntry], titles: Titles) -> list[Line]:
    who, named = people(session), _names(session, adviser, [row.subject for row in rows], titles)
    return [
        Line(
            row.id, row.seq, row.at, words.actor(row.actor, who, titles), words.action(row.action), row.subject,
            words.kind(row.subject), named.get(row.subject, ""),
        )
        for row in rows
    ]  # fmt: skip


def _names(session: TenantSession, adviser: Adviser, subjects: Iterable[str], titles: Titles) -> dict[str, str]:
    """What the subjects are called: at most one query a kind; of clients' things, those that the reader may see."""
    ids: dict[str, list[str]] = {}
    for subject in set(subjects):
        kind, _colon, ref = subject.partition(":")
        ids.setdefault(kind, []).append(ref)
    found: dict[str, str] = {}

    def put(kind: str, rows: Iterable[Any]) -> None:
        found.update({f"{kind}:{row[0]}": row[1] for row in rows})

    tables: Mapping[str, tuple[Any, Any]] = {
        "contact": (Contact.id, Contact.display_name), "account": (Account.id, Account.title + " " + Account.number),
        "agency": (Agency.id, Agency.name),
        "transaction": (Transaction.id, Transaction.act_label), "support": (Support.id, Support.label),
        "product": (Product.id, Product.name), "company": (Company.id, Company.name),
    }  # fmt: skip
    for kind, (key, name) in tables.items():
        if kind in ids:
            seen = [rights.on(key, adviser, kind, each=True)] if kind in OF_CLIENTS else []
            put(kind, session.execute(select(key, name).where(key.in_(ids[kind]), *seen)))
    put("cabinet", ((str(row.id), row.name) for row in [services.cabinet_of(session)]) if "cabinet" in ids else ())
    put("user", people(session).items() if "user" in ids else ())
    put("profile", profiles.labels(session).items() if "profile" in ids else ())
    put("plugin", ((ref, titles.get(ref, ref)) for ref in ids.get("plugin", ())))
    for kind in ("mandate", "list", "audit"):
        put(kind, ((ref, ref) for ref in ids.get(kind, ())))
    return found


def _may_read(session: TenantSession, adviser: Adviser, subject: str) -> bool:
    kind, _colon, ref = subject.partition(":")
    if kind in OF_CLIENTS:
        return rights.sees(session, adviser, kind, ref)
    return kind not in QUOTING or rights.scope(adviser, "contacts.view") is rights.Scope.CABINET


def _purged(session: TenantSession, seq: int) -> datetime | None:
    """When a line's content was purged, by the chain's own word."""
    rows = session.execute(select(AuditEntry.at, AuditEntry.subject).where(AuditEntry.action == audit.PURGED))
    return next((row.at for row in rows if seq in audit.purged_range(row.subject)), None)
