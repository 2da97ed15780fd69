"""A contact as lists show it: its line, and who follows it. Which contacts, in what order: `core.queries`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter
from sqlalchemy import Select
from sqlalchemy import bindparam
from sqlalchemy import exists
from sqlalchemy import select

from core.cabinets.models import User
from core.contacts.access import visible_ids
from core.contacts.models import FOLLOWINGS
from core.contacts.models import Contact
from core.contacts.models import ContactAdviser
from core.contacts.schemas import ContactLine
from core.contacts.schemas import Follower
from core.db.scope import MANY
from core.db.scope import kept
from core.db.session import TenantSession
from core.hooks.types import Adviser

LINE = (
    Contact.id, Contact.kind, Contact.stage, Contact.file_code, Contact.display_name, Contact.city, Contact.phone,
    Contact.email, Contact.vital,
)  # fmt: skip
_THESE: BindParameter[Any] = bindparam("ids", expanding=True)
_LINES = kept(select(*LINE).where(Contact.id.in_(_THESE)))
_FOLLOWING = kept(
    select(ContactAdviser.contact_id, ContactAdviser.role, User.id, User.display_name)
    .join(User, User.id == ContactAdviser.user_id)
    .where(ContactAdviser.contact_id.in_(_THESE))
    .order_by(User.display_name)
)
_RANKS = {role: place for place, role in enumerate(FOLLOWINGS)}


def followers(session: TenantSession, adviser: Adviser) -> tuple[Follower, ...]:
    """The people who follow at least one contact that the adviser may see, by name: the choices of a filter."""
    rows = session.rows(_followers(adviser, session.require_cabinet()), {})
    return tuple(Follower(row.id, row.display_name, "PRINCIPAL") for row in rows)


@lru_cache(maxsize=MANY)
def _followers(adviser: Adviser, cabinet_id: int) -> Select[str, str]:
    follows = exists().where(ContactAdviser.user_id == User.id, ContactAdviser.cabinet_id == cabinet_id)
    if (seen := visible_ids(adviser)) is not None:
        follows = follows.where(ContactAdviser.contact_id.in_(seen))
    return kept(select(User.id, User.display_name).where(User.cabinet_id == cabinet_id, follows).order_by(User.display_name))


def lines(session: TenantSession, ids: Sequence[str]) -> list[ContactLine]:
    """These contacts as a list shows them, in this order: two queries. No right is checked."""
    if not ids:
        return []
    found = {row[0]: row for row in session.rows(_LINES, {"ids": ids})}
    who = following(session, ids)
    return [line(found[key], who.get(key, ())) for key in ids if key in found]


def line(row: Any, who: tuple[Follower, ...]) -> ContactLine:
    """A row of `LINE` as a line."""
    return ContactLine(
        row.id, row.kind, row.stage, row.file_code, row.display_name, row.city, row.phone, row.email, row.vital, who
    )


def following(session: TenantSession, ids: Sequence[str]) -> dict[str, tuple[Follower, ...]]:
    """Who follows each, the principal adviser first."""
    if not ids:
        return {}
    rows = session.rows(_FOLLOWING, {"ids": ids})
    found: dict[str, list[Follower]] = {}
    for contact_id, role, user_id, name in rows:
        found.setdefault(contact_id, []).append(Follower(user_id, name, role))
    return {key: tuple(sorted(who, key=rank)) for key, who in found.items()}


def rank(follower: Follower) -> int:
    """The principal adviser first."""
    return _RANKS.get(follower.role, len(_RANKS))
