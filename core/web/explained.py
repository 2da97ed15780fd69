"""What is wrong with what was typed, in French: what, why, what to do (ux.md §3.2, rule 13).

`inputs.Unread` says which rule a text breaks; here it becomes a sentence for the person who typed it.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from babel.dates import get_month_names
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from core.web import formats
from core.web.inputs import YEARS
from core.web.inputs import Unread

_PHONE = _l("Écrivez un numéro de téléphone, par exemple 06 12 34 56 78 ou +32 470 12 34 56.")
_EMAIL = _l("Écrivez une adresse e-mail, par exemple prenom.nom@exemple.fr.")


def said(error: ValueError) -> str | None:
    """The sentence; None for what has none of its own."""
    if not isinstance(error, Unread) or error.why not in _SAID:
        return None
    one = _SAID[error.why]
    return str(one(**error.found) if callable(one) else one)


def _number(*, number: int, month: int, year: int, last: int) -> str:
    if (number, month) == (29, 2):
        return str(_("Le 29 février n'existe pas en %(year)s, qui n'est pas bissextile\u202f: février finit le 28.", year=year))
    name = get_month_names("wide", locale=get_locale() or "fr")[month]
    told = _("Le %(number)s %(month)s n'existe pas\u202f: %(month)s %(year)s finit le %(last)s.", number=number, month=name,
             year=year, last=last)  # fmt: skip
    return str(told)


def _month(*, number: int, month: int, year: int) -> str:
    if 1 <= number <= 12 and 13 <= month <= 31:
        day = f"{month:02d}/{number:02d}/{year:04d}"
        return str(_("Le mois %(month)s n'existe pas\u202f: écrivez le jour avant le mois, ici %(day)s.", month=month, day=day))
    written = f"{month:02d}"
    return str(_("Le mois %(month)s n'existe pas\u202f: il va de 01 à 12. Écrivez la date au format JJ/MM/AAAA.", month=written))


def _century(*, number: int, month: int, year: int) -> str:
    first, second = (f"{number:02d}/{month:02d}/{century + year}" for century in (1900, 2000))
    return str(_("Écrivez l'année en quatre chiffres\u202f: %(first)s ou %(second)s.", first=first, second=second))


def _year(*, year: int) -> str:
    if year < YEARS[0]:
        old = f"{year:04d}"
        return str(_("L'année %(year)s est trop ancienne\u202f: la première acceptée est %(first)s.", year=old, first=YEARS[0]))
    return str(_("L'année %(year)s est trop lointaine\u202f: écrivez une date jusqu'en %(last)s.", year=year, last=YEARS[1]))


def _decimals(*, value: Decimal, has: int, most: int) -> str:
    told = _("Un montant a %(most)s décimales au plus\u202f: celui-ci en a %(has)s.", most=most, has=has)
    if has == 3 and abs(value) < 1000:  # 12,345: thousands, or thousandths?
        figure = formats.number(value * 1000, 0)
        return str(_("%(told)s S'il s'agit de milliers, écrivez %(figure)s.", told=told, figure=figure))
    return str(_("%(told)s Arrondissez-le, par exemple %(figure)s.", told=told, figure=formats.number(value, most)))


def _thousands(*, mark: str, value: Decimal) -> str:
    figure = formats.number(value, 2 if value % 1 else 0)
    told = _("Les milliers ne se séparent pas par «\u202f%(mark)s\u202f»\u202f: écrivez %(figure)s, avec des espaces.",
             mark=mark, figure=figure)  # fmt: skip
    return str(told)


def _bounds(*, value: Decimal, most: int) -> str:
    if value < 0:
        return str(_("Un pourcentage n'est pas négatif\u202f: écrivez un nombre de 0 à %(most)s.", most=most))
    return str(_("Ce pourcentage dépasse %(most)s\u202f: écrivez un nombre de 0 à %(most)s, par exemple 12,5.", most=most))


def _iban_length(*, country: str, has: int, wants: int) -> str:
    few, many = wants - has, has - wants
    told = ngettext("il manque %(num)s caractère", "il manque %(num)s caractères", few) if few > 0 else ""
    told = told or ngettext("il y a %(num)s caractère de trop", "il y a %(num)s caractères de trop", many)
    said = _("Un IBAN %(country)s compte %(wants)s caractères, celui-ci %(has)s\u202f: %(told)s. Vérifiez la saisie.",
             country=country, wants=wants, has=has, told=told)  # fmt: skip
    return str(said)


def _with(text: Any) -> Callable[..., str]:
    return lambda **found: str(text) % found


#: Why → the sentence, or what makes it of the particulars.
_SAID: Mapping[str, Any] = {
    "day": _l("Écrivez la date au format JJ/MM/AAAA."), "day.number": _number, "day.month": _month,
    "day.century": _century, "day.year": _year,
    "hour": _l("Écrivez l'heure au format HH:MM, par exemple 14:30."),
    "hour.hours": _with(_l("%(hours)s heures n'existent pas\u202f: l'heure va de 00 à 23. Minuit s'écrit 00:00.")),
    "hour.minutes": _with(_l("%(minutes)s minutes n'existent pas\u202f: les minutes vont de 00 à 59.")),
    "amount": _l("Écrivez un montant, par exemple 1 234,56."), "amount.decimals": _decimals, "amount.thousands": _thousands,
    "amount.currency": _with(_l("Ce montant est en euros\u202f: retirez «\u202f%(sign)s\u202f», convertissez-le s'il le faut.")),
    "amount.large": _l("Ce montant est trop grand\u202f: treize chiffres au plus avant la virgule. Vérifiez la saisie."),
    "percent": _l("Écrivez un pourcentage, par exemple 12,5."), "percent.bounds": _bounds,
    "percent.decimals": _with(_l("Un pourcentage a %(most)s décimales au plus\u202f: arrondissez-le.")),
    "email": _EMAIL,
    "email.at": _l("Il manque «\u202f@\u202f» dans cette adresse e-mail\u202f: elle s'écrit prenom.nom@exemple.fr."),
    "email.ats": _l(
        "Cette adresse e-mail a plusieurs «\u202f@\u202f»\u202f: gardez-en un seul, comme dans "
        "prenom.nom@exemple.fr."
    ),
    "email.name": _l("Il manque le nom avant «\u202f@\u202f»\u202f: une adresse e-mail s'écrit prenom.nom@exemple.fr."),
    "email.domain": _l(
        "Il manque la fin de l'adresse e-mail\u202f: après «\u202f@\u202f» vient un domaine entier, par exemple "
        "exemple.fr."
    ),
    "email.blank": _l("Une adresse e-mail n'a pas d'espace\u202f: retirez-le, ou n'écrivez qu'une adresse."),
    "phone": _PHONE,
    "phone.signs": _l("Un numéro de téléphone n'a que des chiffres\u202f: retirez le reste. Exemple\u202f: 06 12 34 56 78."),
    "phone.country": _l(
        "Cet indicatif n'est celui d'aucun pays\u202f: vérifiez les chiffres qui suivent «\u202f+\u202f», par "
        "exemple +32."
    ),
    "phone.short": _with(_l(
        "Ce numéro est trop court\u202f: %(has)s chiffres. Vérifiez-le, avec l'indicatif du pays hors de "
        "France."
    )),
    "phone.long": _with(_l(
        "Ce numéro est trop long\u202f: %(has)s chiffres. Vérifiez-le, avec l'indicatif du pays hors de "
        "France."
    )),
    "phone.short.french": _with(
        _l(
            "Un numéro français a dix chiffres, celui-ci %(has)s\u202f: il en manque. Hors de France, commencez par "
            "l'indicatif, +32."
        )
    ),
    "phone.long.french": _with(
        _l(
            "Un numéro français a dix chiffres, celui-ci %(has)s\u202f: il en a trop. Hors de France, commencez par "
            "l'indicatif, +32."
        )
    ),
    "iban": _l(
        "Vérifiez l'IBAN\u202f: il n'a pas la forme de ceux de ce pays. Exemple\u202f: FR76 3000 6000 0112 3456 "
        "7890 189."
    ),
    "iban.signs": _with(_l("Un IBAN n'a que des lettres et des chiffres\u202f: retirez «\u202f%(sign)s\u202f».")),
    "iban.head": _l("Un IBAN commence par deux lettres de pays et deux chiffres\u202f: FR76 3000 6000 0112 3456 7890 189."),
    "iban.length": _iban_length,
    "iban.key": _with(
        _l(
            "La clé de cet IBAN (3e et 4e caractères) est %(key)s au lieu de %(right)s\u202f: un de ses caractères "
            "est faux. Vérifiez la saisie."
        )
    ),
    "isin.signs": _with(_l("Un code ISIN n'a que des lettres et des chiffres\u202f: retirez «\u202f%(sign)s\u202f».")),
    "isin.length": _with(_l("Un code ISIN compte 12 caractères, celui-ci %(has)s\u202f: vérifiez la saisie.")),
    "isin.country": _with(_l(
        "Un code ISIN commence par les deux lettres d'un pays\u202f: «\u202f%(head)s\u202f» n'en est pas "
        "un."
    )),
    "isin.last": _with(_l("Le dernier caractère d'un code ISIN est un chiffre\u202f: «\u202f%(last)s\u202f» n'en est pas un.")),
    "isin.key": _with(
        _l("La clé de ce code ISIN (12e caractère) devrait être %(right)s, pas %(key)s\u202f: vérifiez la saisie.")
    ),
    "bic": _l("Un BIC compte 8 ou 11 lettres et chiffres, par exemple AGRIFRPP."),
    "bic.length": _with(_l("Un BIC compte 8 ou 11 lettres et chiffres, celui-ci %(has)s. Exemple\u202f: AGRIFRPP.")),
    "siret": _l("Le SIRET n'a que des chiffres\u202f: quatorze, par exemple 732 829 320 00074."),
    "siret.length": _with(_l(
        "Le SIRET compte 14 chiffres, celui-ci %(has)s\u202f: vérifiez-le. C'est le SIREN et les 5 chiffres de l'établissement."
    )),
    "siret.key": _l("La clé de ce SIRET est fausse\u202f: l'un de ses 14 chiffres est faux, vérifiez-les."),
    "siren": _l("Le SIREN n'a que des chiffres\u202f: neuf, par exemple 732 829 320."),
    "siren.length": _with(_l(
        "Le SIREN compte 9 chiffres, celui-ci %(has)s\u202f: vérifiez-le. Un SIRET en a 14\u202f: gardez les 9 "
        "premiers."
    )),
    "siren.key": _l("La clé de ce SIREN est fausse\u202f: l'un de ses 9 chiffres est faux, vérifiez-les."),
}  # fmt: skip
