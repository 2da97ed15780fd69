"""The kind «partner» of the OpenID provider: what a launch allows, and what the ID Token says of it (PLP §6)."""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any
from typing import cast

from joserfc.jwk import ECKey
from sqlalchemy import CursorResult
from sqlalchemy import select
from sqlalchemy import update

from core import config
from core.auth.models import OidcCode
from core.auth.oidc.kinds import Asked
from core.auth.oidc.kinds import Denied
from core.auth.oidc.kinds import Granted
from core.auth.oidc.kinds import KeysAway
from core.auth.oidc.kinds import UnknownKey
from core.auth.oidc.kinds import register_kind
from core.cabinets import audit
from core.cabinets.models import Cabinet
from core.db.clock import now
from core.db.session import TenantSession
from core.extensions import db
from core.hooks import enabling
from core.hooks.errors import PartnerUnavailable
from core.links import keys
from core.links import mandates
from core.links import partner_keys
from core.links.client import issuer
from core.links.models import Launch
from core.links.models import Registration
from core.shell.gate import hub
from core.shell.notifications import notify_administrators
from core.transactions import services as transactions

ACR_PLAIN = "urn:plp:acr:password"
ACR_MFA = "urn:plp:acr:mfa"
#: PLP-004.
_ID = re.compile(r"[A-Za-z0-9_-]{16,64}")


class PartnerKind:
    """A partner's extranet: it gets a code for one launch of the signed-in adviser, and nothing else."""

    scope = frozenset({"openid", "plp"})
    parameters: Mapping[str, re.Pattern[str]] = {"login_hint": _ID, "plp_message_hint": _ID}

    def issuer(self, session: TenantSession, cabinet_id: int) -> str:
        """PLP-001: one issuer a cabinet."""
        return issuer(session.scalars(select(Cabinet.slug).where(Cabinet.id == cabinet_id)).one())

    def grant(self, session: TenantSession, asked: Asked) -> Granted:
        """PLP-065, PLP-068: the launch of this user, session and client, unexpired and unused; it is consumed."""
        values = asked.parameters
        row = consume(session, asked, launch_id=values["plp_message_hint"], handle=values["login_hint"])
        return Granted(row.handle, row.launch_id)

    def public_key(self, cabinet_id: int, client_id: str, kid: str) -> ECKey:
        """PLP-017: a key on the partner's sheet that its JWKS still shows."""
        with db.session(cabinet_id, write=False) as session:
            plugin = _plugin(session, client_id)
        if plugin is None:
            raise UnknownKey
        try:
            return partner_keys.trusted_key(cabinet_id, plugin, kid)
        except partner_keys.Untrusted as error:
            raise UnknownKey from error
        except PartnerUnavailable as error:
            raise KeysAway from error

    def claims(self, session: TenantSession, code: OidcCode) -> dict[str, Any]:
        """PLP-076: the launch as the partner may know it. The transaction is `opened` with the same commit."""
        row = _launch(session, code.launch_id or "")
        _check_open(session, row)
        return {"acr": acr(code.amr), "plp": opened(session, row, source="token")}

    def sign(self, session: TenantSession, claims: dict[str, Any]) -> str:
        """PLP-075: ES256, `typ` JWT, `kid` of the cabinet's key."""
        return keys.sign(session, claims, typ="JWT")

    def replayed(self, session: TenantSession, code: OidcCode) -> None:
        """PLP-074: flag the launch, tell the administrators; a third use tells nothing new."""
        row = session.scalar(select(Launch).where(Launch.launch_id == code.launch_id).with_for_update())
        if row is None or row.flagged:
            return
        row.flagged = True
        audit.record(session, f"partner:{row.plugin}", "link.code_replayed", f"launch:{row.launch_id}", {})
        notify_administrators(
            session, kind="security", key=f"launch-replayed:{row.launch_id}",
            title="Une ouverture chez un partenaire a été présentée deux fois",
            text=f"Le code de l'ouverture {row.launch_id} est revenu après avoir servi ; la seconde demande a été "
            "refusée. C'est un incident technique du partenaire, ou le signe qu'un tiers a pu lire ce code : "
            "rapprochez-vous du partenaire en citant cette référence.",
        )  # fmt: skip


def consume(session: TenantSession, asked: Asked, *, launch_id: str, handle: str | None) -> Launch:
    """The launch that a signed-in person's partner asks for, consumed; by whatever binding (PLP-065, PLP-115).

    `handle`: whom the partner says it is about, where its binding has it say so. Raises `Denied`; then nothing is consumed.
    """
    row = _launch(session, launch_id)
    if row.user_id != asked.user_id or row.sid_hash != asked.sid_hash:
        raise Denied("launch of another session")
    if handle is not None and not hmac.compare_digest(row.handle.encode(), handle.encode()):
        raise Denied("another login_hint")
    if _plugin(session, asked.client_id) != row.plugin:
        raise Denied("launch of another client")
    _check_open(session, row)
    done = session.execute(
        update(Launch)
        .where(Launch.id == row.id, Launch.consumed_at.is_(None), Launch.expires_at > now())
        .values(consumed_at=now())
        .execution_options(synchronize_session=False)
    )
    if cast("CursorResult[Any]", done).rowcount != 1:
        raise Denied("launch used or expired")
    return row


def opened(session: TenantSession, row: Launch, *, source: str) -> dict[str, Any]:
    """PLP-076: the launch as the partner may know it. The transaction is `opened` with the same commit."""
    row.opened_at = now()
    if row.transaction_id is not None:  # a `consultation` has none
        transactions.apply_local(session, row.transaction_id, "opened", source=source)
    audit.record(session, f"partner:{row.plugin}", "link.opened", f"launch:{row.launch_id}", {"act": row.act})
    said = row.claims
    return {
        "launch_id": row.launch_id,
        "interaction_id": said["interaction_id"],
        "transaction_ref": said.get("transaction_ref"),
        "mandate": row.mandate,
        "action": row.act,
        "account": {"scheme": said["account"]["scheme"], "ref": said["account"]["ref"]},
        "actor": {"sub": row.handle, "display": said["display"], "broker_code": said["broker_code"]},
        "decision_id": said.get("decision_id"),
        "prefill": said.get("prefill"),
        "return_url": f"{config.current().base_url}/plp/return?launch={row.launch_id}",
        "locale": said["locale"],
    }


def acr(amr: Sequence[Any]) -> str:
    """PLP-080: how strongly the person signed in, from the methods (RFC 8176)."""
    return ACR_MFA if {"mfa", "otp"} & set(amr) else ACR_PLAIN


def _launch(session: TenantSession, launch_id: str) -> Launch:
    row = session.scalar(select(Launch).where(Launch.launch_id == launch_id))
    if row is None:
        raise Denied("unknown launch")
    return row


def _plugin(session: TenantSession, client_id: str) -> str | None:
    return session.scalar(select(Registration.plugin).where(Registration.client_id == client_id))


def _check_open(session: TenantSession, row: Launch) -> None:
    """At authorize and again at the token: what ended meanwhile ends the launch (PLP-042, PLP-043)."""
    if row.flagged:
        raise Denied("flagged launch")
    if not enabling.is_enabled(session, hub().registry, row.plugin):
        raise Denied("plugin disabled")
    mandate = mandates.usable(session, row.plugin, row.user_id)
    if isinstance(mandate, mandates.Blocked):
        raise Denied(f"mandate: {mandate.reason}")
    if mandate.reference != row.mandate:
        raise Denied("another mandate")
    if f"launch:{row.act}" not in mandate.content.get("scopes", ()):
        raise Denied("act out of scope")


register_kind("partner", PartnerKind())
