"""The charts of allocations and projects: what is held beside what suits, what may become of a project."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from flask_babel import gettext as _

from core.api import charts
from core.api.finance import due_on
from core.api.formats import money
from core.api.formats import number
from plugins.conformite.projects.gaps import Comparison
from plugins.conformite.projects.projection import Projection
from plugins.conformite.projects.shapes import Project
from plugins.conformite.projects.targets import CLASSES

_HUNDRED = Decimal(100)


def beside(found: Comparison) -> charts.Chart:
    """A bar for what is held of a class, and one for what suits; those of nothing are left out."""
    parts = [
        charts.Part(label, share * _HUNDRED)
        for line in found.lines
        for label, share in (
            (CLASSES[line.code], line.weight), (_("%(label)s, cible", label=CLASSES[line.code]), line.target),
        )
        if share
    ]  # fmt: skip
    return charts.bar(
        parts, key="allocation", title=_("Allocation actuelle et allocation cible"), write=_percent,
        head=(_("Classe d'actifs"), _("Part")),
    )  # fmt: skip


def made_of(weights: Mapping[str, Decimal]) -> charts.Chart | None:
    """An allocation by class, as bars; None where there is none."""
    if not weights:
        return None
    parts = [charts.Part(CLASSES.get(code, _("Non renseignée")), weight * _HUNDRED) for code, weight in weights.items()]
    return charts.bar(
        parts, key="classes", title=_("Allocation par classe"), write=_percent, head=(_("Classe d'actifs"), _("Part")),
    )  # fmt: skip


def projected(project: Project, found: Projection) -> charts.Chart:
    """The three scenarios and what is paid, year by year."""
    days = [due_on(project.terms.starts_on, mark) for mark in found.marks]
    each = [charts.Curve(one.label, one.values) for one in reversed(found.scenarios)]
    each.append(charts.Curve(_("Versé"), found.paid))
    return charts.curves(days, each, key="projection", title=_("Valeur projetée"), write=money, unit="€")


def _percent(value: Decimal) -> str:
    return f"{number(value, 1)}\u00a0%"
