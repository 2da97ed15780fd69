"""A partner's request, judged as one at `/plp/authorize` is: what it gets is a Response, for one launch (PLP-115 to PLP-119)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from lxml import etree
from sqlalchemy import delete
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core.auth.models import ReplayGuard
from core.auth.oidc import codes
from core.auth.oidc.endpoints import AWAY
from core.auth.oidc.kinds import Asked
from core.auth.oidc.kinds import Denied
from core.auth.oidc.log import log
from core.auth.sessions import Current
from core.cabinets import services as cabinets
from core.cabinets import vault
from core.db.clock import now
from core.db.session import TenantSession
from core.extensions import db
from core.links import sso
from core.links.client import issuer
from core.links.client import origin
from core.links.models import Registration
from core.links.saml import certificates
from core.links.saml import metadata
from core.links.saml import redirect
from core.links.saml import requests
from core.links.saml import responses
from core.links.saml import xml
from core.links.saml.redirect import Unusable
from core.links.saml.sheet import BINDING


@dataclass(frozen=True, slots=True)
class Posted:
    """What the browser carries to the partner. `origins`: where its form may lead (PLP-117)."""

    partner: str
    acs_url: str
    response: bytes
    relay_state: str | None
    origins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Partner:
    client_id: str
    name: str
    issuer: str
    sheet: dict[str, Any]

    @property
    def saml(self) -> dict[str, Any]:
        found: dict[str, Any] = self.sheet["saml"]
        return found


def answer(cabinet_id: int, slug: str, query: bytes, current: Current | None) -> Posted:
    """The Response to a query as sent, from whoever is signed in. Raises `Unusable` where there is nobody to answer to."""
    signed = redirect.read(query)
    partner = _partner(cabinet_id, slug, requests.issuer_of(signed.root))
    redirect.verify(signed, partner.saml["signing_certs"])
    saml = partner.saml
    known = requests.addressed(signed.root, sso_url=metadata.sso_url(partner.issuer), acs_url=saml["acs_url"])
    to = responses.Answer(partner.issuer, saml["entity_id"], saml["acs_url"], known, now())
    try:
        response = _granted(cabinet_id, partner, to, signed.root, signed.relay_state, current)
    except Denied as error:
        log.info("saml of %s denied: %s", partner.client_id, error)
        response = responses.refused(to, xml.REQUEST_DENIED)
    except AWAY as error:
        log.error("saml of %s: the database is away", partner.client_id, exc_info=error)
        response = responses.refused(to, xml.REQUEST_DENIED)
    relay = signed.relay_state if signed.relay_state is not None and len(signed.relay_state) <= 80 else None
    return Posted(partner.name, saml["acs_url"], response, relay, origins(partner.sheet))


def origins(sheet: dict[str, Any]) -> tuple[str, ...]:
    """Where the form of the answer leads: the address that takes it, and what follows there."""
    return tuple(dict.fromkeys([origin(sheet["saml"]["acs_url"]), *map(origin, sheet.get("launch_origins") or [])]))


def _granted(
    cabinet_id: int, partner: _Partner, to: responses.Answer, root: etree._Element, relay_state: str | None,
    current: Current | None,
) -> bytes:  # fmt: skip
    request = requests.check(root, to.request_id, relay_state, partner.saml)
    _use_up(partner.client_id, request.id)
    if current is None:
        log.info("saml of %s: nobody is signed in", partner.client_id)
        return responses.refused(to, xml.NO_PASSIVE)
    if current.cabinet_id != cabinet_id:
        raise Denied("session of another cabinet")
    asked = Asked(partner.client_id, current.user_id, cabinet_id, current.sid_hash, {})
    with db.session(cabinet_id) as session:
        row = sso.consume(session, asked, launch_id=request.launch_id, handle=request.subject)
        said = responses.Said(
            subject=row.handle, signed_in=current.auth_time, acr=sso.acr(current.amr),
            session=codes.pairwise(partner.client_id, current.sid_hash), plp=sso.opened(session, row, source="saml"),
            orias=cabinets.cabinet_of(session).orias,
        )  # fmt: skip
        return _written(session, to, said, partner)


def _written(session: TenantSession, to: responses.Answer, said: responses.Said, partner: _Partner) -> bytes:
    current = certificates.in_use(session)
    if current is None:
        raise vault.VaultError("le cabinet n'a pas de certificat SAML\u202f: enregistrez à nouveau la fiche du partenaire")
    key, encrypt_to = certificates.private(session, current.fingerprint), partner.saml.get("encryption_cert")
    return responses.granted(to, said, key=key, certificate=current.pem, encrypt_to=encrypt_to)


def _partner(cabinet_id: int, slug: str, entity_id: str) -> _Partner:
    with db.session(cabinet_id, write=False) as session:
        for row in session.scalars(select(Registration)):
            if row.sheet.get("binding") == BINDING and row.sheet["saml"]["entity_id"] == entity_id:
                return _Partner(row.client_id, str(row.sheet["name"]), issuer(slug), dict(row.sheet))
    raise Unusable("no partner of this cabinet by SAML has this name")


def _use_up(client_id: str, request_id: str) -> None:
    """PLP-115: a request serves once; it is remembered until it would be too old anyway. Raises `Denied`."""
    seen = f"saml:{hashlib.sha256(request_id.encode()).hexdigest()[:58]}"
    until = now() + 2 * requests.TOLERANCE + timedelta(seconds=30)
    try:
        with db.session(None) as session:
            ended = (ReplayGuard.issuer == client_id, ReplayGuard.until < now())
            session.execute(delete(ReplayGuard).where(*ended).execution_options(synchronize_session=False))
            session.add(ReplayGuard(issuer=client_id, jti=seen, until=until))
    except IntegrityError as error:
        raise Denied("this request came before") from error
