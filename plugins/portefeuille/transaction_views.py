"""Acts typed on an account that no partner feeds: their form, their page, what is done with them (PF-04)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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
from core.api import links
from core.api import transactions
from core.api import undo
from core.api.db import Conflict
from core.api.db import DomainError
from core.api.db import NotFound
from core.api.db import TenantSession
from core.api.types import Adviser
from core.api.web import adviser
from core.api.web import db_session
from core.api.web import permission
from plugins.portefeuille import account_edit_views as editing
from plugins.portefeuille import transaction_asking
from plugins.portefeuille import transaction_forms as typing
from plugins.portefeuille.transaction_asking import Asking
from plugins.portefeuille.transaction_asking import Page
from plugins.portefeuille.transaction_asking import allowed

EDIT = editing.EDIT
_ONE = "/actes/<typed_id>"
_typed = transactions.typed
TypedAct = transactions.typed_acts.TypedAct


def register(made: Blueprint) -> None:
    """The routes."""
    made.add_url_rule("/comptes/<account_id>/actes/<act>", "typed_new", new, methods=["GET", "POST"])
    made.add_url_rule(_ONE, "typed_act", show)
    made.add_url_rule(f"{_ONE}/modifier", "typed_edit", edit, methods=["GET", "POST"])
    made.add_url_rule(f"{_ONE}/executer", "typed_execute", execute, methods=["POST"])
    made.add_url_rule(f"{_ONE}/abandonner", "typed_cancel", cancel, methods=["POST"])
    made.add_url_rule(f"{_ONE}/reprendre", "typed_take_back", take_back, methods=["POST"])


@permission(EDIT)
def new(account_id: str, act: str) -> ResponseReturnValue:
    """Type an act. The form's key makes that a second arrival adds nothing."""
    card = _card(account_id)
    if card is None:
        return _fed(account_id)
    one = next((item for item in _typed.offered(db_session(), account_id) if item.code == act), None)
    if one is None:
        raise NotFound(_("Cet acte ne se saisit pas sur ce compte."))
    key = forms.once(request.form.get("once", "")) if request.method == "POST" else forms.token()
    return _form(card, one, key, None)


@permission(EDIT)
def edit(typed_id: str) -> ResponseReturnValue:
    """Correct an act that is prepared; what somebody else changed meanwhile is shown."""
    found = _found(typed_id)
    card = _card(found.ref.account_id)
    if card is None:
        return _fed(found.ref.account_id)
    if found.ref.status != "initiated":
        raise Conflict(_("Cet acte est exécuté ou annulé\u202f: revenez d'abord à l'état préparé."))
    return _form(card, transactions.typed_acts.ACTS[found.ref.act], None, found)


@permission("transactions.view")
def show(typed_id: str) -> ResponseReturnValue:
    """The act: its lines, what it would do or what it did, and what may be done with it."""
    return _page(_found(typed_id))


@permission(EDIT)
def execute(typed_id: str) -> ResponseReturnValue:
    """Mark it executed: movements, lines and value are written, once."""
    found = _found(typed_id)
    editing.editable(found.ref.account_id)
    seen, ticked = request.form.get("seen", "")[:26], set(request.form.getlist("acquitter"))
    try:
        if found.ref.status != "executed_here":
            allowed(found.ref.account_id, found.ref.act, found.given.reason)
        done = _typed.execute(db_session(), adviser(), typed_id, seen=seen, acknowledged=ticked)
    except accounts.checks.Unconfirmed as error:
        db_session().rollback()
        return _page(found, findings=error.findings)
    except links.ReasonNeeded as error:
        db_session().rollback()
        raise Conflict(_("%(why)s Modifiez l'acte pour le noter.", why=error.text)) from error
    if not done:
        flash(_("Cet acte est déjà exécuté\u202f: rien n'est écrit une seconde fois."), "info")
        return redirect(_where(found), 303)
    return _done(found, "portefeuille.executed", _("L'acte est exécuté\u202f: ses mouvements sont écrits."))


@permission(EDIT)
def cancel(typed_id: str) -> ResponseReturnValue:
    """Give it up; its history stays."""
    found = _found(typed_id)
    editing.editable(found.ref.account_id)
    if not _typed.cancel(db_session(), adviser(), typed_id):
        return redirect(_where(found), 303)
    return _done(found, "portefeuille.act_cancelled", _("L'acte est annulé."))


@permission(EDIT)
def take_back(typed_id: str) -> ResponseReturnValue:
    """Back to prepared: what an execution wrote is taken away."""
    found = _found(typed_id)
    editing.editable(found.ref.account_id)
    _typed.take_back(db_session(), adviser(), typed_id)
    db_session().commit()
    flash(_("L'acte est de nouveau préparé\u202f: rien n'en reste écrit sur le compte."), "success")
    return redirect(_where(found), 303)


@undo.command("portefeuille.executed", permission=EDIT)
def executed_back(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of `execute`."""
    _typed.take_back(session, by, payload["transaction"])
    return str(_("L'acte est de nouveau préparé\u202f: rien n'en reste écrit sur le compte."))


@undo.command("portefeuille.act_cancelled", permission=EDIT)
def cancelled_back(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of `cancel`."""
    _typed.take_back(session, by, payload["transaction"])
    return str(_("L'acte est de nouveau préparé."))


def _form(
    card: accounts.AccountCard, act: TypedAct, key: str | None, current: transactions.typed.Act | None
) -> ResponseReturnValue:  # fmt: skip
    account, held = card.ref, accounts.positions(db_session(), card.ref.id)
    stored, back = typing.begun(act, held.lines), _tab(account.id)
    title = transactions.typed_acts.label(act, account.envelope)
    if current is not None:
        stored, back = typing.shown(current.given, _typed.names(db_session(), current.given)), _where(current)
        title = _("%(act)s, modifier", act=title)

    def look(given: transactions.typed.Given, page: Page) -> None:
        page.effect = _typed.preview(db_session(), adviser(), account.id, given)
        page.surrender = transactions.surrender_facts.of_act(db_session(), account.id, given, page.effect)

    def write(given: transactions.typed.Given) -> str:
        if current is None:
            made = _typed.add(db_session(), adviser(), account.id, given, transaction_id=key)
        else:
            made = current.ref.id
            _typed.change(db_session(), adviser(), made, given, seen=current.version)
        return url_for("p_portefeuille.typed_act", typed_id=made)

    return transaction_asking.answer(
        Asking(
            card, act, typing.schema(act), held, stored, key, title, editing.trail(card, title), back,
            lambda values: typing.read(db_session(), act, values, account.currency, adviser().user_id), look, write,
            _("L'acte est préparé\u202f: rien n'est encore écrit sur le compte."),
        )
    )  # fmt: skip


def _page(found: transactions.typed.Act, *, findings: tuple[accounts.checks.Finding, ...] = ()) -> ResponseReturnValue:
    account_id = found.ref.account_id
    card = accounts.card(db_session(), adviser(), account_id)
    may_edit = accounts.by_hand.may_edit(db_session(), adviser(), account_id)
    effect, why, surrender = None, None, None
    if found.ref.status == "initiated" and may_edit:
        try:
            effect = _typed.preview(db_session(), adviser(), account_id, found.given)
            surrender = transactions.surrender_facts.of_act(db_session(), account_id, found.given, effect)
        except DomainError as error:
            why = error.text
    title = found.ref.act_label
    page = render_template(
        "portefeuille/typed_act.html", title=title, card=card, found=found, effect=effect, why=why, surrender=surrender,
        may_edit=may_edit,
        names=transactions.typed.names(db_session(), found.given), findings=findings, modes=typing.MODES, sides=typing.SIDES,
        crumbs=[*editing.trail(card, title)[:-1], (_("Transactions"), _tab(account_id)), (title, None)],
        lines=transactions.history(db_session(), adviser(), found.ref.id),
        moves=transactions.matching.movements_of(db_session(), found.ref.id),
    )  # fmt: skip
    return page, 409 if findings else 200


def _card(account_id: str) -> accounts.AccountCard | None:
    """The account, where acts may be typed; None for one that its partner feeds."""
    editing.editable(account_id)
    card = accounts.card(db_session(), adviser(), account_id)
    return None if card.origin == "AGREGE" else card


def _fed(account_id: str) -> ResponseReturnValue:
    flash(accounts.values_by_hand.FED, "error")
    where = url_for("p_portefeuille.account", account_id=account_id)
    return redirect(where, 303 if request.method == "POST" else 302)


def _found(typed_id: str) -> transactions.typed.Act:
    return _typed.get(db_session(), adviser(), typed_id[:26])


def _where(found: transactions.typed.Act) -> str:
    return url_for("p_portefeuille.typed_act", typed_id=found.ref.id)


def _tab(account_id: str) -> str:
    return url_for("p_portefeuille.account_transactions", account_id=account_id)


def _done(found: transactions.typed.Act, command: str, said: str) -> ResponseReturnValue:
    token = undo.offer(
        db_session(), adviser(), command, f"account:{found.ref.account_id}", {"transaction": found.ref.id}
    )  # fmt: skip
    db_session().commit()
    undo.say(said, token)
    return redirect(_where(found), 303)
