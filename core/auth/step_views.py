"""The sign-in's second step: the code, a recovery code, or the enrolment that the cabinet asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.auth import entry
from core.auth import limits
from core.auth import second_factor
from core.auth.limits import Wait
from core.auth.schemas import Code
from core.auth.schemas import RecoveryCode
from core.auth.schemas import too_many
from core.cabinets.models import Cabinet
from core.cabinets.models import User
from core.extensions import db
from core.web import forms
from core.web.policy import policy

blueprint = Blueprint("auth_step", __name__)


@blueprint.get("/connexion/code")
@policy("public")
def code() -> ResponseReturnValue:
    """Ask for the authenticator's code."""
    return _asked(recovery=False)


@blueprint.post("/connexion/code")
@policy("public")
def code_post() -> ResponseReturnValue:
    """Judge it."""
    return _judged(recovery=False)


@blueprint.get("/connexion/secours")
@policy("public")
def recovery() -> ResponseReturnValue:
    """Ask for a recovery code."""
    return _asked(recovery=True)


@blueprint.post("/connexion/secours")
@policy("public")
def recovery_post() -> ResponseReturnValue:
    """Judge it; it serves once."""
    return _judged(recovery=True)


@blueprint.get("/connexion/second-facteur")
@policy("public")
def enrol() -> ResponseReturnValue:
    """The cabinet asks for a second factor: set it up before going on."""
    who = entry.half_way("enrol")
    return _begin_again() if who is None else _enrolment(who, {}, {})


@blueprint.post("/connexion/second-facteur")
@policy("public")
def enrol_post() -> ResponseReturnValue:
    """Turn it on by its first code, sign in, show the recovery codes once."""
    who = entry.half_way("enrol")
    if who is None:
        return _begin_again()
    typed = forms.typed(Code(), request.form)
    checked = forms.check(Code(), typed)
    if checked.errors:
        return _enrolment(who, typed, checked.errors), 422
    wait = limits.take((limits.code_key(who.user_id), limits.CODE))
    if wait is not None:
        return _enrolment(who, typed, too_many(wait, "code")), 429, {"Retry-After": str(wait.seconds)}
    with db.session(who.cabinet_id) as session:
        codes = second_factor.confirm(session, who.user_id, checked.values["code"])
    if codes is None:
        return _enrolment(who, typed, {"code": wrong_code()}), 422
    limits.clear(limits.code_key(who.user_id))
    entry.finish(who.user_id, who.cabinet_id, amr=["pwd", "otp"])
    return render_template("auth/recovery_codes.html", codes=codes, next_url=who.target)


def wrong_code() -> str:
    """The same words for a wrong code, one that served, one that is too old."""
    return str(
        _(
            "Ce code n'est pas le bon, ou a déjà servi. Attendez que l'application en affiche un autre, et vérifiez l'heure "
            "du téléphone."
        )
    )


def _asked(*, recovery: bool) -> ResponseReturnValue:
    return _begin_again() if entry.half_way("code") is None else _form(recovery, {}, {})


def _judged(*, recovery: bool) -> ResponseReturnValue:
    who = entry.half_way("code")
    if who is None:
        return _begin_again()
    schema = RecoveryCode() if recovery else Code()
    typed = forms.typed(schema, request.form)
    checked = forms.check(schema, typed)
    if checked.errors:
        return _form(recovery, typed, checked.errors), 422
    judged = entry.code_step(who, checked.values["code"], recovery=recovery)
    if isinstance(judged, Wait):
        return _form(recovery, typed, too_many(judged, "code")), 429, {"Retry-After": str(judged.seconds)}
    if judged:
        return redirect(who.target)
    text = _("Ce code de secours n'est pas le bon, ou a déjà servi.") if recovery else wrong_code()
    return _form(recovery, typed, {"code": text}), 422


def _begin_again() -> ResponseReturnValue:
    """Nobody is half way here: too long ago, already in, or an address typed by hand (the back button too)."""
    entry.leave()
    return redirect(url_for("auth.sign_in"))


def _form(recovery: bool, typed: Mapping[str, Any], errors: Mapping[str, str]) -> str:
    schema = RecoveryCode() if recovery else Code()
    return render_template("auth/code.html", recovery=recovery, form=forms.view(schema, typed, errors))


def _enrolment(who: entry.HalfWay, typed: Mapping[str, Any], errors: Mapping[str, str]) -> str:
    with db.session(who.cabinet_id) as session:  # writes: the secret that waits is kept at the first showing
        secret = second_factor.begin(session, who.user_id)
        email, cabinet = session.get_one(User, who.user_id).email, session.get_one(Cabinet, who.cabinet_id).name
    return render_template(
        "auth/enrol.html", secret=secret, qr=second_factor.qr_code(secret, email, cabinet), cabinet_name=cabinet,
        form=forms.view(Code(), typed, errors),
    )  # fmt: skip
