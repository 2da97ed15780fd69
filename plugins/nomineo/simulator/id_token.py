"""PLP-075 to PLP-077: what an ID Token must say before anything is opened on its word."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from . import keys
from . import ledger
from . import mandates
from . import prefill
from . import trust
from . import wire
from .acts import BY_CODE
from .acts import CONSULTATION
from .acts import Act
from .book import Contract
from .book import contract_of
from .mandates import Mandate
from .registrations import Registration
from .world import World

_LEEWAY_S = 30
_LOCALE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


class TokenRefused(Exception):
    """The launch stops; the argument is the log's word for why (no personal data)."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What the flow began with."""

    registration: Registration
    nonce: str
    launch_id: str
    login_hint: str


@dataclass(frozen=True, slots=True)
class Opening:
    """A verified launch."""

    mandate: Mandate
    contract: Contract
    act: Act
    who: ledger.Who
    sub: str
    launch_id: str
    interaction_id: str
    transaction_ref: str | None
    account_ref: str
    return_url: str
    prefill: Mapping[str, Any] | None


def verify(world: World, token: object, expected: Expected) -> Opening:
    """Signature, claims, then `plp`. Raises `TokenRefused`."""
    claims = _signed_claims(world, token, expected.registration)
    now = world.clock.now()
    _check_claims(claims, expected, now)
    return check_plp(world, claims, expected, now)


def _refuse_unless(right: bool, why: str) -> None:
    if not right:
        raise TokenRefused(why)


def _signed_claims(world: World, token: object, registration: Registration) -> Mapping[str, Any]:
    """PLP-075: ES256, a trusted key; the signature counts though the token came from the token endpoint."""
    if not isinstance(token, str) or len(token) > 32_768 or token.count(".") != 2:
        raise TokenRefused("no compact JWS")
    try:
        header = wire.parse_json(wire.b64url_decode(token.split(".")[0]))
        claims = wire.parse_json(wire.b64url_decode(token.split(".")[1]))
    except ValueError as error:
        raise TokenRefused("unreadable") from error
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise TokenRefused("unreadable")
    kid = header.get("kid")
    right = header.get("alg") == "ES256" and header.get("typ", "JWT") == "JWT" and "crit" not in header
    if not right or not isinstance(kid, str):
        raise TokenRefused("header")
    plp = claims.get("plp")
    try:
        key = trust.key(world, registration, plp.get("mandate") if isinstance(plp, dict) else None, kid)
    except keys.KeysUnreachable as error:
        raise TokenRefused("keys unreachable") from error
    if key is None or not keys.verify(token, key):
        raise TokenRefused("key not trusted, or signature")
    return claims


def _check_claims(claims: Mapping[str, Any], expected: Expected, now: float) -> None:
    times = [claims.get(name) for name in ("iat", "exp", "auth_time")]
    _refuse_unless(all(isinstance(t, int) and not isinstance(t, bool) for t in times), "times")
    _refuse_unless(claims["iat"] <= now + _LEEWAY_S and claims["exp"] > now - _LEEWAY_S, "expired")
    _refuse_unless(claims.get("iss") == expected.registration.iss, "iss")
    _refuse_unless(claims.get("aud") == expected.registration.client_id and "azp" not in claims, "aud")
    _refuse_unless(claims.get("nonce") == expected.nonce, "nonce")
    _refuse_unless(wire.is_id(claims.get("sub")) and claims["sub"] == expected.login_hint, "sub")


def check_plp(world: World, claims: Mapping[str, Any], expected: Expected, now: float) -> Opening:
    """PLP-076, PLP-077: of `claims`, `sub` and `plp`, under any binding. Raises `TokenRefused`."""
    plp = claims.get("plp")
    if not isinstance(plp, dict):
        raise TokenRefused("plp")
    account, actor = plp.get("account"), plp.get("actor")
    if not isinstance(account, dict) or not isinstance(actor, dict):
        raise TokenRefused("account or actor")
    _refuse_unless(plp.get("launch_id") == expected.launch_id, "launch_id")
    interaction_id = plp.get("interaction_id")
    _refuse_unless(isinstance(interaction_id, str) and wire.interaction_id(interaction_id) == interaction_id,
                   "interaction_id")  # fmt: skip
    _refuse_unless(isinstance(plp.get("locale"), str) and _LOCALE.fullmatch(plp["locale"]) is not None, "locale")
    act = _act(plp)
    return_url = plp.get("return_url")
    _refuse_unless(_same_origin(return_url, expected.registration.iss), "return_url")
    with world.store.read() as connection:
        mandate = mandates.find(connection, plp.get("mandate"), expected.registration.iss)
        if mandate is None or not mandate.usable(now):
            raise TokenRefused("mandate")
        display = mandate.adviser(claims["sub"])
        _refuse_unless(actor.get("sub") == claims["sub"] and display is not None, "adviser")
        _refuse_unless(actor.get("broker_code") == mandate.broker_code, "broker_code")
        _refuse_unless(f"launch:{act.code}" in mandate.scopes, "scope")
        _refuse_unless(account.get("scheme") == "contract-number" and wire.is_business_ref(account.get("ref")), "ref")
        contract = contract_of(connection, mandate.broker_code, account["ref"])
        if contract is None:
            raise TokenRefused("account")
        reference = plp.get("transaction_ref")
        known = reference is not None and ledger.by_ref(connection, str(reference)) is not None
        _refuse_unless(not known, "transaction_ref used")
    shown = actor.get("display")
    return Opening(
        mandate=mandate, contract=contract, act=act, sub=claims["sub"], launch_id=expected.launch_id,
        interaction_id=str(interaction_id),
        who=ledger.Who(
            f"{expected.registration.iss}|{claims['sub']}",
            shown[:100] if isinstance(shown, str) and shown else str(display), mandate.broker_code,
        ),
        transaction_ref=reference, account_ref=account["ref"], return_url=str(return_url),
        prefill=prefill.check(plp.get("prefill")),
    )  # fmt: skip


def _act(plp: Mapping[str, Any]) -> Act:
    """Every act but `consultation` has a transaction_ref (PLP-076)."""
    act = BY_CODE.get(str(plp.get("action")))
    if act is None:
        raise TokenRefused("action")
    reference = plp.get("transaction_ref")
    right = reference is None if act.code == CONSULTATION else wire.is_id(reference)
    _refuse_unless(right, "transaction_ref")
    return act


def _same_origin(url: object, iss: str) -> bool:
    if not isinstance(url, str):
        return False
    try:
        one, other = urlsplit(url), urlsplit(iss)
    except ValueError:
        return False
    return (one.scheme, one.netloc) == (other.scheme, other.netloc)
