"""`/p/outils/runs`: proposals of arbitrage in batch, and their worklist, for programs (PF-09)."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from core.api.rest import Call
from core.api.rest import Reply
from core.api.rest import Resource
from core.api.rest import Slice
from core.api.web import current_context
from plugins.outils.portfolios import drafting
from plugins.outils.portfolios import reasons
from plugins.outils.portfolios import run_schemas as made
from plugins.outils.portfolios import runs
from plugins.outils.portfolios.orders import Rules

READ, WRITE = "accounts:read", "accounts:write"
RUNS = Resource(
    "outils_runs", _l("Lots d'arbitrages"),
    _l("Arbitrages proposés à des comptes qui suivent un modèle, et ce qu'il en est advenu."), plugin="outils",
)  # fmt: skip
_BASE = "/p/outils/runs"
_ONE = f"{_BASE}/{{run_id}}"
_LINE = f"{_ONE}/proposals/{{proposal_id}}"


@RUNS.get(_BASE, _l("Lister les lots d'arbitrages"), made.RunOut, paged=True, scope=READ, about=_l("Les cinquante derniers."))
def listed(call: Call) -> Slice[Any]:
    """The cabinet's."""
    return call.among([_told(one) for one in runs.listed(call.session)], lambda one: one["id"])


@RUNS.post(
    _BASE, _l("Proposer des arbitrages"), made.RunOut, takes=made.RunNew, status=201, scope=WRITE,
    about=_l("Rien n'est transmis\u202f: chaque compte a ses ordres, ou la raison pour laquelle il est écarté."),
)  # fmt: skip
def propose(call: Call) -> Reply:
    """As «Proposer des arbitrages»."""
    rules = Rules(call.taken["minimum"], bool(call.taken.get("keep_euro")))
    guard = reasons.guard(current_context(), call.session)
    new = runs.begin(call.session, call.adviser, call.taken["accounts"], rules, guard=guard, run_id=call.once or None)
    return Reply(show(call, new), f"{_BASE}/{new}")


@RUNS.get(_ONE, _l("Lire un lot d'arbitrages"), made.RunOut, scope=READ)
def show(call: Call, run_id: str) -> dict[str, Any]:
    """How far it is."""
    return _told(runs.get(call.session, run_id))


@RUNS.get(f"{_ONE}/proposals", _l("Lire les arbitrages d'un lot"), made.ProposalOut, paged=True, scope=READ)
def proposals(call: Call, run_id: str) -> Slice[Any]:
    """Account by account: its orders, or why there are none."""
    return call.among(runs.lines(call.session, call.adviser, run_id), lambda one: one.id)


@RUNS.get(_LINE, _l("Lire un arbitrage proposé"), made.ProposalOut, scope=READ)
def proposal(call: Call, run_id: str, proposal_id: str) -> runs.Line:
    """One account."""
    return runs.line(call.session, call.adviser, run_id, proposal_id)


@RUNS.post(f"{_LINE}/prepare", _l("Préparer l'acte d'un arbitrage proposé"), made.ProposalOut, scope=WRITE)
def prepare(call: Call, run_id: str, proposal_id: str) -> runs.Line:
    """As «Préparer l'arbitrage»: on an account that no partner feeds."""
    drafting.prepare(current_context(), call.session, call.adviser, run_id, proposal_id)
    return runs.line(call.session, call.adviser, run_id, proposal_id)


@RUNS.post(f"{_LINE}/state", _l("Dire où en est un arbitrage proposé"), made.ProposalOut, takes=made.MarkIn, scope=WRITE)
def mark(call: Call, run_id: str, proposal_id: str) -> runs.Line:
    """Done, left aside with a reason, to be done again."""
    return runs.mark(call.session, call.adviser, run_id, proposal_id, call.taken["state"], call.taken.get("why") or "")


def _told(one: runs.Run) -> dict[str, Any]:
    counts = [{"state": state, "count": count} for state, count in sorted(one.counts.items())]
    return {
        "id": one.id, "said_by": one.said_by, "created_at": one.created_at, "rules": one.rules, "by_state": counts,
    }  # fmt: skip
