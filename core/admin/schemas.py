"""The forms of «Cabinet»: what may be typed of the firm, its people, its profiles and its agencies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import fields as plain

from core.cabinets.permissions import DESCRIBED
from core.cabinets.permissions import supposed
from core.web import fields
from core.web.fields import Text
from core.web.forms import Form

#: How wide a right on clients' files is: code of the form → what follows the right's name.
WIDTHS: dict[str, Any] = {
    "non": _l("Non"), "suivis": _l("Ceux que l'on suit"), "agence": _l("Ceux de son agence"),
    "cabinet": _l("Tous ceux du cabinet"),
}  # fmt: skip


def _several(label: Any, **meta: Any) -> plain.List[str]:
    """Boxes, of which none may be ticked; `offer` gives them."""
    return plain.List(Text(), load_default=list, metadata={"label": label, "kind": "checks", "options": {}, "wide": True, **meta})


def _name() -> Text:
    return fields.line(_l("Prénom et nom"), 120, missing=_l("Saisissez le prénom et le nom."), autocomplete="off")


def _role() -> Text:
    return fields.choice(_l("Profil"), {}, missing=_l("Choisissez le profil."), late=True)


class CabinetForm(Form):
    """«Nom et coordonnées»."""

    name = fields.line(
        _l("Nom du cabinet"), 120, missing=_l("Saisissez le nom du cabinet."), wide=True, autocomplete="organization"
    )
    siren = fields.siren(_l("SIREN"), help=_l("Neuf chiffres."))
    orias = fields.matching(
        _l("Numéro ORIAS"), r"[0-9]{2} ?[0-9]{3} ?[0-9]{3}\Z",
        _l("Le numéro ORIAS compte 8 chiffres, par exemple 07\u202f000\u202f123."),
        help=_l("Huit chiffres, tels que le registre les donne."), inputmode="numeric",
    )  # fmt: skip
    address = fields.line(_l("Adresse"), 300, wide=True, autocomplete="street-address", help=_l("Voie, code postal et ville."))


class PersonForm(Form):
    """A person of the cabinet."""

    name = _name()
    role = _role()
    agencies = _several(_l("Agences"))


class NewPersonForm(Form):
    """Somebody who comes: the password is his own to choose."""

    name = _name()
    email = fields.email(
        _l("Adresse e-mail"), missing=_l("Saisissez l'adresse e-mail."), autocomplete="off",
        help=_l("Elle sert à se connecter et reçoit l'invitation."),
    )  # fmt: skip
    role = _role()
    agencies = _several(_l("Agences"))


class AgencyForm(Form):
    """An agency and its people."""

    name = fields.line(_l("Nom de l'agence"), 120, missing=_l("Saisissez le nom de l'agence."), wide=True, autocomplete="off")
    members = _several(_l("Membres"))


def _wide(right: str) -> Text:
    """How wide a right is; what it needs is said beside it."""
    said = " et ".join(supposed(right))
    more = {"help": f"Suppose\u202f: {said}, au moins aussi largement."} if said else {}
    return fields.choice(DESCRIBED[right], WIDTHS, kind="radio", empty="non", wide=True, group="clients", **more)


class ProfileForm(Form):
    """A profile of the cabinet's own."""

    groups = {"nom": _l("Profil"), "clients": _l("Dossiers des clients"), "cabinet": _l("Cabinet")}

    label = fields.line(_l("Nom du profil"), 60, missing=_l("Saisissez le nom du profil."), autocomplete="off", group="nom")
    contacts_view = _wide("contacts.view")
    contacts_edit = _wide("contacts.edit")
    contacts_merge = _wide("contacts.merge")
    accounts_view = _wide("accounts.view")
    accounts_edit = _wide("accounts.edit")
    transactions_view = _wide("transactions.view")
    transactions_initiate = _wide("transactions.initiate")
    documents_view = _wide("documents.view")
    documents_edit = _wide("documents.edit")
    partners_manage = fields.flag(_l("Gérer les partenaires et les mandats"), group="cabinet")
    vigilance_validate = fields.flag(
        _l("Valider les vigilances renforcées"), group="cabinet",
        help=_l("Valider, en seconde personne, une vigilance renforcée (LCB-FT)\u202f; importer les listes de pays."),
    )  # fmt: skip
    vigilance_suspicion = fields.flag(
        _l("Lire et écrire les notes de soupçon"), group="cabinet",
        help=_l("Confidentielles par la loi\u202f: à réserver au responsable et au correspondant Tracfin."),
    )  # fmt: skip
    administration = fields.flag(
        _l("Administrer le cabinet"), group="cabinet",
        help=_l("Utilisateurs, profils, agences, sécurité et journal\u202f: qui administre peut se donner tous les droits."),
    )  # fmt: skip


def offer(schema: Form, **options: Mapping[str, Any]) -> Form:
    """The schema with choices that are a cabinet's own; `asked` checks what was chosen among them."""
    for name, found in options.items():
        one = schema.fields[name]
        one.metadata = {**one.metadata, "options": found}  # the bound copy shares its metadata with the class
    return schema


def astray(schema: Form, values: Mapping[str, Any]) -> dict[str, str]:
    """What was chosen that the cabinet does not have, by field."""
    found: dict[str, str] = {}
    for name in ("role", "agencies", "members"):
        if name in schema.fields and name in values:
            known = schema.fields[name].metadata["options"]
            chosen = values[name] if isinstance(values[name], list) else [values[name]]
            if any(one not in known for one in chosen):
                found[name] = _("Choisissez dans la liste\u202f: elle a peut-être changé entre-temps.")
    return found
