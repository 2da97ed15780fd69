"""What a person or a household holds beside the allocation that suits them (CO-03)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.api import contacts
from core.api import wealth
from core.api.db import TenantSession
from core.api.types import AccountRef
from core.api.types import Adviser
from plugins.conformite import profiles
from plugins.conformite.profiles import Established
from plugins.conformite.projects import allocations
from plugins.conformite.projects import gaps
from plugins.conformite.projects.gaps import Comparison
from plugins.conformite.projects.targets import CLASSES
from plugins.conformite.projects.targets import Targets


@dataclass(frozen=True, slots=True)
class Beside:
    """A file's allocation. `profile`: the one that is gone by, in a household the most careful of its members'; `missing`:
    members without one; `comparison`: None without a profile, or where nothing is held of which the class is known."""

    on: date
    targets: Targets
    profile: Established | None
    whose: str
    missing: tuple[str, ...]
    situation: wealth.Situation
    comparison: Comparison | None
    accounts: tuple[AccountRef, ...]


def of_contact(session: TenantSession, adviser: Adviser, card: contacts.ContactCard, on: date) -> Beside:
    """The whole, of a contact whom the caller has checked."""
    people = {one.id: one.name for one in card.members if one.kind == profiles.PERSON} if _home(card) else {card.id: card.name}
    known = profiles.current(session, adviser, list(people))
    profile = min(known.values(), key=lambda one: (one.level, people[one.contact_id]), default=None)
    targets = allocations.current(session)
    found = wealth.situation(session, adviser, card.id, on)
    comparison = _compared(found, targets, profile.level) if profile else None
    refs = tuple({line.account.id: line.account for line in found.lines}.values())
    return Beside(
        on, targets, profile, people[profile.contact_id] if profile else "",
        tuple(name for key, name in people.items() if key not in known), found, comparison, refs,
    )  # fmt: skip


def _home(card: contacts.ContactCard) -> bool:
    return card.line.kind == profiles.HOUSEHOLD


def _compared(found: wealth.Situation, targets: Targets, level: int) -> Comparison | None:
    held, back, unknown = defaultdict[str, Decimal](Decimal), defaultdict[str, Decimal](Decimal), Decimal(0)
    for line in found.lines:
        code = line.codes["classe"]
        if code not in CLASSES:
            unknown += line.value
            continue
        held[code] += line.value
        if line.account.pledged:
            back[code] += line.value
    target = targets.levels.get(level, {})
    order: Sequence[str] = [code for code in CLASSES if code in held or code in target]
    return gaps.compare(
        {code: held[code] for code in order if code in held}, {code: target[code] for code in order if code in target},
        unknown=unknown, held_back=back,
    )  # fmt: skip
