"""Registration of a partner with a cabinet (PLP §2): its sheet comes in, ours goes out."""

from __future__ import annotations

import base64
import secrets
from typing import Any

from sqlalchemy import select

from core import config
from core.auth.models import OidcClient
from core.cabinets import audit
from core.cabinets import services as cabinets
from core.cabinets import vault
from core.cabinets.models import User
from core.config import is_loopback
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.links import keys
from core.links import mandate_book as book
from core.links import mandate_document
from core.links import partner_trust
from core.links import registration_sheets as sheets
from core.links.client import issuer
from core.links.mandate_steps import new_reference
from core.links.models import Endpoint
from core.links.models import Mandate
from core.links.models import Registration
from core.links.saml import certificates
from core.links.saml import metadata
from core.links.saml.sheet import BINDING

_SECRET = "webhook-secret"  # noqa: S105 - the field's name, not a secret


def register(
    session: TenantSession, sheet: Any, *, broker_code: str | None = None, actor: str = "cli"
) -> dict[str, Any]:
    """Take a partner's sheet; the platform's comes back, with the webhook secret in it the first time (PLP-013).

    The first time it makes the OpenID client, the hook's address, the secret and the mandate's row; again, it takes
    the new sheet and opens the hook's address anew. `broker_code` is otherwise taken from the mandate (PLP-010).
    Raises `sheets.BadSheet`.
    """
    settings = config.current()
    here = is_loopback(settings.base_url.split("//", 1)[1].rsplit(":", 1)[0])
    known_sheet = sheets.check(sheet, loopback=settings.plp_allow_loopback and here)
    plugin = str(known_sheet["partner_id"])
    _check_alone(session, plugin, known_sheet)
    row = book.registration(session, plugin)
    fresh = row is None
    if row is None:
        row = _first(session, plugin, known_sheet)
    row.sheet = known_sheet
    partner_trust.forget(session, plugin)
    if broker_code is not None:
        row.broker_code = broker_code
    client = session.get(OidcClient, row.client_id)
    endpoint = session.get(Endpoint, row.endpoint_id)
    assert client is not None, "made with the registration"
    assert endpoint is not None, "made with the registration"
    client.redirect_uris = list(known_sheet.get("redirect_uris") or [])  # none by SAML: no code is ever given to it
    client.name = known_sheet["name"][:60]
    endpoint.enabled = True
    if known_sheet["binding"] == BINDING:
        certificates.ensure(session, actor=actor)
    session.flush()
    payload = {"plugin": plugin, "base_url": known_sheet["base_url"], "jkt": known_sheet["jkt"]}
    audit.record(session, actor, "link.registered", f"plugin:{plugin}", payload)
    mandate = book.current(session, plugin)
    if mandate is not None and mandate.ended_at is None:
        mandate_document.touch(session, mandate)
    return platform_sheet(session, plugin, show_secret=fresh)


def platform_sheet(session: TenantSession, plugin: str, *, show_secret: bool = False) -> dict[str, Any]:
    """Our sheet for this partner. `show_secret` is for the operator's hand-over only: never for a page (PLP-013).

    Raises `NotFound` where the partner is not registered.
    """
    row, mandate = book.registration(session, plugin), book.current(session, plugin)
    if row is None or mandate is None:
        raise NotFound("Ce partenaire n'est pas enregistré pour ce cabinet\u202f: importez d'abord sa fiche.")
    cabinet = cabinets.cabinet_of(session)
    iss = issuer(cabinet.slug)
    sheet: dict[str, Any] = {
        "plp": 1,
        "kind": "platform",
        "iss": iss,
        "client_id": row.client_id,
        "mandate": mandate.reference,
        "cabinet": {"name": cabinet.name, "siren": cabinet.siren, "orias": cabinet.orias},
        "broker_code": row.broker_code,
        "advisers": mandate_document.listed_advisers(session, plugin),
        "jwks_uri": f"{iss}/jwks.json",
        "jkt": keys.thumbprints(session),
        "webhook_url": f"{config.current().base_url}/plp/hooks/{row.endpoint_id}",
        "contact": _contact(session),
    }
    if row.sheet["binding"] == BINDING:
        sheet["saml"] = {
            "entity_id": iss, "sso_url": metadata.sso_url(iss), "metadata": metadata.metadata_url(iss),
            "certs": [one.pem for one in certificates.shown(session)],
        }  # fmt: skip
    if show_secret:
        value = vault.unseal(session, f"link:{plugin}", _SECRET)
        assert value is not None, "made with the registration"
        sheet["webhook_secret"] = "whsec_" + base64.b64encode(value).decode()
    return sheet


def _first(session: TenantSession, plugin: str, sheet: dict[str, Any]) -> Registration:
    cabinet_id = session.require_cabinet()
    client_id = "cl_" + secrets.token_urlsafe(16)
    endpoint_id = "ep_" + secrets.token_urlsafe(16)
    session.add(
        OidcClient(
            client_id=client_id, cabinet_id=cabinet_id, kind="partner", name=sheet["name"][:60],
            redirect_uris=list(sheet.get("redirect_uris") or []),
        )
    )  # fmt: skip
    session.add(Endpoint(id=endpoint_id, cabinet_id=cabinet_id, plugin=plugin, enabled=True))
    vault.seal(session, f"link:{plugin}", _SECRET, secrets.token_bytes(32))
    row = Registration(plugin=plugin, sheet=sheet, client_id=client_id, endpoint_id=endpoint_id)
    session.add_all([row, Mandate(plugin=plugin, reference=new_reference(), state="none")])
    session.flush()
    keys.signing_key(session)  # its thumbprint stands on the sheet and on the paper
    return row


def _check_alone(session: TenantSession, plugin: str, sheet: dict[str, Any]) -> None:
    """Two partners of one name would be taken for each other. Raises `BadSheet`."""
    if sheet["binding"] != BINDING:
        return
    for other in session.scalars(select(Registration).where(Registration.plugin != plugin)):
        if other.sheet["binding"] == BINDING and other.sheet["saml"]["entity_id"] == sheet["saml"]["entity_id"]:
            raise sheets.BadSheet(
                f"Fiche du partenaire : «saml.entity_id» est déjà celui de {other.sheet['name']} ; chaque partenaire a le sien."
            )


def _contact(session: TenantSession) -> str | None:
    administrators = cabinets.administrators(session)
    if not administrators:
        return None
    return session.scalar(
        select(User.email).where(User.id == administrators[0], User.cabinet_id == session.require_cabinet())
    )
