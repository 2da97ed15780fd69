"""The bracket, drawn: how much of the income of one part lies in each."""

from __future__ import annotations

from decimal import Decimal

from flask_babel import gettext as _

from core.api import charts
from core.api import formats
from plugins.fiscalite import results
from plugins.fiscalite.services import Estimated


def brackets(found: Estimated) -> charts.Chart:
    """One bar a bracket; the last one that has income is the marginal one."""
    assert found.scale is not None, "an estimate that is done has its scale"
    _income, shares = results.by_bracket(found)
    parts = [
        charts.Part(_label(one.rate * 100, one.above), share)
        for one, share in zip(found.scale.brackets, shares, strict=True)
    ]
    title = _("Revenu d'une part dans chaque tranche")
    return charts.bar(parts, key="tranches", title=title, write=_euros, head=(_("Tranche, en euros"), _("Revenu")))


def _label(rate: Decimal, above: Decimal) -> str:
    shown = formats.number(rate, 0)
    if not above:
        return f"{shown}\u00a0%"
    return str(_("%(rate)s\u00a0%% dès %(above)s", rate=shown, above=formats.number(above, 0)))


def _euros(value: Decimal) -> str:
    return f"{formats.number(value, 0)}\u00a0€"
