"""The forms of a budget: a line, several at once, the day that is asked (PA-02)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from typing import ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.api import forms
from core.api.db import DomainError
from core.api.forms import Form
from core.api.forms import fields
from plugins.patrimoine import budget_kinds as kinds
from plugins.patrimoine import budget_writes
from plugins.patrimoine.budget_sums import Line

_DAY = _l("Exemple\u202f: 05/03/2026")
_LASTING = tuple(code for code in kinds.PERIODS if code != kinds.ONCE)
#: What is usually counted by the year: what the quick form offers first.
_YEARLY = frozenset({"PRIMES", "BIC", "BNC", "BA", "RCM", "TAXE_FONCIERE", "TAXE_HABITATION", "IFI", "DONS"})


class LineForm(Form):
    """A line of a budget."""

    groups: ClassVar[Mapping[str, Any]] = {"what": _l("Montant"), "when": _l("Durée et précisions")}

    kind = fields.choice(
        _l("Nature"), kinds.KINDS, missing=_l("Choisissez la nature de cette ligne."), group="what", wide=True
    )
    label = fields.line(
        _l("Libellé"), 120, group="what", wide=True, help=_l("Par exemple l'employeur, le bien loué ou l'assureur.")
    )
    amount = fields.amount(
        _l("Montant"), missing=_l("Saisissez le montant."), group="what",
        help=_l("Revenus\u202f: nets de cotisations, avant impôt."),
    )  # fmt: skip
    period = fields.choice(
        _l("Périodicité"), kinds.PERIODS, missing=_l("Choisissez la périodicité."), group="what",
        help=_l("Une seule fois\u202f: compté dans l'année de sa date."),
    )  # fmt: skip
    certain = fields.choice(
        _l("Revenu pérenne"), {"OUI": _l("Oui"), "NON": _l("Non")}, kind="radio", empty="OUI", group="what", wide=True,
        when=("kind", tuple(kinds.INCOME)), help=_l("Les revenus non pérennes ne comptent pas dans le taux d'endettement."),
    )  # fmt: skip
    since = fields.day(_l("Depuis le"), group="when", help=_DAY)
    until = fields.day(_l("Jusqu'au"), group="when", help=_l("Vide s'il n'y a pas de fin, ou pour une seule fois."))
    shared = fields.line(
        _l("Partagé avec"), 120, group="when", wide=True,
        help=_l("Saisissez ici la seule part de cette personne, et au dossier de l'autre la sienne."),
    )  # fmt: skip
    remarks = fields.line(_l("Remarques"), 1000, lines=True, group="when", wide=True)


class DayForm(Form):
    """The day of the budget, in the address."""

    au = fields.day(_l("Date du budget"), help=_DAY)


def _quick() -> dict[str, Any]:
    made: dict[str, Any] = {}
    for kind, label in kinds.KINDS.items():
        made[f"amount_{kind}"] = fields.amount(label)
        made[f"period_{kind}"] = fields.choice(
            _l("Périodicité\u202f: %(kind)s", kind=label), {code: kinds.PERIODS[code] for code in _LASTING},
            empty="ANNUEL" if kind in _YEARLY else "MENSUEL",
        )  # fmt: skip
    return {**made, "since": fields.day(_l("Depuis le"), help=_l("Vide si ces lignes valent déjà aujourd'hui."))}


#: The usual kinds, each with an amount and how often: «Saisie rapide».
QuickForm: type[Form] = type("QuickForm", (Form,), {"__doc__": "Several lines at once.", **_quick()})


def read(values: Mapping[str, Any], contact_id: str) -> Line:
    """What the form's values stand for."""
    return Line(
        contact_id, values["kind"], values["amount"], values["period"], values.get("label") or "", values.get("since"),
        values.get("until"), values.get("certain") != "NON", values.get("shared") or "", values.get("remarks") or "",
    )  # fmt: skip


def shown(line: Line) -> dict[str, Any]:
    """A line's values as the form has them."""
    return {
        "kind": line.kind, "label": line.label, "amount": line.amount, "period": line.period, "since": line.since,
        "until": line.until, "certain": "OUI" if line.certain else "NON", "shared": line.shared, "remarks": line.remarks,
    }  # fmt: skip


def usual() -> dict[str, Any]:
    """What the quick form offers before anything is typed."""
    return {f"period_{kind}": "ANNUEL" if kind in _YEARLY else "MENSUEL" for kind in kinds.KINDS}


def read_quick(values: Mapping[str, Any], contact_id: str) -> tuple[list[Line], dict[str, str]]:
    """The lines of the kinds that have an amount, and what is wrong with them, by field."""
    lines: list[Line] = []
    errors: dict[str, str] = {}
    for kind in kinds.KINDS:
        amount = values.get(f"amount_{kind}")
        if amount is None:
            continue
        try:
            budget_writes.check_amount(amount, f"amount_{kind}")
        except DomainError as error:
            errors |= forms.refused(error)
        lines.append(Line(contact_id, kind, amount, values.get(f"period_{kind}") or "MENSUEL", since=values.get("since")))
    if not lines:
        errors[""] = _("Saisissez au moins un montant.")
    return lines, errors
