"""An account that ends, comes back, is put away or taken away; its history. What is done is taken back by «Annuler» (PF-01)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.api import accounts
from core.api import forms
from core.api import undo
from core.api.db import DomainError
from core.api.db import TenantSession
from core.api.types import Adviser
from core.api.web import adviser
from core.api.web import db_session
from core.api.web import permission
from plugins.portefeuille import account_edit_views as editing
from plugins.portefeuille import account_forms

EDIT = editing.EDIT
_ONE = "/comptes/<account_id>"


def register(made: Blueprint) -> None:
    """The routes."""
    made.add_url_rule(f"{_ONE}/etat", "account_state", state, methods=["GET", "POST"])
    made.add_url_rule(f"{_ONE}/archiver", "account_archive", archive, methods=["POST"])
    made.add_url_rule(f"{_ONE}/desarchiver", "account_restore", restore, methods=["POST"])
    made.add_url_rule(f"{_ONE}/supprimer", "account_remove", remove, methods=["POST"])
    made.add_url_rule(f"{_ONE}/historique", "account_history", history)


@permission(EDIT)
def state(account_id: str) -> ResponseReturnValue:
    """Close it, say how it ended, open it again."""
    card = accounts.card(db_session(), adviser(), account_id)
    editing.editable(account_id)
    schema, asked = account_forms.StateForm(), editing.Asked()
    values: Mapping[str, Any] = {"state": card.ref.state, "on": card.closed_on}
    if request.method == "POST":
        values = forms.typed(schema, request.form)
        checked = forms.check(schema, values)
        asked.errors = dict(checked.errors)
        if not asked.errors:
            try:
                was = accounts.by_hand.set_state(
                    db_session(), adviser(), account_id, checked.values["state"], checked.values.get("on")
                )
                return _done(account_id, "portefeuille.state", {"was": _coded(was)}, _("L'état du compte est enregistré."))
            except DomainError as error:
                db_session().rollback()
                if error.field is None:
                    raise
                asked.errors = {"on" if error.field == "closed_on" else "state": error.text}
    title = _("État du compte")
    page = render_template(
        "portefeuille/small_form.html", title=title, about="", card=card, once=None, crumbs=editing.trail(card, title),
        form=forms.view(schema, values, asked.errors), back=url_for("p_portefeuille.account", account_id=account_id),
    )  # fmt: skip
    return page, 422 if asked.errors else 200


@permission(EDIT)
def archive(account_id: str) -> ResponseReturnValue:
    """Put it away: in no list nor total, its history stays."""
    if not accounts.by_hand.archive(db_session(), adviser(), account_id):
        return redirect(url_for("p_portefeuille.account", account_id=account_id), 303)
    return _done(account_id, "portefeuille.archived", {}, _("Le compte est archivé\u202f: il n'est plus compté."))


@permission(EDIT)
def restore(account_id: str) -> ResponseReturnValue:
    """Take it back."""
    if not accounts.by_hand.restore(db_session(), adviser(), account_id):
        return redirect(url_for("p_portefeuille.account", account_id=account_id), 303)
    return _done(account_id, "portefeuille.restored", {}, _("Le compte est sorti des archives."))


@permission(EDIT)
def remove(account_id: str) -> ResponseReturnValue:
    """Take it away: put away where a feed fills it or something hangs on it, gone for good otherwise."""
    card = accounts.card(db_session(), adviser(), account_id)
    found = accounts.by_hand.remove(db_session(), adviser(), account_id)
    if found.archived:
        said = _("Le compte est archivé, pas supprimé\u202f: un flux le remplit, ou une opération, un document le nomme.")
        return _done(account_id, "portefeuille.archived", {}, said)
    token = undo.offer(
        db_session(), adviser(), "portefeuille.removed", f"account:{account_id}", {"kept": found.kept}
    )  # fmt: skip
    db_session().commit()
    undo.say(_("Le compte est supprimé."), token)
    holder = next((one for one in card.roles if one.visible), None)
    if holder is None:
        return redirect(url_for("p_portefeuille.accounts_list"), 303)
    return redirect(url_for("p_portefeuille.portfolio", contact_id=holder.contact_id), 303)


@permission("accounts.view")
def history(account_id: str) -> ResponseReturnValue:
    """Who changed what, when, before → after."""
    card = accounts.card(db_session(), adviser(), account_id)
    found = accounts.history.of_account(db_session(), adviser(), account_id)
    return render_template(
        "portefeuille/account_history.html", card=card, changes=found, crumbs=editing.trail(card, _("Historique"))
    )


@undo.command("portefeuille.state", permission=EDIT)
def state_back(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of `state`."""
    was, on = payload["was"]
    accounts.by_hand.set_state(session, by, payload["account"], was, date.fromisoformat(on) if on else None)
    return str(_("L'état du compte est redevenu le précédent."))


@undo.command("portefeuille.archived", permission=EDIT)
def archived_back(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of `archive`."""
    accounts.by_hand.restore(session, by, payload["account"])
    return str(_("Le compte est sorti des archives."))


@undo.command("portefeuille.restored", permission=EDIT)
def restored_back(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of `restore`."""
    accounts.by_hand.archive(session, by, payload["account"])
    return str(_("Le compte est de nouveau archivé."))


@undo.command("portefeuille.removed", permission=EDIT)
def removed_back(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of `remove`."""
    accounts.by_hand.put_back(session, by, payload["kept"])
    return str(_("Le compte est de retour."))


def _coded(was: tuple[str, date | None]) -> list[str | None]:
    return [was[0], was[1].isoformat() if was[1] else None]


def _done(account_id: str, command: str, payload: Mapping[str, Any], said: str) -> ResponseReturnValue:
    return taken_back(account_id, command, payload, said, url_for("p_portefeuille.account", account_id=account_id))


def taken_back(account_id: str, command: str, payload: Mapping[str, Any], said: str, where: str) -> ResponseReturnValue:
    """It is done; said with «Annuler» beside it."""
    token = undo.offer(db_session(), adviser(), command, f"account:{account_id}", {"account": account_id, **payload})
    db_session().commit()
    undo.say(said, token)
    return redirect(where, 303)
