"""Pages of accounts beside their model: who follows, who could, one account's drift; following and leaving (OU-01)."""

from __future__ import annotations

from collections.abc import Iterable
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
from flask_babel import ngettext

from core.api import accounts
from core.api import formats
from core.api import forms
from core.api import lists
from core.api import queries
from core.api import undo
from core.api.db import DomainError
from core.api.db import TenantSession
from core.api.types import Adviser
from core.api.web import address
from core.api.web import adviser
from core.api.web import current_context
from core.api.web import db_session
from core.api.web import permission
from plugins.outils.portfolios import book
from plugins.outils.portfolios import followers
from plugins.outils.portfolios import listing
from plugins.outils.portfolios import shapes
from plugins.outils.portfolios.views import trail

EDIT = book.EDIT
#: An id that nothing has.
NOBODY = "0" * 26
_ONE = "/modeles/<model_id>"


def register(made: Blueprint) -> None:
    """The routes."""
    made.add_url_rule("/modeles/suivi", "model_followers", index)
    made.add_url_rule(f"{_ONE}/comptes", "model_accounts", choose)
    made.add_url_rule(f"{_ONE}/suivre", "model_follow", follow, methods=["POST"])
    made.add_url_rule("/modeles/suivi/cesser", "model_leave", leave, methods=["POST"])
    made.add_url_rule("/comptes/<account_id>/modele", "account_model", account)
    made.add_url_rule("/comptes/<account_id>/modele/suivre", "account_follow", account_follow, methods=["POST"])
    lists.register(made, listing.FOLLOWED_PAGES, "/modeles/suivi")
    lists.register(made, listing.CHOICE_PAGES, f"{_ONE}/comptes")


@permission("accounts.view")
def index() -> ResponseReturnValue:
    """The accounts that follow a model, with the worst gap of each."""
    usual = lists.opening(listing.FOLLOWED)
    if usual is not None:
        return redirect(usual)
    state = listing.read_followed(request.args)
    rows = listing.followed(db_session(), state)
    return render_template(
        "outils/models/followers.html", state=state, page=listing.page(rows, state), views=lists.views(state),
        once=forms.token(), can_edit=current_context().can(EDIT), states=listing.STATES, points=listing.points,
        counts={key: sum(row.drift.state == key for row in rows) for key in listing.STATES},
        crumbs=[*trail(), (_("Comptes suivis"), None)],
    )  # fmt: skip


@permission("accounts.view")
def choose(model_id: str) -> ResponseReturnValue:
    """Accounts that could follow a model, to tick several."""
    usual = lists.opening(listing.CHOICE, model_id=model_id)
    if usual is not None:
        return redirect(usual)
    found = book.get(db_session(), model_id)
    state = listing.read_choice(request.args, model_id)
    page = queries.accounts.page(db_session(), adviser(), listing.choice(state), number=state.number, size=state.size)
    return render_template(
        "outils/models/accounts.html", found=found, state=state, page=page, views=lists.views(state), once=forms.token(),
        ties=followers.ties(db_session(), [ref.id for ref in page.items]), can_edit=current_context().can(EDIT),
        names={one.id: one.name for one in book.listed(db_session())}, crumbs=[*trail(found), (_("Rattacher des comptes"), None)],
    )  # fmt: skip


@permission(EDIT)
def follow(model_id: str) -> ResponseReturnValue:
    """Have the accounts that were ticked follow the model."""
    ids = named_ids(request.form.getlist("ids"))
    found = book.get(db_session(), model_id)
    try:
        before = {key: tie.model_id for key, tie in followers.ties(db_session(), ids).items()}
        count = followers.follow(db_session(), adviser(), model_id, ids)
    except DomainError as error:
        if error.status != 422:
            raise
        flash(error.text, "error")
        return redirect(url_for("p_outils.model_accounts", model_id=model_id), 303)
    payload = {"accounts": {key: before.get(key) for key in ids if before.get(key) != model_id}}
    token = undo.offer(db_session(), adviser(), "outils.model_followed", f"outils-model:{model_id}", payload)
    db_session().commit()
    undo.say(
        ngettext("%(num)s compte suit désormais %(name)s.", "%(many)s comptes suivent désormais %(name)s.", count,
                 many=formats.grouped(count), name=found.name), token,
    )  # fmt: skip
    return redirect(url_for("p_outils.model_followers", suit=model_id), 303)


@permission(EDIT)
def leave() -> ResponseReturnValue:
    """Have the accounts that were ticked follow nothing any more."""
    return _left(named_ids(request.form.getlist("ids")), url_for("p_outils.model_followers"))


@permission("accounts.view")
def account(account_id: str) -> ResponseReturnValue:
    """One account beside its model: line by line; and which model it follows."""
    ref = accounts.get_ref(db_session(), adviser(), account_id)
    found = followers.of_account(db_session(), adviser(), account_id)
    offered = [one for one in book.listed(db_session(), archived=False) if found is None or one.id != found.model.id]
    return render_template(
        "outils/models/account.html", account=ref, found=found, offered=offered,
        can_edit=accounts.by_hand.may_edit(db_session(), adviser(), account_id),
        account_url=address("p_portefeuille.account", account_id=account_id), profiles=shapes.PROFILES,
        crumbs=[*trail(), (_("Comptes suivis"), url_for("p_outils.model_followers")), (ref.label, None)],
    )  # fmt: skip


@permission(EDIT)
def account_follow(account_id: str) -> ResponseReturnValue:
    """Have one account follow a model, or none."""
    where = url_for("p_outils.account_model", account_id=account_id)
    model_id = next(iter(named_ids([request.form.get("suit", "")])), "")
    if not model_id:
        return _left([account_id], where)
    try:
        followers.follow(db_session(), adviser(), model_id, [account_id])
    except DomainError as error:
        if error.status != 422:
            raise
        flash(error.text, "error")
        return redirect(where, 303)
    db_session().commit()
    flash(_("Le compte suit désormais ce modèle."), "success")
    return redirect(where, 303)


def named_ids(sent: Iterable[str]) -> list[str]:
    """Ids as a form brings them, each once; what could be none, NUL included, is nobody's."""
    every = (one if len(one) <= 26 and one.isascii() and one.isalnum() else NOBODY for one in sent if one)
    return list(dict.fromkeys(every))


@undo.command("outils.model_followed", permission=EDIT)
def followed_back(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of `follow`: each account follows what it did."""
    _put_back(session, by, payload["accounts"])
    return str(_("Les comptes suivent de nouveau ce qu'ils suivaient."))


@undo.command("outils.model_left", permission=EDIT)
def left_back(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of `leave`."""
    _put_back(session, by, payload["accounts"])
    return str(_("Les comptes suivent de nouveau leur modèle."))


def _put_back(session: TenantSession, by: Adviser, before: Mapping[str, str | None]) -> None:
    away = {one.id for one in book.listed(session, archived=True)}
    for model_id in {one for one in before.values() if one and one not in away}:
        followers.follow(session, by, model_id, [key for key, was in before.items() if was == model_id])
    gone = [key for key, was in before.items() if was is None]
    if gone:
        followers.leave(session, by, gone)


def _left(ids: list[str], where: str) -> ResponseReturnValue:
    before = {key: tie.model_id for key, tie in followers.ties(db_session(), ids).items()}
    try:
        count = followers.leave(db_session(), adviser(), ids)
    except DomainError as error:
        if error.status != 422:
            raise
        flash(error.text, "error")
        return redirect(where, 303)
    if not count:
        flash(_("Aucun de ces comptes ne suivait de modèle."), "info")
        return redirect(where, 303)
    subject = f"account:{next(iter(before))}"
    token = undo.offer(db_session(), adviser(), "outils.model_left", subject, {"accounts": before})
    db_session().commit()
    undo.say(
        ngettext("%(num)s compte ne suit plus de modèle.", "%(many)s comptes ne suivent plus de modèle.", count,
                 many=formats.grouped(count)), token,
    )  # fmt: skip
    return redirect(where, 303)
