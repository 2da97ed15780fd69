"""Charts of a balance sheet: what the assets are made of, and what is owned and owed beside it."""

from __future__ import annotations

from flask_babel import gettext as _

from core.api import charts
from core.api.formats import money
from plugins.patrimoine.balance_rows import Sheet


def assets(sheet: Sheet) -> charts.Chart | None:
    """Shares of each category in what is owned; None where nothing of known value is."""
    parts = [charts.Part(str(group.label), group.sum) for group in sheet.assets if group.sum > 0]
    if not parts:
        return None
    return charts.donut(
        parts, key="bilan", title=_("Composition de l'actif"), write=money, total=money(sheet.balance.assets()),
        note=_("actif brut"), head=(_("Catégorie"), _("Valeur"), _("Part")),
    )  # fmt: skip


def balance(sheet: Sheet) -> charts.Chart | None:
    """Owned, owed and net; None where there is nothing to compare."""
    found = sheet.balance
    if not found.assets() and not found.debts():
        return None
    parts = [
        charts.Part(_("Actif brut"), found.assets()), charts.Part(_("Passif"), found.debts()),
        charts.Part(_("Actif net"), found.net()),
    ]  # fmt: skip
    return charts.bar(parts, key="equilibre", title=_("Actif et passif"), write=money, head=(_("Grandeur"), _("Montant")))
