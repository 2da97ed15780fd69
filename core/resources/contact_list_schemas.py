"""What a cabinet defines for its contacts, as the API shows and takes it (CT-03)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from core.contacts import categories
from core.contacts import custom
from core.contacts import labels
from core.rest import schemas
from core.rest.schemas import Given
from core.rest.schemas import Taken

_ARCHIVED = _l("N'est plus proposé\u202f; ce qu'il dit reste dans les dossiers")
_USED = _l("Dossiers qui le portent")


class OptionOut(Given):
    """A choice of a list."""

    code = schemas.string()
    label = schemas.string()
    archived = schemas.flag()


class FieldOut(Given):
    """A field of the cabinet's."""

    id = schemas.string()
    code = schemas.string(_l("Sa clé dans custom"))
    label = schemas.string(_l("Nom"))
    kind = schemas.string(_l("Sorte"), codes=custom.KINDS)
    subject = schemas.string(_l("Concerne"), codes=custom.SUBJECTS)
    help = schemas.string(_l("Aide"), null=True)
    required = schemas.flag(_l("Obligatoire"))
    options = schemas.many(OptionOut, _l("Choix proposés"))
    archived = schemas.flag(_ARCHIVED)
    used = schemas.whole(_USED)


class FieldPatch(Taken):
    """What changes of a field. Its kind stays once it is filled in a file."""

    label = schemas.ask_text(_l("Nom"), custom.LABEL)
    kind = schemas.ask_code(_l("Sorte"), custom.KINDS)
    subject = schemas.ask_code(_l("Concerne"), custom.SUBJECTS)
    help = schemas.ask_text(_l("Aide"), custom.HELP, null=True)
    required = schemas.ask_flag(_l("Obligatoire"))
    options = schemas.ask_texts(_l("Choix proposés, dans leur ordre"), most=custom.MOST_OPTIONS)
    archived = schemas.ask_flag(_ARCHIVED)


class FieldNew(Taken):
    """A field to create."""

    label = schemas.ask_text(_l("Nom"), custom.LABEL, missing=_l("Saisissez le nom du champ."))
    kind = schemas.ask_code(_l("Sorte"), custom.KINDS, missing=_l("Choisissez une sorte de champ."))
    subject = schemas.ask_code(_l("Concerne"), custom.SUBJECTS)
    help = schemas.ask_text(_l("Aide"), custom.HELP, null=True)
    required = schemas.ask_flag(_l("Obligatoire"))
    options = schemas.ask_texts(_l("Choix proposés, dans leur ordre"), most=custom.MOST_OPTIONS)


class CategoryOut(Given):
    """A category, or a sub-category of one."""

    id = schemas.string()
    name = schemas.string(_l("Nom"))
    parent_id = schemas.string(_l("Sous-catégorie de"), null=True)
    path = schemas.string(_l("Nom complet\u202f: «\u202fParticuliers › Retraités\u202f»"))
    is_default = schemas.flag(_l("Celle des nouveaux contacts"))
    archived = schemas.flag(_ARCHIVED)
    used = schemas.whole(_USED)


class CategoryPatch(Taken):
    """What changes of a category."""

    name = schemas.ask_text(_l("Nom"), categories.NAME)
    parent_id = schemas.ask_text(_l("Id de la catégorie dont elle dépend"), null=True)
    is_default = schemas.ask_flag(_l("Celle des nouveaux contacts"))
    archived = schemas.ask_flag(_ARCHIVED)


class CategoryNew(Taken):
    """A category to create."""

    name = schemas.ask_text(_l("Nom"), categories.NAME, missing=_l("Saisissez le nom de la catégorie."))
    parent_id = schemas.ask_text(_l("Id de la catégorie dont elle dépend"), null=True)
    is_default = schemas.ask_flag(_l("Celle des nouveaux contacts"))


class LabelOut(Given):
    """A label."""

    id = schemas.string()
    name = schemas.string(_l("Nom"))
    color = schemas.string(_l("Couleur"), codes=labels.COLORS)
    archived = schemas.flag(_ARCHIVED)
    used = schemas.whole(_USED)


class LabelPatch(Taken):
    """What changes of a label."""

    name = schemas.ask_text(_l("Nom"), labels.NAME)
    color = schemas.ask_code(_l("Couleur"), labels.COLORS)
    archived = schemas.ask_flag(_ARCHIVED)


class LabelNew(Taken):
    """A label to create."""

    name = schemas.ask_text(_l("Nom"), labels.NAME, missing=_l("Saisissez le nom de l'étiquette."))
    color = schemas.ask_code(_l("Couleur"), labels.COLORS)


class Order(Taken):
    """A new order: those named take each other's places."""

    ids = schemas.ask_texts(_l("Les ids, dans leur nouvel ordre"), missing=_l("Donnez l'ordre voulu."))


class Ordered(Given):
    """The order that holds."""

    ids = schemas.texts()


class Merge(Taken):
    """Which one stays."""

    into = schemas.ask_text(_l("Id de celle qui reste"), missing=_l("Choisissez celle qui reste."))


class Merged(Given):
    """How many contacts went over."""

    changed = schemas.whole(_l("Contacts passés à celle qui reste"))
