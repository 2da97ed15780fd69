"""The checks on a signed request, in the order of PLP-024. Nothing of the body is parsed before they hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from . import keys
from . import mandates
from . import registrations
from . import trust
from . import wire
from .mandates import Mandate
from .problems import Problem
from .registrations import Registration
from .world import World

BODY_CAP = 256 * 1024
_JWT_CAP = 8192
_LEEWAY_S = 30
_LIFE_S = 90
_JTI_KEPT_S = 60
_JTI_STORE = 100_000
_FORBIDDEN = ("jku", "x5u", "x5c", "jwk", "crit")


@dataclass(frozen=True, slots=True)
class Request:
    """What the web layer hands over: `path` below base_url, `body` raw; `beside`: the host's address, of what is not below it."""

    method: str
    path: str
    version: str | None
    media_type: str
    charset: str
    encoding: str
    authorization: str | None
    body: bytes
    beside: str = ""

    @property
    def has_body(self) -> bool:
        """Whether this operation is due one."""
        return self.method in ("POST", "PUT")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who signed: registration and claims, checked up to PLP-033."""

    registration: Registration
    claims: Mapping[str, Any]

    @property
    def sub(self) -> str:
        """The adviser's handle, or the mandate's id (PLP-023)."""
        return str(self.claims["sub"])

    @property
    def mandate(self) -> str:
        """As the JWT names it."""
        return str(self.claims["mandate"])


def check_envelope(request: Request) -> None:
    """PLP-027, PLP-028 (PLP-025 and PLP-026 are the web layer's)."""
    if request.version != "1":
        raise Problem("version-unsupported", "PLP-Version: 1 est attendu")
    if request.encoding not in ("", "identity"):
        raise Problem("media-type", "Content-Encoding: identity est attendu")
    if request.has_body and (request.media_type != "application/json" or request.charset not in ("", "utf-8")):
        raise Problem("media-type", "application/json en UTF-8 est attendu")


def authenticate(world: World, request: Request) -> Caller:
    """PLP-029 to PLP-033. Raises `Problem`."""
    now = world.clock.now()
    token = _bearer(request.authorization)
    header, claims = _read_jwt(token)
    with world.store.read() as connection:
        registration = registrations.find(connection, claims.get("iss"), now)
        if registration is None:
            raise Problem("invalid-assertion", "émetteur inconnu")  # PLP-030
    _check_signature(world, registration, claims.get("mandate"), token, header["kid"])
    _check_times(claims, now)
    _check_claims(world, claims, request)
    _use_jti(world, registration.iss, claims, now)
    return Caller(registration, claims)


def _bearer(authorization: str | None) -> str:
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Problem("invalid-assertion", "Authorization: Bearer est attendu")
    if len(token) > _JWT_CAP:
        raise Problem("invalid-assertion", "assertion trop longue")
    return token


def _read_jwt(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """PLP-029: header and claims, nothing verified yet."""
    parts = token.split(".")
    try:
        if len(parts) != 3:
            raise ValueError("three parts")
        header, claims = wire.parse_json(wire.b64url_decode(parts[0])), wire.parse_json(wire.b64url_decode(parts[1]))
        wire.b64url_decode(parts[2])
    except ValueError as error:
        raise Problem("invalid-assertion", "assertion illisible") from error
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise Problem("invalid-assertion", "assertion illisible")
    if header.get("alg") != "ES256" or header.get("typ") != "plp-req+jwt" or not isinstance(header.get("kid"), str):
        raise Problem("invalid-assertion", "en-tête d'assertion refusé")
    if any(name in header for name in _FORBIDDEN):
        raise Problem("invalid-assertion", "en-tête d'assertion refusé")
    return header, claims


def _check_signature(world: World, registration: Registration, mandate: object, token: str, kid: str) -> None:
    """PLP-031, PLP-017: a trusted thumbprint, present in the issuer's JWKS, and its signature."""
    try:
        key = trust.key(world, registration, mandate, kid)
    except keys.KeysUnreachable as error:
        raise Problem("maintenance", "clés de l'émetteur injoignables", {"Retry-After": "30"}) from error
    if key is None or not keys.verify(token, key):
        raise Problem("invalid-signature", "signature refusée")


def _is_time(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _check_times(claims: Mapping[str, Any], now: float) -> None:
    """PLP-032; what is no time at all is PLP-033's."""
    nbf, exp, iat = claims.get("nbf"), claims.get("exp"), claims.get("iat")
    stale = (
        (_is_time(nbf) and nbf > now + _LEEWAY_S)  # type: ignore[operator]
        or (_is_time(exp) and exp < now - _LEEWAY_S)  # type: ignore[operator]
        or (_is_time(iat) and iat > now + _LEEWAY_S)  # type: ignore[operator]
    )
    if stale:
        raise Problem("stale-assertion", "horodatage hors délai")


def _check_claims(world: World, claims: Mapping[str, Any], request: Request) -> None:
    """PLP-033, PLP-022."""
    base = world.settings.base_url
    right = (
        all(_is_time(claims.get(name)) for name in ("iat", "nbf", "exp"))
        and 0 < claims["exp"] - claims["iat"] <= _LIFE_S
        and all(wire.is_id(claims.get(name)) for name in ("sub", "mandate", "jti"))
        and claims.get("aud") == base
        and claims.get("htm") == request.method
        and claims.get("htu") == (request.beside or base) + request.path
        and claims.get("bsh") == wire.sha256(request.body)
    )
    if not right:
        raise Problem("invalid-assertion", "assertion refusée")


def _use_jti(world: World, iss: str, claims: Mapping[str, Any], now: float) -> None:
    """PLP-036: once; a full store refuses rather than accepts."""
    with world.store.write() as connection:
        connection.execute("DELETE FROM used_jtis WHERE until < ?", (now,))
        if connection.execute("SELECT count(*) FROM used_jtis").fetchone()[0] >= _JTI_STORE:
            raise Problem("maintenance", "registre des assertions plein", {"Retry-After": "60"})
        done = connection.execute(
            "INSERT OR IGNORE INTO used_jtis (iss, jti, until) VALUES (?, ?, ?)",
            (iss, claims["jti"], claims["exp"] + _JTI_KEPT_S),
        )
        if done.rowcount != 1:
            raise Problem("invalid-assertion", "assertion déjà utilisée")


def check_mandate(world: World, caller: Caller, scope: str, *, ledger: bool, cabinet: bool = False) -> Mandate:
    """PLP-034: the mandate, then the person, then the scope. `ledger`: on `/transactions…` (PLP-043).

    `cabinet`: what a mandate in force opens to the cabinet itself, in its own name.
    """
    now = world.clock.now()
    with world.store.read() as connection:
        mandate = mandates.find(connection, caller.mandate, caller.registration.iss)
    if mandate is None:
        raise Problem("mandate-inactive", "aucun mandat actif")
    if mandate.revoked and not (ledger and mandate.kept(now)):
        raise Problem("mandate-revoked", "le mandat a été révoqué")
    if ledger:
        if mandate.active_from is None:
            raise Problem("mandate-inactive", "le mandat n'a jamais été actif")
        if caller.sub != mandate.mandate:
            raise Problem("adviser-not-mandated", "sub doit être le mandat")
    else:
        if not mandate.usable(now):
            raise Problem("mandate-inactive", "le mandat n'est pas actif")
        if caller.sub != mandate.mandate if cabinet else mandate.adviser(caller.sub) is None:
            raise Problem("adviser-not-mandated", "conseiller non habilité")
    if scope not in mandate.scopes:
        raise Problem("scope-denied", "droit non prévu par le mandat")
    return mandate
