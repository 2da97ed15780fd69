"""The forms of relations: a tie to a contact, its end, a spouse or a child made on the way, a household's member (DO-02)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from typing import Any
from typing import ClassVar

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError
from marshmallow import validates_schema

from core.api import contacts
from core.api.forms import Form
from core.api.forms import fields
from core.api.forms import inputs

types = contacts.relation_types
_SHARED = ("ASSOCIE", "SOCIETE_DETENUE")
_PAST = _l("Exemple\u202f: 14/03/1998")


class Share(fields.Percent):
    """A part of a company: four decimals, so that a third is one."""

    parse = staticmethod(partial(inputs.percent, decimals=4))

    def shown(self, value: Decimal) -> str:
        return types.percent(value / 100).replace("\u00a0%", "")


def _share(**meta: Any) -> Share:
    usual = {"label": _l("Part détenue"), "inputmode": "decimal", "suffix": "%", "help": _l("Par exemple 33,3333."), **meta}
    return Share(load_default=None, metadata=usual)


def _by_role(*roles: str) -> dict[str, Any]:
    return {"when": ("role", roles)}


class ChangeForm(Form):
    """What is told of a relation besides who it ties. `role` decides which of these is asked for."""

    groups: ClassVar[Mapping[str, Any]] = {"who": _l("Lien"), "what": _l("Précisions")}

    role = fields.line("")
    since = fields.day(_l("Depuis le"), past=True, group="what", help=_PAST)
    until = fields.day(_l("Jusqu'au"), group="what", help=_l("Vide tant que la relation dure."))
    filiation = fields.choice(_l("Filiation"), types.FILIATIONS, group="what", **_by_role("PARENT", "ENFANT"))
    share = _share(group="what", **_by_role(*_SHARED, "BENEFICIAIRE_EFFECTIF", "SOCIETE_CONTROLEE"))
    right = fields.choice(_l("Droit"), types.RIGHTS, group="what", **_by_role(*_SHARED))
    function = fields.line(
        _l("Fonction"), group="what", help=_l("Gérant, président…"), **_by_role("DIRIGEANT", "SOCIETE_DIRIGEE")
    )
    counsel = fields.choice(_l("Conseil"), types.COUNSELS, group="what", **_by_role("CONSEIL", "CLIENT_CONSEIL"))
    note = fields.line(_l("Note"), 500, lines=True, group="what", wide=True)

    @validates_schema
    def _ordered(self, data: Mapping[str, Any], **_more: Any) -> None:
        if data.get("since") and data.get("until") and data["until"] <= data["since"]:
            wrong = gettext("La relation se termine avant d'avoir commencé\u202f: vérifiez les deux dates.")
            raise ValidationError(wrong, "until")


class RelationForm(ChangeForm):
    """«Ajouter une relation»: what another contact is to this one."""

    role = fields.choice(
        _l("Lien"), {}, missing=_l("Choisissez ce que l'autre contact est pour celui-ci."), late=True, group="who",
        help=_l("Ce que l'autre contact est pour celui-ci\u202f: le lien inverse paraît dans son dossier."),
    )  # fmt: skip
    other = fields.line(
        _l("Contact"), missing=_l("Saisissez le nom ou le code dossier du contact."), autocomplete="off", group="who",
        help=_l("Son nom ou son code dossier."),
    )  # fmt: skip
    matrimonial_regime = fields.choice(
        _l("Régime matrimonial"), contacts.choices.MATRIMONIAL_REGIMES, group="what", **_by_role("CONJOINT"),
        help=_l("Proposé ensuite pour les deux dossiers."),
    )  # fmt: skip
    pacs_regime = fields.choice(
        _l("Régime du Pacs"), contacts.choices.PACS_REGIMES, group="what", **_by_role("PARTENAIRE_PACS"),
        help=_l("Proposé ensuite pour les deux dossiers."),
    )  # fmt: skip


class EndForm(Form):
    """The end of a relation that was: it stays in the file, marked."""

    until = fields.day(_l("Terminée le"), missing=_l("Saisissez le jour de la fin."), help=_PAST)
    how = fields.choice(_l("Comment"), {}, missing=_l("Dites comment l'union s'est terminée."), late=True)


class PlainEndForm(Form):
    """The same of what is no union."""

    until = fields.day(_l("Terminée le"), missing=_l("Saisissez le jour de la fin."), help=_PAST)


class _RelativeForm(Form):
    """A person who is made on the way."""

    groups: ClassVar[Mapping[str, Any]] = {"identity": _l("Identité"), "tie": _l("Lien"), "home": _l("Foyer")}

    civility = fields.choice(_l("Civilité"), contacts.choices.CIVILITIES, group="identity")
    first_names = fields.line(_l("Prénoms"), missing=_l("Saisissez au moins un prénom."), group="identity", autocomplete="off")
    birth_name = fields.line(
        _l("Nom de naissance"), missing=_l("Saisissez le nom de naissance."), group="identity", autocomplete="off"
    )
    usage_name = fields.line(
        _l("Nom d'usage"), group="identity", autocomplete="off", help=_l("S'il diffère du nom de naissance.")
    )
    birth_date = fields.day(_l("Date de naissance"), past=True, group="identity", help=_PAST)
    joins = fields.flag(_l("Rejoint le foyer du contact, s'il en a un seul"), group="home", wide=True)
    same_home = fields.flag(_l("Habite à la même adresse"), group="home", wide=True)


class SpouseForm(_RelativeForm):
    """«Ajouter un conjoint»."""

    role = fields.choice(
        _l("Union"), {one: types.ROLE_LABELS[one] for one in types.UNIONS}, missing=_l("Choisissez l'union."), group="tie"
    )
    since = fields.day(_l("Depuis le"), past=True, group="tie", help=_PAST)
    matrimonial_regime = fields.choice(
        _l("Régime matrimonial"), contacts.choices.MATRIMONIAL_REGIMES, group="tie", **_by_role("CONJOINT")
    )
    pacs_regime = fields.choice(
        _l("Régime du Pacs"), contacts.choices.PACS_REGIMES, group="tie", **_by_role("PARTENAIRE_PACS")
    )


class ChildForm(_RelativeForm):
    """«Ajouter un enfant»."""

    filiation = fields.choice(_l("Filiation"), types.FILIATIONS, group="tie")
    both = fields.flag(_l("Enfant des deux membres du couple"), group="tie", wide=True)


class MemberForm(Form):
    """A person who joins a household."""

    other = fields.line(
        _l("Contact"), missing=_l("Saisissez le nom ou le code dossier du contact."), autocomplete="off",
        help=_l("Son nom ou son code dossier."),
    )  # fmt: skip
    tax_attached = fields.flag(_l("Rattaché au foyer fiscal"), wide=True)
