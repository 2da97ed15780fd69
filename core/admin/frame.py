"""The pages of the administration: one blueprint, one tree at their left, filtered by the rights of whoever looks (US-02)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint
from flask import redirect
from flask import render_template
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from core.db.errors import Forbidden
from core.hooks.types import Adviser
from core.shell.gate import current_context
from core.web.policy import policy

blueprint = Blueprint("administration", __name__, url_prefix="/administration")

PEOPLE, PARTNERS = "administration", "partners.manage"


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the tree. `permission`: who sees it."""

    key: str
    label: Any
    endpoint: str
    permission: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """Pages under one title."""

    title: Any
    places: tuple[Place, ...]


TREE = (
    Shelf(
        _l("Cabinet"),
        (
            Place("identity", _l("Nom et coordonnées"), "administration.identity", PEOPLE),
            Place("appearance", _l("Apparence"), "administration.appearance", PEOPLE),
            Place("people", _l("Utilisateurs"), "administration.people", PEOPLE),
            Place("profiles", _l("Profils et droits"), "administration.profiles", PEOPLE),
            Place("agencies", _l("Agences"), "administration.agencies", PEOPLE),
            Place("security", _l("Sécurité"), "administration.security", PEOPLE),
            Place("journal", _l("Journal d'audit"), "administration.journal", PEOPLE),
        ),
    ),
    Shelf(_l("Fonctionnement"), (Place("modules", _l("Modules et partenaires"), "administration.modules", PARTNERS),)),
)


def adviser() -> Adviser:
    """Whoever is signed in."""
    found = current_context().principal
    assert found is not None, "the gate lets nobody in without a principal"
    return found


@blueprint.app_template_global("administers")
def opened() -> tuple[Shelf, ...]:
    """The tree of whoever is signed in, without what he may not open; empty for most people."""
    # of the person alone, not of the context: an error page has this entry too, where a context may be what failed
    can = current_user.adviser.can
    kept = (Shelf(one.title, tuple(place for place in one.places if can(place.permission))) for one in TREE)
    return tuple(one for one in kept if one.places)


@blueprint.get("")
@policy("session")
def index() -> ResponseReturnValue:
    """The first page that one may open."""
    tree = opened()
    if not tree:
        raise Forbidden(_("Votre profil n'ouvre pas l'administration du cabinet. Adressez-vous à un administrateur."))
    return redirect(url_for(tree[0].places[0].endpoint))


def shown(template: str, active: str, trail: tuple[tuple[str, str | None], ...] = (), **values: Any) -> str:
    """A page of the administration. `active`: its place in the tree; `trail`: what follows that place in the breadcrumb."""
    place = next(place for shelf in TREE for place in shelf.places if place.key == active)
    crumbs: list[tuple[str, str | None]] = [(_("Administration"), url_for("administration.index"))]
    crumbs += [(str(place.label), url_for(place.endpoint) if trail else None), *trail]
    return render_template(f"admin/{template}", tree=opened(), active=active, crumbs=crumbs, **values)
