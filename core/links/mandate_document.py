"""The mandate as the partner gets it (PLP §4): built from our rows, versioned, handed to the outbox."""

from __future__ import annotations

from datetime import UTC
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core.cabinets.models import Cabinet
from core.cabinets.models import User
from core.db.session import TenantSession
from core.jobs import outbox
from core.links import keys
from core.links.client import issuer
from core.links.models import Enrolment
from core.links.models import Mandate
from core.links.models import Registration

OUTBOX = "plp.mandate"
#: Before the paper left, and after a refusal, the partner has nothing to be told.
_UNTOLD = frozenset({"none", "issued", "completed"})


def timestamp(at: datetime | None) -> str | None:
    """RFC 3339, UTC, whole seconds (PLP-005)."""
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def listed_advisers(session: TenantSession, plugin: str) -> list[dict[str, str]]:
    """`advisers` of the document: those enrolled and active, by name; the handle is all that names them (PLP-010)."""
    rows = session.execute(
        select(Enrolment.handle, User.display_name)
        .join(User, (User.id == Enrolment.user_id) & (User.cabinet_id == Enrolment.cabinet_id))
        .where(
            Enrolment.cabinet_id == session.require_cabinet(),
            Enrolment.plugin == plugin,
            Enrolment.state == "enrolled",
            User.active,
        )
        .order_by(User.display_name, Enrolment.handle)
    )
    return [{"sub": handle, "display": name[:200]} for handle, name in rows]


def acts(sheet: dict[str, Any]) -> list[tuple[str, str]]:
    """The acts of the partner's sheet: (code, label)."""
    return [(str(act["code"]), str(act["label"])) for act in sheet.get("actions", [])]


def scopes(mandate: Mandate, sheet: dict[str, Any]) -> list[str]:
    """PLP-040: what the cabinet mandates, act by act, no wildcard; every act of the sheet unless some were chosen."""
    chosen = mandate.form.get("acts")
    codes = [code for code, _ in acts(sheet) if chosen is None or code in chosen]
    return ["capabilities", "status", *(f"launch:{code}" for code in codes)]


def own_state(mandate: Mandate) -> str:
    """Our side's word: a suspension that is the partner's alone is not repeated to it, or lifting it would not do."""
    return "active" if (mandate.state, mandate.suspended_by) == ("suspended", "partner") else mandate.state


def build(session: TenantSession, mandate: Mandate, known: Registration) -> dict[str, Any]:
    """The document, with the version it has now."""
    cabinet = session.scalars(select(Cabinet).where(Cabinet.id == session.require_cabinet())).one()
    iss = issuer(cabinet.slug)
    return {
        "mandate": mandate.reference,
        "version": mandate.version,
        "iss": iss,
        "client_id": known.client_id,
        "partner_id": known.sheet["partner_id"],
        "state": own_state(mandate),
        "cabinet": {"name": cabinet.name, "siren": cabinet.siren, "orias": cabinet.orias},
        "broker_code": known.broker_code or "",
        "scopes": scopes(mandate, known.sheet),
        "advisers": listed_advisers(session, mandate.plugin),
        "jwks_uri": f"{iss}/jwks.json",
        "jkt": keys.thumbprints(session),
        "statements": keys.stated(session, mandate.reference),
        "signed_at": timestamp(mandate.signed_at),
        "signed_pdf_sha256": mandate.signed_pdf_sha256,
        "expires_at": timestamp(mandate.expires_at),
    }


def touch(session: TenantSession, mandate: Mandate) -> bool:
    """Make the next version where anything changed, and have it sent (PLP-038); whether it did.

    Nothing is made before the mandate was sent for the first time, nor after a refusal.
    """
    if mandate.state == "refused" or (not mandate.content and mandate.state in _UNTOLD):
        return False
    known = session.scalar(select(Registration).where(Registration.plugin == mandate.plugin))
    if known is None:
        return False
    document = build(session, mandate, known)
    if {**mandate.content, "version": mandate.version} == document:
        return False
    mandate.version += 1
    mandate.content = {**document, "version": mandate.version}
    session.flush()
    if known.sheet.get("mandates") == "api":
        send(session, mandate)
    return True


def send(session: TenantSession, mandate: Mandate) -> None:
    """Have the newest version put to the partner, in the session's transaction, one at a time a mandate."""
    subject = f"mandate:{mandate.reference}"
    payload = {"plugin": mandate.plugin, "reference": mandate.reference}
    outbox.post(session, OUTBOX, subject, payload, lock=subject)
