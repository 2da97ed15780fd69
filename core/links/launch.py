"""The launch: one act picked by one adviser becomes one transaction and one single-use hand-over (PLP-052 to 054)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import select

from core.cabinets import audit
from core.db import faults
from core.db.clock import now
from core.db.errors import Conflict
from core.db.errors import DomainError
from core.db.session import TenantSession
from core.hooks.hub import Hub
from core.hooks.types import AccountAction
from core.hooks.types import AccountRef
from core.hooks.types import Context
from core.links import acts
from core.links import enrolments
from core.links import mandates
from core.links.models import Launch
from core.links.models import Mandate
from core.links.tokens import FormToken
from core.transactions import services as transactions

#: interfaces.md, Numbers.
LIFETIME = timedelta(seconds=120)


class Refused(Conflict):
    """The act is not open (any more): the reason is the text (BL-10, BL-11)."""


class ReasonNeeded(DomainError):
    """Passing a warning asks a typed reason, kept in the journal."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A launch as the hand-over needs it. `fresh` is False when the same form was posted before."""

    launch_id: str
    form: str
    plugin: str
    act: str
    account_id: str
    transaction_id: str | None
    claims: dict[str, object]
    consumed: bool
    expired: bool
    back: str


def find(session: TenantSession, token: FormToken) -> Prepared | None:
    """The launch of a form, if it was posted: same user, same session only."""
    row = session.scalar(select(Launch).where(Launch.form == token.form))
    if row is None or row.user_id != token.user_id or row.sid_hash != token.sid_hash:
        return None
    return _prepared(row)


def prepare(
    hub: Hub, ctx: Context, session: TenantSession, account: AccountRef, token: FormToken, reason: str
) -> Prepared:
    """Write transaction, launch, audit and outbox in the caller's transaction.

    The same form posted twice gives the first launch again. Raises `Refused` where mandate or guards say no,
    `ReasonNeeded` where a warning asks for one.
    """
    faults.point("launch:before")
    if (before := find(session, token)) is not None:
        return before
    assert ctx.principal is not None
    mandate = mandated(session, token.plugin, token.act, ctx.principal.user_id)
    check(hub, ctx, session, account, AccountAction(token.act, token.label, nature=token.nature), reason)
    row = _write(ctx, session, account, token, mandate)
    payload = {"act": token.act, "account": account.id, "launch": row.launch_id, "reason": reason or None}
    audit.record(session, ctx.principal.user_id, "link.launched", f"account:{account.id}", payload)
    session.flush()
    faults.point("launch:written")
    return _prepared(row)


def mandated(session: TenantSession, plugin: str, act: str, user_id: str) -> Mandate:
    """The mandate under which this person may begin the act. Raises `Refused`."""
    mandate = mandates.usable(session, plugin, user_id)
    if isinstance(mandate, mandates.Blocked):
        raise Refused(f"{mandate.text} {mandate.remedy}".strip())
    if f"launch:{act}" not in mandate.content.get("scopes", ()):
        raise Refused("Cet acte n'est pas prévu par le mandat de votre cabinet.")
    return mandate


def check(
    hub: Hub, ctx: Context, session: TenantSession, account: AccountRef, act: AccountAction, reason: str
) -> None:
    """Every local rule, asked in the caller's transaction. Raises `Refused`, `ReasonNeeded`."""
    if act.key == acts.CONSULT:
        return
    guard = acts.guarded(hub, ctx, session, account, [act], in_place=True).get(act.key)
    if guard is None:
        return
    if guard.level == "block":
        raise Refused(f"{guard.text} {guard.remedy or ''}".strip(), code=guard.code)
    if not reason.strip():
        raise ReasonNeeded(f"{guard.text} Indiquez le motif pour lequel vous passez outre.")


def _write(ctx: Context, session: TenantSession, account: AccountRef, token: FormToken, mandate: Mandate) -> Launch:
    assert ctx.principal is not None
    launch_id = f"lch_{secrets.token_urlsafe(16)}"
    handle = enrolments.handle(session, token.plugin, ctx.principal.user_id)
    transaction = None
    if token.act != acts.CONSULT:
        transaction = transactions.create(
            session, account_id=account.id, plugin=token.plugin, origin="PARTENAIRE", act=token.act,
            act_label=token.label, nature=token.nature, initiated_by=ctx.principal.user_id,
        )  # fmt: skip
    claims = {
        "interaction_id": str(uuid4()), "transaction_ref": transaction.reference if transaction else None,
        "account": {"scheme": "contract-number", "ref": account.link_ref or account.number},
        "handle": handle, "display": ctx.principal.name, "broker_code": mandate.content.get("broker_code"),
        "decision_id": token.decision_id, "prefill": _prefill(token), "locale": "fr-FR", "back": token.back,
    }  # fmt: skip
    row = Launch(
        launch_id=launch_id, form=token.form, plugin=token.plugin, mandate=mandate.reference, account_id=account.id,
        transaction_id=transaction.id if transaction else None, user_id=ctx.principal.user_id, sid_hash=ctx.sid_hash,
        handle=handle, act=token.act, claims=claims, expires_at=now() + LIFETIME,
    )  # fmt: skip
    session.add(row)
    return row


def _prefill(token: FormToken) -> dict[str, object] | None:
    return {"instructions": token.prefill, "amount": None, "origin": None} if token.prefill else None


def _prepared(row: Launch) -> Prepared:
    return Prepared(
        launch_id=row.launch_id, form=row.form, plugin=row.plugin, act=row.act, account_id=row.account_id,
        transaction_id=row.transaction_id, claims=dict(row.claims), consumed=row.consumed_at is not None,
        expired=row.expires_at <= now(), back=str(row.claims.get("back") or "/"),
    )  # fmt: skip
