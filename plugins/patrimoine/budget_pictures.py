"""A budget drawn: where the income goes, and what each side is made of; all by the month."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

from core.api import charts
from core.api.formats import money
from plugins.patrimoine import budget_kinds as kinds
from plugins.patrimoine import budget_sums as sums
from plugins.patrimoine.budget_sums import Budget

#: What stands at a bar, where the whole name would be cut.
_SHORT: Mapping[str, str] = {
    "PRIMES": "Primes", "BIC": "BIC", "BNC": "BNC", "BA": "BA", "RCM": "RCM", "PENSIONS_RECUES": "Pensions reçues", "IFI": "IFI",
}  # fmt: skip


def flows(budget: Budget) -> charts.Chart | None:
    """The income beside what becomes of it; None where one of both is unknown."""
    if budget.income is None or budget.charges is None or budget.engaged is None:
        return None
    burden, left = budget.burden or sums.ZERO, budget.left or sums.ZERO
    used = {
        _("Prêts et crédits"): burden,
        _("Autres charges engagées"): budget.engaged - burden,
        _("Dépenses courantes"): budget.charges - budget.engaged,
        _("Épargne programmée"): budget.savings or sums.ZERO,
        _("Disponible") if left >= 0 else _("Manque"): left,
    }
    income = _("Revenus")
    bars = {income: [charts.Part(income, sums.month(budget.income))], _("Emploi"): [
        charts.Part(label, sums.month(value)) for label, value in used.items()
    ]}  # fmt: skip
    head = (_("Poste"), _("Barre"), _("Par mois"))
    return charts.stack(bars, key="emploi", title=_("Emploi des revenus, par mois"), write=money, head=head)


def by_kind(budget: Budget, side: str, title: str) -> charts.Chart | None:
    """One bar for each kind of a side, the largest first; None where nothing is known of it."""
    found = sorted(budget.by_kind(side).items(), key=lambda one: -one[1])
    if not found:
        return None
    parts = [charts.Part(_SHORT.get(kind, kinds.KINDS[kind]), sums.month(value)) for kind, value in found]
    return charts.bar(parts, key=side.lower(), title=title, write=money, head=(_("Nature"), _("Par mois")))
