"""A consolidated situation as the API shows it: slices along an axis, each with the lines that make it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from core.rest import schemas
from core.rest.schemas import Asked
from core.rest.schemas import Given
from core.wealth.axes import AXES


class SituationQuery(Asked):
    """The day and the axis."""

    on = schemas.ask_day(_l("Date, à défaut ce jour"), past=True)
    by = schemas.ask_code(_l("Axe, à défaut classe"), AXES)


class HeldOut(Given):
    """A line: a support of an account, or what is not told of the account."""

    account_id = schemas.string(_l("Compte"))
    support_id = schemas.string(_l("Support, null pour ce que les lignes ne disent pas"), null=True)
    label = schemas.string(_l("Libellé"))
    value = schemas.money(_l("Part du titulaire"))
    as_of = schemas.day(_l("Date de la valeur"), null=False)
    source = schemas.string(_l("Qui l'a dit"))
    part = schemas.money(_l("Part du titulaire, proportion du tout"))


class SliceOut(Given):
    """A slice. «?»: ce que personne n'a renseigné; «-»: ce que les lignes ne disent pas."""

    code = schemas.string(_l("Code sur l'axe\u202f; ?\u202f: non renseigné, -\u202f: non détaillé"))
    label = schemas.string(_l("Libellé"))
    value = schemas.money(_l("Valorisation"))
    share = schemas.money(_l("Proportion du total, null s'il n'est pas positif"))
    lines = schemas.many(HeldOut, _l("D'où vient ce chiffre"))


class ApartOut(Given):
    """An account outside the total."""

    account_id = schemas.string(_l("Compte"))
    why = schemas.string(_l("Pourquoi"))


class SituationOut(Given):
    """The whole."""

    contact_id = schemas.string(_l("Personne, société ou foyer"))
    on = schemas.day(_l("Date"), null=False)
    by = schemas.string(_l("Axe"), codes=tuple(AXES))
    by_label = schemas.string(_l("Axe, en clair"))
    total = schemas.money(_l("Total, null si rien n'est connu"))
    currency = schemas.string(_l("ISO 4217"))
    oldest = schemas.day(_l("La plus ancienne des valeurs additionnées"))
    newest = schemas.day(_l("La plus récente"))
    slices = schemas.many(SliceOut, _l("Répartition"))
    apart = schemas.many(ApartOut, _l("Comptes hors total"))
