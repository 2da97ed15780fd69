"""The partner link's pages: lists of acts, launch, hand-over, return."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint
from flask import jsonify
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from core.accounts import services as accounts
from core.auth.views import safe_next
from core.db import faults
from core.db.errors import NotFound
from core.hooks.types import AccountRef
from core.hooks.types import Adviser
from core.links import account_links
from core.links import acts
from core.links import callbacks
from core.links import handover
from core.links import launch as launches
from core.links import oidc_views
from core.links import orders
from core.links import tokens
from core.links import types_menu
from core.links.models import Launch
from core.links.saml import views as saml_views
from core.shell.gate import current_context
from core.shell.gate import hub
from core.transactions import services as transactions
from core.web.policy import policy
from core.web.request import db_session

INITIATE = "transactions.initiate"
blueprint = Blueprint("links", __name__)
plp = Blueprint("plp", __name__, url_prefix="/plp")
oidc_views.register(plp)
saml_views.register(plp)
callbacks.register(plp)


@blueprint.get("/liens/<plugin>/comptes/<account_id>/actes")
@policy("permission", INITIATE)
def actions(account_id: str, plugin: str) -> ResponseReturnValue:
    """The icon's menu: the partner is asked now, and only now (BL-06, BL-08)."""
    account = _account(account_id, INITIATE)
    if account.plugin != plugin or plugin not in current_context().enabled:
        raise NotFound("Ce compte n'a pas de lien avec ce partenaire.")
    given = request.args.get("ordres", "")
    wanted = orders.read(given, _adviser().user_id, account_id) if given else None
    here = url_for("links.actions", account_id=account_id, plugin=plugin, ordres=given if wanted else None)
    view = acts.menu(hub(), current_context(), db_session(), account, plugin, back=_back(), refresh_url=here, orders=wanted)
    return _list(view)


@blueprint.get("/liens/comptes/<account_id>/types")
@policy("permission", INITIATE)
def types(account_id: str) -> ResponseReturnValue:
    """Transactions > Ajouter: what may be added to the account (BL-09)."""
    account = _account(account_id, INITIATE)
    here = url_for("links.types", account_id=account_id)
    view = types_menu.menu(hub(), current_context(), db_session(), account, back=_back(), refresh_url=here)
    return _list(view)


@blueprint.post("/plp/launches")
@policy("permission", INITIATE)
def launch() -> ResponseReturnValue:
    """An act was picked: write it, answer the hand-over page (PLP-053, PLP-054)."""
    token = tokens.read(request.form.get("token", ""))
    if token is None:
        return handover.refused("Cet acte n'a pas été proposé par la liste\u202f: il n'est pas ouvert sur ce compte.")
    if token.user_id != current_user.id or token.sid_hash != current_context().sid_hash:
        # Not back to where the list was shown: that page is not theirs.
        return handover.refused("Cette liste a été ouverte dans une autre session que la vôtre.")
    account = _account(token.account_id, INITIATE)
    if account.plugin != token.plugin or token.plugin not in current_context().enabled:
        return handover.refused("Ce compte n'a plus de lien avec ce partenaire.", back=token.back)
    session = db_session()
    if launches.find(session, token) is None and not token.fresh:
        session.rollback()  # nothing is held while the partner is asked again
        if (refusal := handover.ask_again(account, token)) is not None:
            return refusal
    try:
        prepared = launches.prepare(hub(), current_context(), session, account, token, request.form.get("reason", ""))
        session.commit()
        faults.point("launch:committed")
    except launches.Refused as error:
        session.rollback()
        return handover.refused(error.text, back=token.back)
    except launches.ReasonNeeded as error:
        session.rollback()
        return handover.refused(error.text, back=token.back, status=422)
    return handover.page(account, prepared, request.form["token"])


@blueprint.get("/plp/launches/<form>")
@policy("permission", INITIATE)
def launched(form: str) -> ResponseReturnValue:
    """The hand-over page again, until the launch is consumed; or a button that posts a form that never arrived."""
    token = tokens.read(form)
    if token is None or token.user_id != current_user.id or token.sid_hash != current_context().sid_hash:
        raise NotFound("Cette ouverture n'existe pas dans votre session.")
    prepared = launches.find(db_session(), token)
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        return jsonify(received=prepared is not None, consumed=prepared is not None and prepared.consumed)
    account = _account(token.account_id, INITIATE)
    if prepared is None:
        return handover.resume(form, token)
    return handover.page(account, prepared, form)


@blueprint.get("/plp/return")
@policy("permission", "transactions.view")
def returned() -> ResponseReturnValue:
    """Back from the partner (PLP-082): the address carries no status; ours is shown."""
    row = db_session().scalar(select(Launch).where(Launch.launch_id == request.args.get("launch", "")))
    if row is None or row.user_id != current_user.id:
        raise NotFound("Ce retour ne correspond à aucune de vos ouvertures.")
    account = _account(row.account_id)
    found = transactions.get(db_session(), _adviser(), row.transaction_id) if row.transaction_id else None
    return handover.back_page(account, row, found)


@blueprint.get("/plp/return/<transaction_id>/status")
@policy("permission", "transactions.view")
def return_status(transaction_id: str) -> ResponseReturnValue:
    """The status fragment of the return page, refreshed live."""
    found = transactions.get(db_session(), _adviser(), transaction_id)
    account = _account(found.account_id)
    return render_template("links/return_status.html", view=handover.return_view(account, None, found))


def _adviser() -> Adviser:
    found = current_context().principal
    assert found is not None, "the gate lets nobody in without a principal"
    return found


def _account(account_id: str, *rights: str) -> AccountRef:
    """The account, if the principal may see it, and act on it by `rights`; 404 otherwise."""
    ref = accounts.get_ref(db_session(), _adviser(), account_id, *rights)
    return account_links.attach(db_session(), [ref])[0]


def _back() -> str:
    """The page that shows the list: where refusals and returns lead back to."""
    try:
        parts = urlsplit(request.headers.get("Referer", ""))
    except ValueError:  # «http://[»: no address at all
        return "/"
    if parts.netloc != request.host or parts.path.startswith(("/liens/", "/plp/")):
        return "/"
    return safe_next(f"{parts.path}?{parts.query}" if parts.query else parts.path)


def _list(view: acts.ActsView) -> ResponseReturnValue:
    if "X-Fragment" in request.headers:
        return render_template("links/actions.html", view=view)
    return render_template("links/actions_page.html", view=view, whole=True, back_url=_back())
