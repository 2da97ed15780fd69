"""The charts of an account: what it was worth beside what was paid in, and what it is made of."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence
from decimal import Decimal

from flask_babel import gettext as _

from core.api import accounts
from core.api import charts
from core.api.formats import day
from core.api.formats import money
from core.api.formats import number
from core.api.formats import sign
from core.api.types import AccountRef


def worth(account: AccountRef, newest_first: Sequence[accounts.ValuationLine]) -> charts.Chart | None:
    """The account's value, its net payments as a dashed step; None where fewer than two values are known."""
    if len(newest_first) < 2:
        return None
    points = [charts.Point(line.on, line.value, line.net_payments) for line in reversed(newest_first)]
    return charts.line(
        points, key="valeur", title=_("Évolution"), write=_written(account.currency),
        names=(_("Valorisation"), _("Versements nets")), unit=sign(account.currency), subject=account.label,
    )  # fmt: skip


def made_of(held: accounts.Holdings) -> charts.Chart | None:
    """The account's supports as shares; None where there is no whole (several currencies, a debt) or but one support."""
    if held.on is None or held.total is None or len(held.lines) < 2 or any(line.value < 0 for line in held.lines):
        return None
    currency = held.lines[0].currency
    return charts.donut(
        [charts.Part(line.label, line.value) for line in held.lines], key="repartition", title=_("Répartition"),
        write=_written(currency), total=f"{number(held.total, 0)}\u00a0{sign(currency)}",
        note=_("au %(day)s", day=day(held.on)), head=(_("Support"), _("Valorisation"), _("Poids")), rest=_("Autres supports"),
    )  # fmt: skip


def _written(currency: str) -> Callable[[Decimal], str]:
    return lambda value: money(value, currency)
