"""Who may reach what of the clients' files: the one place where a person's rights become conditions in SQL.

A kind of thing (contact, account, transaction, document…) registers the right by which it is seen and how it hangs on
those who follow its client. Every list, page, search, live event, notification and file asks here; a contract test
looks for other places that would.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import Select
from sqlalchemy import and_
from sqlalchemy import literal
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import true
from sqlalchemy.orm import aliased

from core.cabinets.models import AgencyMember
from core.cabinets.models import Cabinet
from core.cabinets.permissions import NEEDS
from core.cabinets.permissions import SCOPED
from core.db.errors import Forbidden
from core.db.session import TenantSession
from core.hooks.types import Adviser


class Scope(IntEnum):
    """How far a right reaches: the clients one follows, those of one's agencies, all of the cabinet's."""

    OWN = 1
    AGENCY = 2
    CABINET = 3


#: `reach(column, adviser, scope, each=…)`: a condition on a column of ids. `each`: for a few rows that are known by their
#: ids, the row is looked up among the followers; otherwise the followers' rows are gone through, and the ids with them.
Reach = Callable[..., ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing. `view`: the right by which it is seen; `reach`: None where it hangs on no client."""

    view: str
    reach: Reach | None = None


_kinds: dict[str, Kind] = {}
#: Made once: an alias copies every column of its table.
_MINE, _THEIRS = aliased(AgencyMember), aliased(AgencyMember)


def register(name: str, view: str, reach: Reach | None = None) -> None:
    """Make a kind known; asked of an unknown one, the answer is no."""
    _kinds[name] = Kind(view, reach)


def check(about: tuple[str, str] | None) -> None:
    """For whoever tells of a thing. Raises ValueError for a kind that nobody registered: nobody would ever be told."""
    if about is not None and about[0] not in _kinds:
        raise ValueError(f"the kind «{about[0]}» is not registered: nobody would be told")


def scope(adviser: Adviser, *rights: str) -> Scope | None:
    """How far all of these rights reach together, with those that they need; None where one is lacking."""
    narrowest = Scope.CABINET
    wanted = list(rights)
    while wanted:
        right = wanted.pop()
        width = _width(adviser, right)
        if width is None:
            return None
        narrowest = min(narrowest, width)
        wanted += NEEDS.get(right, ())
    return narrowest


def _width(adviser: Adviser, right: str) -> Scope | None:
    if not adviser.can(right):
        return None
    if right not in SCOPED or adviser.can(f"{right}_all"):
        return Scope.CABINET
    return Scope.AGENCY if adviser.can(f"{right}_agency") else Scope.OWN


def on(column: Any, adviser: Adviser, kind: str, *rights: str, each: bool = False) -> ColumnElement[bool]:
    """A condition on a column of ids of this kind: what the adviser may see, and do by `rights`."""
    known = _kinds.get(kind)
    found = scope(adviser, known.view, *rights) if known is not None else None
    if known is None or found is None:
        return column.in_(())  # type: ignore[no-any-return]  # not false(): it would fold the cabinet's condition away
    if known.reach is None or found is Scope.CABINET:
        return true()
    return known.reach(column, adviser, found, each=each)


def about(kind: Any, ref: Any, adviser: Adviser, *rights: str, free: bool = False) -> ColumnElement[bool]:
    """A condition on rows that say what they are about by a kind and an id. `free`: those that say nothing are for all.

    `rights` are asked of what hangs on a client.
    """
    met = [
        and_(kind == name, on(ref, adviser, name, *(rights if known.reach else ()), each=True))
        for name, known in sorted(_kinds.items())
    ]
    return or_(*([kind.is_(None)] if free else []), *met)


def sees(session: TenantSession, adviser: Adviser, kind: str, ref: str, *rights: str) -> bool:
    """Whether the adviser reaches this one thing. One query, or none where the scope decides alone."""
    known = _kinds.get(kind)
    found = scope(adviser, known.view, *rights) if known is not None else None
    if known is None or found is None:
        return False
    if known.reach is None or found is Scope.CABINET:
        return True
    # from a table of one row, by its model: the session then adds its cabinet to all that is nested in it
    one = select(Cabinet.id).where(Cabinet.id == session.require_cabinet(), known.reach(literal(ref), adviser, found, each=True))
    return session.scalar(one) is not None


def require(session: TenantSession, by: Adviser | str, kind: str, ref: str, right: str) -> None:
    """For a thing that `by` sees already: raise `Forbidden` where the right to change it does not reach as far."""
    if not may(session, by, kind, ref, right):
        raise Forbidden("Votre profil permet de voir ce dossier, pas de le modifier. Adressez-vous à qui suit ce client.")


def may(session: TenantSession, by: Adviser | str, kind: str, ref: str, right: str) -> bool:
    """The same as an answer; no query where one changes all that one sees."""
    if isinstance(by, str):
        return True
    wanted = scope(by, _kinds[kind].view, right)
    if wanted is None:
        return False
    return wanted == scope(by, _kinds[kind].view) or sees(session, by, kind, ref, right)


def people(column: Any, adviser: Adviser, found: Scope) -> ColumnElement[bool]:
    """A condition on a column of followers: oneself, or whoever shares an agency with one."""
    if found is Scope.OWN:
        return column == adviser.user_id  # type: ignore[no-any-return]
    beside = select(_THEIRS.user_id).join(_MINE, _MINE.agency_id == _THEIRS.agency_id).where(_MINE.user_id == adviser.user_id)
    # a union, not «or»: PostgreSQL then goes by the followers' index
    return column.in_(select(literal(adviser.user_id)).union(beside))  # type: ignore[no-any-return]


def among(found: Select[Any], column: Any, *, each: bool) -> ColumnElement[bool]:
    """The column's id is one that the subquery gives: looked up for this row (`each`), or in the whole of them."""
    if each:
        return found.where(next(iter(found.selected_columns)) == column).exists()
    return column.in_(found)  # type: ignore[no-any-return]
