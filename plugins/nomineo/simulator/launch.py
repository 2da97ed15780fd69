"""PLP §6, the partner's half: a flow begins at initiate, ends at callback."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from . import book
from . import calls
from . import discovery
from . import faults
from . import id_token
from . import ledger
from . import own_keys
from . import registrations
from . import rules
from . import wire
from .acts import CONSULTATION
from .db import Connection
from .db import Row
from .id_token import Expected
from .id_token import Opening
from .registrations import Registration
from .world import World

FLOW_S = 300
_TOKEN_S = 10.0
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class LaunchRefused(Exception):
    """Ends on a page: `kind` names its text, `status` its HTTP status, `reference` is shown and logged."""

    def __init__(self, kind: str, status: int, why: str, reference: str | None = None) -> None:
        super().__init__(why)
        self.kind = kind
        self.status = status
        self.reference = reference or str(uuid4())


@dataclass(frozen=True, slots=True)
class Flow:
    """One launch between initiate and callback."""

    state: str
    cookie: str
    registration: Registration
    launch_id: str
    login_hint: str
    nonce: str
    verifier: str
    interaction_id: str

    @classmethod
    def new(cls, state: str, registration: Registration, launch_id: str, login_hint: str) -> Flow:
        """With a cookie, a nonce, a verifier and an interaction id of its own."""
        return cls(
            state=state, cookie=secrets.token_urlsafe(24), registration=registration, launch_id=launch_id,
            login_hint=login_hint, nonce=secrets.token_urlsafe(24), verifier=secrets.token_urlsafe(48),
            interaction_id=str(uuid4()),
        )  # fmt: skip

    @property
    def cookie_name(self) -> str:
        """PLP-063: one cookie a flow, so that two launches run side by side."""
        return flow_cookie_name(self.state)


def flow_cookie_name(state: str) -> str:
    """By the state, which comes back with the callback."""
    return f"extranet_flow_{hashlib.sha256(state.encode()).hexdigest()[:16]}"


def single(values: Mapping[str, list[str]], name: str, *, required: bool = True) -> str | None:
    """PLP-062: a repeated or missing parameter ends the launch."""
    found = values.get(name, [])
    if len(found) > 1 or (required and not found):
        raise LaunchRefused("malformed", 400, f"parameter {name}")
    return found[0] if found else None


def wanted(world: World, values: Mapping[str, list[str]]) -> tuple[Registration, str, str]:
    """PLP-062: who hands over, for which adviser, which launch. Raises `LaunchRefused`."""
    iss, client_id = single(values, "iss"), single(values, "client_id")
    login_hint, launch_id = single(values, "login_hint"), single(values, "plp_message_hint")
    target = single(values, "target_link_uri", required=False)
    with world.store.read() as connection:
        registration = registrations.find(connection, iss, world.clock.now())
    if registration is None or client_id != registration.client_id:
        raise LaunchRefused("malformed", 400, "unknown issuer or client")
    if target not in (None, world.settings.target) or not wire.is_id(login_hint) or not wire.is_id(launch_id):
        raise LaunchRefused("malformed", 400, "target or hints")
    return registration, str(login_hint), str(launch_id)


def keep(connection: Connection, flow: Flow, now: float) -> None:
    """Until it ends."""
    connection.execute("DELETE FROM flows WHERE expires < ?", (now - 86_400,))
    connection.execute(
        """INSERT INTO flows (state, cookie, iss, launch_id, login_hint, nonce, verifier, interaction_id, expires)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            flow.state, wire.sha256(flow.cookie.encode()), flow.registration.iss, flow.launch_id, flow.login_hint,
            flow.nonce, flow.verifier, flow.interaction_id, now + FLOW_S,
        ),
    )  # fmt: skip


def kept_flow(connection: Connection, row: Row, now: float) -> Flow:
    """As it was kept; its cookie's value stays with the browser."""
    registration = registrations.find(connection, row["iss"], now)
    assert registration is not None
    return Flow(
        row["state"], "", registration, row["launch_id"], row["login_hint"], row["nonce"], row["verifier"],
        row["interaction_id"],
    )  # fmt: skip


def begin(world: World, values: Mapping[str, list[str]]) -> tuple[Flow, str]:
    """PLP-055, PLP-064: the flow, kept, and where the browser goes. Raises `LaunchRefused`."""
    registration, login_hint, launch_id = wanted(world, values)
    try:
        endpoints = discovery.endpoints(registration.iss)
    except discovery.DiscoveryFailed as error:
        raise LaunchRefused("unreachable", 503, f"discovery: {error}") from error
    flow = Flow.new(secrets.token_urlsafe(24), registration, launch_id, login_hint)
    with world.store.write() as connection:
        keep(connection, flow, world.clock.now())
    query = {
        "response_type": "code", "scope": "openid plp", "client_id": registration.client_id,
        "redirect_uri": world.settings.callback_url, "state": flow.state, "nonce": flow.nonce,
        "code_challenge": wire.sha256(flow.verifier.encode()), "code_challenge_method": "S256", "prompt": "none",
        "login_hint": flow.login_hint, "plp_message_hint": flow.launch_id,
    }  # fmt: skip
    separator = "&" if "?" in endpoints.authorization else "?"
    return flow, f"{endpoints.authorization}{separator}{urlencode(query)}"


def finish(world: World, values: Mapping[str, list[str]], cookies: Mapping[str, str]) -> Opening:
    """PLP-057, PLP-058, PLP-063, PLP-066: the verified opening. Raises `LaunchRefused`."""
    state, iss = single(values, "state"), single(values, "iss")
    code, error = single(values, "code", required=False), single(values, "error", required=False)
    flow = _complete(world, str(state), cookies)
    if iss != flow.registration.iss:
        raise LaunchRefused("malformed", 400, "iss of the answer", flow.interaction_id)
    if error is not None:
        known = error in ("access_denied", "login_required", "temporarily_unavailable")
        raise LaunchRefused(error if known else "malformed", 400, f"authorize: {error[:40]}", flow.interaction_id)
    if not code:
        raise LaunchRefused("malformed", 400, "no code", flow.interaction_id)
    token = _redeem(world, flow, code)
    expected = Expected(flow.registration, flow.nonce, flow.launch_id, flow.login_hint)
    try:
        return id_token.verify(world, token, expected)
    except id_token.TokenRefused as refused:
        raise LaunchRefused("refused", 403, f"id token: {refused}", flow.interaction_id) from refused


def _complete(world: World, state: str, cookies: Mapping[str, str]) -> Flow:
    """Once, in the browser that began it."""
    now = world.clock.now()
    with world.store.write() as connection:
        row = connection.execute("SELECT * FROM flows WHERE state = ?", (state,)).fetchone()
        if row is None:
            raise LaunchRefused("access_denied", 400, "unknown state")
        brought = wire.sha256(cookies.get(flow_cookie_name(state), "").encode())
        if not hmac.compare_digest(brought, row["cookie"]):
            raise LaunchRefused("access_denied", 400, "another browser", row["interaction_id"])
        done = connection.execute(
            "UPDATE flows SET completed = ? WHERE state = ? AND completed IS NULL AND expires >= ?", (now, state, now)
        )
        if done.rowcount != 1:
            raise LaunchRefused("access_denied", 400, "completed or expired", row["interaction_id"])
        return kept_flow(connection, row, now)


def _redeem(world: World, flow: Flow, code: str) -> object:
    """PLP-072, PLP-073: the ID Token, not yet verified."""
    client_id, issued = flow.registration.client_id, int(world.clock.now())
    claims = {
        "iss": client_id, "sub": client_id, "aud": flow.registration.iss, "iat": issued, "exp": issued + 60,
        "jti": secrets.token_urlsafe(16),
    }  # fmt: skip
    with world.store.write() as connection:
        assertion = own_keys.sign(connection, claims, world.clock.now())
        fault = faults.take(connection, "token")
    if fault is not None and fault.kind in ("latency", "trickle", "hang"):
        time.sleep(fault.value or 1.0)
    elif fault is not None and fault.kind != "malformed":
        raise LaunchRefused("unreachable", 503, f"token: fault {fault.kind}", flow.interaction_id)
    spoilt = fault is not None and fault.kind == "malformed"
    form = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": world.settings.callback_url,
        "code_verifier": secrets.token_urlsafe(48) if spoilt else flow.verifier, "client_id": client_id,
        "client_assertion_type": _ASSERTION, "client_assertion": assertion,
    }  # fmt: skip
    try:
        endpoint = discovery.endpoints(flow.registration.iss).token
        answer = calls.call("POST", endpoint, seconds=_TOKEN_S, data=form, headers={"Accept": "application/json"})
        document: Any = wire.parse_json(answer.body)
    except (discovery.DiscoveryFailed, calls.CallFailed, ValueError) as error:
        raise LaunchRefused("unreachable", 503, f"token: {error}", flow.interaction_id) from error
    if answer.status in (400, 401):
        kind = "access_denied" if answer.status == 400 else "refused"
        raise LaunchRefused(kind, answer.status, f"token: {answer.status}", flow.interaction_id)
    if answer.status != 200 or answer.media_type != "application/json" or not isinstance(document, dict):
        raise LaunchRefused("unreachable", 503, f"token: {answer.status}", flow.interaction_id)
    return document.get("id_token")


def open_act(world: World, opening: Opening) -> ledger.Transaction | None:
    """PLP-058, PLP-077, PLP-079: the act, evaluated anew; None for `consultation`.

    Closed meanwhile: the transaction is made and `rejected` with the reason, in the same database transaction.
    Raises `LaunchRefused` where its transaction_ref is not new.
    """
    if opening.act.code == CONSULTATION or opening.transaction_ref is None:
        return None
    now, today = world.clock.now(), world.clock.today()
    launched = ledger.Launched(
        opening.transaction_ref, opening.mandate.iss, opening.mandate.mandate, opening.launch_id,
        opening.interaction_id, opening.account_ref, opening.return_url, opening.prefill,
    )  # fmt: skip
    with world.store.write() as connection:
        if ledger.by_ref(connection, opening.transaction_ref) is not None:
            raise LaunchRefused("refused", 403, "transaction_ref used", opening.interaction_id)
        contract = book.contract_by_id(connection, opening.who.broker_code, opening.contract.id)
        assert contract is not None
        made = ledger.open_act(connection, contract, opening.act, opening.who, now, launched)
        pending = ledger.pending_on(connection, contract.id)
        decision = rules.decide(opening.act, contract, pending, today, opening.mandate.scopes)
        if decision.reason is not None:
            reason = {"code": decision.reason.code, "text": decision.reason.text}
            made = ledger.change(connection, made.id, "rejected", now, today, reason=reason)
    world.wake.set()
    return made
