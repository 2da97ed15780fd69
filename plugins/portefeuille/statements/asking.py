"""What a statement is asked with, on its page: the day, the period, what the pages show (PF-02)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from core.api import forms
from core.api import performance
from core.api.db import today
from core.api.forms import Form
from core.api.forms import FormView
from core.api.forms import fields
from plugins.portefeuille.statements.figures import FREE
from plugins.portefeuille.statements.figures import PARTS
from plugins.portefeuille.statements.figures import PERIODS
from plugins.portefeuille.statements.figures import USUAL
from plugins.portefeuille.statements.figures import Wanted

FIRST = date(1990, 1, 1)


class StatementForm(Form):
    """The day, the period of movements and performance, the parts that may be left out."""

    au = fields.day(_l("Relevé au"), missing=_l("Indiquez la date du relevé."), past=True, least=FIRST)
    periode = fields.choice(_l("Mouvements et performance"), PERIODS, missing=_l("Choisissez une période."))
    du = fields.day(_l("Depuis le"), least=FIRST, when=("periode", (FREE,)))
    graphiques = fields.flag(_l("Graphiques"))
    lignes = fields.flag(_l("Lignes de chaque compte"))
    mouvements = fields.flag(_l("Mouvements"))
    performance = fields.flag(_l("Performance"))


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked; None where it makes no sense, and `form` says why. `values`: what the address carries on."""

    wanted: Wanted | None
    form: FormView
    values: Mapping[str, Any]

    def refused(self, text: str, name: str = "au") -> FormView:
        """The same form with what is wrong with a field, its day by default; «»: with the whole."""
        return forms.view(StatementForm(), self.values, {name: text})


def asked(sent: MultiDict[str, str]) -> Asked:
    """What an address or a form asks; where it asks nothing, all of today since the year began."""
    schema = StatementForm()
    values = forms.typed(schema, sent)
    if not {"au", "periode"} & values.keys():
        values = {"au": f"{today():%d/%m/%Y}", "periode": USUAL, **dict.fromkeys(PARTS, "1")}
    checked = forms.check(schema, values)
    errors, found = dict(checked.errors), checked.values
    if not errors and found["periode"] == FREE:
        errors = _refused(found.get("du"), found["au"])
    told = {name: str(value)[:200] for name, value in values.items() if value}
    form = forms.view(schema, values, errors)
    if errors:
        return Asked(None, form, told)
    on = found["au"]
    since = found["du"] - timedelta(days=1) if found["periode"] == FREE else performance.bounds(found["periode"], on)[0]
    return Asked(Wanted(on, since, frozenset(part for part in PARTS if found[part])), form, told)


def _refused(since: date | None, on: date) -> dict[str, str]:
    if since is None:
        return {"du": _("Indiquez le début de la période.")}
    if since >= on:
        return {"du": _("Le début de la période précède la date du relevé\u202f: choisissez une date plus ancienne.")}
    return {}
