"""«Mon compte»: one's sessions, password and second factor."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint
from flask import flash
from flask import jsonify
from flask import redirect
from flask import render_template
from flask import request
from flask import session as flask_session
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from core import config
from core.auth import devices
from core.auth import entry
from core.auth import limits
from core.auth import proving
from core.auth import second_factor
from core.auth import sessions
from core.auth.schemas import Enrolment
from core.auth.schemas import OwnPassword
from core.auth.schemas import Proof
from core.auth.schemas import new_password_errors
from core.auth.schemas import too_many
from core.cabinets import audit
from core.cabinets import services
from core.cabinets.models import Cabinet
from core.cabinets.models import User
from core.db.session import TenantSession
from core.extensions import db
from core.web import forms
from core.web.policy import policy
from core.web.request import db_session

blueprint = Blueprint("account", __name__)


@dataclass(frozen=True, slots=True)
class SessionView:
    """One of the person's sessions."""

    key: str
    device: str
    place: str
    begun_at: datetime
    seen_at: datetime
    strong: bool
    current: bool


@blueprint.get("/mon-compte")
@policy("session")
def index() -> ResponseReturnValue:
    """All of it on one page."""
    session, here = db_session(), sessions.current()
    user = session.get_one(User, current_user.id)
    shown = [
        SessionView(
            row.sid_hash, devices.label(row.agent), row.ip or _("adresse inconnue"), row.created_at, row.seen_at,
            "otp" in row.amr, here is not None and row.sid_hash == here.sid_hash,
        )
        for row in sessions.listed(session, user.id, config.current())
    ]  # fmt: skip
    return render_template(
        "account/index.html", user=user, sessions=sorted(shown, key=lambda item: not item.current),
        factor=second_factor.since(session, user), codes_left=second_factor.codes_left(session, user.id),
        required=session.get_one(Cabinet, user.cabinet_id).second_factor_required,
    )  # fmt: skip


@blueprint.post("/mon-compte/sessions/fermer")
@policy("session")
def end_session() -> ResponseReturnValue:
    """Close one session."""
    here, key = sessions.current(), request.form.get("session", "")
    if here is not None and key == here.sid_hash:
        return redirect(url_for("auth.sign_out"), 307)
    with db.session(current_user.cabinet_id) as session:
        ended = sessions.end_all(session, current_user.id, only=key) if re.fullmatch(r"[0-9a-f]{64}", key) else 0
        _record(session, "session.closed", {"count": ended})
    flash(_("La session est fermée.") if ended else _("Cette session avait déjà pris fin."), "success" if ended else "info")
    return redirect(url_for("account.index"))


@blueprint.post("/mon-compte/sessions/fermer-les-autres")
@policy("session")
def end_others() -> ResponseReturnValue:
    """Close all sessions but this one."""
    here = sessions.current()
    with db.session(current_user.cabinet_id) as session:
        ended = sessions.end_all(session, current_user.id, but=here.sid_hash if here else None)
        _record(session, "session.closed", {"count": ended})
    flash(ngettext("%(num)s autre session est fermée.", "%(num)s autres sessions sont fermées.", ended), "success")
    return redirect(url_for("account.index"))


@blueprint.post("/mon-compte/sessions/fermer-toutes")
@policy("session")
def end_all() -> ResponseReturnValue:
    """Sign out everywhere, here too."""
    with db.session(current_user.cabinet_id) as session:
        _record(session, "session.closed", {"count": sessions.end_all(session, current_user.id)})
    sessions.sign_out()
    flash(_("Vous êtes déconnecté de tous vos appareils."), "info")
    return redirect(url_for("auth.sign_in"))


@blueprint.get("/mon-compte/mot-de-passe")
@policy("session")
def password() -> ResponseReturnValue:
    """The form of a new password."""
    return _changing({})


@blueprint.post("/mon-compte/mot-de-passe")
@policy("session")
def password_post() -> ResponseReturnValue:
    """Keep it; the person's other sessions end."""
    typed = forms.typed(OwnPassword(), request.form)
    chosen = typed.get("new_password", "")
    errors, status = _password_errors(OwnPassword(), typed)
    if status != 429:
        with db.session(None, write=False) as reader:
            weakness = services.check_password(reader, reader.get_one(User, current_user.id), chosen)
        errors |= new_password_errors(typed, weakness)
    if errors:
        return _changing(errors), status
    here = sessions.current()
    with db.session(current_user.cabinet_id) as session:
        services.change_password(session, current_user.id, chosen, actor=current_user.id, how="self")
        sessions.end_all(session, current_user.id, but=here.sid_hash if here else None)
        entry.tell(session, current_user.id, "password")
    sessions.renew()
    flash(_("Votre mot de passe est changé. Vos autres sessions sont fermées."), "success")
    return redirect(url_for("account.index"))


@blueprint.post("/mon-compte/second-facteur/commencer")
@policy("session")
def factor_begin() -> ResponseReturnValue:
    """Draw a secret that waits for its first code."""
    with db.session(current_user.cabinet_id) as session:
        if not second_factor.is_on(session, current_user.id):
            second_factor.begin(session, current_user.id)
    return redirect(url_for("account.factor"))


@blueprint.get("/mon-compte/second-facteur")
@policy("session")
def factor() -> ResponseReturnValue:
    """The QR code, the key in text, and the form of the first code."""
    return _enrolment({}, {})


@blueprint.post("/mon-compte/second-facteur")
@policy("session")
def factor_post() -> ResponseReturnValue:
    """Turn it on by password and first code; the recovery codes are shown this once."""
    typed = forms.typed(Enrolment(), request.form)
    errors, status = _password_errors(Enrolment(), typed)
    if not errors:
        with db.session(current_user.cabinet_id) as session:
            codes = second_factor.confirm(session, current_user.id, typed["code"])
            if codes is not None:
                entry.tell(session, current_user.id, "factor_on")
        if codes is not None:
            sessions.renew(amr=["pwd", "otp"])
            return render_template("account/codes.html", codes=codes, fresh=True)
        errors = {"code": _("Ce code n'est pas le bon. Vérifiez l'heure du téléphone, puis recommencez.")}
    answer = _enrolment(typed, errors)
    return (answer, status) if isinstance(answer, str) else answer


@blueprint.route("/mon-compte/second-facteur/retrait", methods=["GET", "POST"])
@policy("session")
def factor_remove() -> ResponseReturnValue:
    """Take the second factor away, by password and code."""
    with db.session(current_user.cabinet_id, write=False) as reader:
        required = reader.get_one(Cabinet, current_user.cabinet_id).second_factor_required
        on = second_factor.is_on(reader, current_user.id)
    if required or not on:
        why = _("Votre cabinet exige le second facteur\u202f: il ne peut être retiré.")
        flash(why if on else _("Aucun second facteur n'est actif."), "info")
        return redirect(url_for("account.index"))
    typed = forms.typed(Proof(), request.form)
    errors, status = _proof_errors(typed) if request.method == "POST" else ({}, 200)
    if request.method == "GET" or errors:
        return _proving("remove", typed, errors), status
    with db.session(current_user.cabinet_id) as session:
        second_factor.remove(session, current_user.id, actor=current_user.id)
        entry.tell(session, current_user.id, "factor_off")
    sessions.renew(amr=["pwd"])
    flash(_("Le second facteur est retiré. Votre mot de passe suffit de nouveau pour vous connecter."), "success")
    return redirect(url_for("account.index"))


@blueprint.route("/mon-compte/second-facteur/codes", methods=["GET", "POST"])
@policy("session")
def factor_codes() -> ResponseReturnValue:
    """New recovery codes, by password and code; the former ones end."""
    with db.session(current_user.cabinet_id, write=False) as reader:
        if not second_factor.is_on(reader, current_user.id):
            return redirect(url_for("account.index"))
    typed = forms.typed(Proof(), request.form)
    errors, status = _proof_errors(typed) if request.method == "POST" else ({}, 200)
    if request.method == "GET" or errors:
        return _proving("codes", typed, errors), status
    with db.session(current_user.cabinet_id) as session:
        codes = second_factor.new_codes(session, current_user.id, actor=current_user.id)
    return render_template("account/codes.html", codes=codes, fresh=False)


@blueprint.get("/mon-compte/session")
@policy("session")
def session_left() -> ResponseReturnValue:
    """Seconds before the session ends; asking does not prolong it.

    And for a page whose session ended, and was begun anew in another tab: whose it is, and the token that its forms need.
    """
    found = sessions.left(config.current())
    token = generate_csrf() if "csrf_token" in flask_session else ""  # one is made by pages only: made here it would prolong
    return jsonify(
        idle=found.idle if found else 0, absolute=found.absolute if found else 0, user=current_user.id, csrf=token
    )


@blueprint.post("/mon-compte/session")
@policy("session")
def stay() -> ResponseReturnValue:
    """«Rester connecté»: the idle time begins anew; the absolute end stays."""
    sessions.touch()
    return jsonify(asdict(sessions.whole(config.current())))


def _enrolment(typed: Mapping[str, Any], errors: Mapping[str, str]) -> ResponseReturnValue:
    with db.session(current_user.cabinet_id, write=False) as reader:
        secret = None if second_factor.is_on(reader, current_user.id) else second_factor.waiting_secret(reader, current_user.id)
        email, cabinet = reader.get_one(User, current_user.id).email, current_user.cabinet_name
    if secret is None:
        return redirect(url_for("account.index"))
    qr = second_factor.qr_code(secret, email, cabinet)
    return render_template(
        "account/second_factor.html", secret=secret, qr=qr, form=forms.view(Enrolment(), typed, errors)
    )


def _changing(errors: Mapping[str, str]) -> str:
    return render_template("account/password.html", form=forms.view(OwnPassword(), {}, errors))


def _proving(what: str, typed: Mapping[str, Any], errors: Mapping[str, str]) -> str:
    return render_template("account/proof.html", what=what, form=forms.view(Proof(), typed, errors))


def _password_errors(schema: forms.Form, typed: Mapping[str, Any]) -> tuple[dict[str, str], int]:
    return proving.password_errors(schema, typed, current_user.id)


def _proof_errors(typed: Mapping[str, Any]) -> tuple[dict[str, str], int]:
    """The same with a code of the second factor, or a recovery code: used up only where the password is right."""
    errors, status = _password_errors(Proof(), typed)
    if errors:
        return errors, status
    key = limits.code_key(current_user.id)
    wait = limits.take((key, limits.CODE))
    if wait is not None:
        return too_many(wait, "code"), 429
    with db.session(current_user.cabinet_id) as session:
        right = second_factor.verify(session, current_user.id, typed["code"])
        right = right or second_factor.use_recovery(session, current_user.id, typed["code"]) is not None
    if right:
        limits.clear(key)
        return {}, 422
    return {"code": _("Ce code n'est pas le bon, ou a déjà servi.")}, 422


def _record(session: TenantSession, action: str, payload: dict[str, Any]) -> None:
    audit.record(session, current_user.id, action, f"user:{current_user.id}", payload)
