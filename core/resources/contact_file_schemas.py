"""More of a contact's file as the API shows and takes it (CT-03, DO-01)."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import fields as plain

from core.contacts import archive
from core.contacts import labels
from core.contacts import numbers
from core.rest import schemas
from core.rest.schemas import Given
from core.rest.schemas import Taken

_SOME = _l("Nommez au moins un contact.")


class WornLabelOut(Given):
    """A label that a contact bears."""

    id = schemas.string()
    name = schemas.string()
    color = schemas.string(codes=labels.COLORS)


class NumberOut(Given):
    """The number by which a company or a partner knows the contact."""

    id = schemas.string()
    company = schemas.string(_l("Compagnie ou partenaire"))
    number = schemas.string(_l("Numéro client"))


class NumbersOut(Given):
    """All of a contact's."""

    items = schemas.many(NumberOut)


class NumberNew(Taken):
    """A client number to add."""

    company = schemas.ask_text(_l("Compagnie ou partenaire"), numbers.COMPANY, missing=_l("Saisissez le nom de la compagnie."))
    number = schemas.ask_text(_l("Numéro client"), numbers.NUMBER, missing=_l("Saisissez le numéro."))


class MissingOut(Given):
    """Something that is not known yet."""

    key = schemas.string()
    label = schemas.string()
    why = schemas.string(_l("Pourquoi le cabinet doit le savoir"))
    field = schemas.string(_l("Le champ qui le reçoit, ou la sorte de coordonnée"))


class CompletenessOut(Given):
    """How complete a file is."""

    percent = schemas.whole()
    known = schemas.whole()
    asked = schemas.whole()
    missing = schemas.many(MissingOut)


class LifeOut(Given):
    """What follows from a death."""

    deceased = schemas.flag()
    mark = schemas.string(_l("«\u202fDécédée le 12/03/2024\u202f»"), null=True)
    solicited = schemas.flag(_l("Peut être sollicité, selon l'accord donné par canal"))
    celebrated = schemas.flag(_l("A un âge et un anniversaire"))


class Archive(Taken):
    """Why a file is put away."""

    reason = schemas.ask_text(_l("Raison"), archive.REASON, null=True)


class Categorise(Taken):
    """Contacts that go to another category."""

    ids = schemas.ask_texts(_l("Les ids des contacts"), missing=_SOME)
    category_id = schemas.ask_text(
        _l("Id de la catégorie\u202f; null pour aucune"), null=True, missing=_l("Choisissez une catégorie.")
    )


class Labelling(Taken):
    """Labels that contacts get, and lose."""

    ids = schemas.ask_texts(_l("Les ids des contacts"), missing=_SOME)
    add = schemas.ask_texts(_l("Ids des étiquettes à ajouter"))
    remove = schemas.ask_texts(_l("Ids des étiquettes à retirer"))


def custom(label: str, *, given: bool) -> plain.Dict:
    """What the cabinet's own fields say, by their codes."""
    words: Any = {} if given else {"error_messages": {"invalid": _l("Un objet est attendu.")}}
    return plain.Dict(keys=plain.String(), metadata={"label": label}, **words)
