"""Named views of lists, private or shared with the cabinet, and each person's columns and usual view (ux.md §2.2)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement
from sqlalchemy import and_
from sqlalchemy import bindparam
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.orm import aliased

from core.cabinets import audit
from core.cabinets.models import User
from core.db.errors import Conflict
from core.db.errors import DomainError
from core.db.errors import Forbidden
from core.db.errors import NotFound
from core.db.model import new_id
from core.db.scope import kept
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.shell.list_models import ListPreference
from core.shell.list_models import SavedView

#: Views of one list that a person may keep.
MOST = 50
_ABSENT = "Cette vue n'existe pas, ou n'est pas partagée avec vous."
_OWNER = aliased(User)
_USED = kept(
    select(
        ListPreference.columns, ListPreference.view_id, SavedView.id, SavedView.name, SavedView.query, SavedView.shared,
        SavedView.owner_id, _OWNER.display_name.label("owner"),
    )
    .select_from(User)
    .outerjoin(
        ListPreference, and_(ListPreference.user_id == User.id, ListPreference.list_key == bindparam("list_key"))
    )
    .outerjoin(
        SavedView,
        and_(SavedView.list_key == bindparam("list_key"), or_(SavedView.owner_id == User.id, SavedView.shared.is_(True))),
    )
    .outerjoin(_OWNER, _OWNER.id == SavedView.owner_id)
    .where(User.id == bindparam("user_id"))
    .order_by(SavedView.name, SavedView.id)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class View:
    """A saved view. `editable`: by this person, who made it or administers the cabinet."""

    id: str
    name: str
    query: str
    shared: bool
    mine: bool
    owner: str
    editable: bool
    usual: bool


@dataclass(frozen=True, slots=True)
class Preference:
    """What a person keeps of a list."""

    columns: str | None
    view_id: str | None


def used(session: TenantSession, adviser: Adviser, list_key: str) -> tuple[Preference, tuple[View, ...]]:
    """A person's own way of a list, and the views that he may use of it, own ones first, by name: one query."""
    rows = session.rows(_USED, {"list_key": list_key, "user_id": adviser.user_id}).all()
    own = Preference(rows[0].columns, rows[0].view_id) if rows else Preference(None, None)
    found = [
        View(
            row.id, row.name, row.query, row.shared, row.owner_id == adviser.user_id, row.owner,
            row.owner_id == adviser.user_id or adviser.can("administration"), row.id == own.view_id,
        )
        for row in rows
        if row.id is not None
    ]  # fmt: skip
    return own, tuple(sorted(found, key=lambda view: not view.mine))


def of_list(session: TenantSession, adviser: Adviser, list_key: str) -> tuple[View, ...]:
    """The views that a person may use of a list, own ones first, by name."""
    return used(session, adviser, list_key)[1]


def preference(session: TenantSession, adviser: Adviser, list_key: str) -> Preference:
    """A person's own way of a list."""
    return used(session, adviser, list_key)[0]


def save(
    session: TenantSession, adviser: Adviser, list_key: str, name: str, query: str, *, shared: bool = False,
    view_id: str | None = None,
) -> str:  # fmt: skip
    """Keep a view; its id. `view_id`: the key of the form that asks for it, so that a second arrival makes no other.

    Raises `DomainError`, `Conflict` for a name in use.
    """
    if view_id and session.scalar(select(SavedView.id).where(SavedView.id == view_id, SavedView.owner_id == adviser.user_id)):
        return view_id
    mine = (SavedView.list_key == list_key, SavedView.owner_id == adviser.user_id)
    if (session.scalar(select(func.count(SavedView.id)).where(*mine)) or 0) >= MOST:
        raise DomainError(f"Vous avez déjà {MOST} vues de cette liste\u202f: supprimez-en une d'abord.", field="name")
    clean = _named(session, adviser.user_id, list_key, name)
    row = SavedView(
        id=view_id or new_id(), list_key=list_key, owner_id=adviser.user_id, name=clean, query=query[:2000], shared=shared
    )
    session.add(row)
    session.flush()
    _tell(session, adviser, "view.saved", row.id, {"list": list_key, "name": clean, "query": row.query, "shared": shared})
    return row.id


def check(session: TenantSession, adviser: Adviser, list_key: str, view_id: str) -> None:
    """Raises `NotFound` for a view that is not of this list, or not for this person."""
    _row(session, adviser, list_key, view_id)


def change(session: TenantSession, adviser: Adviser, list_key: str, view_id: str, *, name: str, shared: bool) -> None:
    """Rename a view, share it or take it back. Raises `NotFound`, `Forbidden`, `DomainError`, `Conflict`."""
    row = _editable(session, adviser, list_key, view_id)
    clean = _named(session, row.owner_id, list_key, name, but=view_id)
    before = {"name": row.name, "shared": row.shared}
    after = {"name": clean, "shared": shared}
    if before == after:
        return
    row.name, row.shared = clean, shared
    if not shared:
        _forget(session, view_id, but=row.owner_id)
    session.flush()
    _tell(session, adviser, "view.changed", view_id, {"before": before, "after": after})


def remove(session: TenantSession, adviser: Adviser, list_key: str, view_id: str) -> str:
    """Delete a view; its name. Raises `NotFound`, `Forbidden`."""
    row = _editable(session, adviser, list_key, view_id)
    _forget(session, view_id)
    session.delete(row)
    session.flush()
    gone = {"list": list_key, "name": row.name, "query": row.query, "shared": row.shared}
    _tell(session, adviser, "view.removed", view_id, gone)
    return row.name


def make_usual(session: TenantSession, adviser: Adviser, list_key: str, view_id: str | None) -> None:
    """The view that the list opens with for this person; None for the whole list. Raises `NotFound`."""
    if view_id is not None:
        _row(session, adviser, list_key, view_id)
    own = _own(session, adviser, list_key)
    own.view_id = view_id
    session.flush()
    _tell(session, adviser, "view.made_usual", view_id or "aucune", {"list": list_key})


def keep_columns(session: TenantSession, adviser: Adviser, list_key: str, columns: str | None) -> None:
    """Remember the columns that a person chose; None for the usual ones. A taste, not a fact: the journal has no line of it."""
    _own(session, adviser, list_key).columns = columns[:1000] if columns else None
    session.flush()


def _seen(adviser: Adviser) -> ColumnElement[bool]:
    return or_(SavedView.owner_id == adviser.user_id, SavedView.shared.is_(True))


def _row(session: TenantSession, adviser: Adviser, list_key: str, view_id: str) -> SavedView:
    row = session.scalar(
        select(SavedView).where(SavedView.id == view_id, SavedView.list_key == list_key, _seen(adviser))
    )
    if row is None:
        raise NotFound(_ABSENT)
    return row


def _editable(session: TenantSession, adviser: Adviser, list_key: str, view_id: str) -> SavedView:
    row = _row(session, adviser, list_key, view_id)
    if row.owner_id != adviser.user_id and not adviser.can("administration"):
        raise Forbidden("Cette vue est partagée par un collègue\u202f: lui seul ou un administrateur la modifie.")
    return row


def _named(session: TenantSession, owner_id: str, list_key: str, name: str, but: str | None = None) -> str:
    clean = " ".join(name.split())
    if not clean:
        raise DomainError("Donnez un nom à la vue, par exemple « Mes clients à suivre ».", field="name")
    if len(clean) > 80:
        raise DomainError("80 caractères au plus.", field="name")
    taken = select(SavedView.id).where(
        SavedView.owner_id == owner_id, SavedView.list_key == list_key, SavedView.name == clean, SavedView.id != (but or "")
    )
    if session.scalar(taken):
        raise Conflict("Une vue de cette liste porte déjà ce nom. Choisissez-en un autre.", field="name")
    return clean


def _own(session: TenantSession, adviser: Adviser, list_key: str) -> ListPreference:
    row = session.scalar(
        select(ListPreference).where(ListPreference.user_id == adviser.user_id, ListPreference.list_key == list_key)
    )
    if row is None:
        row = ListPreference(user_id=adviser.user_id, list_key=list_key)
        session.add(row)
    return row


def _forget(session: TenantSession, view_id: str, but: str = "") -> None:
    """Nobody's list opens with it any more, except its owner's."""
    session.execute(
        update(ListPreference).where(ListPreference.view_id == view_id, ListPreference.user_id != but)
        .values(view_id=None).execution_options(synchronize_session=False)
    )  # fmt: skip


def _tell(session: TenantSession, adviser: Adviser, action: str, view_id: str, payload: dict[str, object]) -> None:
    audit.record(session, adviser.user_id, action, f"view:{view_id}", payload)
