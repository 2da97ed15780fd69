"""`/journeys`: acts that are typed here, from the choice of the act to its transmission (BL-14)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import contextmanager
from typing import Any

from flask_babel import lazy_gettext as _l

from core.accounts import lists as account_lists
from core.db.clock import epoch
from core.db.errors import Conflict
from core.db.errors import DomainError
from core.documents import uploads
from core.hooks.errors import PartnerUnavailable
from core.hooks.errors import PluginError
from core.hooks.errors import ProtocolError
from core.hooks.specs import Plugin
from core.hooks.types import AccountRef
from core.journeys import book
from core.journeys import pages
from core.journeys import services
from core.journeys import slots
from core.journeys import states
from core.journeys.book import Opened
from core.journeys.draft import Draft
from core.journeys.models import Journey
from core.journeys.slots import INITIATE
from core.journeys.walk import Stop
from core.journeys.walk import Walk
from core.journeys.walk import walk
from core.links import account_links
from core.links import handover
from core.links.tokens import FormToken
from core.resources import journey_schemas as shapes
from core.resources.accounts import ACCOUNTS
from core.rest.operations import Call
from core.rest.operations import Reply
from core.rest.operations import Resource
from core.shell.gate import current_context
from core.shell.gate import hub
from core.web.problems import Fault
from core.web.problems import Problem

JOURNEYS = Resource(
    "journeys", _l("Actes saisis ici"), _l("Un acte saisi étape par étape, confirmé, puis transmis au partenaire."),
)  # fmt: skip
ACT = "transactions:write"


@ACCOUNTS.post(
    "/accounts/{account_id}/journeys", _l("Commencer un acte saisi ici"), shapes.JourneyOut, takes=shapes.JourneyTaken,
    scope=ACT, status=201, about=_l("Un des actes d'actions ou de transaction-types dont mode est form."),
)  # fmt: skip
def begin(call: Call, account_id: str) -> Reply:
    """The act is asked of the partner again, then written."""
    account = _account(call, account_id)
    act = _act(call, account, str(call.taken["act"]))
    token = FormToken(
        nonce=call.once, user_id=call.adviser.user_id, sid_hash="", account_id=account.id, plugin=str(account.plugin),
        act=act.key, label=act.label, nature=act.nature, issued=epoch(),
    )  # fmt: skip
    made = services.begin(hub(), current_context(), call.session, account, token, str(call.taken.get("reason") or ""))
    call.session.commit()
    return Reply(show(call, made), location=f"/journeys/{made}")


@JOURNEYS.get("/journeys/{journey_id}", _l("Lire un acte saisi ici"), shapes.JourneyOut, scope=ACT)
def show(call: Call, journey_id: str) -> dict[str, Any]:
    """Where it stands: the step to fill in, the recap, or what became of it."""
    row, found = _open(call, journey_id)
    if row.state not in states.TYPED:
        return _told(call, row, found)
    with _said():
        reached, draft = services.look(hub(), current_context(), call.session, found)
    return _told(call, row, found, reached, draft)


@JOURNEYS.post(
    "/journeys/{journey_id}/steps", _l("Remplir une étape"), shapes.JourneyOut, takes=shapes.StepTaken, scope=ACT,
    about=_l("Rien n'est gardé d'une étape refusée. Les documents passent en base64, 1 Mio au plus par appel, tous ensemble."),
)  # fmt: skip
def fill(call: Call, journey_id: str) -> dict[str, Any]:
    """The step as a whole: its values, its documents."""
    row, found = _open(call, journey_id)
    if row.state not in states.TYPED:
        raise Conflict(f"Cette saisie est «{states.LABELS[row.state].lower()}»\u202f: rien n'y change plus.")
    with _said():
        reached, draft = services.look(hub(), current_context(), call.session, found)
    stop = reached.at(str(call.taken["step"]))
    if stop is None:
        raise Conflict("Cette étape n'est pas encore atteinte\u202f: remplissez d'abord celle que l'acte demande.")
    typed = _typed(stop, call.taken["values"])
    files = {slot: held.id for slot, held in stop.files.items()} | _kept(call, stop, call.taken.get("documents") or ())
    names = [*stop.schema.fields, *(slot.key for slot in stop.step.documents)]
    made = services.amended(draft, stop.step.key, typed, files, names)
    held = uploads.held(call.session, found.user_id, made.files.values())
    call.session.commit()
    with _said():
        after = walk(services.asker(hub(), current_context(), found), made, held)
    there = after.at(stop.step.key)
    if there is not None and (there.errors or there.said):
        raise _refused({**({"": there.said} if there.said else {}), **there.errors})
    services.fill(call.session, call.adviser, journey_id, stop.step.key, typed, files, names)
    call.session.flush()
    return _told(call, row, found, after, made)


@JOURNEYS.post(
    "/journeys/{journey_id}/confirm", _l("Confirmer et transmettre"), shapes.JourneyOut, takes=shapes.ConfirmTaken, scope=ACT,
    about=_l("La transmission se fait en arrière-plan, une seule fois\u202f: lisez l'acte pour la suivre."),
)  # fmt: skip
def confirm(call: Call, journey_id: str) -> dict[str, Any]:
    """What the recap showed goes to the outbox."""
    row, found = _open(call, journey_id)
    if row.state not in states.TYPED:
        raise Conflict(f"Cette saisie est «{states.LABELS[row.state].lower()}»\u202f: elle ne se confirme plus.")
    with _said():
        reached, draft = services.look(hub(), current_context(), call.session, found)
        if reached.ready is None or reached.concerned(draft.errors) is not None:
            raise Conflict("Des étapes sont à remplir ou à corriger avant la transmission.")
        if call.taken["seen"] != pages.seen(draft, reached.ready):
            raise Conflict("La saisie a changé depuis ce récapitulatif\u202f: relisez-le, puis confirmez.")
        if (closed := services.still_open(hub(), current_context(), found)) is not None:
            raise Conflict(closed)
    services.confirm(hub(), current_context(), call.session, found, reached, draft, str(call.taken.get("reason") or ""))
    call.session.flush()
    row, found = _open(call, journey_id)
    return _told(call, row, found)


@JOURNEYS.post("/journeys/{journey_id}/abandon", _l("Abandonner un acte saisi ici"), shapes.JourneyOut, scope=ACT)
def abandon(call: Call, journey_id: str) -> dict[str, Any]:
    """What was typed is deleted."""
    services.give_up(call.session, call.adviser, journey_id)
    call.session.flush()
    row, found = _open(call, journey_id)
    return _told(call, row, found)


@contextmanager
def _said() -> Iterator[None]:
    """A plugin that does not answer is a problem of its own (503); one that asks for something first, or says no, a conflict."""
    try:
        yield
    except PluginError as error:
        text = error.text or "Le module n'a pas répondu."
        if isinstance(error, PartnerUnavailable | ProtocolError):
            raise Problem(503, "partner-unavailable", "Étape non disponible", text) from error
        raise Conflict(text) from error


def _account(call: Call, account_id: str) -> AccountRef:
    ref = account_lists.get_ref(call.session, call.adviser, account_id, INITIATE)
    account = account_links.attach(call.session, [ref])[0]
    if account.plugin is None or account.plugin not in current_context().enabled:
        raise DomainError("Ce compte n'a pas de lien partenaire\u202f: aucun acte ne s'y saisit.", field="act")
    return account


def _act(call: Call, account: AccountRef, code: str) -> Any:
    call.session.rollback()  # nothing is held while the partner thinks
    with _said():
        acts = hub().ask(str(account.plugin), Plugin.account_actions, current_context(), account)
    act = next((act for act in acts if act.key == code and act.mode == "form"), None)
    if act is None:
        raise DomainError("Cet acte ne se saisit pas ici sur ce compte.", field="act")
    if not act.enabled:
        raise Conflict(act.reason or "Cet acte n'est pas ouvert sur ce compte.")
    return act


def _open(call: Call, journey_id: str) -> tuple[Journey, Opened]:
    row = book.get(call.session, call.adviser, journey_id)
    return row, book.opened(call.session, call.adviser, row)


def _typed(stop: Stop, values: Mapping[str, Any]) -> dict[str, Any]:
    unknown = {name: "Ce champ n'est pas de cette étape." for name in values if name not in stop.schema.fields}
    odd = {
        name: "Écrivez la valeur comme un texte." for name, one in values.items()
        if not (isinstance(one, str | bool) or (isinstance(one, list) and all(isinstance(item, str) for item in one)))
    }  # fmt: skip
    if unknown or odd:
        raise _refused({**odd, **unknown})
    return dict(values)


def _kept(call: Call, stop: Stop, documents: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    known = {slot.key: slot for slot in stop.step.documents}
    for one in documents:
        slot = known.get(one["slot"])
        if slot is None:
            raise _refused({one["slot"]: "Ce document n'est pas demandé à cette étape."})
        try:
            data = base64.b64decode(one["content"], validate=True)
            found[slot.key] = uploads.keep(call.session, call.adviser, slots.rule(slot), one["filename"], data).id
        except (binascii.Error, ValueError) as error:
            raise _refused({slot.key: "Le contenu n'est pas en base64."}) from error
        except DomainError as error:
            raise _refused({slot.key: error.text}) from error
    return found


def _refused(errors: Mapping[str, str]) -> Problem:
    return Problem(
        422, "validation", "Saisie à corriger", "Des points ne sont pas acceptés\u202f: corrigez-les, puis recommencez.",
        faults=[Fault(name, text) for name, text in errors.items()],
    )  # fmt: skip


def _told(call: Call, row: Journey, found: Opened, reached: Walk | None = None, draft: Draft | None = None) -> dict[str, Any]:
    item = services.carriage(call.session, found)
    said: dict[str, Any] = {
        "id": found.id, "state": row.state, "act": found.act, "act_label": found.act_label,
        "partner": handover.name(found.plugin), "account_id": found.account.id,
        "transaction_id": found.transaction_id, "expires_at": row.expires_at, "said": draft.said if draft else "", "faults": [],
        "step": None, "recap": [], "notice": "", "seen": None,
        "trouble": item.last_error if item is not None and row.state == "sending" else None,
    }  # fmt: skip
    if reached is None or draft is None:
        return said
    stop = reached.concerned(draft.errors) or (reached.stops[-1] if reached.ready is None else None)
    if stop is not None:
        errors = {**stop.errors, **pages.refused(stop, draft)}
        faults = [{"field": name, "text": text} for name, text in errors.items()]
        return {**said, "step": _step(stop), "faults": faults}
    assert reached.ready is not None, "without a step to fill in all is typed"
    parts = pages.parts(found, reached, reached.ready)
    recap = [{"title": one.title, "lines": [{"label": label, "text": text} for label, text in one.lines]} for one in parts]
    return {**said, "recap": recap, "notice": reached.ready.notice, "seen": pages.seen(draft, reached.ready)}


def _step(stop: Stop) -> dict[str, Any]:
    form = pages.form(stop, {})
    entries = [
        {
            "name": one["name"], "label": str(one["label"]), "kind": one["type"], "required": one["required"],
            "help": None if one.get("help") is None else str(one["help"]), "value": _text(one["value"]),
            "choices": [{"code": code, "label": str(label)} for code, label in one["options"] or () if code != ""],
        }
        for one in form.fields
    ]  # fmt: skip
    documents = [
        {
            "slot": slot.key, "label": slot.label, "required": slot.required, "types": slots.rule(slot).types,
            "max_bytes": slots.rule(slot).max_bytes, "filename": getattr(stop.files.get(slot.key), "filename", None),
        }
        for slot in stop.step.documents
    ]  # fmt: skip
    return {"key": stop.step.key, "title": stop.step.title, "help": stop.step.help, "entries": entries, "documents": documents}


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return ", ".join(str(one) for one in value) if isinstance(value, list | tuple) else str(value)
