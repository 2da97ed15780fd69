"""The people of the cabinet as its administration lists them: profile, agencies, second factor, last activity (US-02).

A cabinet has some hundreds of people at most: they are read whole, in four queries, and filtered here, accents folded.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from core.admin.frame import PEOPLE
from core.auth import api_tokens
from core.auth import resets
from core.auth import sessions
from core.auth.models import Device
from core.auth.models import SecondFactor
from core.auth.models import SessionRow
from core.cabinets import agencies
from core.cabinets import profiles
from core.cabinets import services
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.search.words import fold
from core.shell import list_pages
from core.web import lists
from core.web.lists import ListState
from core.web.request import db_session


@dataclass(frozen=True, slots=True)
class Line:
    """A person. `seen_at`: the last sign of him, in a session or on a device of the past year."""

    user_id: str
    name: str
    email: str
    initials: str
    role: str
    profile: str
    agencies: tuple[str, ...]
    agency_ids: frozenset[str]
    factor: bool
    active: bool
    seen_at: datetime | None


def every(session: TenantSession) -> list[Line]:
    """All people of the session's cabinet, by name: five queries, whatever their number."""
    labels = profiles.labels(session)
    teams = agencies.listed(session)
    strong = set(session.scalars(select(SecondFactor.user_id)))
    seen = _seen(session)
    found = [
        Line(
            user.id, user.display_name, user.email, user.initials, user.role, labels.get(user.role, user.role),
            tuple(team.name for team in teams if user.id in team.ids),
            frozenset(team.id for team in teams if user.id in team.ids), user.id in strong, user.active, seen.get(user.id),
        )
        for user in services.everybody(session)
    ]  # fmt: skip
    return sorted(found, key=lambda one: (fold(one.name), one.email))


def _seen(session: TenantSession) -> dict[str, datetime]:
    found: dict[str, datetime] = {}
    for table in (SessionRow, Device):
        rows = session.execute(
            select(table.user_id, func.max(table.seen_at))
            .where(table.cabinet_id == session.require_cabinet(), table.user_id.is_not(None)).group_by(table.user_id)
        )  # fmt: skip
        for user_id, at in rows:
            if user_id is not None:
                found[user_id] = max(at, found.get(user_id, at))
    return found


STATES = {"actifs": _l("Accès ouvert"), "desactives": _l("Accès désactivé")}
FACTORS = {"avec": _l("Avec second facteur"), "sans": _l("Sans second facteur")}
SPEC = lists.ListSpec(
    "utilisateurs", _l("Utilisateurs"), "administration.people", PEOPLE,
    (
        lists.ListColumn("nom", _l("Nom"), lambda line: line.name, sortable=True, fixed=True),
        lists.ListColumn("email", _l("E-mail"), lambda line: line.email, sortable=True),
        lists.ListColumn("profil", _l("Profil"), lambda line: line.profile, sortable=True),
        lists.ListColumn("agences", _l("Agences"), lambda line: ", ".join(line.agencies)),
        lists.ListColumn("facteur", _l("Second facteur"), lambda line: line.factor, sortable=True),
        lists.ListColumn("activite", _l("Dernière activité"), lambda line: line.seen_at, sortable=True),
        lists.ListColumn("etat", _l("Accès"), lambda line: STATES["actifs" if line.active else "desactives"], sortable=True),
    ),
    (
        lists.ListFilter("q", _l("Recherche"), "search", hint=_l("Nom ou e-mail")),
        lists.ListFilter("profil", _l("Profil"), every=_l("Profil\u202f: tous")),
        lists.ListFilter("agence", _l("Agence"), every=_l("Agence\u202f: toutes")),
        lists.ListFilter("facteur", _l("Second facteur"), every=_l("Facteur\u202f: tous")),
        lists.ListFilter("etat", _l("Accès"), every=_l("Accès\u202f: tous")),
    ),
    "nom",
)  # fmt: skip
_ORDERS: dict[str, Any] = {
    "nom": lambda one: fold(one.name), "email": lambda one: one.email, "profil": lambda one: fold(one.profile),
    "facteur": lambda one: one.factor, "activite": lambda one: one.seen_at.timestamp() if one.seen_at else 0.0,
    "etat": lambda one: one.active,
}  # fmt: skip


def read(args: MultiDict[str, str]) -> ListState:
    """The list's state, from its address's parameters."""
    session = db_session()
    teams = [(team.id, team.name) for team in agencies.listed(session)]
    return list_pages.state(
        SPEC, args,
        options={
            "profil": [(one.code, one.label) for one in profiles.listed(session)],
            "agence": [*teams, ("aucune", _("Sans agence"))] if teams else [],
            "facteur": list(FACTORS.items()), "etat": list(STATES.items()),
        },
    )  # fmt: skip


def asked(session: TenantSession, state: ListState, only: Iterable[str] = ()) -> list[Line]:
    """The people that a list's filters keep, in its order."""
    wanted, values = set(only), state.values
    words = fold(values["q"] or "").split()
    found = [
        one for one in every(session)
        if (not wanted or one.user_id in wanted)
        and all(word in fold(f"{one.name} {one.email}") for word in words)
        and values["profil"] in (None, one.role)
        and (values["agence"] in (None, *one.agency_ids) or (values["agence"] == "aucune" and not one.agency_ids))
        and (values["facteur"] is None or one.factor is (values["facteur"] == "avec"))
        and (values["etat"] is None or one.active is (values["etat"] == "actifs"))
    ]  # fmt: skip
    return sorted(found, key=_ORDERS[state.sort], reverse=state.descending)


PAGES = list_pages.ListPages(
    SPEC, read, lambda session, state, only: len(asked(session, state, only)), asked
)


def change(session: TenantSession, by: Adviser, user_id: str, values: Mapping[str, Any]) -> bool:
    """Name, profile and agencies of a person; whether anything changed. Raises as the services do."""
    done = [
        services.rename(session, user_id, values["name"], actor=by.user_id),
        services.set_profile(session, user_id, values["role"], actor=by.user_id),
        agencies.set_of_person(session, by.user_id, user_id, values["agencies"]),
    ]
    return any(done)


def switch(session: TenantSession, by: Adviser, user_id: str, *, active: bool) -> bool:
    """Open or close somebody's access; closed, his sessions, links and tokens end. Whether anything changed."""
    changed = services.set_active(session, user_id, active=active, actor=by.user_id)
    if changed and not active:
        sessions.end_all(session, user_id)
        resets.drop(session, user_id)
        api_tokens.revoke_all(session, user_id, actor=by.user_id)
    return changed
