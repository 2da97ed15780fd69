"""Relations of contacts: read from either end, added, changed, ended, removed; unions and holdings on a day (DO-02).

An adviser sees those whose other end he may see; of the others he is told nothing. `unions` and `holdings` are for the
reckoning of wealth: they know no adviser, and whoever shows what they give asks his rights himself.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from typing import TypeVar

from sqlalchemy import ColumnElement
from sqlalchemy import Select
from sqlalchemy import and_
from sqlalchemy import case
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy.orm import aliased

from core.cabinets import audit
from core.cabinets import rights
from core.cabinets.rights import Scope
from core.contacts import access
from core.contacts import relation_rules
from core.contacts.access import visible
from core.contacts.access import writer
from core.contacts.models import Contact
from core.contacts.relation_models import Relation
from core.contacts.relation_rules import Draft
from core.contacts.relation_shapes import Holding
from core.contacts.relation_shapes import Other
from core.contacts.relation_shapes import Tied
from core.contacts.relation_shapes import Union
from core.contacts.relation_shapes import tied
from core.contacts.relation_types import KINDS
from core.contacts.relation_types import RANKS
from core.contacts.relation_types import ROLES
from core.contacts.relation_types import UNIONS
from core.db.clock import today
from core.db.errors import Conflict
from core.db.errors import DomainError
from core.db.errors import NotFound
from core.db.model import new_id
from core.db.paging import Page
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.web import inputs

__all__ = [
    "FIELDS", "SIZE", "Holding", "Other", "Tied", "Union", "add", "change", "contact", "counts", "end", "following_id", "get",
    "held", "holdings", "joined", "of_contact", "plain", "remove", "restore", "tied", "unions", "where_of",
]  # fmt: skip
SIZE = 25
_ENDS = aliased(Contact), aliased(Contact)  # once: an alias copies every column of its table
S = TypeVar("S", bound=Select[*tuple[Any, ...]])
_ABSENT = "Ce contact n'existe pas, ou n'est pas ouvert à votre profil."
_GONE = "Cette relation n'existe pas, ou n'existe plus."
#: What `change` may change.
FIELDS = ("since", "until", "filiation", "share", "right", "function", "counsel", "note")


def reach(column: Any, adviser: Adviser, scope: Scope, *, each: bool) -> ColumnElement[bool]:
    """A relation is reached where both its ends are."""
    ends = (access.reach(one, adviser, scope, each=True) for one in (Relation.a_id, Relation.b_id))
    return rights.among(select(Relation.id).where(*ends), column, each=each)


rights.register("relation", "contacts.view", reach)


def unions(session: TenantSession, contact_ids: Sequence[str], on: date) -> dict[str, Union]:
    """Contact id → the union in which it is on a day: begun, not ended, both alive. One query."""
    one, other = _ENDS
    alive = (or_(end.death_date.is_(None), end.death_date > on) for end in (one, other))
    rows = session.execute(
        select(Relation.a_id, Relation.b_id, Relation.kind, Relation.since, Relation.until)
        .join(one, one.id == Relation.a_id).join(other, other.id == Relation.b_id)
        .where(
            Relation.kind.in_(UNIONS), or_(Relation.a_id.in_(contact_ids), Relation.b_id.in_(contact_ids)), *alive, *held(on)
        )
        .order_by(Relation.since, Relation.id)
    )  # fmt: skip
    wanted, found = set(contact_ids), dict[str, Union]()
    for row in rows:
        for mine, partner in ((row.a_id, row.b_id), (row.b_id, row.a_id)):
            if mine in wanted:
                found[mine] = Union(partner, row.kind, row.since, row.until)
    return found


def holdings(session: TenantSession, contact_ids: Sequence[str], on: date) -> list[Holding]:
    """The parts of companies that these contacts hold on a day, and the parts of these that are companies. One query.

    Asked of a person: what he holds. Asked of a company: who holds it, and what it holds.
    """
    rows = session.execute(
        select(Relation.a_id, Relation.b_id, Relation.right, Relation.share, Relation.since)
        .where(
            Relation.kind == "ASSOCIE", or_(Relation.a_id.in_(contact_ids), Relation.b_id.in_(contact_ids)), *held(on),
        ).order_by(Relation.b_id, Relation.id)
    )  # fmt: skip
    return [
        Holding(row.a_id, row.b_id, row.right, row.share, row.since) for row in rows if row.right and row.share is not None
    ]


def of_contact(
    session: TenantSession, adviser: Adviser, contact_id: str, *, group: str | None = None, number: int = 1, size: int = SIZE
) -> Page[Tied]:
    """A page of a contact's relations, those that have ended last. Raises `NotFound` for a contact that is not seen."""
    contact(session, adviser, contact_id)
    where = where_of(contact_id, adviser, group)
    total = session.scalar(joined(select(func.count(Relation.id)), contact_id).where(*where)) or 0
    number = max(1, min(number, -(-total // size)))
    rank = case(
        *((and_(Relation.kind == one.code, Relation.a_id == contact_id), RANKS[one.b]) for one in KINDS.values()),
        *((Relation.kind == one.code, RANKS[one.a]) for one in KINDS.values()),
        else_=99,
    )
    ended = case((Relation.until <= today(), 1), else_=0)
    rows = session.execute(
        joined(select(Relation, Contact), contact_id).where(*where)
        .order_by(ended, rank, Contact.sort_name, Relation.id).limit(size).offset((number - 1) * size)
    )  # fmt: skip
    return Page(tuple(tied(row, other, contact_id) for row, other in rows), total, number, size)


def following_id(
    session: TenantSession, adviser: Adviser, contact_id: str, after: str | None, *, group: str | None = None, size: int
) -> list[Tied]:
    """A contact's relations by id, those after one: for programs. Raises `NotFound`."""
    contact(session, adviser, contact_id)
    wanted = joined(select(Relation, Contact), contact_id).where(*where_of(contact_id, adviser, group)).order_by(Relation.id)
    if after is not None:
        wanted = wanted.where(Relation.id > after)
    return [tied(row, other, contact_id) for row, other in session.execute(wanted.limit(size))]


def counts(session: TenantSession, adviser: Adviser, contact_id: str) -> dict[str, int]:
    """Group → how many relations of it the adviser sees."""
    rows = session.execute(
        joined(select(Relation.kind, func.count(Relation.id)), contact_id)
        .where(*where_of(contact_id, adviser, None)).group_by(Relation.kind)
    )  # fmt: skip
    found: dict[str, int] = {}
    for kind, count in rows:
        found[KINDS[kind].group] = found.get(KINDS[kind].group, 0) + count
    return found


def get(session: TenantSession, adviser: Adviser, contact_id: str, relation_id: str) -> Tied:
    """One relation of a contact. Raises `NotFound`."""
    row, other = _one(session, adviser, contact_id, relation_id)
    return tied(row, other, contact_id)


def add(
    session: TenantSession, by: Adviser | str, contact_id: str, role: str, other_id: str, *, relation_id: str | None = None,
    **told: Any,
) -> str:  # fmt: skip
    """Say what `other_id` is to a contact; the relation's id. The other file shows the inverse from then on.

    `told`: fields of `FIELDS`. A second arrival with the same `relation_id` finds what the first made. Raises `NotFound`,
    `DomainError`, `Conflict`, `Forbidden`.
    """
    actor = writer(by, "contacts.edit")
    mine = _writable(session, by, contact_id)
    if relation_id and session.scalar(select(Relation.id).where(Relation.id == relation_id)):
        return relation_id
    if role not in ROLES:
        raise DomainError("Choisissez un lien de la liste.", field="role")
    known, other = ROLES[role], contact(session, by, other_id)
    a, b = (other, mine) if known.side == "a" else (mine, other)
    if KINDS[known.kind].symmetric and b.id < a.id:
        a, b = b, a
    draft = Draft(a, b, known.kind, **_read(told))
    relation_rules.check(session, by, draft)
    read = {name: getattr(draft, name) for name in FIELDS}
    row = Relation(id=relation_id or new_id(), a_id=a.id, b_id=b.id, kind=draft.kind, **read)
    session.add(row)
    session.flush()
    _record(session, actor, "relation.added", row, plain(row))
    return row.id


def change(session: TenantSession, by: Adviser | str, contact_id: str, relation_id: str, changes: Mapping[str, Any]) -> None:
    """Change what is told of a relation: fields of `FIELDS`. Raises `NotFound`, `DomainError`, `Conflict`, `Forbidden`."""
    _change(session, by, contact_id, relation_id, changes, "relation.changed")


def end(session: TenantSession, by: Adviser | str, contact_id: str, relation_id: str, until: date) -> None:
    """Say on which day a relation ended: it is kept, marked. Raises as `change` does."""
    _change(session, by, contact_id, relation_id, {"until": until}, "relation.ended")


def remove(session: TenantSession, by: Adviser | str, contact_id: str, relation_id: str) -> dict[str, Any]:
    """Take away a relation that never was; what `restore` needs. Raises `NotFound`, `Forbidden`."""
    actor = writer(by, "contacts.edit")
    _writable(session, by, contact_id)
    row, _other = _one(session, by, contact_id, relation_id)
    kept = {"id": row.id, **plain(row)}
    session.delete(row)
    session.flush()
    _record(session, actor, "relation.removed", row, {name: value for name, value in kept.items() if name != "id"})
    return kept


def restore(session: TenantSession, by: Adviser | str, contact_id: str, kept: Mapping[str, Any]) -> None:
    """Put back what `remove` took away, if the rules still let it. Raises `NotFound`, `DomainError`, `Conflict`, `Forbidden`."""
    actor = writer(by, "contacts.edit")
    _writable(session, by, contact_id)
    if session.scalar(select(Relation.id).where(Relation.id == kept["id"])):
        raise Conflict("Cette relation est déjà de retour dans le dossier.")
    told: dict[str, Any] = {name: kept.get(name) for name in FIELDS}
    for name in ("since", "until"):
        told[name] = date.fromisoformat(told[name]) if told[name] else None
    told["share"] = Decimal(told["share"]) if told["share"] else None
    draft = Draft(contact(session, by, kept["first"]), contact(session, by, kept["second"]), kept["kind"], **told)
    relation_rules.check(session, by, draft)
    row = Relation(id=kept["id"], a_id=kept["first"], b_id=kept["second"], kind=kept["kind"], **told)
    session.add(row)
    session.flush()
    _record(session, actor, "relation.restored", row, plain(row))


def contact(session: TenantSession, by: Adviser | str, contact_id: str) -> Contact:
    """A contact that `by` may see. Raises `NotFound`."""
    wanted = select(Contact).where(Contact.id == contact_id)
    found = session.scalar(wanted.where(visible(by, each=True)) if isinstance(by, Adviser) else wanted)
    if found is None:
        raise NotFound(_ABSENT)
    return found


def plain(row: Relation) -> dict[str, Any]:
    """A relation as the journal keeps it: JSON, nothing that is empty."""
    told = {"kind": row.kind, "first": row.a_id, "second": row.b_id, **{name: getattr(row, name) for name in FIELDS}}
    return {name: _json(value) for name, value in told.items() if value is not None}


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, Decimal) else value


def _change(
    session: TenantSession, by: Adviser | str, contact_id: str, relation_id: str, changes: Mapping[str, Any], action: str
) -> None:
    actor = writer(by, "contacts.edit")
    mine = _writable(session, by, contact_id)
    row, other = _one(session, by, contact_id, relation_id)
    before = plain(row)
    told = {**{name: getattr(row, name) for name in FIELDS}, **_read(changes)}
    a, b = (mine, other) if row.a_id == mine.id else (other, mine)
    draft = Draft(a, b, row.kind, **told, id=row.id)
    relation_rules.check(session, by, draft)
    for name in FIELDS:
        setattr(row, name, getattr(draft, name))
    session.flush()
    after = plain(row)
    changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    if changed:
        payload = {
            "kind": row.kind, "before": {name: before[name] for name in changed if name in before},
            "after": {name: after[name] for name in changed if name in after},
        }  # fmt: skip
        _record(session, actor, action, row, payload)


def _record(session: TenantSession, actor: str, action: str, row: Relation, payload: dict[str, Any]) -> None:
    audit.record(session, actor, action, f"relation:{row.id}", payload)


def _read(told: Mapping[str, Any]) -> dict[str, Any]:
    """Texts made plain, blanks dropped. Raises `DomainError`."""
    if unknown := set(told) - set(FIELDS):
        raise DomainError(f"Champ inconnu\u202f: {', '.join(sorted(unknown))}.")
    found = dict(told)
    for name in ("function", "note"):
        if isinstance(value := found.get(name), str):
            try:
                found[name] = inputs.plain(value, lines=name == "note") or None
            except ValueError as error:
                raise DomainError("Ce texte contient un caractère invisible qui n'est pas accepté.", field=name) from error
    return found


def _writable(session: TenantSession, by: Adviser | str, contact_id: str) -> Contact:
    found = contact(session, by, contact_id)
    rights.require(session, by, "contact", contact_id, "contacts.edit")
    return found


def _one(session: TenantSession, by: Adviser | str, contact_id: str, relation_id: str) -> tuple[Relation, Contact]:
    contact(session, by, contact_id)
    wanted = joined(select(Relation, Contact), contact_id).where(*where_of(contact_id, by, None), Relation.id == relation_id)
    found = session.execute(wanted).first()
    if found is None:
        raise NotFound(_GONE)
    return found[0], found[1]


def joined(wanted: S, contact_id: str) -> S:
    """A query of `Relation` with the contact at the other end."""
    other = case((Relation.a_id == contact_id, Relation.b_id), else_=Relation.a_id)
    return wanted.select_from(Relation).join(Contact, Contact.id == other)


def where_of(contact_id: str, by: Adviser | str, group: str | None) -> list[ColumnElement[bool]]:
    """Conditions on `joined`: a contact's relations whose other end `by` may see, of one group where it is named."""
    found: list[ColumnElement[bool]] = [or_(Relation.a_id == contact_id, Relation.b_id == contact_id)]
    if isinstance(by, Adviser):
        found.append(visible(by, each=True))
    if group is not None:
        found.append(Relation.kind.in_([one.code for one in KINDS.values() if one.group == group]))
    return found


def held(on: date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Conditions: begun by a day, and not ended."""
    return (
        or_(Relation.since.is_(None), Relation.since <= on), or_(Relation.until.is_(None), Relation.until > on)
    )  # fmt: skip
