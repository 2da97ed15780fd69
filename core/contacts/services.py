"""Contacts: lists, files, households, and the rules of what may be written (domain.md §2.1)."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import asdict
from dataclasses import fields
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select
from sqlalchemy import func
from sqlalchemy import select

from core.cabinets import audit
from core.cabinets import rights
from core.cabinets.models import User
from core.contacts import categories
from core.contacts import channels
from core.contacts import codes
from core.contacts import life
from core.contacts import search as contact_search
from core.contacts.access import all_writable
from core.contacts.access import visible
from core.contacts.access import writable as _row
from core.contacts.access import writer
from core.contacts.details import NAMES as DETAILS
from core.contacts.details import SINCE as DETAIL_OF_STAGE
from core.contacts.details import Details
from core.contacts.lists import LINE
from core.contacts.lists import followers
from core.contacts.lists import following
from core.contacts.lists import line
from core.contacts.merge_models import ContactMerge
from core.contacts.models import FOLLOWINGS
from core.contacts.models import Contact
from core.contacts.models import ContactAdviser
from core.contacts.models import HouseholdMember
from core.contacts.schemas import KIND_LABELS
from core.contacts.schemas import RUBRICS
from core.contacts.schemas import STAGE_LABELS
from core.contacts.schemas import ContactCard
from core.contacts.schemas import ContactLine
from core.contacts.schemas import FileFrame
from core.contacts.schemas import Follower
from core.contacts.schemas import NewContact
from core.contacts.schemas import Tie
from core.contacts.schemas import checked
from core.contacts.schemas import file_frame
from core.contacts.schemas import made_name
from core.contacts.schemas import settled
from core.db.clock import today
from core.db.errors import Conflict
from core.db.errors import DomainError
from core.db.errors import NotFound
from core.db.model import new_id
from core.db.paging import Page
from core.db.paging import Pager
from core.db.paging import pager
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.search.find import Found
from core.search.words import fold

__all__ = [
    "KIND_LABELS", "RUBRICS", "STAGE_LABELS", "ContactCard", "ContactLine", "FileFrame", "Follower",
    "NewContact", "Page", "Pager", "Tie", "advisers", "create", "editable", "file_frame", "fold", "follow", "followers",
    "found", "get_contact", "hand_over", "join_household", "leave_household", "on_household", "pager", "sees", "unfollow",
    "update",
]  # fmt: skip

Changed = Callable[[TenantSession, str], None]
_listeners: list[Changed] = []

_ABSENT = "Ce contact n'existe pas, ou n'est pas ouvert à votre profil."


def on_household(listener: Changed) -> Changed:
    """Have `listener(session, household_id)` called in the transaction of each change of a household's members."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


def get_contact(session: TenantSession, adviser: Adviser, contact_id: str) -> ContactCard:
    """A contact's file. Raises `NotFound`, also for one that the adviser may not see."""
    row = session.scalar(select(Contact).where(Contact.id == contact_id, visible(adviser, each=True)))
    if row is None:
        raise NotFound(_ABSENT)
    line = ContactLine(
        row.id, row.kind, row.stage, row.file_code, row.display_name, row.city, row.phone, row.email, row.vital,
        following(session, [row.id]).get(row.id, ()), row.archived_at, row.death_date, row.civility,
    )  # fmt: skip
    return ContactCard(
        line=line, civility=row.civility, birth_name=row.birth_name, usage_name=row.usage_name,
        first_names=row.first_names, birth_date=row.birth_date, company_name=row.company_name,
        legal_form=row.legal_form, siren=row.siren, situation=row.situation, protection=row.protection,
        death_date=row.death_date, households=_ties(session, adviser, contact_id, up=True),
        members=_ties(session, adviser, contact_id, up=False),
        details=Details(**{name: getattr(row, name) for name in DETAILS}), category_id=row.category_id,
        archived_reason=row.archived_reason,
    )  # fmt: skip


def found(session: TenantSession, adviser: Adviser, text: str, *, limit: int) -> tuple[tuple[ContactLine, ...], Found]:
    """What the quick search finds, best first, and how: whether there is more, which words were taken (RE-01)."""
    how = contact_search.found(session, adviser, text, limit=limit)
    more = (Contact.archived_at, Contact.death_date, Contact.civility)
    asked = select(*LINE, *more).where(Contact.id.in_(how.refs))
    rows = {row.id: row for row in session.execute(asked)} if how.refs else {}
    return tuple(
        replace(line(row, ()), archived_at=row.archived_at, death_date=row.death_date, civility=row.civility)
        for row in (rows[ref] for ref in how.refs)
    ), how


def advisers(session: TenantSession) -> tuple[Follower, ...]:
    """The people of the cabinet who may follow a contact as its principal adviser, by name."""
    rows = session.execute(
        select(User.id, User.display_name)
        .where(User.cabinet_id == session.require_cabinet(), User.active.is_(True)).order_by(User.display_name)
    )  # fmt: skip
    return tuple(Follower(row.id, row.display_name, "PRINCIPAL") for row in rows)


def create(
    session: TenantSession, by: Adviser | str, data: NewContact, *, contact_id: str | None = None,
    principal: str | None = None,
) -> str:  # fmt: skip
    """Add a contact; its id. An adviser becomes its principal adviser, unless he names another, whom he then assists.

    `contact_id`: the key of the form that asks for it: a second arrival finds what the first made. Raises `DomainError`
    for a value that the rules refuse, `Conflict` for a file code in use, `NotFound`, `Forbidden`.
    """
    actor = writer(by, "contacts.edit")
    if contact_id and session.scalar(select(Contact.id).where(Contact.id == contact_id)):
        return _row(session, by, contact_id).id
    clean = _dated(checked(data))
    code = clean.file_code or _next_code(session)
    if _taken(session, code):
        raise Conflict(f"Le code dossier {code} est déjà pris. Choisissez-en un autre.", field="file_code")
    row = Contact(**{**asdict(clean), "file_code": code}, sort_name=fold(clean.display_name)[:200])
    row.id = contact_id or new_id()
    row.category_id = categories.default_id(session)
    session.add(row)
    session.flush()
    channels.keep_primary(session, row, ("email", "phone", "city"))
    contact_search.keep(session, row)
    noted = {name: value for name, value in asdict(replace(clean, file_code=code)).items() if value is not False}
    audit.record(session, actor, "contact.added", f"contact:{row.id}", _plain(noted))
    if isinstance(by, Adviser):
        beside = "ASSISTANT" if by.role == "ASSISTANT" else "SECONDAIRE"
        _follow(session, actor, row.id, by.user_id, "PRINCIPAL" if principal in (None, by.user_id) else beside)
    if principal and not (isinstance(by, Adviser) and principal == by.user_id):
        _follow(session, actor, row.id, principal, "PRINCIPAL")
    return row.id


def update(session: TenantSession, by: Adviser | str, contact_id: str, changes: Mapping[str, Any]) -> None:
    """Change fields of `NewContact` but the kind; what they give together must pass the rules of `create`.

    A name that was made from the others is made anew. Raises `NotFound`, `DomainError`, `Conflict`, `Forbidden`.
    """
    actor = writer(by, "contacts.edit")
    row = _row(session, by, contact_id)
    names = {field.name for field in fields(NewContact)} - {"kind"}
    if unknown := set(changes) - names:
        raise DomainError(f"Champ non modifiable : {', '.join(sorted(unknown))}.")
    before = NewContact(kind=row.kind, **{name: getattr(row, name) for name in names})
    merged = replace(before, **changes)
    if "display_name" not in changes and before.display_name == made_name(before):
        merged = replace(merged, display_name="")
    after = checked(merged)
    if after.stage != before.stage:
        after = _dated(after, before)
    old, new = asdict(before), asdict(after)
    changed = {name: value for name, value in new.items() if old[name] != value}
    if not changed:
        return
    if "file_code" in changed and _taken(session, after.file_code):
        raise Conflict(f"Le code dossier {after.file_code} est déjà pris. Choisissez-en un autre.", field="file_code")
    for name, value in changed.items():
        setattr(row, name, value)
    row.sort_name = fold(after.display_name)[:200]
    session.flush()
    channels.keep_primary(session, row, changed)
    contact_search.keep(session, row)
    if "vital" in changed:
        life.withdraw_consents(session, actor, row)
    payload = {"before": _plain({name: old[name] for name in changed}), "after": _plain(changed)}
    audit.record(session, actor, "contact.changed", f"contact:{row.id}", payload)


def follow(session: TenantSession, by: Adviser | str, contact_id: str, user_id: str, role: str = "PRINCIPAL") -> None:
    """Have a person of the cabinet follow a contact, or change how. Raises `NotFound`, `DomainError`, `Forbidden`."""
    actor = writer(by, "contacts.edit")
    if isinstance(by, Adviser):
        _row(session, by, contact_id)  # nobody makes himself the follower of a client that he may not see
    _follow(session, actor, contact_id, user_id, role)


def _follow(session: TenantSession, actor: str, contact_id: str, user_id: str, role: str) -> None:
    if role not in FOLLOWINGS:
        raise DomainError(f"Rôle de suivi inconnu : {role}.")
    known = session.scalar(select(User.id).where(User.id == user_id, User.cabinet_id == session.require_cabinet()))
    if known is None or session.scalar(select(Contact.id).where(Contact.id == contact_id)) is None:
        raise NotFound("Ce contact ou ce collaborateur n'existe pas dans votre cabinet.")
    link = _following(session, contact_id, user_id)
    if link is None:
        session.add(ContactAdviser(contact_id=contact_id, user_id=user_id, role=role))
    elif link.role == role:
        return
    else:
        link.role = role
    session.flush()
    audit.record(session, actor, "contact.followed", f"contact:{contact_id}", {"user": user_id, "role": role})


def editable(session: TenantSession, adviser: Adviser, contact_id: str) -> bool:
    """Whether the adviser may change this contact, which he sees."""
    return rights.may(session, adviser, "contact", contact_id, "contacts.edit")


def sees(session: TenantSession, adviser: Adviser, contact_id: str) -> bool:
    """Whether the adviser sees this contact."""
    return rights.sees(session, adviser, "contact", contact_id)


def unfollow(session: TenantSession, by: Adviser | str, contact_id: str, user_id: str) -> None:
    """End a following. Raises `Conflict` for the last principal adviser: a contact always has one."""
    actor = writer(by, "contacts.edit")
    _row(session, by, contact_id)
    link = _following(session, contact_id, user_id)
    if link is None:
        return
    principals = session.scalar(
        select(func.count(ContactAdviser.id)).where(
            ContactAdviser.contact_id == contact_id, ContactAdviser.role == "PRINCIPAL"
        )
    )
    if link.role == "PRINCIPAL" and principals == 1:
        raise Conflict("Un contact garde un conseiller principal. Désignez d'abord son remplaçant.")
    session.delete(link)
    session.flush()
    audit.record(session, actor, "contact.unfollowed", f"contact:{contact_id}", {"user": user_id})


def hand_over(
    session: TenantSession, by: Adviser | str, contact_ids: Sequence[str], user_id: str, *, keep: bool = True
) -> int:
    """Give contacts another principal adviser, all of them or none; how many were not his already.

    `keep`: the former one goes on following, as a second. Raises `NotFound`, also where one of them is not seen,
    `DomainError`, `Forbidden`.
    """
    actor = writer(by, "contacts.edit")
    wanted = list(dict.fromkeys(contact_ids))
    all_writable(session, by, wanted)
    here = (User.cabinet_id == session.require_cabinet(), User.active.is_(True))
    if session.scalar(select(User.id).where(User.id == user_id, *here)) is None:
        raise DomainError("Choisissez un collaborateur de votre cabinet.", field="adviser")
    principals: dict[str, list[ContactAdviser]] = {}
    for link in session.scalars(
        select(ContactAdviser).where(ContactAdviser.contact_id.in_(wanted), ContactAdviser.role == "PRINCIPAL")
    ):
        principals.setdefault(link.contact_id, []).append(link)
    changed = 0
    for contact_id in wanted:
        former = principals.get(contact_id, [])
        if [link.user_id for link in former] == [user_id]:
            continue
        follow(session, by, contact_id, user_id, "PRINCIPAL")
        for link in [link for link in former if link.user_id != user_id]:
            said = {"user": link.user_id}
            if keep:
                link.role = "SECONDAIRE"
                audit.record(session, actor, "contact.followed", f"contact:{contact_id}", {**said, "role": "SECONDAIRE"})
            else:
                session.delete(link)
                audit.record(session, actor, "contact.unfollowed", f"contact:{contact_id}", said)
        changed += 1
    session.flush()
    return changed


def join_household(session: TenantSession, by: Adviser | str, household_id: str, contact_id: str) -> None:
    """Add a person to a household. Raises `NotFound`, `DomainError`, `Forbidden`."""
    actor = writer(by, "contacts.edit")
    household, member = _row(session, by, household_id), _row(session, by, contact_id)
    if household.kind != "FOYER" or member.kind == "FOYER":
        raise DomainError("Un foyer réunit des personnes : choisissez un foyer, puis une personne.")
    if session.scalar(_membership(household_id, contact_id)) is None:
        session.add(HouseholdMember(household_id=household_id, contact_id=contact_id))
        session.flush()
        audit.record(session, actor, "household.joined", f"contact:{household_id}", {"member": contact_id})
        _told(session, household_id)


def leave_household(session: TenantSession, by: Adviser | str, household_id: str, contact_id: str) -> None:
    """Take a person out of a household. Raises `NotFound`, `Forbidden`."""
    actor = writer(by, "contacts.edit")
    _row(session, by, household_id)
    link = session.scalar(_membership(household_id, contact_id))
    if link is None:
        raise NotFound("Cette personne ne fait pas partie de ce foyer.")
    session.delete(link)
    session.flush()
    audit.record(session, actor, "household.left", f"contact:{household_id}", {"member": contact_id})
    _told(session, household_id)


def _told(session: TenantSession, household_id: str) -> None:
    for listener in _listeners:
        listener(session, household_id)


def _ties(session: TenantSession, adviser: Adviser, contact_id: str, *, up: bool) -> tuple[Tie, ...]:
    """Households of a person (`up`) or members of a household, those only that the adviser may see."""
    mine, theirs = HouseholdMember.contact_id, HouseholdMember.household_id
    if not up:
        mine, theirs = theirs, mine
    rows = session.execute(
        select(Contact.id, Contact.display_name, Contact.kind)
        .join(HouseholdMember, theirs == Contact.id)
        .where(mine == contact_id, visible(adviser, each=True))
        .order_by(Contact.sort_name, Contact.id)
    )
    return tuple(Tie(row.id, row.display_name, row.kind) for row in rows)


def _following(session: TenantSession, contact_id: str, user_id: str) -> ContactAdviser | None:
    return session.scalar(
        select(ContactAdviser).where(ContactAdviser.contact_id == contact_id, ContactAdviser.user_id == user_id)
    )


def _membership(household_id: str, contact_id: str) -> Select[HouseholdMember]:
    return select(HouseholdMember).where(
        HouseholdMember.household_id == household_id, HouseholdMember.contact_id == contact_id
    )


def _dated(data: NewContact, before: NewContact | None = None) -> NewContact:
    """The contact that `checked` made, with the day on which it came to its stage: today, unless another was given with it."""
    name = DETAIL_OF_STAGE[data.stage]
    given = getattr(data, name)
    if given is not None and (before is None or given != getattr(before, name)):
        return data
    return settled(data, {name: today()})


def _next_code(session: TenantSession) -> str:
    return codes.made(codes.next_number(session))


def _taken(session: TenantSession, code: str) -> bool:
    """Whether a file code is some contact's, or was that of one whose merge may still be taken back."""
    if session.scalar(select(Contact.id).where(Contact.file_code == code)) is not None:
        return True
    held = select(ContactMerge.id).where(ContactMerge.file_code == code, ContactMerge.undone_at.is_(None))
    return session.scalar(held.limit(1)) is not None


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as the journal keeps them: JSON, nothing that is empty."""
    return {
        name: value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, Decimal) else value
        for name, value in values.items()
        if value not in (None, "", ())
    }
