"""Somebody's budget as the plugins tell it, for what prints it (PA-02, CO-01)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.hooks.budget import BudgetItem
from core.hooks.hub import Hub
from core.hooks.specs import Plugin
from core.hooks.types import Context


@dataclass(frozen=True, slots=True)
class Budget:
    """The lines, side by side. `missing`: modules that did not answer, in words: it is not whole then."""

    items: tuple[BudgetItem, ...]
    missing: tuple[str, ...] = ()

    def on_side(self, side: str) -> tuple[BudgetItem, ...]:
        """Those of one side."""
        return tuple(one for one in self.items if one.side == side)


def budget(hub: Hub, ctx: Context, contacts: Sequence[str], on: date) -> Budget:
    """What these people, whom the person who asks may see, earn, spend and put aside on a day."""
    given = hub.collect(Plugin.budget_items, ctx, tuple(contacts), on)
    wanted = set(contacts)
    items = tuple(one.item for one in given.items if one.item.contact_id in wanted)
    return Budget(items, tuple(failure.text for failure in given.failures))
