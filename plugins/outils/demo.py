"""The demonstration's share: a model of what accounts hold, who follows it, arbitrages proposed, weights sought."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from sqlalchemy import select

from core.api import Context
from core.api import accounts
from core.api import book
from core.api import demo
from core.api import supports
from core.api import wealth
from core.api.db import TenantSession
from core.api.db import session as session_here
from core.api.types import Adviser
from plugins.outils.optimising import book as optimising
from plugins.outils.optimising import solver
from plugins.outils.optimising.shapes import Line
from plugins.outils.optimising.shapes import Wish
from plugins.outils.portfolios import book as models
from plugins.outils.portfolios import followers
from plugins.outils.portfolios import runs
from plugins.outils.portfolios import shapes
from plugins.outils.portfolios.orders import Rules
from plugins.outils.portfolios.tables import ModelPortfolio

CABINET, WHO = "demo", "conseiller@demo.example"
NAME, LINKED_NAME = "Équilibré 60/40", "Himalia équilibré"
#: Shares of funds in the model, and how many funds it has.
SHARES, FUNDS = Decimal("0.6"), (2, 4)
#: The company whose accounts go by a partner link.
LINKED = "generali-patrimoine"
#: Accounts of one insurer that follow it, beside one of that company; looked for among so many.
FOLLOW, AMONG = 3, 60
#: Funds of bonds beside those of the model, the ceiling of each, the risk that is aimed at, and how far back it is looked.
BONDS, CEILING, RISK, YEARS = ("FR0010149120", "FR0010752543"), Decimal("0.5"), Decimal("0.04"), 3


class OutilsDemo:
    """What `encours demo` prepares; nothing runs beside the web server."""

    def prepare(self, folder: Path) -> None:
        """Once: a second turn finds the model."""
        with demo.acting(CABINET, WHO) as (session, by):
            if session.scalar(select(ModelPortfolio.id).limit(1)) is not None:
                return
            model = write(session, by)
        if model is not None and solver.available():
            with demo.working(CABINET, "outils") as ctx:
                optimise(ctx, model)

    def programs(self, folder: Path) -> list[demo.Program]:
        """None."""
        return []

    def join(self, folder: Path) -> None:
        """Nothing is done over the wire."""

    def addresses(self) -> list[tuple[str, str]]:
        """None."""
        return []


def optimise(ctx: Context, model_id: str) -> None:
    """Ask for the most return at a risk, among the model's funds and two of bonds, none above half; the worker answers."""
    assert ctx.principal is not None
    priced, _bare = optimising.begun(session_here(), model_id, YEARS)
    bonds = [supports.support_for(session_here(), isin=one, actor=ctx.principal.user_id) for one in BONDS]
    lines = tuple(Line(one, Decimal(0), CEILING) for one in dict.fromkeys([*priced, *bonds]))
    optimising.ask(ctx, session_here(), ctx.principal, model_id, Wish(lines, YEARS, "CIBLE", RISK))


def write(session: TenantSession, by: Adviser) -> str | None:
    """The id of a model that is what the first contract of a few funds holds, 60 % of them and 40 % of its fund in euros."""
    account = book.Account
    rows = session.execute(
        select(account.id, account.origin)
        .where(account.envelope == "ASSURANCE_VIE", account.state == "OUVERT", account.archived_at.is_(None))
        .order_by(account.origin == "AGREGE", account.number_key)
    ).all()  # fmt: skip
    refs = [one for one in accounts.refs(session, by, account_ids=[row.id for row in rows]) if not one.pledged]
    seen = {one.id for one in refs}
    linked = sorted((one for one in refs if one.company_code == LINKED), key=lambda one: one.number)
    ids = [row.id for row in rows if row.id in seen][:AMONG]
    held = wealth.contents(session, [*ids, *(ref.id for ref in linked)])
    parts = {one: _parts(held.get(one)) for one in held}
    at_partner = [ref.id for ref in linked[:-1] if _fits(parts.get(ref.id))]
    if at_partner:  # its arbitrage opens there with its orders
        euro, funds = parts[at_partner[0]]
        _model(session, by, LINKED_NAME, euro[0], funds, at_partner[:1])
    for one in ids:
        if _fits(parts.get(one)):
            euro, funds = parts[one]
            alike = [other for other in ids if other != one and euro[0] in parts.get(other, ([], []))[0]]
            return _model(session, by, NAME, euro[0], funds, [one, *alike[: FOLLOW - 1], *(ref.id for ref in linked[-1:])])
    return None


def _fits(parts: tuple[list[str], list[str]] | None) -> bool:
    return parts is not None and bool(parts[0]) and FUNDS[0] <= len(parts[1]) <= FUNDS[1]


def _model(session: TenantSession, by: Adviser, name: str, euro: str, funds: list[str], ids: list[str]) -> str:
    each = (SHARES / len(funds)).quantize(Decimal("0.0001"))
    weights = [each] * (len(funds) - 1)
    weights.append(SHARES - sum(weights, Decimal(0)))
    lines = [shapes.Target(one, weight, Decimal("0.05")) for one, weight in zip(funds, weights, strict=True)]
    lines.append(shapes.Target(euro, 1 - SHARES, Decimal("0.05")))
    remarks = "Pour un horizon de huit ans, revu chaque semestre par le comité d'allocation."
    model = models.save(session, by, shapes.Terms(name, "EQUILIBRE", remarks, tuple(lines)))
    followers.follow(session, by, model, ids)
    runs.begin(session, by, ids, Rules(Decimal(100)), guard=lambda _ref: "")
    return model


def _parts(found: wealth.Contents | None) -> tuple[list[str], list[str]]:
    """An account's funds in euros, and its other lines."""
    lines = found.lines if found is not None else ()
    return (
        [one.support_id for one in lines if one.type == "FONDS_EURO"],
        [one.support_id for one in lines if one.type not in ("FONDS_EURO", "LIQUIDITE")],
    )
