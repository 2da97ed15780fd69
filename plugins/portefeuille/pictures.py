"""The charts of an account and of a portfolio: worth beside what was paid in, and what it is made of."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from flask_babel import gettext as _

from core.api import accounts
from core.api import charts
from core.api import wealth
from core.api.formats import day
from core.api.formats import money
from core.api.formats import number
from core.api.formats import sign
from core.api.types import AccountRef
from plugins.portefeuille import services


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


#: How far back a portfolio's curve goes: years by the address's word; None: all that is known.
PERIODS: dict[str, int | None] = {"12m": 1, "5a": 5, "tout": None}


def together(name: str, sums: Sequence[wealth.Worth]) -> charts.Chart | None:
    """What a portfolio was worth; None where fewer than two days are known. Without payments where some are unknown."""
    if len(sums) < 2:
        return None
    known = all(one.net_payments is not None for one in sums)
    points = [charts.Point(one.on, one.value, one.net_payments if known else None) for one in sums]
    names = (_("Encours"), _("Versements nets")) if known else (_("Encours"),)
    return charts.line(
        points, key="encours", title=_("Évolution"), write=_written(services.CURRENCY), names=names,
        unit=sign(services.CURRENCY), subject=_("Portefeuille de %(name)s", name=name),
    )  # fmt: skip


def shared(parts: Mapping[str, Decimal], head: str, on: date | None) -> charts.Chart | None:
    """A portfolio's shares by support, company or envelope; None where there is nothing, or a debt."""
    if on is None or not parts or any(value < 0 for value in parts.values()):
        return None
    total = sum(parts.values(), Decimal(0))
    return charts.donut(
        [charts.Part(label, value) for label, value in parts.items()], key="repartition", title=_("Répartition"),
        write=_written(services.CURRENCY), total=f"{number(total, 0)}\u00a0{sign(services.CURRENCY)}",
        note=_("au %(day)s", day=day(on)), head=(head, _("Valorisation"), _("Poids")), rest=_("Autres"),
    )  # fmt: skip


def sliced(
    slices: Sequence[wealth.Slice], head: str, found: wealth.Situation, urls: Mapping[str, str]
) -> charts.Chart | None:  # fmt: skip
    """A situation along one axis; None where there is nothing to share, or a part of it is below zero."""
    if found.total is None or found.newest is None or any(one.value < 0 for one in slices):
        return None
    return charts.donut(
        [charts.Part(one.label, one.value, urls[one.code]) for one in slices], key="situation", title=head,
        write=_written(services.CURRENCY), total=f"{number(found.total, 0)}\u00a0{sign(services.CURRENCY)}",
        note=_("au %(day)s", day=day(found.on)), head=(head, _("Valorisation"), _("Poids")), rest=_("Autres"),
    )  # fmt: skip


def _written(currency: str) -> Callable[[Decimal], str]:
    return lambda value: money(value, currency)
