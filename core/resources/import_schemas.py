"""Imports as the API shows and takes them."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from marshmallow import fields as plain
from marshmallow import validate

from core.imports import files
from core.imports import services
from core.imports import states
from core.rest import schemas
from core.rest.schemas import Asked
from core.rest.schemas import Given
from core.rest.schemas import Taken

#: «part»: the line belongs to what another one creates or updates.
ACTIONS = (*states.DONE, "part")


class ColumnOut(Given):
    """A column of the file."""

    head = schemas.string(_l("Son titre"))
    field = schemas.string(_l("Le champ qu'elle remplit"), null=True)


class CountsOut(Given):
    """Lines by what they do, or did."""

    create = schemas.whole()
    update = schemas.whole()
    skip = schemas.whole()
    error = schemas.whole()


class ImportOut(Given):
    """An import. `counts`: foreseen until it is begun, then done."""

    id = schemas.string()
    target = schemas.string()
    source = schemas.string(_l("Nom de la source"))
    filename = schemas.string()
    state = schemas.string(codes=states.LABELS)
    lines = schemas.whole(_l("Lignes du fichier"))
    position = schemas.whole(_l("Lignes traitées"))
    columns = schemas.many(ColumnOut)
    counts = schemas.one(CountsOut)
    known = schemas.string(_l("Quand la fiche existe déjà"), codes=services.CHOICES["known"])
    near = schemas.string(_l("Quand une fiche ressemble"), codes=services.CHOICES["near"])
    fill = schemas.string(_l("Pour compléter"), codes=services.CHOICES["fill"])
    ticks = schemas.texts(_l("Les cases cochées"))
    trouble = schemas.string(_l("Ce qui a interrompu l'import"))
    kept = schemas.whole(_l("Lignes gardées malgré l'annulation"))
    created_at = schemas.moment(null=False)
    ended_at = schemas.moment()


class ValueOut(Given):
    """A value as it will be, or as it was read."""

    label = schemas.string()
    text = schemas.string()


class PreviewLineOut(Given):
    """A line of the preview."""

    number = schemas.whole(_l("Numéro de ligne, titres compris"))
    action = schemas.string(codes=ACTIONS)
    name = schemas.string()
    why = schemas.string(_l("Motif"))
    ref = schemas.string(_l("La fiche déjà présente"), null=True)
    read = schemas.many(ValueOut, _l("La fiche telle qu'elle sera, ou les valeurs lues"))


class PreviewOut(Given):
    """What the import would do."""

    state = schemas.string(codes=states.LABELS)
    counts = schemas.one(CountsOut)
    lines = schemas.many(PreviewLineOut, _l("Les premières lignes de chaque sorte"))


class DoneLineOut(Given):
    """What a line did."""

    number = schemas.whole(_l("Numéro de ligne, titres compris"))
    action = schemas.string(codes=ACTIONS)
    ref = schemas.string(_l("La fiche créée ou complétée"), null=True)
    why = schemas.string(_l("Motif"), source="told")
    undone = schemas.flag(_l("Reprise par l'annulation"))


class LinesQuery(Asked):
    """Which lines."""

    action = schemas.ask_code(_l("Ce qu'elles ont fait"), ACTIONS)


class ImportNew(Taken):
    """A file, as a form of parts."""

    file = schemas.ask_file(_l("Fichier CSV, XLSX ou vCard"), files.RULE, missing=_l("Joignez le fichier à importer."))
    target = schemas.ask_text(_l("Ce que sont les lignes, par exemple contacts"), 60, missing=_l("Indiquez le type d'import."))


class ColumnTaken(Taken):
    """Which column fills which field."""

    head = schemas.ask_text(_l("Titre de la colonne"), 100, missing=_l("Indiquez le titre de la colonne."))
    field = schemas.ask_text(_l("Champ"), 60, missing=_l("Indiquez le champ."))


class ConstantTaken(Taken):
    """A value for all lines that do not tell it."""

    field = schemas.ask_text(_l("Champ"), 60, missing=_l("Indiquez le champ."))
    value = schemas.ask_text(_l("Valeur"), 200, missing=_l("Indiquez la valeur."))


class MappingTaken(Taken):
    """How the file is read and what becomes of what is there already."""

    columns = plain.List(
        plain.Nested(ColumnTaken), required=True, validate=validate.Length(max=200, error=_l("{max} éléments au plus.")),
        metadata={"label": _l("Les colonnes à importer")}, error_messages={"required": _l("Associez au moins une colonne.")},
    )  # fmt: skip
    known = schemas.ask_code(_l("Quand la fiche existe déjà"), services.CHOICES["known"])
    near = schemas.ask_code(_l("Quand une fiche ressemble"), services.CHOICES["near"])
    fill = schemas.ask_code(_l("Pour compléter"), services.CHOICES["fill"])
    ticks = schemas.ask_texts(_l("Les cases à cocher, par leur nom"), most=20)
    constants = plain.List(
        plain.Nested(ConstantTaken), validate=validate.Length(max=20, error=_l("{max} éléments au plus.")),
        metadata={"label": _l("Ce que valent des champs dans toutes les lignes qui n'en disent rien")},
    )  # fmt: skip
    owner = schemas.ask_text(_l("Conseiller des lignes qui n'en nomment pas"), 26)
    source = schemas.ask_text(_l("Nom de la source"), 80)
