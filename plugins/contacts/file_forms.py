"""The forms of a contact's file with what the cabinet defines: its own fields, categories, labels, who follows (CT-03, DO-01)."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError
from marshmallow import fields as plain

from core.api import contacts
from core.api import forms
from core.api.formats import grouped
from core.api.forms import Form
from core.api.forms import fields
from core.api.web import db_session
from plugins.contacts import schemas

TEAM = ("principal", "secondaries", "assistants")
#: Names of a file's form that are no column of the contact's.
BESIDE = ("category", "labels", *TEAM)
_MISSING = _l("Renseignez ce champ\u202f: il est obligatoire dans votre cabinet.")


class Whole(fields.Parsed):
    """A whole number, as a person writes it: 1 250."""

    @staticmethod
    def parse(value: str) -> int:
        return int(forms.inputs.amount(value, decimals=0))

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        try:
            return self.parse(fields.Text._deserialize(self, value, attr, data, **kwargs))
        except ValueError as error:
            raise ValidationError(str(_l("Écrivez un nombre entier, par exemple 1 250."))) from error

    def shown(self, value: int) -> str:
        return grouped(value)


def boxes(label: Any, options: Mapping[str, Any], **meta: Any) -> plain.List[str]:
    """Several boxes under one name, none of which has to be ticked."""

    def known(value: list[str]) -> None:
        if any(one not in options for one in value):
            raise ValidationError(str(_l("Choisissez des valeurs de la liste.")))

    shown = {"label": label, "kind": "checks", "options": options, **meta}
    return plain.List(fields.Text(), load_default=list, validate=known, metadata=shown)


def of_card(card: contacts.ContactCard, dossier: contacts.dossier.Dossier) -> Form:
    """The form that edits a file."""
    base = schemas.OF_KIND[card.line.kind]
    people = {one.user_id: one.name for one in contacts.advisers(db_session())}
    people |= {one.user_id: one.name for one in card.line.followers}
    worn = {one.id for one in dossier.labels}
    every = contacts.labels.every(db_session(), archived=True)
    labels = {one.id: one.name for one in every if not one.archived or one.id in worn}
    categories = contacts.categories.choices(db_session(), card.category_id)
    made: dict[str, Any] = {
        "principal": fields.choice(
            _l("Conseiller principal"), people, missing=_l("Choisissez le conseiller qui suit ce contact."), group="care"
        ),
        "secondaries": boxes(_l("Conseillers secondaires"), people, group="care", wide=True),
        "assistants": boxes(_l("Assistants"), people, group="care", wide=True),
    }  # fmt: skip
    if categories:
        made["category"] = fields.choice(_l("Catégorie"), categories, group="file")
    if labels:
        made["labels"] = boxes(_l("Étiquettes"), labels, group="file", wide=True)
    asked = [one for one in dossier.answers if not one.field.archived and one.field.concerns(card.line.kind)]
    made |= {contacts.custom_values.at(one.field.code): _custom(one.field, one.value) for one in asked}
    return _made(base, made)


def of_new() -> Form:
    """The form that adds a contact, with the cabinet's fields of persons and of companies."""
    made: dict[str, Any] = {}
    for one in contacts.custom.every(db_session()):
        kinds = [kind for kind in (schemas.PERSON, schemas.COMPANY) if one.concerns(kind)]
        made[contacts.custom_values.at(one.code)] = _custom(one, None, when=("kind", tuple(kinds)))
    return _made(schemas.NewForm, made)


def values(card: contacts.ContactCard, dossier: contacts.dossier.Dossier) -> dict[str, Any]:
    """What the form of a file shows besides the contact's own columns."""
    team = contacts.team.of(db_session(), card.id)
    found: dict[str, Any] = {
        "category": card.category_id, "labels": [one.id for one in dossier.labels],
        # one is principal: of several that older versions allowed, the others are proposed as seconds
        "principal": next(iter(team["PRINCIPAL"]), None), "secondaries": [*team["PRINCIPAL"][1:], *team["SECONDAIRE"]],
        "assistants": list(team["ASSISTANT"]),
    }  # fmt: skip
    return {**found, **{contacts.custom_values.at(one.field.code): _typed(one.value) for one in dossier.answers}}


def answers(given: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """What a form says of the cabinet's fields, by their codes."""
    head = contacts.custom_values.at("")
    return {name.removeprefix(head): given.get(name) for name in names if name.startswith(head)}


def _made(base: type[Form], own: Mapping[str, Any]) -> Form:
    if not own:
        return base()
    found: type[Form] = type(base.__name__, (base,), {"__doc__": base.__doc__, **own})
    return found()


def _typed(value: Any) -> Any:
    if isinstance(value, bool):
        return "OUI" if value else "NON"
    return list(value) if isinstance(value, tuple) else value


def _custom(one: contacts.custom.Field, value: Any, **more: Any) -> Any:
    meta: dict[str, Any] = {"group": "custom", **more, **({"help": one.help} if one.help else {})}
    missing = _MISSING if one.required else None
    if one.kind == "TEXT":
        return fields.line(one.label, contacts.custom_values.LENGTHS["TEXT"], missing=missing, **meta)
    if one.kind == "LONG_TEXT":
        most = contacts.custom_values.LENGTHS["LONG_TEXT"]
        return fields.line(one.label, most, missing=missing, lines=True, wide=True, **meta)
    if one.kind == "AMOUNT":
        return fields.amount(one.label, missing=missing, **meta)
    if one.kind == "DATE":
        return fields.day(one.label, missing=missing, **meta)
    if one.kind == "YES_NO":
        return fields.choice(one.label, contacts.choices.YES_NO, missing=missing, **meta)
    if one.kind == "WHOLE":
        shown = {"label": one.label, "inputmode": "numeric", **meta}
        if one.required:
            return Whole(required=True, error_messages={"required": _MISSING}, metadata={**shown, "required": True})
        return Whole(load_default=None, metadata=shown)
    options = _options(one, value if isinstance(value, tuple) else (value,))
    if one.kind == "CHOICE":
        return fields.choice(one.label, options, missing=missing, **meta)
    if one.required:
        return fields.several(one.label, options, missing=_MISSING, wide=True, **meta)
    return boxes(one.label, options, wide=True, **meta)


def _options(one: contacts.custom.Field, kept: Sequence[Any]) -> dict[str, str]:
    """Those that may be chosen, and the archived one that the file holds."""
    return {option.code: option.label for option in one.options if not option.archived or option.code in kept}
