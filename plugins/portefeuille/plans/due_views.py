"""What is pressed on an act that comes back: suspended, taken up, ended; a day prepared, executed, let pass (PF-04)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint
from flask import flash
from flask import redirect
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.api import undo
from core.api.db import NotFound
from core.api.db import TenantSession
from core.api.types import Adviser
from core.api.web import adviser
from core.api.web import db_session
from core.api.web import permission
from plugins.portefeuille import account_acts as acts
from plugins.portefeuille.plans import doing
from plugins.portefeuille.plans import keeping
from plugins.portefeuille.plans import reading

_ONE = "/programmes/<plan_id>"


def register(made: Blueprint) -> None:
    """The routes."""
    made.add_url_rule(f"{_ONE}/suspendre", "plan_suspend", suspend, methods=["POST"])
    made.add_url_rule(f"{_ONE}/reprendre", "plan_resume", resume, methods=["POST"])
    made.add_url_rule(f"{_ONE}/terminer", "plan_end", end, methods=["POST"])
    made.add_url_rule(f"{_ONE}/echeances/<day>/preparer", "plan_prepare", prepare, methods=["POST"])
    made.add_url_rule(f"{_ONE}/echeances/<day>/executer", "plan_execute", execute, methods=["POST"])
    made.add_url_rule(f"{_ONE}/echeances/<day>/passer", "plan_pass", let_pass, methods=["POST"])


@permission(keeping.EDIT)
def suspend(plan_id: str) -> ResponseReturnValue:
    """Nothing is proposed until it is taken up again."""
    return _state(plan_id, "SUSPENDU", _("L'acte programmé est suspendu\u202f: rien n'est proposé."))


@permission(keeping.EDIT)
def resume(plan_id: str) -> ResponseReturnValue:
    """From today on; the days of the suspension are not proposed."""
    return _state(plan_id, "ACTIF", _("L'acte programmé est repris\u202f: ses échéances sont de nouveau proposées."))


@permission(keeping.EDIT)
def end(plan_id: str) -> ResponseReturnValue:
    """For good; its history stays, and it may be reopened."""
    return _state(plan_id, "TERMINE", _("L'acte programmé est terminé."))


@permission(keeping.EDIT)
def prepare(plan_id: str, day: str) -> ResponseReturnValue:
    """The act of this day; nothing is written on the account yet."""
    made = doing.prepare(db_session(), adviser(), plan_id, _day(day))
    db_session().commit()
    flash(_("L'acte est préparé\u202f: rien n'est encore écrit sur le compte."), "success")
    return redirect(url_for("p_portefeuille.typed_act", typed_id=made), 303)


@permission(keeping.EDIT)
def execute(plan_id: str, day: str) -> ResponseReturnValue:
    """The same, executed; where something is to be confirmed, its page asks for it."""
    made, findings = doing.execute(db_session(), adviser(), plan_id, _day(day))
    db_session().commit()
    where = url_for("p_portefeuille.typed_act", typed_id=made)
    if findings:
        said = _("L'acte est préparé, pas exécuté\u202f: un point est à confirmer d'abord. %(why)s", why=findings[0].text)
        flash(said, "warning")
        return redirect(where, 303)
    flash(_("L'acte est exécuté\u202f: ses mouvements sont écrits."), "success")
    return redirect(where, 303)


@permission(keeping.EDIT)
def let_pass(plan_id: str, day: str) -> ResponseReturnValue:
    """Nothing was done that day."""
    found, on = reading.get(db_session(), adviser(), plan_id), _day(day)
    where = url_for("p_portefeuille.plan", plan_id=plan_id)
    if not keeping.let_pass(db_session(), adviser(), plan_id, on):
        return redirect(where, 303)
    kept = {"plan": plan_id, "on": on.isoformat()}
    return acts.taken_back(found.account.id, "portefeuille.plan_passed", kept, _("L'échéance est passée."), where)


@undo.command("portefeuille.plan_passed", permission=keeping.EDIT)
def unpassed(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of `let_pass`."""
    keeping.unpass(session, by, payload["plan"], date.fromisoformat(payload["on"]))
    return str(_("L'échéance attend de nouveau."))


@undo.command("portefeuille.plan_state", permission=keeping.EDIT)
def state_back(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of `suspend`, `resume`, `end`."""
    keeping.put_back(session, by, payload["plan"], payload["was"])
    return str(_("L'acte programmé est redevenu ce qu'il était."))


def _state(plan_id: str, state: str, said: str) -> ResponseReturnValue:
    found = reading.get(db_session(), adviser(), plan_id)
    was = keeping.set_state(db_session(), adviser(), plan_id, state)
    where = url_for("p_portefeuille.plan", plan_id=plan_id)
    if was["state"] == state:
        return redirect(where, 303)
    return acts.taken_back(found.account.id, "portefeuille.plan_state", {"plan": plan_id, "was": dict(was)}, said, where)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotFound(_("Cette échéance n'existe pas.")) from None
