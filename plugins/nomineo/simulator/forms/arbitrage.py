"""Arbitrage: from some supports to others."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from .. import wording
from ..prefill import code_of
from . import allocation
from . import fields
from .base import Block
from .base import Context
from .base import Entry
from .base import Field
from .base import FormErrors
from .base import Initial
from .base import Line
from .base import Table
from .base import Typed
from .base import check_limits


class ArbitrageForm:
    """Amounts out, percentages in; what goes out comes in, and no support is on both sides."""

    def title(self, context: Context) -> str:
        return "Arbitrage libre"

    def blocks(self, context: Context) -> list[Block]:
        held = tuple(
            Line(f"out:{p.code}", p.label, p.isin, wording.money(p.amount)) for p in context.contract.positions
        )
        return [
            Table("out", "Supports à désinvestir", "Épargne", "À désinvestir", "€", "Total désinvesti", held),
            allocation.table(context, "Supports à investir"),
            Field("kid", "Le souscripteur a reçu le document d'informations clés de chaque support.", "check"),
        ]

    def initial(self, context: Context) -> Initial:
        values, notes = allocation.from_prefill(context)
        for item in (context.prefill or {}).get("instructions") or []:
            if item["side"] == "out":
                cents = _wanted(item, context)
                if cents is None:
                    notes.append(f"Support {code_of(item)}\u202f: désinvestissement à saisir ici en euros.")
                else:
                    values[f"out:{code_of(item)}"] = wording.number(cents)
        return Initial(values, tuple(notes))

    def parse(self, typed: Typed, context: Context) -> Entry:
        errors: dict[str, str] = {}
        taken: dict[str, int] = {}
        for position in context.contract.positions:
            found = fields.share(typed, f"out:{position.code}", errors)
            if found and found > position.amount:
                errors[f"out:{position.code}"] = f"L'épargne est de {wording.money(position.amount)}."
            elif found:
                taken[position.code] = found
        total = sum(taken.values())
        if not total and not any(name.startswith("out:") for name in errors):
            errors["out"] = "Indiquez au moins un montant à désinvestir."
        elif total:
            check_limits(total, context.limits, errors, "out")
        shares = allocation.parse(typed, context, errors)
        for code in taken.keys() & shares.keys():
            errors[f"in:{code}"] = "Ce support est déjà désinvesti."
        fields.checked(typed, "kid", errors, "Confirmez la remise des documents d'informations clés.")
        if errors:
            raise FormErrors(errors)
        given = allocation.split(total, shares)
        known = allocation.isins(context)
        deltas = {**{code: -cents for code, cents in taken.items()}, **given}
        return Entry(
            amount=total,
            instructions=[
                *allocation.instructions("out", taken, known), *allocation.instructions("in", given, known)
            ],
            summary=(("Montant arbitré", wording.money(total)),),
            effects={"positions": deltas},
            moves=(*allocation.moves("out", taken, context), *allocation.moves("in", given, context)),
        )  # fmt: skip


def _wanted(item: Mapping[str, Any], context: Context) -> int | None:
    """Cents to take from a position; None where the instruction cannot be read so."""
    position = context.contract.position(code_of(item))
    if position is None:
        return None
    if item["mode"] == "all":
        return position.amount
    if item["mode"] == "percent":
        return int(position.amount * Decimal(item["value"]) / 100)
    if item["mode"] == "amount":
        cents = fields.hundredths(item["value"])
        return cents if cents and cents <= position.amount else None
    return None
