"""Acts that come back: the cabinet's list, an account's, their form, their page (PF-04)."""

from __future__ import annotations

from flask import Blueprint
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.api import accounts
from core.api import forms
from core.api import transactions
from core.api.db import Conflict
from core.api.db import NotFound
from core.api.web import adviser
from core.api.web import also_reads
from core.api.web import current_context
from core.api.web import db_session
from core.api.web import permission
from plugins.portefeuille import account_edit_views as editing
from plugins.portefeuille import transaction_asking
from plugins.portefeuille import transaction_forms as typing
from plugins.portefeuille.plans import forms as planning
from plugins.portefeuille.plans import keeping
from plugins.portefeuille.plans import reading
from plugins.portefeuille.plans.models import ACTS
from plugins.portefeuille.transaction_asking import Asking
from plugins.portefeuille.transaction_asking import Page

EDIT = editing.EDIT
_ONE = "/programmes/<plan_id>"
TypedAct = transactions.typed_acts.TypedAct
#: What templates say of codes.
WORDS = {"frequencies": planning.FREQUENCIES, "states": planning.STATES, "answers": planning.ANSWERS}


def register(made: Blueprint) -> None:
    """The routes."""
    made.add_url_rule("/programmes", "plans", index)
    made.add_url_rule("/comptes/<account_id>/programmes", "account_plans", of_account)
    made.add_url_rule("/comptes/<account_id>/programmes/<act>", "plan_new", new, methods=["GET", "POST"])
    made.add_url_rule(_ONE, "plan", show)
    made.add_url_rule(f"{_ONE}/modifier", "plan_edit", edit, methods=["GET", "POST"])


@permission("transactions.view")
def index() -> ResponseReturnValue:
    """All that one sees: what waits today, then all of them, page by page."""
    number = max(1, request.args.get("page", 1, type=int))
    waiting, due = reading.listed(db_session(), adviser(), due=True)
    found, total = reading.listed(db_session(), adviser(), number=number)
    last = -(-total // reading.SIZE) or 1
    return render_template(
        "portefeuille/plans.html", waiting=waiting, due=due, plans=found, total=total, number=min(number, last), last=last,
        may=_may({one.account.id for one in waiting}), **WORDS,
        crumbs=[(_("Comptes"), url_for("p_portefeuille.accounts_list")), (_("Actes programmés"), None)],
    )  # fmt: skip


@permission("transactions.view")
def of_account(account_id: str) -> ResponseReturnValue:
    """An account's, and what may be programmed on it."""
    card = accounts.card(db_session(), adviser(), account_id)
    found = reading.of_account(db_session(), adviser(), account_id)
    may = accounts.by_hand.may_edit(db_session(), adviser(), account_id)
    offered = [one for one in transactions.typed.offered(db_session(), account_id) if one.code in ACTS] if may else []
    title = _("Actes programmés")
    return render_template(
        "portefeuille/account_plans.html", title=title, card=card, plans=found, may={account_id} if may else set(),
        offered=[(one.code, transactions.typed_acts.label(one, card.ref.envelope)) for one in offered],
        waiting=[one for one in found if one.waiting], crumbs=editing.trail(card, title), **WORDS,
    )  # fmt: skip


@permission("transactions.view")
def show(plan_id: str) -> ResponseReturnValue:
    """Its terms, its days, what may be done with it."""
    found = reading.get(db_session(), adviser(), plan_id)
    also_reads("account", found.account.id)
    card = accounts.card(db_session(), adviser(), found.account.id)
    may = accounts.by_hand.may_edit(db_session(), adviser(), found.account.id)
    return render_template(
        "portefeuille/plan.html", title=_("%(act)s programmé", act=found.label), card=card, found=found,
        may={found.account.id} if may else set(), names=transactions.typed.names(db_session(), found.given(found.terms.since)),
        modes=typing.MODES, sides=typing.SIDES, crumbs=_crumbs(card, found.label), **WORDS,
    )  # fmt: skip


@permission(EDIT)
def new(account_id: str, act: str) -> ResponseReturnValue:
    """Type one. The form's key makes that a second arrival adds nothing."""
    editing.editable(account_id)
    card = accounts.card(db_session(), adviser(), account_id)
    if card.origin == "AGREGE":
        return _fed(url_for("p_portefeuille.account_plans", account_id=account_id))
    offered = transactions.typed.offered(db_session(), account_id)
    one = next((item for item in offered if item.code == act and item.code in ACTS), None)
    if one is None:
        raise NotFound(_("Cet acte ne se programme pas sur ce compte."))
    key = forms.once(request.form.get("once", "")) if request.method == "POST" else forms.token()
    return _form(card, one, key, None)


@permission(EDIT)
def edit(plan_id: str) -> ResponseReturnValue:
    """Change its terms; what somebody else changed meanwhile is shown."""
    found = reading.get(db_session(), adviser(), plan_id)
    editing.editable(found.account.id)
    also_reads("account", found.account.id)
    if found.state == "TERMINE":
        raise Conflict(_("Cet acte programmé est terminé\u202f: rouvrez-le d'abord."))
    card = accounts.card(db_session(), adviser(), found.account.id)
    if card.origin == "AGREGE":
        return _fed(url_for("p_portefeuille.plan", plan_id=plan_id))
    return _form(card, transactions.typed_acts.ACTS[found.act], None, found)


def _fed(where: str) -> ResponseReturnValue:
    flash(accounts.values_by_hand.FED, "error")
    return redirect(where, 303 if request.method == "POST" else 302)


def _form(
    card: accounts.AccountCard, act: TypedAct, key: str | None, current: reading.Planned | None
) -> ResponseReturnValue:  # fmt: skip
    account, held = card.ref, accounts.positions(db_session(), card.ref.id)
    stored = planning.begun(act, held.lines)
    back = url_for("p_portefeuille.account_plans", account_id=account.id)
    if current is not None:
        stored = planning.shown(current, transactions.typed.names(db_session(), current.given(current.terms.since)))
        back = url_for("p_portefeuille.plan", plan_id=current.id)
    label = transactions.typed_acts.label(act, account.envelope)
    title = _("%(act)s programmé, modifier", act=label) if current else _("%(act)s à programmer", act=label)

    def look(asked: keeping.Asked, page: Page) -> None:
        since = current.terms.since if current else None
        page.effect = keeping.check(db_session(), adviser(), account.id, asked, since=since)

    def write(asked: keeping.Asked) -> str:
        if current is None:
            made = keeping.add(db_session(), adviser(), account.id, asked, plan_id=key)
        else:
            made = current.id
            keeping.change(db_session(), adviser(), made, asked, seen=current.version)
        return url_for("p_portefeuille.plan", plan_id=made)

    return transaction_asking.answer(
        Asking(
            card, act, planning.schema(act), held, stored, key, title, _crumbs(card, title), back,
            lambda values: planning.read(db_session(), act, values, account.currency, adviser().user_id), look, write,
            _("L'acte est programmé\u202f: chaque échéance sera proposée, rien ne s'écrit seul."),
            {"top": planning.TOP, "submit": _("Enregistrer")},
        )
    )  # fmt: skip


def _may(account_ids: set[str]) -> set[str]:
    """Those of these accounts that this person may write."""
    if not account_ids or not current_context().can(EDIT):
        return set()
    found = accounts.refs(db_session(), adviser(), account_ids=sorted(account_ids), rights=(EDIT,))
    return {one.id for one in found}


def _crumbs(card: accounts.AccountCard, title: str) -> list[tuple[str, str | None]]:
    where = url_for("p_portefeuille.account_plans", account_id=card.ref.id)
    return [*editing.trail(card, title)[:-1], (_("Actes programmés"), where), (title, None)]
