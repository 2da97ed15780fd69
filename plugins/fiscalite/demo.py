"""The demonstration's share of taxes: what some households of the first cabinet declare; the engine is asked as for anybody."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import select

from core.api import Context
from core.api import book
from core.api import demo
from core.api.db import session
from plugins.fiscalite import households
from plugins.fiscalite import services
from plugins.fiscalite import work

CABINET, PLUGIN = "demo", "fiscalite"


def _amounts(**given: int) -> dict[str, Any]:
    return {name: Decimal(value) for name, value in given.items()}


#: Name of the household or person → what it declares, and what is tried beside it.
HOUSEHOLDS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "Famille Petit": (
        {"situation": "MARIE", "children": 2, "birth_year_1": 1983, "birth_year_2": 1985}
        | _amounts(salaires_1=50_000, salaires_2=40_000, garde_enfants=2_300, activite_precedente_1=44_100, dividendes=850),
        {"more_child": True} | _amounts(more_per=3_000),
    ),
    "Durand Jeanne et Philippe": (
        {"situation": "MARIE", "birth_year_1": 1961, "birth_year_2": 1960}
        | _amounts(
            salaires_1=96_000, retraites_2=48_000, foncier_reel=14_400, dividendes=6_200, interets=1_150, dons=1_200,
            emploi_domicile=3_600, per_1=4_000, activite_precedente_1=86_400, ifi_residence=980_000, ifi_bati=760_000,
            ifi_parts=310_000, ifi_dettes=95_000,
        ),
        {"eight_years": True}
        | _amounts(more_per=6_000, surrender=40_000, contract_value=312_000, premiums=210_000, premiums_before=90_000),
    ),
    "Lefevre Paul": (
        {"situation": "DIVORCE", "birth_year_1": 1957} | _amounts(retraites_1=41_500, pension_versee=3_600, foncier_micro=7_800),
        {},
    ),
    "Moreau Hélène": (
        {"situation": "CELIBATAIRE", "children": 1, "lone_parent": True, "birth_year_1": 1969}
        | _amounts(bnc_reel_1=88_000, per_1=8_000, activite_precedente_1=84_000, plus_values=5_400),
        _amounts(more_per=5_000),
    ),
}  # fmt: skip


class FiscaliteDemo:
    """What `encours demo` adds: nothing runs or is joined here, the engine's keeper is core's."""

    def prepare(self, folder: Path) -> None:
        """Declare what is not declared yet, for the last whole year."""
        with demo.working(CABINET, PLUGIN) as ctx:
            for name, (facts, what_if) in HOUSEHOLDS.items():
                _declare(ctx, name, facts, what_if)

    def programs(self, folder: Path) -> list[demo.Program]:
        """None of its own."""
        return []

    def join(self, folder: Path) -> None:
        """Nobody to join."""

    def addresses(self) -> list[tuple[str, str]]:
        """None to print."""
        return []


def _declare(ctx: Context, name: str, facts: dict[str, Any], what_if: dict[str, Any]) -> None:
    contact_id = session().scalar(select(book.Contact.id).where(book.Contact.display_name == name))
    year = services.usual_year()
    if contact_id is None or ctx.principal is None or services.declared(session(), contact_id, year).version:
        return
    found = services.save(session(), ctx.principal, contact_id, year, facts)
    if what_if:
        found = services.compare(session(), ctx.principal, contact_id, year, what_if)
    base = households.declared_base(found.facts, year)
    taxed = base.asked if base else None
    services.waiting(session(), services.keys(found, taxed).values())
    work.enqueue(ctx, found, taxed)
