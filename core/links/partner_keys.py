"""Which key of a partner is believed: one whose thumbprint its sheet or a statement names, and which its JWKS still shows.

PLP-016, PLP-017, PLP-019. The document is fetched without redirects, at most once a minute for an unknown `kid`, and is old
after 900 s: what the partner removed from it is then refused (PLP-020).
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from sqlalchemy import select

from core import config
from core.db.clock import now
from core.db.session import TenantSession
from core.extensions import db
from core.hooks.errors import PartnerUnavailable
from core.hooks.errors import PluginError
from core.hooks.errors import ProtocolError
from core.http.partner import PartnerHttp
from core.links import partner_trust
from core.links.client import loopback_ports
from core.links.mandate_activity import is_on
from core.links.models import Mandate
from core.links.models import PartnerKeys
from core.links.models import Registration
from core.links.partner_trust import NEVER
from core.links.plp_json import parse

#: PLP-016, interfaces.md «Numbers».
FRESH = timedelta(seconds=900)
REFETCH = timedelta(seconds=60)
LAST_GOOD = timedelta(hours=24)
MAX_KEYS = 10
MAX_BYTES = 64 * 1024
_MEDIA_TYPES = ("application/json", "application/jwk-set+json")
_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_COORDINATE = re.compile(r"[A-Za-z0-9_-]{43}")
#: Member of the kept document that says the partner's newest one was refused.
_REFUSED = "refused"


_log = logging.getLogger("encours.links")


class Untrusted(PluginError):
    """The key is not one of the partner's trusted ones."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What our tables say of a partner's keys."""

    sheet: Mapping[str, Any]
    trusted: frozenset[str]
    keys: dict[str, dict[str, Any]]
    refused: bool
    fetched_at: datetime
    tried_at: datetime
    asked_at: datetime = NEVER
    mandate: str | None = None


def trusted_key(cabinet_id: int, plugin: str, kid: str) -> ECKey:
    """The partner's public key of this `kid`. May call the partner: never inside a transaction.

    Raises `Untrusted` for a key that neither the sheet nor a statement names, or that is not in the JWKS;
    `PartnerUnavailable` where the JWKS is needed and cannot be had. The statements are read before a `kid` of the JWKS is
    refused (PLP-019).
    """
    known = _known(cabinet_id, plugin)
    key = _shown(cabinet_id, plugin, known, kid)
    if kid not in known.trusted and kid not in _stated(cabinet_id, plugin, known):
        raise Untrusted("Cette clé ne figure ni sur la fiche du partenaire, ni dans une de ses déclarations de clés.")
    return key


def _shown(cabinet_id: int, plugin: str, known: _Known, kid: str) -> ECKey:
    at = now()
    if at - known.fetched_at < FRESH and (kid in known.keys or at - known.tried_at < REFETCH):
        return _picked(known.keys, kid)
    if known.refused and at - known.tried_at < REFETCH:
        return _picked(_last_good(known), kid)
    return _picked(_fetched(cabinet_id, plugin, known), kid)


def read_jwks(document: object) -> dict[str, dict[str, Any]]:
    """The keys of a JWKS by `kid`. Raises `ProtocolError` for a document that PLP-016 refuses."""
    keys = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(keys, list) or len(keys) > MAX_KEYS:
        raise ProtocolError("Le jeu de clés du partenaire n'est pas conforme.")
    found: dict[str, dict[str, Any]] = {}
    for key in keys:
        public = _checked(key)
        if public["kid"] in found:
            raise ProtocolError("Le jeu de clés du partenaire contient deux fois le même identifiant.")
        found[public["kid"]] = public
    return found


def _checked(key: object) -> dict[str, Any]:
    if not isinstance(key, dict) or _PRIVATE & key.keys():
        raise ProtocolError("Le jeu de clés du partenaire expose une clé privée, ou est illisible.")
    fixed = {"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256"}
    if any(key.get(name) != value for name, value in fixed.items()):
        raise ProtocolError("Le jeu de clés du partenaire contient une clé d'un autre type qu'EC P-256.")
    point = {name: key.get(name) for name in ("x", "y")}
    if not all(isinstance(value, str) and _COORDINATE.fullmatch(value) for value in point.values()):
        raise ProtocolError("Le jeu de clés du partenaire contient une clé illisible.")
    try:
        # import_key alone is lazy: the point is checked to lie on the curve only when the key is built.
        thumbprint = _imported({**fixed, **point}).thumbprint()
    except (JoseError, ValueError) as error:
        raise ProtocolError("Le jeu de clés du partenaire contient une clé illisible.") from error
    if key.get("kid") != thumbprint:
        raise ProtocolError("Une clé du partenaire ne porte pas son empreinte comme identifiant.")
    return {**fixed, **point, "kid": thumbprint}


def _imported(public: Mapping[str, Any]) -> ECKey:
    key = ECKey.import_key({name: public[name] for name in ("kty", "crv", "x", "y")})
    _ = key.public_key
    return key


def _picked(keys: Mapping[str, Mapping[str, Any]], kid: str) -> ECKey:
    if kid not in keys:
        raise Untrusted("Cette clé n'est pas (ou plus) dans le jeu de clés du partenaire.")
    return _imported(keys[kid])


def _stated(cabinet_id: int, plugin: str, known: _Known) -> frozenset[str]:
    """What the partner's statements say now, read once a minute at most; what was believed before, where they are silent."""
    url = known.sheet.get("keys_statement_uri")
    if url is None or known.mandate is None or now() - known.asked_at < REFETCH:
        return known.trusted
    with db.session(cabinet_id) as session:
        partner_trust.kept(session, plugin).asked_at = now()
    try:
        asked = f"{url}{'&' if '?' in url else '?'}{urlencode({'mandate': known.mandate})}"
        document = _document(cabinet_id, plugin, known, asked, "statements", "Les déclarations de clés du partenaire ne sont")
    except (PartnerUnavailable, ProtocolError) as error:
        _log.warning("%s: its statements of keys could not be read: %s", plugin, error.text)
        return known.trusted
    said = document.get("statements") if isinstance(document, dict) else None
    if not isinstance(said, list):
        return known.trusted
    with db.session(cabinet_id) as session:
        partner_trust.take(session, plugin, said)
        registration = session.scalars(select(Registration).where(Registration.plugin == plugin)).one()
        return partner_trust.trusted(registration, _row(session, plugin))


def _known(cabinet_id: int, plugin: str) -> _Known:
    with db.session(cabinet_id, write=False) as session:
        registration = session.scalar(select(Registration).where(Registration.plugin == plugin))
        if registration is None:
            raise Untrusted("Ce partenaire n'est pas enregistré pour ce cabinet.")
        if not is_on(session, plugin):  # BL-03: a link that is off is not asked for its keys either
            raise Untrusted("Ce lien partenaire est désactivé pour ce cabinet.")
        row = _row(session, plugin)
        believed = partner_trust.trusted(registration, row)
        newest = select(Mandate.reference).where(Mandate.plugin == plugin)
        mandate = session.scalar(newest.order_by(Mandate.created_at.desc(), Mandate.id.desc()).limit(1))
        if row is None:
            return _Known(registration.sheet, believed, {}, False, NEVER, NEVER, mandate=mandate)
        keys = {str(key["kid"]): dict(key) for key in row.jwks["keys"]}
        refused, asked = bool(row.jwks.get(_REFUSED)), row.asked_at or NEVER
        return _Known(registration.sheet, believed, keys, refused, row.fetched_at, row.tried_at, asked, mandate)


def _document(cabinet_id: int, plugin: str, known: _Known, url: str, operation: str, begins: str) -> object:
    """What the partner serves at one of its sheet's addresses; `begins`: the start of what is said where it does not."""
    ports, loopback = loopback_ports(known.sheet), config.current().plp_allow_loopback
    http = PartnerHttp(plugin, cabinet_id, allow_loopback=loopback, ports=ports)
    answer = http.request("GET", url, operation=operation, headers={"Accept": "application/json"}, cap=MAX_BYTES)
    if answer.status != 200:
        raise PartnerUnavailable(f"{begins} pas à l'adresse convenue.")
    if answer.headers.get("Content-Type", "").split(";")[0].strip().lower() not in _MEDIA_TYPES:
        raise ProtocolError(f"{begins} pas dans le format convenu.")
    try:
        return parse(answer.body)
    except ValueError as error:
        raise ProtocolError(f"{begins} pas lisible, ou pas en JSON.") from error


def _fetched(cabinet_id: int, plugin: str, known: _Known) -> dict[str, dict[str, Any]]:
    url = str(known.sheet["jwks_uri"])
    try:
        keys = read_jwks(_document(cabinet_id, plugin, known, url, "jwks", "Le jeu de clés du partenaire n'est"))
    except ProtocolError:
        _keep(cabinet_id, plugin, None, refused=True)
        return _last_good(known)
    except PartnerUnavailable:
        _keep(cabinet_id, plugin, None, refused=False)
        raise
    _keep(cabinet_id, plugin, keys, refused=False)
    return keys


def _last_good(known: _Known) -> dict[str, dict[str, Any]]:
    """PLP-016: a refused document leaves the last good one in force, 24 h at most."""
    if now() - known.fetched_at < LAST_GOOD:
        return known.keys
    raise PartnerUnavailable("Le jeu de clés du partenaire n'est pas lisible.")


def _keep(cabinet_id: int, plugin: str, keys: Mapping[str, Mapping[str, Any]] | None, *, refused: bool) -> None:
    """Write that we tried, and what we found; None: the last good document stays."""
    with db.session(cabinet_id) as session:
        row = partner_trust.kept(session, plugin)
        row.tried_at = now()
        if keys is None:
            row.jwks = {"keys": row.jwks["keys"], _REFUSED: refused}
        else:
            row.jwks = {"keys": [dict(key) for key in keys.values()]}
            row.fetched_at = row.tried_at


def _row(session: TenantSession, plugin: str) -> PartnerKeys | None:
    return session.scalar(select(PartnerKeys).where(PartnerKeys.plugin == plugin))
