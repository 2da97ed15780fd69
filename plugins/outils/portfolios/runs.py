"""Runs of proposals: orders for many accounts at once, kept as a worklist that is gone through act by act (PF-09)."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from datetime import date
from datetime import datetime
from decimal import ROUND_HALF_UP
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func
from sqlalchemy import select

from core.api import accounts
from core.api import audit
from core.api import links
from core.api import supports
from core.api.db import Conflict
from core.api.db import DomainError
from core.api.db import Forbidden
from core.api.db import NotFound
from core.api.db import TenantSession
from core.api.db import now
from core.api.types import AccountRef
from core.api.types import Adviser
from plugins.outils.portfolios import book
from plugins.outils.portfolios import followers
from plugins.outils.portfolios import orders
from plugins.outils.portfolios import reasons
from plugins.outils.portfolios.drift import CENT
from plugins.outils.portfolios.orders import Kept
from plugins.outils.portfolios.orders import Order
from plugins.outils.portfolios.orders import Rules
from plugins.outils.portfolios.reasons import Guard
from plugins.outils.portfolios.run_tables import Proposal as Row
from plugins.outils.portfolios.run_tables import ProposalRun
from plugins.outils.portfolios.tables import ModelPortfolio
from plugins.outils.portfolios.tables import ModelVersion

#: Accounts of a run at most.
MOST = 300
MOST_MINIMUM = Decimal(1_000_000)
#: Runs that their page lists.
SHOWN = 50


@dataclass(frozen=True, slots=True)
class Line:
    """An account of a run. `model`, `version`: whose orders these are; `fee`: None where the contract's is not known."""

    id: str
    account: AccountRef
    model_id: str
    model: str
    version: int
    state: str
    why: str
    orders: tuple[Order, ...]
    kept: tuple[Kept, ...]
    value: Decimal | None
    on: date | None
    fee: Decimal | None
    transaction_id: str | None
    changed_by: str
    changed_at: datetime | None

    @property
    def turned(self) -> Decimal:
        """What is sold, which is what is bought."""
        return sum((one.amount for one in self.orders if one.side == orders.OUT), Decimal(0))


@dataclass(frozen=True, slots=True)
class Run:
    """A run. `counts`: how many accounts by state, be they open to the reader or not."""

    id: str
    rules: Rules
    said_by: str
    created_at: datetime
    counts: Mapping[str, int]

    @property
    def size(self) -> int:
        """All its accounts."""
        return sum(self.counts.values())


def begin(
    session: TenantSession, by: Adviser, account_ids: Sequence[str], rules: Rules, *, guard: Guard, run_id: str | None = None
) -> str:
    """Propose for these accounts, each by the model that it follows; the run's id, the one that is there where it comes twice.

    `guard`: what local rules say of an account.

    Raises `NotFound` for an account that is not open to the person or follows nothing, `DomainError`, `Forbidden`.
    """
    actor, name = supports.by_hand.writer(by)
    if run_id and session.scalar(select(ProposalRun.id).where(ProposalRun.id == run_id)):
        return run_id
    ids = list(dict.fromkeys(account_ids))
    if not ids:
        raise DomainError(_("Choisissez au moins un compte qui suit un modèle."))
    if len(ids) > MOST:
        raise DomainError(_("Un lot compte %(most)s comptes au plus\u202f: restreignez votre choix.", most=MOST))
    if not 0 <= rules.minimum <= MOST_MINIMUM or rules.minimum != rules.minimum.quantize(CENT):
        raise DomainError(_("Un minimum va de 0 à 1 000 000 €, au centime."), field="minimum")
    _check_open(session, by, ids)
    found = followers.listed(session, by, account_ids=ids, prices=True)
    if len(found) != len(ids):
        raise NotFound(_("L'un des comptes ne suit aucun modèle, ou est archivé\u202f: rechargez la liste."))
    run = ProposalRun(said_by=name, minimum=rules.minimum, keep_euro=rules.keep_euro)
    if run_id:
        run.id = run_id
    session.add(run)
    session.flush()
    refs = {one.id: one for one in links.attach(session, [one.account for one in found])}
    facts = reasons.facts(session, list(refs.values()))
    session.add_all(_proposed(run, one, refs[one.account.id], facts[one.account.id], rules, guard) for one in found)
    session.flush()
    payload = {"count": len(ids), "minimum": str(rules.minimum), "keep_euro": rules.keep_euro}
    audit.record(session, actor, "outils.run_asked", f"outils-run:{run.id}", payload)
    return run.id


def listed(session: TenantSession) -> list[Run]:
    """The cabinet's last runs, the newest first. Two queries."""
    rows = session.scalars(select(ProposalRun).order_by(ProposalRun.created_at.desc(), ProposalRun.id.desc()).limit(SHOWN)).all()
    counts = _counts(session, [row.id for row in rows])
    return [_run(row, counts) for row in rows]


def get(session: TenantSession, run_id: str) -> Run:
    """One of them. Raises `NotFound`."""
    row = session.scalar(select(ProposalRun).where(ProposalRun.id == run_id))
    if row is None:
        raise NotFound(_("Ce lot d'arbitrages n'existe pas, ou n'existe plus."))
    return _run(row, _counts(session, [run_id]))


def lines(session: TenantSession, by: Adviser, run_id: str) -> list[Line]:
    """The accounts of a run that the person may see, by title. Raises `NotFound`."""
    get(session, run_id)
    return _lines(session, by, Row.run_id == run_id)


def line(session: TenantSession, by: Adviser, run_id: str, proposal_id: str) -> Line:
    """One of them, with its partner link. Raises `NotFound`, also where its account is not open to the person."""
    found = _lines(session, by, Row.run_id == run_id, Row.id == proposal_id)
    if not found:
        raise NotFound(_("Cet arbitrage n'existe pas, ou son compte n'est pas ouvert à votre profil."))
    return replace(found[0], account=links.attach(session, [found[0].account])[0])


def mark(
    session: TenantSession, by: Adviser, run_id: str, proposal_id: str, state: str, why: str = "", *,
    transaction_id: str | None = None,
) -> Line:  # fmt: skip
    """Say where an account stands: `asked`, `done`, `skipped` with its reason, `todo` again. Twice changes nothing.

    Raises `DomainError` with the field, `Conflict` for one that was left out, `NotFound`, `Forbidden`.
    """
    actor, name = supports.by_hand.writer(by)
    found = line(session, by, run_id, proposal_id)
    _check_open(session, by, [found.account.id])
    if found.state == "excluded":
        raise Conflict(_("Ce compte a été écarté de ce lot\u202f: il n'y a rien à y faire."))
    if state not in ("todo", "asked", "done", "skipped"):
        raise DomainError(_("Choisissez un état de la liste."), field="state")
    if state == "skipped" and not why:
        raise DomainError(_("Dites pourquoi cet arbitrage est passé."), field="why")
    if len(why) > 500:
        raise DomainError(_("500 caractères au plus."), field="why")
    row = session.scalars(select(Row).where(Row.run_id == run_id, Row.id == proposal_id)).one()
    same = row.state == state and row.why == (why if state == "skipped" else "")
    if same and (transaction_id is None or row.transaction_id == transaction_id):
        return found
    row.state, row.why, row.changed_by, row.changed_at = state, why if state == "skipped" else "", name, now()
    row.transaction_id = transaction_id or row.transaction_id
    session.flush()
    payload = {"name": found.model, "step": state, **({"why": why} if row.why else {})}
    audit.record(session, actor, "outils.proposal_marked", f"account:{found.account.id}", payload)
    return line(session, by, run_id, proposal_id)


def _check_open(session: TenantSession, by: Adviser, ids: Sequence[str]) -> None:
    """Raises `NotFound` for an account that is not seen, `Forbidden` for one that may only be looked at."""
    if {one.id for one in accounts.refs(session, by, account_ids=ids, rights=(book.EDIT,))} == set(ids):
        return
    if {one.id for one in accounts.refs(session, by, account_ids=ids)} == set(ids):
        raise Forbidden(_("Votre profil permet de voir ces comptes, pas tous d'y préparer un arbitrage."))
    raise NotFound(_("L'un des comptes n'existe pas, ou n'est pas ouvert à votre profil."))


def _proposed(
    run: ProposalRun, one: followers.Followed, ref: AccountRef, facts: reasons.Facts, rules: Rules, guard: Guard
) -> Row:
    model = one.model.version
    why = reasons.why_not(ref, facts, model.lines) or guard(ref) or reasons.pledged(ref)
    why = why or reasons.euro(one.drift, facts)
    found = orders.Proposal((), (), why) if why else orders.propose(one.drift, rules)
    fee = None
    if found.orders and facts.fee is not None:
        fee = (found.turned * facts.fee).quantize(CENT, ROUND_HALF_UP)
    made: dict[str, Any] = {
        "orders": [{"side": x.side, "support": x.support_id, "label": x.label, "amount": str(x.amount)} for x in found.orders],
        "kept": [{"support": x.support_id, "label": x.label, "why": x.why} for x in found.kept],
    }
    return Row(
        run_id=run.id, account_id=ref.id, version_id=model.id, state="todo" if found.orders else "excluded",
        why=found.why[:500], made=made, value=one.drift.total, on=one.drift.on, fee=fee,
    )  # fmt: skip


def _run(row: ProposalRun, counts: Mapping[str, Mapping[str, int]]) -> Run:
    return Run(row.id, Rules(row.minimum, row.keep_euro), row.said_by, row.created_at, counts.get(row.id, {}))


def _counts(session: TenantSession, ids: Sequence[str]) -> dict[str, dict[str, int]]:
    rows = session.execute(
        select(Row.run_id, Row.state, func.count(Row.id)).where(Row.run_id.in_(ids)).group_by(Row.run_id, Row.state)
    )
    found: dict[str, dict[str, int]] = {}
    for run_id, state, count in rows:
        found.setdefault(run_id, {})[state] = count
    return found


def _lines(session: TenantSession, by: Adviser, *where: Any) -> list[Line]:
    """In three queries, however many there are."""
    rows = session.execute(
        select(Row, ModelPortfolio.id, ModelPortfolio.name, ModelVersion.number)
        .join(ModelVersion, (ModelVersion.id == Row.version_id) & (ModelVersion.cabinet_id == Row.cabinet_id))
        .join(
            ModelPortfolio, (ModelPortfolio.id == ModelVersion.model_id) & (ModelPortfolio.cabinet_id == ModelVersion.cabinet_id)
        )
        .where(*where)
    ).all()  # fmt: skip
    told = {row.account_id: (row, model_id, name, number) for row, model_id, name, number in rows}
    refs = accounts.refs(session, by, account_ids=list(told)) if told else []
    return [_line(ref, *told[ref.id]) for ref in refs]


def _line(ref: AccountRef, row: Row, model_id: str, name: str, number: int) -> Line:
    made = row.made
    return Line(
        row.id, ref, model_id, name, number, row.state, row.why,
        tuple(Order(one["side"], one["support"], one["label"], Decimal(one["amount"])) for one in made.get("orders", ())),
        tuple(Kept(one["support"], one["label"], one["why"]) for one in made.get("kept", ())),
        row.value, row.on, row.fee, row.transaction_id, row.changed_by, row.changed_at,
    )  # fmt: skip
