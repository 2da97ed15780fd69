"""Two files that are one person's become one, and may be taken apart again (CT-02).

One transaction: the kept file takes the chosen values, all that named the other names it, the other goes. What was done
is remembered whole; `undo` reverses it as long as nothing done since stands in the way.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core.cabinets import audit
from core.cabinets import rights
from core.contacts import aliases
from core.contacts import history
from core.contacts import merge_fields
from core.contacts import merge_rows
from core.contacts import merge_settle
from core.contacts import references as _declared  # noqa: F401 - the tables of this floor make themselves known
from core.contacts import search as contact_search
from core.contacts.access import visible
from core.contacts.access import writer
from core.contacts.merge_fields import Field
from core.contacts.merge_models import ContactMerge
from core.contacts.models import Contact
from core.db.clock import now
from core.db.errors import Conflict
from core.db.errors import DomainError
from core.db.errors import NotFound
from core.db.model import new_id
from core.db.session import TenantSession
from core.hooks import events
from core.hooks import references
from core.hooks.happenings import ContactMerged
from core.hooks.happenings import ContactUnmerged
from core.hooks.types import Adviser
from core.search import index
from core.search.words import fold

RIGHT = "contacts.merge"
_ABSENT = "Un de ces deux contacts n'existe pas, ou n'est pas ouvert à votre profil."
#: Columns of the row that are no field of the file, or follow from others.
_DERIVED = ("display_name", "sort_name", "updated_at", *merge_fields.PRIMARIES)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both files before a merge. `stamp`: what they said when they were shown."""

    kept: Contact
    merged: Contact
    fields: tuple[Field, ...]
    doubts: tuple[str, ...]
    stamp: str

    @property
    def undecided(self) -> tuple[Field, ...]:
        """The fields that a person must still choose."""
        return merge_fields.undecided(self.fields)


@dataclass(frozen=True, slots=True)
class Done:
    """A merge. `again`: it was done already, by another click."""

    id: str
    kept_id: str
    merged_id: str
    again: bool = False


def compare(
    session: TenantSession, by: Adviser | str, kept_id: str, merged_id: str, chosen: Mapping[str, str] | None = None
) -> Comparison:
    """The two files side by side. Raises `NotFound`, `Forbidden`, `DomainError` for two that can never be one."""
    kept, merged = _both(session, by, kept_id, merged_id)
    advisers = merge_settle.adviser_field(session, kept, merged, chosen or {})
    found = merge_fields.compare(kept, merged, chosen or {}, advisers)
    return Comparison(kept, merged, found, merge_fields.doubts(kept, merged), _stamp(kept, merged))


def merge(
    session: TenantSession, by: Adviser | str, kept_id: str, merged_id: str, chosen: Mapping[str, str] | None = None, *,
    seen: str | None = None, once: str | None = None,
) -> Done:  # fmt: skip
    """Merge `merged_id` into `kept_id`. `chosen`: field → «kept», «merged», or «both» for remarks. `once`: the merge's id.

    Two that are one already stay so: what was done is answered, whichever of the two was kept. Raises `NotFound`,
    `Forbidden`, `DomainError` with the field that must be chosen or that the rules refuse, `Conflict` where a file changed
    since it was `seen` or rows collide.
    """
    actor = writer(by, RIGHT)
    if (done := _done(session, by, kept_id, merged_id)) is not None:
        return done
    both = compare(session, by, kept_id, merged_id, chosen)
    kept, merged = both.kept, both.merged
    if seen is not None and seen != both.stamp:
        raise Conflict(
            "Un des deux dossiers a changé depuis l'affichage\u202f: vérifiez les valeurs, puis recommencez.", code="stale"
        )
    if both.undecided:
        raise DomainError("Choisissez la valeur à garder.", field=both.undecided[0].name)
    after = merge_fields.result(kept, merged, both.fields)
    choices = {one.name: one.choice or "kept" for one in both.fields}
    before = {name: merge_rows.coded(getattr(kept, name)) for name in after}
    whole = {"kept": merge_rows.frozen(kept), "merged": merge_rows.frozen(merged)}
    settling = merge_settle.Before.of(session, kept.id, merged.id)
    try:
        record, dropped = merge_rows.move(session, kept.id, merged.id)
        merge_settle.settle(session, record, dropped, settling, kept, choices)
        merge_rows.drop(session, record, dropped)
        session.delete(merged)
        session.flush()
    except IntegrityError as error:
        session.rollback()
        raise Conflict(
            "Un module qui n'est plus installé garde des données de ce dossier\u202f: la fusion n'est pas possible, rien n'a "
            "été modifié. Prévenez votre administrateur."
        ) from error
    for name, value in after.items():
        setattr(kept, name, value)
    kept.sort_name = fold(kept.display_name)[:200]
    merge_settle.primaries(session, kept, whole["merged"], choices)
    index.remove(session, contact_search.KIND, merged.id)
    contact_search.keep(session, kept)
    changed = {name: {"before": before[name], "after": merge_rows.coded(after[name])} for name in after}
    row = ContactMerge(
        id=once or new_id(), kept_id=kept.id, merged_id=merged.id, merged_name=merged.display_name, file_code=merged.file_code,
        record={**whole, "fields": changed, "choices": choices, "rows": asdict(record)}, merged_by=actor,
    )  # fmt: skip
    session.add(row)
    session.flush()
    said = {
        "merge": row.id, "merged": merged.id, "name": merged.display_name, "file_code": merged.file_code, **record.counts(),
        **_told(changed),
    }  # fmt: skip
    references.reckon(session, kept.id)
    audit.record(session, actor, "contact.merged", f"contact:{kept.id}", said)
    audit.record(session, actor, "contact.merged_into", f"contact:{merged.id}", {"merge": row.id, "into": kept.id})
    events.publish(session, ContactMerged(kept.id, merged.id, row.id))
    return Done(row.id, kept.id, merged.id)


def undo(session: TenantSession, by: Adviser | str, merge_id: str) -> Done:
    """Take a merge apart again. Raises `NotFound`, `Forbidden`, `Conflict` that says what stands in the way."""
    actor = writer(by, RIGHT)
    row = _merge(session, by, merge_id)
    if row.undone_at is not None:
        return Done(row.id, row.kept_id, row.merged_id, again=True)
    if found := obstacles(session, row):
        raise Conflict("La fusion ne peut pas être défaite. " + " ".join(found))
    kept = session.scalars(select(Contact).where(Contact.id == row.kept_id)).one()
    record = row.record
    for name, change in record["fields"].items():
        if merge_rows.coded(getattr(kept, name)) == change["after"]:  # a made name may have followed others since
            setattr(kept, name, merge_rows.plain(change["before"]))
    kept.sort_name = fold(kept.display_name)[:200]
    session.flush()
    merged = Contact(**{name: merge_rows.plain(value) for name, value in record["merged"].items()})
    session.add(merged)
    session.flush()
    back = merge_rows.put_back(session, record["rows"], kept.id, merged.id)
    for one, was in ((kept, record["kept"]), (merged, record["merged"])):
        merge_settle.primaries(session, one, was, {})
        contact_search.keep(session, one)
    row.undone_at, row.undone_by = now(), actor
    session.flush()
    said = {
        "merge": row.id, "merged": merged.id, "name": merged.display_name, "rows": back,
        **_told({name: {"before": one["after"], "after": one["before"]} for name, one in record["fields"].items()}),
    }  # fmt: skip
    references.reckon(session, kept.id, merged.id)
    audit.record(session, actor, "contact.unmerged", f"contact:{kept.id}", said)
    audit.record(session, actor, "contact.unmerged", f"contact:{merged.id}", {"merge": row.id, "from": kept.id})
    events.publish(session, ContactUnmerged(kept.id, merged.id, row.id))
    return Done(row.id, kept.id, merged.id)


def obstacles(session: TenantSession, row: ContactMerge) -> tuple[str, ...]:
    """What was done since and stands in the way, each a French sentence."""
    kept = session.scalar(select(Contact).where(Contact.id == row.kept_id))
    if kept is None:
        again = aliases.kept(session, row.kept_id)
        name = session.scalar(select(Contact.display_name).where(Contact.id == again)) if again else None
        if name is not None:
            into = f"Le dossier conservé a lui-même été fusionné depuis dans «\u202f{name}\u202f»"
            return (f"{into}\u202f: défaites d'abord cette fusion.",)
        return ("Le dossier conservé n'existe plus.",)
    found = []
    for name, change in row.record["fields"].items():
        today = merge_rows.coded(getattr(kept, name, None))
        if name not in _DERIVED and today != change["after"]:
            label, now_says = history.LABELS.get(name, name), history.said(name, merge_rows.plain(today))
            found.append(f"«\u202f{label}\u202f» a été modifié depuis (aujourd'hui\u202f: {now_says}).")
    if session.scalar(select(Contact.id).where(Contact.id == row.merged_id)) is not None:
        found.append("Le dossier fusionné existe déjà.")
    code = row.record["merged"]["file_code"]
    taken = session.scalar(select(Contact.display_name).where(Contact.file_code == code, Contact.id != kept.id))
    if taken is not None:
        found.append(f"Le code dossier {code} a été donné depuis à «\u202f{taken}\u202f»\u202f: changez-le d'abord.")
    return tuple(found)


def rows_told(row: ContactMerge) -> int:
    """How many rows a merge moved or dropped, but those that are secret."""
    return merge_rows.told(row.record["rows"])


def past(session: TenantSession, adviser: Adviser, contact_id: str) -> tuple[ContactMerge, ...]:
    """The merges that a contact's file is made of, the newest first; those that were taken back are left out."""
    wanted = select(ContactMerge).where(ContactMerge.kept_id == contact_id, ContactMerge.undone_at.is_(None))
    seen = select(Contact.id).where(Contact.id == ContactMerge.kept_id, visible(adviser, each=True)).exists()
    return tuple(session.scalars(wanted.where(seen).order_by(ContactMerge.at.desc(), ContactMerge.id.desc())))


def get(session: TenantSession, by: Adviser | str, merge_id: str) -> ContactMerge:
    """One merge. Raises `NotFound`, `Forbidden`."""
    writer(by, RIGHT)
    return _merge(session, by, merge_id)


def allowed(session: TenantSession, adviser: Adviser, contact_id: str) -> bool:
    """Whether the adviser may merge this contact, which he sees."""
    return rights.may(session, adviser, "contact", contact_id, RIGHT)


def _merge(session: TenantSession, by: Adviser | str, merge_id: str) -> ContactMerge:
    row = session.scalar(select(ContactMerge).where(ContactMerge.id == merge_id))
    if row is None:
        raise NotFound("Cette fusion n'existe pas, ou n'est pas ouverte à votre profil.")
    if isinstance(by, Adviser):
        known = aliases.led(session, by, row.kept_id) or row.kept_id
        if not rights.sees(session, by, "contact", known):
            raise NotFound("Cette fusion n'existe pas, ou n'est pas ouverte à votre profil.")
        rights.require(session, by, "contact", known, RIGHT)
    return row


def _both(session: TenantSession, by: Adviser | str, kept_id: str, merged_id: str) -> tuple[Contact, Contact]:
    found = []
    for one in (kept_id, merged_id):
        wanted = select(Contact).where(Contact.id == one)
        row = session.scalar(wanted.where(visible(by, each=True)) if isinstance(by, Adviser) else wanted)
        if row is None:
            raise NotFound(_ABSENT)
        rights.require(session, by, "contact", one, RIGHT)
        found.append(row)
    if apart := merge_fields.kinds_apart(*found):
        raise DomainError(apart, code="not-the-same-kind")
    return found[0], found[1]


def _done(session: TenantSession, by: Adviser | str, kept_id: str, merged_id: str) -> Done | None:
    """The merge that made these two one, where a double click or another tab was first."""
    for kept, merged in ((kept_id, merged_id), (merged_id, kept_id)):
        row = session.scalar(
            select(ContactMerge).where(
                ContactMerge.kept_id == kept, ContactMerge.merged_id == merged, ContactMerge.undone_at.is_(None)
            )
        )
        if row is not None and (isinstance(by, str) or rights.sees(session, by, "contact", aliases.kept(session, kept) or kept)):
            return Done(row.id, row.kept_id, row.merged_id, again=True)
    return None


def _stamp(kept: Contact, merged: Contact) -> str:
    text = json.dumps([merge_rows.frozen(kept), merge_rows.frozen(merged)], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _told(changed: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Before and after, as the history reads them."""

    def plain(one: Any) -> Any:
        return next(iter(one.values())) if isinstance(one, dict) and len(one) == 1 else one

    return {
        side: {name: plain(one[side]) for name, one in changed.items() if one[side] not in (None, "")}
        for side in ("before", "after")
    }
