"""Arbitrages in batch: what is proposed for many accounts, then a worklist that is gone through act by act (PF-09)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask import Blueprint
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.api import Plugin
from core.api import forms
from core.api import lists
from core.api.db import DomainError
from core.api.forms import Form
from core.api.forms import fields
from core.api.types import AccountRef
from core.api.types import Badge
from core.api.web import address
from core.api.web import adviser
from core.api.web import also_reads
from core.api.web import current_context
from core.api.web import db_session
from core.api.web import hub
from core.api.web import permission
from plugins.outils.portfolios import book
from plugins.outils.portfolios import drafting
from plugins.outils.portfolios import followers
from plugins.outils.portfolios import listing
from plugins.outils.portfolios import reasons
from plugins.outils.portfolios import run_listing
from plugins.outils.portfolios import runs
from plugins.outils.portfolios.follow_views import named_ids
from plugins.outils.portfolios.orders import Rules
from plugins.outils.portfolios.views import trail

EDIT = book.EDIT
_ONE, _ACT = "/arbitrages/<run_id>", "/arbitrages/<run_id>/<proposal_id>"


class RunForm(Form):
    """How a run proposes."""

    minimum = fields.amount(
        _l("Montant minimum d'un ordre"), missing=_l("Saisissez le minimum d'un ordre, ou 0."),
        help=_l("En dessous, l'ordre n'est pas proposé et le reste est réparti à nouveau."),
    )  # fmt: skip
    keep_euro = fields.flag(
        _l("Ne pas toucher aux fonds en euros"),
        help=_l("Ni désinvestis ni investis\u202f: le reste suit les proportions du modèle."),
    )  # fmt: skip


def register(made: Blueprint) -> None:
    """The routes."""
    made.add_url_rule("/arbitrages", "runs", index)
    made.add_url_rule("/arbitrages/nouveau", "run_new", new, methods=["GET", "POST"])
    made.add_url_rule(_ONE, "run", show)
    made.add_url_rule(_ACT, "proposal", act)
    made.add_url_rule(f"{_ACT}/preparer", "proposal_prepare", prepare, methods=["POST"])
    made.add_url_rule(f"{_ACT}/etat", "proposal_mark", mark, methods=["POST"])
    lists.register(made, run_listing.PAGES, _ONE)


@permission("accounts.view")
def index() -> ResponseReturnValue:
    """The cabinet's last runs."""
    return render_template(
        "outils/models/runs.html", rows=runs.listed(db_session()), states=run_listing.STATES,
        crumbs=[*trail(), (_("Arbitrages"), None)],
    )  # fmt: skip


@permission(EDIT)
def new() -> ResponseReturnValue:
    """Say how to propose for the accounts that were ticked, or for all that follow a model; a POST that confirms proposes."""
    ids = named_ids(request.values.getlist("ids"))[: runs.MOST + 1]
    model_id = next(iter(named_ids([request.values.get("suit", "")])), "")
    found = followers.listed(db_session(), adviser(), model_id=model_id, account_ids=None if model_id else ids)
    form = RunForm()
    values: Mapping[str, Any] = {"minimum": Decimal(100), "keep_euro": False}
    errors: dict[str, str] = {}
    key = forms.once(request.form.get("once", "")) if request.method == "POST" else forms.token()
    if request.method == "POST" and "confirme" in request.form:
        values = forms.typed(form, request.form)
        checked = forms.check(form, values)
        errors = dict(checked.errors)
        if not errors:
            rules = Rules(checked.values["minimum"], bool(checked.values.get("keep_euro")))
            chosen = [one.account.id for one in found] if model_id else ids
            guard = reasons.guard(current_context(), db_session())
            try:
                made = runs.begin(db_session(), adviser(), chosen, rules, guard=guard, run_id=key)
                db_session().commit()
                return redirect(url_for("p_outils.run", run_id=made), 303)
            except DomainError as error:
                if error.status != 422:
                    raise
                db_session().rollback()
                errors = forms.refused(error)
    page = render_template(
        "outils/models/run_new.html", form=forms.view(form, values, errors), found=found, ids=[] if model_id else ids,
        suit=model_id, once=key, states=listing.STATES, most=runs.MOST,
        counts={code: sum(one.drift.state == code for one in found) for code in listing.STATES},
        back=url_for("p_outils.model_followers", suit=model_id or None),
        crumbs=[*trail(), (_("Arbitrages"), url_for("p_outils.runs")), (_("Nouveau lot"), None)],
    )  # fmt: skip
    return page, 422 if errors else 200


@permission("accounts.view")
def show(run_id: str) -> ResponseReturnValue:
    """A run: its accounts, what is to be done, what was left out and why."""
    usual = lists.opening(run_listing.SPEC, run_id=run_id)
    if usual is not None:
        return redirect(usual)
    state = run_listing.read(request.args, run_id)
    run = runs.get(db_session(), run_id)
    rows = run_listing.found(db_session(), state)
    return render_template(
        "outils/models/run.html", run=run, state=state, page=listing.page(rows, state), views=lists.views(state),
        once=forms.token(), states=run_listing.STATES, first=_next(run_id), hidden=_hidden(run),
        crumbs=[*trail(), (_("Arbitrages"), url_for("p_outils.runs")), (_("Lot d'arbitrages"), None)],
    )  # fmt: skip


@permission("accounts.view")
def act(run_id: str, proposal_id: str) -> ResponseReturnValue:
    """One account of a run: its orders, where to give them, what was done since."""
    return _act(run_id, proposal_id)


@permission(EDIT)
def prepare(run_id: str, proposal_id: str) -> ResponseReturnValue:
    """Prepare the typed act with these orders, and go to it."""
    made = drafting.prepare(current_context(), db_session(), adviser(), run_id, proposal_id)
    db_session().commit()
    flash(_("L'acte est préparé\u202f: rien n'est encore écrit sur le compte."), "success")
    where = address("p_portefeuille.typed_act", typed_id=made)
    return redirect(where or url_for("p_outils.proposal", run_id=run_id, proposal_id=proposal_id), 303)


@permission(EDIT)
def mark(run_id: str, proposal_id: str) -> ResponseReturnValue:
    """Done, left aside with a reason, or to be done again; then the next one that waits."""
    state, why = request.form.get("etat", "")[:10], request.form.get("pourquoi", "")
    try:
        runs.mark(db_session(), adviser(), run_id, proposal_id, state, forms.inputs.plain(why))
    except (DomainError, ValueError) as error:
        if isinstance(error, DomainError) and error.status != 422:
            raise
        said = error.text if isinstance(error, DomainError) else _("Cette raison contient un caractère qui n'est pas accepté.")
        return _act(run_id, proposal_id, fault=said, typed=why)
    db_session().commit()
    after = proposal_id if state == "todo" else _next(run_id, after=proposal_id)
    if after is None:
        flash(_("C'est noté\u202f: plus aucun arbitrage de ce lot n'attend."), "success")
        return redirect(url_for("p_outils.run", run_id=run_id), 303)
    flash(_("C'est noté."), "success")
    return redirect(url_for("p_outils.proposal", run_id=run_id, proposal_id=after), 303)


def _act(run_id: str, proposal_id: str, *, fault: str = "", typed: str = "") -> ResponseReturnValue:
    run = runs.get(db_session(), run_id)
    line = runs.line(db_session(), adviser(), run_id, proposal_id)
    also_reads("account", line.account.id)
    badge, failures = _badge(line.account)
    label = _("%(account)s, arbitrage", account=line.account.label)
    errors = [{"name": "pourquoi", "label": _("Raison"), "error": fault}] if fault else []
    page = render_template(
        "outils/models/proposal.html", run=run, line=line, title=label, states=run_listing.STATES, sides=run_listing.SIDES,
        done=drafting.done(db_session(), adviser(), run, line), typed_here=drafting.offered(db_session(), line.account),
        badge=badge, orders=drafting.ticket(db_session(), adviser(), line) if badge else None, failures=failures,
        can_edit=current_context().can(EDIT), errors=errors, typed=typed,
        after=_next(run_id, after=proposal_id), account_url=address("p_portefeuille.account", account_id=line.account.id),
        act_url=address("p_portefeuille.typed_act", typed_id=line.transaction_id) if line.transaction_id else None,
        crumbs=[
            *trail(), (_("Arbitrages"), url_for("p_outils.runs")),
            (_("Lot d'arbitrages"), url_for("p_outils.run", run_id=run_id)), (line.account.label, None),
        ],
    )  # fmt: skip
    return page, 422 if fault else 200


def _badge(account: AccountRef) -> tuple[Badge | None, tuple[str, ...]]:
    """The partner's icon, whose menu launches the act as from any list of accounts; modules that could not say theirs."""
    ctx = current_context()
    if account.plugin is None or not ctx.can("transactions.initiate"):
        return None, ()
    found = hub().gather(Plugin.account_badges, ctx, [account])
    badges = [one.item[account.id] for one in found.items if account.id in one.item]
    return (badges[0] if badges else None), tuple(failure.text for failure in found.failures)


def _next(run_id: str, *, after: str = "") -> str | None:
    """The next account that waits, behind this one in the list's order, else the first; None where none waits."""
    waits = [one.id for one in runs.lines(db_session(), adviser(), run_id) if one.state == "todo" or one.id == after]
    if after in waits:
        at = waits.index(after)
        waits = [*waits[at + 1 :], *waits[:at]]
    return waits[0] if waits else None


def _hidden(run: runs.Run) -> int:
    """How many of its accounts the person may not see."""
    return run.size - len(runs.lines(db_session(), adviser(), run.id))
