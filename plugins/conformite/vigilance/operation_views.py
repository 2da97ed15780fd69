"""The vigilance of one operation of a client: its assessment, its reasons, its validation (CO-05)."""

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
from core.api import transactions
from core.api.db import DomainError
from core.api.db import NotFound
from core.api.db import today
from core.api.formats import day
from core.api.web import adviser
from core.api.web import current_context
from core.api.web import db_session
from core.api.web import permission
from plugins.conformite import frames
from plugins.conformite.vigilance import assessments
from plugins.conformite.vigilance import client_views
from plugins.conformite.vigilance import facts
from plugins.conformite.vigilance import forms as own
from plugins.conformite.vigilance import ruleset
from plugins.conformite.vigilance import scoring
from plugins.conformite.vigilance import writes
from plugins.conformite.vigilance.client_views import SECTION

#: What a choice of the form names: an account, or an act of one.
ACCOUNT, ACT = "compte", "acte"
#: Acts of an account that are offered: the last ones.
_ACTS = 5


def register(made: Blueprint) -> None:
    """The routes."""
    base = "/contacts/<contact_id>/vigilance/operations"
    made.add_url_rule(f"{base}/nouvelle", "operation_new", new, methods=["GET", "POST"])
    made.add_url_rule(f"{base}/<operation_id>", "operation", show)
    made.add_url_rule(f"{base}/<operation_id>/valider", "operation_validate", validate, methods=["POST"])


@permission(writes.EDIT)
def new(contact_id: str) -> ResponseReturnValue:
    """Answer, see what comes of it, keep it."""
    card = writes.owner(db_session(), adviser(), contact_id)
    schema = own.OPERATION()
    places = _places(contact_id)
    if request.method == "GET":
        return _form(contact_id, schema, places, {"level": own.COMPUTED, "on": today()}, {}, forms.token())
    key = forms.once(request.form.get("once", ""))
    typed = forms.typed(schema, request.form)
    checked = forms.check(schema, typed)
    errors, score = dict(checked.errors), None
    if typed.get("held", "") not in ("", *places):
        errors["held"] = _("Choisissez un compte ou un acte de la liste.")
    if not errors:
        given = checked.values
        account, act = _named(given.get("held"))
        try:
            if request.form.get("action") == "calculer":
                told = writes.checked(ruleset.OPERATION, given, False)
                known = facts.of_operation(
                    db_session(), adviser(), card, told, amount=given["amount"], on=given["on"], account_id=account
                )
                score = writes.scored(known)
            else:
                made = writes.operate(
                    db_session(), adviser(), contact_id, given, amount=given["amount"], account_id=account, transaction_id=act,
                    about=given.get("about") or "", operation_id=key, **client_views.retained(given),
                )  # fmt: skip
                db_session().commit()
                flash(_("L'opération est évaluée."), "success")
                return redirect(url_for("p_conformite.operation", contact_id=contact_id, operation_id=made), 303)
        except DomainError as error:
            db_session().rollback()
            errors = forms.refused(error)
    return _form(contact_id, schema, places, typed, errors, key, score=score)


@permission("contacts.view")
def show(contact_id: str, operation_id: str) -> ResponseReturnValue:
    """One operation, as it was assessed."""
    frame = frames.of(contact_id, SECTION)
    found = _mine(contact_id, operation_id)
    place = None
    if found.account_id and current_context().can("accounts.view"):
        held = {one.id: one for one in accounts.refs(db_session(), adviser(), contact_id=contact_id)}
        place = held.get(found.account_id)
    return render_template(
        "conformite/vigilance/operation.html", **frame, found=found, place=place, words=client_views.words(),
        rules=ruleset.load(found.version), may_validate=client_views.may_validate(found), on=today(),
    )  # fmt: skip


@permission(writes.VALIDATE)
def validate(contact_id: str, operation_id: str) -> ResponseReturnValue:
    """The second person's word."""
    _mine(contact_id, operation_id)
    writes.validate_operation(db_session(), adviser(), operation_id)
    db_session().commit()
    flash(_("La vigilance de l'opération est validée."), "success")
    return redirect(url_for("p_conformite.operation", contact_id=contact_id, operation_id=operation_id), 303)


def _mine(contact_id: str, operation_id: str) -> assessments.Judgement:
    found = assessments.operation(db_session(), adviser(), operation_id)
    if found.contact_id != contact_id:
        raise NotFound(assessments.ABSENT)
    return found


def _places(contact_id: str) -> dict[str, str]:
    """The client's accounts, each with its last acts, as the form offers them."""
    ctx, found = current_context(), dict[str, str]()
    if not ctx.can("accounts.view"):
        return found
    for one in accounts.refs(db_session(), adviser(), contact_id=contact_id):
        found[f"{ACCOUNT}:{one.id}"] = f"{one.title}, {one.number}"
        if ctx.can("transactions.view"):
            for act in transactions.for_account(db_session(), adviser(), one.id, limit=_ACTS):
                when = day(act.created_at.date())
                found[f"{ACT}:{act.id}"] = f"{one.number}\u202f: {act.act_label}, {when}"
    return found


def _named(place: str | None) -> tuple[str | None, str | None]:
    """The account, and the act, that a choice names."""
    kind, _sign, ref = (place or "").partition(":")
    if kind == ACT:
        return transactions.get(db_session(), adviser(), ref).account_id, ref
    return ref or None, None


def _form(
    contact_id: str, schema: forms.Form, places: Mapping[str, str], values: Mapping[str, Any], errors: Mapping[str, str],
    once: str, *, score: scoring.Score | None = None,
) -> ResponseReturnValue:  # fmt: skip
    page = render_template(
        "conformite/vigilance/operation_new.html", **frames.of(contact_id, SECTION), once=once, score=score,
        form=forms.view(schema, values, errors, options={"held": places}), words=client_views.words(), rules=ruleset.load(),
        back=url_for("p_conformite.vigilance", contact_id=contact_id),
    )  # fmt: skip
    return page, 422 if errors else 200
