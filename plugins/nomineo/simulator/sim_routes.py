"""The test interface (Annex B): absent without a token, closed without the right one."""

from __future__ import annotations

import hmac
from typing import Any
from typing import cast

from flask import Blueprint
from flask import Response
from flask import abort
from flask import current_app
from flask import jsonify
from flask import request

from . import book
from . import desk
from . import faults
from . import ledger
from . import mandates
from . import own_keys
from . import registrations
from . import rotation
from . import wire
from . import wording
from .acts import BY_CODE
from .acts import CONSULTATION
from .context import world
from .sender import Sender

blueprint = Blueprint("sim", __name__, url_prefix="/_sim")


class BadCommand(ValueError):
    """Answered 400 (or 404, 409) with its message."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


@blueprint.before_request
def _token_only() -> None:
    expected = world().settings.sim_token
    if expected is None or not hmac.compare_digest(
        expected.encode(), request.headers.get("X-Sim-Token", "").encode()
    ):
        abort(404)


@blueprint.errorhandler(BadCommand)
def _bad_command(error: BadCommand) -> tuple[Response, int]:
    return jsonify({"error": str(error)}), error.status


def _command() -> dict[str, Any]:
    given = request.get_json(silent=True, force=True) if request.get_data() else {}
    if not isinstance(given, dict):
        raise BadCommand("un objet JSON est attendu")
    return given


def _reason(given: object) -> dict[str, str] | None:
    if given is None:
        return None
    if isinstance(given, str):
        return {"code": given, "text": wording.REASONS.get(given, wording.REASONS["other"])}
    if isinstance(given, dict) and isinstance(given.get("code"), str):
        code = given["code"]
        text = given.get("text") or wording.REASONS.get(code, wording.REASONS["other"])
        return {"code": code, "text": str(text)[:200]}
    raise BadCommand("reason: un code, ou {code, text}")


@blueprint.post("/transactions/<reference>/status")
def set_status(reference: str) -> Response:
    """`{"status","reason","corrected"}`, of the platform's reference or of ours."""
    here, given = world(), _command()
    status = given.get("status")
    reason = _reason(given.get("reason"))
    if status == "rejected" and reason is None:
        reason = _reason("other")
    with here.store.write() as connection:
        found = ledger.by_ref(connection, reference)
        if found is None:
            raise BadCommand("transaction inconnue", 404)
        try:
            moved = ledger.change(
                connection, found.id, str(status), here.clock.now(), here.clock.today(), reason=reason,
                corrected=given.get("corrected") is True,
            )  # fmt: skip
        except ledger.ChangeRefused as error:
            raise BadCommand(str(error), 409) from error
    here.wake.set()
    return jsonify({"status": moved.status, "seq": moved.seq, "partner_ref": moved.partner_ref})


@blueprint.get("/transactions")
def list_transactions() -> Response:
    """The whole ledger, direct entries included, each with its history."""
    with world().store.read() as connection:
        rows = connection.execute("SELECT * FROM transactions ORDER BY id").fetchall()
        events = connection.execute("SELECT transaction_ref, body FROM events ORDER BY id").fetchall()
    history: dict[str, list[Any]] = {}
    for event in events:
        history.setdefault(event["transaction_ref"], []).append(wire.parse_json(event["body"].encode()))
    return jsonify(
        [
            {
                "ref": found.transaction_ref, "partner_ref": found.partner_ref, "status": found.status,
                "seq": found.seq, "account": found.account_ref, "action": found.action, "mandate": found.mandate,
                "launch_id": found.launch_id, "reason": found.reason, "amount": wire.money(found.amount),
                "prefill": found.prefill, "history": history.get(found.transaction_ref or "", []),
            }
            for found in (ledger.read(row) for row in rows)
        ]
    )  # fmt: skip


@blueprint.post("/registrations")
def add_registration() -> tuple[Response, int]:
    """A platform's sheet."""
    with world().store.write() as connection:
        try:
            iss = registrations.register(connection, _command(), world().clock.now(), world().settings.binding)
        except registrations.BadSheet as error:
            raise BadCommand(str(error)) from error
    return jsonify({"iss": iss}), 201


@blueprint.post("/mandates/<mandate>/<step>")
def step(mandate: str, step: str) -> Response:
    """receive (`{"jkt"}`: what the paper says), activate (`{"code"}`), return, refuse, suspend, revoke."""
    if step not in mandates.STEPS:
        abort(404)
    here, given = world(), _command()
    with here.store.write() as connection:
        try:
            stepped = mandates.step(
                connection, mandate, step, here.clock.now(), code=given.get("code"),
                reason=_reason(given.get("reason")), jkt=given.get("jkt"),
            )  # fmt: skip
        except LookupError as error:
            raise BadCommand(str(error), 404) from error
        except mandates.StepRefused as error:
            raise BadCommand(str(error), 409) from error
    here.wake.set()
    return jsonify(stepped.view())


@blueprint.post("/keys/<step>")
def change_keys(step: str) -> Response:
    """rotate (`{"notice_s"}`: how long before the new key signs), finish: what this company does with its own keys."""
    here, notice = world(), _command().get("notice_s", own_keys.NOTICE_S)
    if step not in ("rotate", "finish") or isinstance(notice, bool) or not isinstance(notice, int | float):
        abort(404)
    settings, now = here.settings, here.clock.now()
    with here.store.write() as connection:
        try:
            if step == "rotate":
                found = rotation.rotate(connection, settings, now, float(notice))
            else:
                found = rotation.state(connection, settings, now)
        except ValueError as error:
            raise BadCommand(str(error), 409) from error
    here.wake.set()
    return jsonify({"jkt": found})


@blueprint.get("/hooks")
def list_hooks() -> Response:
    """Every hook with its attempts."""
    with world().store.read() as connection:
        hooks = connection.execute("SELECT * FROM hooks ORDER BY id").fetchall()
        attempts = connection.execute("SELECT * FROM attempts ORDER BY id").fetchall()
    tried: dict[int, list[dict[str, Any]]] = {}
    for attempt in attempts:
        tried.setdefault(attempt["hook_id"], []).append(
            {"at": attempt["at"], "http_status": attempt["http_status"], "error": attempt["error"],
             "note": attempt["note"]}
        )  # fmt: skip
    names = ("webhook_id", "iss", "subject", "type", "seq", "status", "state", "next_at", "extra")
    return jsonify([{**{name: hook[name] for name in names}, "attempts": tried.get(hook["id"], [])} for hook in hooks])


@blueprint.post("/hooks/flush")
def flush() -> Response:
    """Attempts everything that waits, now, whatever the ladder says."""
    sender = cast(Sender, current_app.extensions["extranet_sender"])
    return jsonify({"attempted": sender.flush()})


@blueprint.post("/direct")
def direct() -> tuple[Response, int]:
    """An act entered in these pages without a launch, pending at once."""
    here, given = world(), _command()
    act = BY_CODE.get(str(given.get("action")))
    if act is None or act.code == CONSULTATION:
        raise BadCommand("action inconnue")
    with here.store.write() as connection:
        contract = book.contract_by_ref(connection, str(given.get("account")))
        if contract is None:
            raise BadCommand("contrat inconnu", 404)
        who = ledger.Who("sim", "Saisie directe", contract.broker_code)
        made = ledger.open_act(connection, contract, act, who, here.clock.now())
        moved = ledger.change(connection, made.id, "pending", here.clock.now(), here.clock.today())
    return jsonify({"partner_ref": moved.partner_ref}), 201


@blueprint.post("/clock")
def move_clock() -> Response:
    """`{"offset_s"}` from the machine's time."""
    offset = _command().get("offset_s")
    if not isinstance(offset, int | float) or isinstance(offset, bool):
        raise BadCommand("offset_s: des secondes")
    world().clock.move(float(offset))
    world().wake.set()
    return jsonify({"now": wire.timestamp(world().clock.now())})


@blueprint.post("/contracts/<ref>")
def set_contract(ref: str) -> Response:
    """Flags of the book: pledged, closed, deceased, guarded, accepted, advance."""
    with world().store.write() as connection:
        contract = book.contract_by_ref(connection, ref)
        if contract is None:
            raise BadCommand("contrat inconnu", 404)
        try:
            desk.set_contract(connection, contract.id, _command(), world().clock.today())
        except ValueError as error:
            raise BadCommand(f"drapeau inconnu\u202f: {error}") from error
    return jsonify({"ref": contract.ref})


@blueprint.route("/faults", methods=["POST", "GET", "DELETE"])
def plan_faults() -> tuple[Response, int]:
    """`{"op","kind","times","value"}`; GET lists what is left, DELETE heals all."""
    with world().store.write() as connection:
        if request.method == "POST":
            given = _command()
            times, value = given.get("times", 1), given.get("value")
            right = isinstance(times, int) and (value is None or isinstance(value, int | float))
            try:
                if not right:
                    raise ValueError("times ou value")
                faults.add(connection, str(given.get("op")), str(given.get("kind")), times, value)
            except ValueError as error:
                raise BadCommand(str(error)) from error
        elif request.method == "DELETE":
            faults.clear(connection)
        left = faults.listed(connection)
    listed = [{"op": f.op, "kind": f.kind, "times": f.times, "value": f.value} for f in left]
    return jsonify(listed), 201 if request.method == "POST" else 200
