"""What an import wrote taken back: contacts untouched since are removed, fields unchanged since put back (AC-02)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy import delete
from sqlalchemy import select

from core.cabinets import audit
from core.cabinets.models import AuditEntry
from core.contacts import aliases
from core.contacts import categories
from core.contacts import channels
from core.contacts import labels
from core.contacts import services
from core.contacts.access import visible
from core.contacts.access import writer
from core.contacts.history import LABELS
from core.contacts.merge_models import ContactMerge
from core.contacts.models import Contact
from core.contacts.models import ContactAdviser
from core.contacts.own_models import ContactLabelling
from core.db.errors import DomainError
from core.db.model import Base
from core.db.model import Model
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.search.models import SearchWord

_OWN: tuple[type[Any], ...] = (ContactAdviser, ContactLabelling, *(kind.model for kind in channels.KINDS.values()))
_GONE = "Ce dossier n'existe plus, ou n'est pas ouvert à votre profil."


def remove(session: TenantSession, by: Adviser | str, since: Mapping[str, int]) -> dict[str, str]:
    """Delete contacts; id → why one was kept. `since`: each contact's id → the journal's link with which it was made.

    One that a person changed since, or that anything hangs on (a household, an account, a document), is kept; one that was
    merged since stays part of what it was merged into. Raises `Forbidden`.
    """
    actor = writer(by, "contacts.edit")
    ids = list(since)
    wanted = select(Contact.id).where(Contact.id.in_(ids))
    if isinstance(by, Adviser):
        wanted = wanted.where(visible(by, "contacts.edit"))
    here = set(session.scalars(wanted))
    kept = {one: _gone(session, one) for one in ids if one not in here}
    subjects = {f"contact:{one}": one for one in here}
    rows = session.execute(
        select(AuditEntry.subject, AuditEntry.seq)
        .where(AuditEntry.subject.in_(list(subjects)), AuditEntry.seq > min(since.values()))
    )  # fmt: skip
    for row in rows:
        if row.seq > since[subjects[row.subject]]:
            kept[subjects[row.subject]] = "Ce dossier a été modifié depuis l'import\u202f: il est gardé."
    for one in _held(session, sorted(here - set(kept))):
        kept[one] = "Ce dossier sert depuis l'import (foyer, compte, document…)\u202f: il est gardé."
    gone = sorted(here - set(kept))
    if gone:
        for model in _OWN:
            session.execute(delete(model).where(model.contact_id.in_(gone)).execution_options(synchronize_session=False))
        words = delete(SearchWord).where(SearchWord.kind == "contact", SearchWord.ref.in_(gone))
        session.execute(words.execution_options(synchronize_session=False))
        session.execute(delete(Contact).where(Contact.id.in_(gone)).execution_options(synchronize_session=False))
        audit.record_many(session, actor, [("contact.removed", f"contact:{one}", {}) for one in gone])
    return kept


def put_back(
    session: TenantSession, by: Adviser | str, contact_id: str, before: Mapping[str, Any], after: Mapping[str, Any],
    since: int = 0,
) -> str | None:  # fmt: skip
    """Give fields their former values where they still have those of the import; why something was kept, or None.

    `after` may hold «channels», the (kind, id, value) of those that were added, «category», «labels». `since`: the journal's
    link of then. Never of a file that two were merged into since: what it says now may be the other's.
    """
    row = session.scalar(select(Contact).where(Contact.id == contact_id))
    if row is None:
        return _gone(session, contact_id)
    if _merged_since(session, contact_id, since):
        return "Un autre dossier y a été fusionné depuis l'import\u202f: il est gardé tel quel."
    kept, changes = list[str](), dict[str, Any]()
    for name, value in after.items():
        if name in ("channels", "category", "labels"):
            continue
        if _plain(getattr(row, name)) != value:
            kept.append(LABELS.get(name, name))
        else:
            changes[name] = _typed(name, before.get(name))
    try:
        for kind, channel_id, value in after.get("channels", ()):
            known = channels.KINDS[kind]
            channel = session.scalar(select(known.model).where(known.model.id == channel_id))
            if channel is None or getattr(channel, known.needed) != value:
                kept.append(LABELS[known.needed])
            else:
                channels.remove(session, by, contact_id, kind, channel_id)
        if "category" in after and row.category_id != after["category"]:
            kept.append(LABELS["category"])
        elif "category" in after:
            categories.assign(session, by, [contact_id], before.get("category"), archived=True)
        if after.get("labels"):
            labels.put(session, by, [contact_id], remove=after["labels"])
        if changes:
            services.update(session, by, contact_id, changes)
    except DomainError as error:
        return error.text
    return f"Modifié depuis l'import, et gardé\u202f: {', '.join(kept).lower()}." if kept else None


def _gone(session: TenantSession, contact_id: str) -> str:
    """Why a contact is not there: merged since, or deleted. An import's line keeps the id that it wrote (ADR 025)."""
    into = aliases.kept(session, contact_id)
    name = session.scalar(select(Contact.display_name).where(Contact.id == into)) if into else None
    if name is None:
        return _GONE
    text = f"Ce dossier a été fusionné depuis dans «\u202f{name}\u202f»\u202f: il est gardé."
    return f"{text} Défaites d'abord la fusion pour annuler cette ligne."


def _merged_since(session: TenantSession, contact_id: str, since: int) -> bool:
    merges = select(AuditEntry.id).where(
        AuditEntry.subject == f"contact:{contact_id}", AuditEntry.action == "contact.merged", AuditEntry.seq > since
    )
    standing = select(ContactMerge.id).where(ContactMerge.kept_id == contact_id, ContactMerge.undone_at.is_(None))
    return session.scalar(merges.limit(1)) is not None and session.scalar(standing.limit(1)) is not None


def _held(session: TenantSession, ids: Sequence[str]) -> Iterable[str]:
    """Those of these contacts that a row of another table names: by a foreign key, or as its owner."""
    found: set[str] = set()
    for model, names in _naming().items():
        for name in names:
            column = getattr(model, name)
            wanted = select(column).where(column.in_(ids)).distinct()
            if name == "owner_id":
                wanted = wanted.where(model.owner_kind == "contact")
            found |= set(session.scalars(wanted)) if ids else set()
    return found


def _naming() -> dict[type[Any], set[str]]:
    """Model → its columns that name a contact, core's and plugins' alike."""
    made: dict[type[Any], set[str]] = defaultdict(set)
    for mapper in Base.registry.mappers:
        model = mapper.class_
        if model in _OWN or not issubclass(model, Model):
            continue
        for one in mapper.local_table.constraints:  # type: ignore[attr-defined]
            if isinstance(one, ForeignKeyConstraint) and one.referred_table.name == Contact.__tablename__:
                made[model] |= {mapper.get_property_by_column(key.parent).key for key in one.elements} - {"cabinet_id"}
        if {"owner_kind", "owner_id"} <= set(mapper.columns.keys()):
            made[model].add("owner_id")
    return made


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, Decimal) else value


def _typed(name: str, value: Any) -> Any:
    """A value as the column takes it, from how the import keeps it."""
    if value is None:
        return "" if name in ("display_name", "file_code") else None
    if name.endswith(("_date", "_on")):
        return date.fromisoformat(value)
    return Decimal(value) if name == "capital" else value
