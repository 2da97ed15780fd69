"""What a cabinet defines for its contacts, as its pages ask for it: fields, categories, labels (CT-03)."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError
from marshmallow import validates_schema

from core.api import contacts
from core.api.forms import Form
from core.api.forms import fields
from core.api.web import db_session

custom, categories, labels = contacts.custom, contacts.categories, contacts.labels


class FieldForm(Form):
    """A field of the cabinet's."""

    label = fields.line(_l("Nom du champ"), custom.LABEL, missing=_l("Saisissez le nom du champ."), wide=True)
    kind = fields.choice(_l("Sorte"), custom.KINDS, missing=_l("Choisissez une sorte de champ."))
    subject = fields.choice(_l("Concerne"), custom.SUBJECTS, missing=_l("Choisissez qui ce champ concerne."))
    options = fields.line(
        _l("Choix proposés"), custom.MOST_OPTIONS * (custom.OPTION + 1), lines=True, wide=True, when=("kind", custom.LISTED),
        help=_l("Un par ligne, dans l'ordre de la liste. Un choix retiré reste dans les dossiers qui le portent."),
    )  # fmt: skip
    help = fields.line(_l("Aide"), custom.HELP, wide=True, help=_l("Une phrase, sous le champ."))
    required = fields.flag(_l("Obligatoire\u202f: un dossier ne s'enregistre pas sans lui"), wide=True)

    @validates_schema(skip_on_field_errors=False)
    def _listed(self, data: Mapping[str, Any], **_more: Any) -> None:
        if data.get("kind") in custom.LISTED and not lines_of(data.get("options")):
            raise ValidationError(str(_l("Donnez au moins un choix, un par ligne.")), "options")


class CategoryForm(Form):
    """A category, or a sub-category."""

    name = fields.line(_l("Nom de la catégorie"), categories.NAME, missing=_l("Saisissez le nom de la catégorie."), wide=True)
    parent_id = fields.choice(
        _l("Sous-catégorie de"), {}, late=True, help=_l("Laissez vide pour une catégorie du premier niveau.")
    )
    is_default = fields.flag(_l("Catégorie des nouveaux contacts"), wide=True)


class LabelForm(Form):
    """A label."""

    name = fields.line(_l("Nom de l'étiquette"), labels.NAME, missing=_l("Saisissez le nom de l'étiquette."), wide=True)
    color = fields.choice(_l("Couleur"), labels.COLORS, missing=_l("Choisissez une couleur."), kind="radio", wide=True)


def lines_of(text: str | None) -> list[str]:
    """The lines of a text that say something."""
    return [line.strip() for line in (text or "").split("\n") if line.strip()]


@dataclass(frozen=True, slots=True)
class Line:
    """One of a list's, as its page shows it. `notes`: what it is; `color`: of a label; `under`: it is a sub-category."""

    id: str
    name: str
    notes: tuple[str, ...]
    archived: bool
    used: int
    color: str | None = None
    under: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """One of the three lists: its words, its form, what reads and writes it. `one`: «la catégorie»."""

    title: Any
    about: Any
    new: Any
    one: Any
    shelf: contacts.shelves.Shelf
    form: type[Form]
    usual: Mapping[str, Any]
    lines: Callable[[], Sequence[Line]]
    add: Callable[..., str]
    change: Callable[..., bool]
    values: Callable[[str], dict[str, Any]]
    merge: Callable[..., list[str]] | None = None


def _fields() -> list[Line]:
    return [
        Line(
            one.id, one.label,
            (one.kind_label, one.subject_label, *([_("Obligatoire")] if one.required else [])), one.archived, one.used,
        )
        for one in custom.every(db_session(), archived=True, counted=True)
    ]  # fmt: skip


def _field_values(defined_id: str) -> dict[str, Any]:
    one = custom.get(db_session(), defined_id)
    options = "\n".join(option.label for option in one.options if not option.archived)
    return {
        "label": one.label, "kind": one.kind, "subject": one.subject, "help": one.help, "required": one.required,
        "options": options or None,
    }  # fmt: skip


def _categories() -> list[Line]:
    return [
        Line(
            one.id, one.name, (_("Sous-catégorie de %(name)s", name=one.parent),) if one.parent else
            ((_("Nouveaux contacts"),) if one.is_default else ()), one.archived, one.used, under=one.parent is not None,
        )
        for one in categories.tree(db_session(), archived=True, counted=True)
    ]  # fmt: skip


def _category_values(defined_id: str) -> dict[str, Any]:
    one = categories.get(db_session(), defined_id)
    return {"name": one.name, "parent_id": one.parent_id, "is_default": one.is_default}


def _labels() -> list[Line]:
    return [
        Line(one.id, one.name, (str(one.color_label),), one.archived, one.used, one.color)
        for one in labels.every(db_session(), archived=True, counted=True)
    ]


def _label_values(defined_id: str) -> dict[str, Any]:
    one = labels.get(db_session(), defined_id)
    return {"name": one.name, "color": one.color}


PLACES: dict[str, Place] = {
    "champs": Place(
        _l("Champs du cabinet"), _l("Ce que votre cabinet veut savoir de ses contacts, en plus des champs de tous les dossiers."),
        _l("Ajouter un champ"), _l("Ce champ"), contacts.shelves.FIELDS, FieldForm, {"subject": "BOTH"}, _fields, custom.add,
        custom.change, _field_values,
    ),
    "categories": Place(
        _l("Catégories"), _l("Chaque contact en a une au plus. Deux niveaux\u202f: catégorie et sous-catégorie."),
        _l("Ajouter une catégorie"), _l("Cette catégorie"), contacts.shelves.CATEGORIES, CategoryForm, {}, _categories,
        categories.add, categories.change, _category_values, categories.merge,
    ),
    "etiquettes": Place(
        _l("Étiquettes"), _l("Un contact peut en porter plusieurs. Leur nom est toujours écrit à côté de leur couleur."),
        _l("Ajouter une étiquette"), _l("Cette étiquette"), contacts.shelves.LABELS, LabelForm, {"color": "neutral"}, _labels,
        labels.add, labels.change, _label_values, labels.merge,
    ),
}  # fmt: skip
