"""«Conseillers habilités» (BL-05): who goes to the extranet."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.activation.at_hand import adviser
from core.activation.at_hand import at_hand
from core.activation.partnership import MANAGE
from core.db.errors import DomainError
from core.links import enrolments
from core.links import mandates
from core.web.policy import policy
from core.web.request import db_session


def register(made: Blueprint) -> None:
    """Add these pages to the plugin's."""
    made.add_url_rule("/conseillers", "advisers", advisers, methods=["GET"])
    made.add_url_rule("/conseillers/<user_id>", "enrol", enrol, methods=["POST"])


@policy("session")
def advisers() -> ResponseReturnValue:
    """Who may go to the extranet, with his user code there."""
    return _advisers({}, None)


@policy("permission", MANAGE)
def enrol(user_id: str) -> ResponseReturnValue:
    """Enrol, suspend or remove one person; the company gets the next version of the mandate."""
    state, code = request.form.get("state", ""), request.form.get("partner_code", "")
    session = db_session()
    try:
        enrolments.set_state(session, at_hand().name, user_id, state=state, partner_code=code, actor=adviser().user_id)
    except DomainError as error:
        session.rollback()
        if error.status != 422:
            raise
        return _advisers({"user_id": user_id, "state": state, "partner_code": code}, error.text)
    session.commit()
    flash(_("L'habilitation est enregistrée."), "success")
    return redirect(url_for(".advisers"), 303)


def _advisers(typed: Mapping[str, str], error: str | None) -> ResponseReturnValue:
    at, home = at_hand(), url_for(".activation")
    page = render_template(
        "activation/conseillers.html", at=at, people=enrolments.listed(db_session(), at.name), labels=enrolments.LABELS,
        can=adviser().can(MANAGE), stands=mandates.standing(db_session(), at.name), typed=typed, error=error,
        mine=adviser().user_id,
        crumbs=[(_("Activation %(whose)s", whose=at.partner.of_label), home), (_("Conseillers habilités"), None)],
    )  # fmt: skip
    return page, 422 if error else 200
