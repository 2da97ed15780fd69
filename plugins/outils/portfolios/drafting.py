"""From a proposal to an act: typed here where no partner feeds the account; beside it, what was done since (PF-09)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _

from core.api import Context
from core.api import links
from core.api import supports
from core.api import transactions
from core.api.db import Conflict
from core.api.db import DomainError
from core.api.db import NotFound
from core.api.db import TenantSession
from core.api.db import day_of
from core.api.db import today
from core.api.types import AccountRef
from core.api.types import Adviser
from core.api.types import TransactionRef
from plugins.outils.portfolios import reasons
from plugins.outils.portfolios import runs
from plugins.outils.portfolios.orders import OUT
from plugins.outils.portfolios.runs import Line

#: Acts done since the run that a page shows.
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Done:
    """An arbitrage of the account begun since the run. `amounts`: support → what its lines say; empty where nobody knows them."""

    transaction: TransactionRef
    amounts: dict[str, Decimal]


def offered(session: TenantSession, account: AccountRef) -> bool:
    """Whether an arbitrage is typed here on this account: no partner link serves it, no feed fills it."""
    return account.plugin is None and reasons.ACT in transactions.typed.offered(session, account.id)


def prepare(ctx: Context, session: TenantSession, by: Adviser, run_id: str, proposal_id: str) -> str:
    """Prepare the act that a proposal asks for; its id, the same however often it is asked.

    Raises `Conflict` where there is none to prepare or a local rule stands against it, `DomainError`, `NotFound`, `Forbidden`.
    """
    found = runs.line(session, by, run_id, proposal_id)
    if found.transaction_id is not None:
        return found.transaction_id
    if found.state not in ("todo", "asked"):
        raise Conflict(_("Cet arbitrage n'est plus à faire\u202f: remettez-le d'abord à traiter."))
    if not offered(session, found.account):
        raise Conflict(_("Un arbitrage ne se prépare pas ici sur ce compte\u202f: faites-le chez son partenaire."))
    if why := reasons.guarded(ctx, session, found.account):
        raise Conflict(why)
    legs = tuple(transactions.typed_shapes.Leg(one.side, one.support_id, "amount", one.amount) for one in found.orders)
    note = _("Modèle %(name)s, version %(n)s", name=found.model, n=found.version)[:200]
    given = transactions.typed.Given(reasons.ACT.code, today(), None, legs, note)
    try:
        made = transactions.typed.add(session, by, found.account.id, given, transaction_id=proposal_id)
    except NotFound:
        raise
    except DomainError as error:
        raise Conflict(
            _("L'acte ne se prépare pas tel quel, les lignes du compte ont peut-être changé\u202f: %(why)s", why=error.text)
        ) from error
    runs.mark(session, by, run_id, proposal_id, "asked", transaction_id=made)
    return made


def ticket(session: TenantSession, by: Adviser, line: Line) -> str | None:
    """The orders, to go along with the act at the partner; None where one of them is of a support that it could not know."""
    names = supports.naming.of_ids(session, [one.support_id for one in line.orders])
    known = [(one, names[one.support_id]) for one in line.orders if one.support_id in names]
    if len(known) != len(line.orders) or not all(name.isin or name.code for _one, name in known):
        return None
    wanted = [
        links.Instruction("out" if one.side == OUT else "in", one.amount, name.isin, None if name.isin else name.code)
        for one, name in known
    ]
    return links.orders(by.user_id, line.account.id, reasons.ACT.nature, wanted) if wanted else None


def done(session: TenantSession, by: Adviser, run: runs.Run, line: Line) -> list[Done]:
    """The account's arbitrages since the run, the newest first, for what was asked to be seen beside what was done."""
    if not by.can("transactions.view"):
        return []
    wanted = transactions.lists.TransactionFilter(nature=reasons.ACT.nature, since=day_of(run.created_at))
    page = transactions.lists.page(session, by, line.account.id, wanted, size=SHOWN)
    since = [one for one in page.items if one.created_at >= run.created_at]
    return [Done(one, _amounts(session, by, one)) for one in since]


def _amounts(session: TenantSession, by: Adviser, ref: TransactionRef) -> dict[str, Decimal]:
    if not transactions.typed.is_typed(ref):
        return {}
    given = transactions.typed.get(session, by, ref.id).given
    return {leg.support_id: leg.value for leg in given.legs if leg.mode == "amount" and leg.value is not None}
