"""Transactions whose partner link is off meanwhile: what one may still do, since when, whom to ask (PL-04, BL-03).

Nothing is lost: the last known status stays, the partner's word is asked for again as soon as the link is on.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core.cabinets import profiles
from core.cabinets import services as cabinets
from core.cabinets.models import Enabling
from core.db.session import TenantSession
from core.hooks import enabling
from core.hooks import gates
from core.hooks import telling
from core.hooks.types import Adviser
from core.hooks.types import TransactionRef
from core.transactions import services as transactions
from core.web import formats

#: The right to turn a module on and off.
RIGHT = "partners.manage"


@dataclass(frozen=True, slots=True)
class Standstill:
    """A partner link that follows nothing now. `since`: when the cabinet turned it off; None where it is not the cabinet's
    doing. `ask`: names of those who may turn it on. `count`: transactions under way that it leaves standing."""

    plugin: str
    label: str
    since: datetime | None
    ask: tuple[str, ...]
    count: int = 0

    @property
    def title(self) -> str:
        """What is the matter."""
        if self.since is None:
            return f"Le lien avec {self.label} n'est pas disponible"
        return f"Le lien avec {self.label} est désactivé depuis le {formats.day(self.since)} à {formats.clock_time(self.since)}"

    @property
    def words(self) -> str:
        """What that means for what is under way."""
        return (
            f"{_left(self.count)} rien ne peut être lancé ni suivi. Tout reprend de soi-même, derniers statuts compris, "
            f"dès que le lien est {'rétabli' if self.since is None else 'réactivé'}."
        )

    @property
    def remedy(self) -> str:
        """Whom to ask; empty where nobody is there to be asked."""
        names = " ou ".join(self.ask)
        if not names:
            return ""
        if self.since is None:
            return f"{names} peut demander à l'exploitant de l'installation ce qu'il en est."
        return f"Pour le réactiver, adressez-vous à {names}."

    @property
    def notice(self) -> str:
        """All of it in one text."""
        return " ".join(filter(None, (f"{self.title}.", self.words, self.remedy)))


def of_account(session: TenantSession, by: Adviser, account_id: str) -> list[Standstill]:
    """What stands still on an account that `by` sees; empty where all is followed."""
    return list(of(session, transactions.under_way(session, by, account_id)).values())


def of_transactions(session: TenantSession, found: Iterable[TransactionRef]) -> dict[str, Standstill]:
    """By transaction id, why it stands still; those that are followed, or at their end, are left out."""
    open_ones = [row for row in found if row.plugin is not None and transactions.is_under_way(row.status)]
    stopped = of(session, dict.fromkeys((row.plugin for row in open_ones if row.plugin is not None), 1))
    return {row.id: stopped[row.plugin] for row in open_ones if row.plugin in stopped}


def of(session: TenantSession, counts: Mapping[str, int]) -> dict[str, Standstill]:
    """Which of these plugins are off, with how many transactions each leaves standing."""
    registry = telling.hub().registry
    on = enabling.enabled(session, registry) if counts else ()
    shut = {name: held for name in counts if (held := gates.shut(registry, name, on)) is not None}
    if not shut:
        return {}
    off = {row.plugin: row.changed_at for row in session.scalars(select(Enabling).where(~Enabling.enabled))}
    may = {one.code for one in profiles.listed(session) if RIGHT in one.rights}
    ask = tuple(user.display_name for user in cabinets.users(session) if user.role in may)[:3]
    found = {}
    for name, held in shut.items():
        known = registry.plugins.get(name)
        label = known.partner.label if known is not None and known.partner is not None else name.title()
        since = off.get(name) if held.gate == "enabled" else None
        found[name] = Standstill(name, label, since, ask, counts[name])
    return found


def _left(count: int) -> str:
    if count <= 1:
        return "La transaction en cours reste lisible, avec son dernier statut connu\u202f:"
    return f"Les {count} transactions en cours restent lisibles, avec leur dernier statut connu\u202f:"
