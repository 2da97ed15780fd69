"""Which act a movement is of: what is proposed on an account, and a person's word, taken back as easily (PF-05)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint
from flask import redirect
from flask import render_template
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.api import accounts
from core.api import transactions
from core.api import undo
from core.api.db import TenantSession
from core.api.types import Adviser
from core.api.types import TransactionRef
from core.api.web import adviser
from core.api.web import db_session
from core.api.web import permission
from plugins.portefeuille import account_acts as acts
from plugins.portefeuille import account_edit_views as editing

_PAIR = "/transactions/<transaction_id>/mouvements/<movement_id>"
_matching = transactions.matching
#: Strength of a proposal → how its badge looks, its word.
STRENGTHS = {"strong": ("success", _l("forte")), "likely": ("info", _l("probable")), "weak": ("neutral", _l("à vérifier"))}


def register(made: Blueprint) -> None:
    """The routes."""
    made.add_url_rule("/comptes/<account_id>/rapprochement", "account_matches", matches)
    made.add_url_rule(f"{_PAIR}/confirmer", "match_confirm", confirm, methods=["POST"])
    made.add_url_rule(f"{_PAIR}/refuser", "match_refuse", refuse, methods=["POST"])
    made.add_url_rule(f"{_PAIR}/defaire", "match_undo", take_back, methods=["POST"])


@permission("transactions.view")
def matches(account_id: str) -> ResponseReturnValue:
    """What is proposed, what was said."""
    card = accounts.card(db_session(), adviser(), account_id)
    title = _("Rapprochement")
    decided = _matching.decided(db_session(), adviser(), account_id)
    return render_template(
        "portefeuille/account_matches.html", title=title, card=card, strengths=STRENGTHS, page_of=page_of,
        proposed=_matching.proposals(db_session(), adviser(), account_id), kinds=accounts.MOVEMENT_KINDS,
        said=[one for one in decided if one.state == "CONFIRME"], refused=[one for one in decided if one.state == "REFUSE"],
        may_edit=accounts.by_hand.may_edit(db_session(), adviser(), account_id) and card.archived_at is None,
        crumbs=[
            *editing.trail(card, title)[:-1],
            (_("Mouvements"), url_for("p_portefeuille.account_movements", account_id=account_id)), (title, None),
        ],
    )  # fmt: skip


@permission(editing.EDIT)
def confirm(transaction_id: str, movement_id: str) -> ResponseReturnValue:
    """It is of this act."""
    changed = _matching.confirm(db_session(), adviser(), transaction_id, movement_id)
    return _said(transaction_id, movement_id, "portefeuille.matched", _("Le mouvement est rapproché de l'acte."), changed)


@permission(editing.EDIT)
def refuse(transaction_id: str, movement_id: str) -> ResponseReturnValue:
    """It is not."""
    changed = _matching.refuse(db_session(), adviser(), transaction_id, movement_id)
    said = _("C'est noté\u202f: ce mouvement n'est plus proposé pour cet acte.")
    return _said(transaction_id, movement_id, "portefeuille.matched", said, changed)


@permission(editing.EDIT)
def take_back(transaction_id: str, movement_id: str) -> ResponseReturnValue:
    """As if nothing had been said; saying it again is one press away, so that nothing is offered to undo it."""
    account_id = transactions.get(db_session(), adviser(), transaction_id).account_id
    _matching.undo(db_session(), adviser(), transaction_id, movement_id)
    return editing.done(account_id, _("Le rapprochement est défait\u202f: il peut être proposé de nouveau."), "account_matches")


@undo.command("portefeuille.matched", permission=editing.EDIT)
def matched_back(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of `confirm` and `refuse`."""
    _matching.undo(session, by, payload["transaction"], payload["movement"])
    return str(_("Le rapprochement est défait\u202f: il peut être proposé de nouveau."))


def page_of(row: TransactionRef) -> str:
    """Where an act is seen: its own page, or its line of the account's list."""
    if transactions.typed.is_typed(row):
        return url_for("p_portefeuille.typed_act", typed_id=row.id)
    where = url_for("p_portefeuille.account_transactions", account_id=row.account_id, detail=row.id)
    return f"{where}#t-{row.id}"


def _said(transaction_id: str, movement_id: str, command: str, said: str, changed: bool) -> ResponseReturnValue:
    account_id = transactions.get(db_session(), adviser(), transaction_id).account_id
    where = url_for("p_portefeuille.account_matches", account_id=account_id)
    if not changed:
        return redirect(where, 303)
    kept = {"transaction": transaction_id, "movement": movement_id}
    return acts.taken_back(account_id, command, kept, said, where)
