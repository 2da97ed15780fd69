"""`/me`: who calls, and what this token lets him do."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from core.cabinets import profiles
from core.cabinets import services
from core.cabinets.models import User
from core.rest import schemas
from core.rest.operations import Call
from core.rest.operations import Resource
from core.rest.schemas import Given
from core.rest.schemas import Taken
from core.web import fields

ME = Resource("me", _l("Vous"), _l("Qui appelle, ce que ce jeton permet, votre fiche."))


class CabinetRef(Given):
    """A cabinet in short."""

    slug = schemas.string(_l("Son nom dans les adresses"))
    name = schemas.string(_l("Son nom"))


class Me(Given):
    """Who calls."""

    id = schemas.string()
    name = schemas.string(_l("Prénom et nom"))
    email = schemas.string(_l("Adresse e-mail"))
    phone = schemas.string(_l("Téléphone professionnel"), null=True)
    profile = schemas.string(_l("Code du profil"))
    profile_label = schemas.string(_l("Nom du profil"))
    single_keys = schemas.flag(_l("Raccourcis à une touche"))
    permissions = schemas.texts(_l("Droits de cet appel\u202f: ceux du titulaire que le jeton permet"))
    cabinet = schemas.one(CabinetRef)
    token_name = schemas.string(_l("Nom du jeton"))


class MePatch(Taken):
    """What one may change of one's own file."""

    phone = fields.Phone(allow_none=True, metadata={"label": _l("Téléphone professionnel")})
    single_keys = schemas.ask_flag(_l("Raccourcis à une touche"))


@ME.get("/me", _l("Lire qui appelle"), Me)
def show(call: Call) -> dict[str, Any]:
    """The token's owner."""
    user = call.session.get_one(User, call.adviser.user_id)
    cabinet = services.cabinet_of(call.session)
    return {
        "id": user.id, "name": user.display_name, "email": user.email, "phone": user.phone, "profile": user.role,
        "profile_label": profiles.labels(call.session).get(user.role, user.role), "single_keys": user.single_keys,
        "permissions": sorted(call.adviser.permissions), "cabinet": cabinet, "token_name": call.token,
    }  # fmt: skip


@ME.patch("/me", _l("Modifier sa fiche"), Me, takes=MePatch, scope="profile:write", same="me_show")
def change(call: Call) -> dict[str, Any]:
    """One's telephone, one's shortcuts."""
    if "phone" in call.taken:
        services.change_own_file(call.session, call.adviser.user_id, phone=call.taken["phone"])
    if "single_keys" in call.taken:
        services.set_single_keys(call.session, call.adviser.user_id, on=call.taken["single_keys"])
    return show(call)
