"""`/p/portefeuille/plans`: acts that come back, for programs (PF-04)."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.api import accounts
from core.api.db import NotFound
from core.api.rest import Call
from core.api.rest import Reply
from core.api.rest import Resource
from core.api.rest import Slice
from core.api.web import also_reads
from plugins.portefeuille.plans import doing
from plugins.portefeuille.plans import keeping
from plugins.portefeuille.plans import reading
from plugins.portefeuille.plans import schemas as shapes
from plugins.portefeuille.transaction_asking import allowed

PLANS = Resource(
    "portefeuille_plans", _l("Actes programmés"),
    _l("Versements, rachats partiels et arbitrages qui reviennent\u202f: chaque échéance est proposée, jamais écrite seule."),
    plugin="portefeuille",
)  # fmt: skip
READ, WRITE = "transactions:read", "accounts:write"
_ALL, _ONE = "/p/portefeuille/plans", "/p/portefeuille/plans/{plan_id}"
_OF = "/p/portefeuille/accounts/{account_id}/plans"


@PLANS.get(
    _ALL, _l("Lister les actes programmés"), shapes.PlanOut, asks=shapes.PlanQuery, paged=True, scope=READ,
    about=_l("Ceux des comptes que vous voyez, les derniers ajoutés d'abord."),
)  # fmt: skip
def listed(call: Call) -> Slice[Any]:
    """Portefeuille > Actes programmés."""
    edge = call.after[0] if call.after else None
    found = reading.before_id(call.session, call.adviser, edge, due=bool(call.asked.get("due")), size=call.more)
    return call.page(list(found), lambda one: (one.id,))


@PLANS.get(_OF, _l("Lister les actes programmés d'un compte"), shapes.PlanOut, paged=True, scope=READ)
def of_account(call: Call, account_id: str) -> Slice[Any]:
    """An account's."""
    accounts.get_ref(call.session, call.adviser, account_id)
    return call.among(list(reading.of_account(call.session, call.adviser, account_id)), lambda one: one.id)


@PLANS.post(
    _OF, _l("Programmer un acte"), shapes.PlanOut, takes=shapes.PlanNew, status=201, scope=WRITE,
    about=_l("Sur un compte qu'aucun partenaire ne remplit. Une règle locale qui bloque l'acte le refuse."),
)  # fmt: skip
def create(call: Call, account_id: str) -> Reply:
    """Nothing is written on the account."""
    accounts.get_ref(call.session, call.adviser, account_id)
    asked = _asked(call, call.taken["act"])
    keeping.check(call.session, call.adviser, account_id, asked)
    allowed(account_id, asked.act, asked.reason)
    made = keeping.add(call.session, call.adviser, account_id, asked, plan_id=call.once or None)
    return Reply(show(call, made), f"/p/portefeuille/plans/{made}")


@PLANS.get(_ONE, _l("Lire un acte programmé"), shapes.PlanOut, scope=READ)
def show(call: Call, plan_id: str) -> Any:
    """With its days."""
    found = reading.get(call.session, call.adviser, plan_id)
    also_reads("account", found.account.id)
    return found


@PLANS.post(
    _ONE, _l("Changer un acte programmé"), shapes.PlanOut, takes=shapes.PlanChange, scope=WRITE,
    about=_l("En entier\u202f; les échéances traitées restent."),
)  # fmt: skip
def change(call: Call, plan_id: str) -> Any:
    """Its terms from now on."""
    found = reading.get(call.session, call.adviser, plan_id)
    asked = _asked(call, found.act)
    allowed(found.account.id, found.act, asked.reason)
    keeping.change(call.session, call.adviser, plan_id, asked, seen=call.taken.get("version"))
    return show(call, plan_id)


@PLANS.post(f"{_ONE}/suspend", _l("Suspendre un acte programmé"), shapes.PlanOut, scope=WRITE)
def suspend(call: Call, plan_id: str) -> Any:
    """Nothing is proposed."""
    return _state(call, plan_id, "SUSPENDU")


@PLANS.post(f"{_ONE}/resume", _l("Reprendre ou rouvrir un acte programmé"), shapes.PlanOut, scope=WRITE)
def resume(call: Call, plan_id: str) -> Any:
    """From today on."""
    return _state(call, plan_id, "ACTIF")


@PLANS.post(f"{_ONE}/end", _l("Terminer un acte programmé"), shapes.PlanOut, scope=WRITE)
def end(call: Call, plan_id: str) -> Any:
    """Its history stays."""
    return _state(call, plan_id, "TERMINE")


@PLANS.post(f"{_ONE}/days/{{day}}/prepare", _l("Préparer l'acte d'une échéance"), shapes.PlanDoneOut, scope=WRITE)
def day_prepare(call: Call, plan_id: str, day: str) -> dict[str, Any]:
    """Once; nothing is written on the account yet."""
    return _done(call, plan_id, doing.prepare(call.session, call.adviser, plan_id, _day(day)))


@PLANS.post(
    f"{_ONE}/days/{{day}}/execute", _l("Exécuter l'acte d'une échéance"), shapes.PlanDoneOut, scope=WRITE,
    about=_l("Préparé seulement, avec to_confirm, si un point est inhabituel\u202f: /transactions/{id}/execute le confirme."),
)  # fmt: skip
def day_execute(call: Call, plan_id: str, day: str) -> dict[str, Any]:
    """Once."""
    made, findings = doing.execute(call.session, call.adviser, plan_id, _day(day))
    return {**_done(call, plan_id, made), "executed": not findings, "to_confirm": [one.code for one in findings]}


@PLANS.post(f"{_ONE}/days/{{day}}/pass", _l("Passer une échéance"), shapes.PlanDoneOut, scope=WRITE)
def day_pass(call: Call, plan_id: str, day: str) -> dict[str, Any]:
    """Nothing was done that day."""
    keeping.let_pass(call.session, call.adviser, plan_id, _day(day))
    return _done(call, plan_id, None)


def _state(call: Call, plan_id: str, state: str) -> Any:
    keeping.set_state(call.session, call.adviser, plan_id, state)
    return show(call, plan_id)


def _done(call: Call, plan_id: str, made: str | None) -> dict[str, Any]:
    return {"plan": show(call, plan_id), "transaction_id": made, "executed": False, "to_confirm": []}


def _asked(call: Call, act: str) -> keeping.Asked:
    sent = call.taken
    legs = tuple(
        reading.Leg(one["side"], one["support_id"], one.get("mode") or "amount", one.get("value"), None)
        for one in sent.get("lines") or ()
    )
    return keeping.Asked(
        act, sent["frequency"], sent["day"], sent["since"], sent.get("until"), sent.get("amount"), legs, sent.get("note") or "",
        sent.get("reason") or "",
    )  # fmt: skip


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotFound(_("Cette échéance n'existe pas.")) from None
