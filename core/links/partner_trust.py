"""Which thumbprints of a partner are trusted: its sheet's, until one of them signs a rotation statement (PLP-017 to 019)."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC
from datetime import datetime
from typing import Literal

from sqlalchemy import select

from core.cabinets import audit
from core.db.clock import epoch
from core.db.session import TenantSession
from core.links import statements
from core.links.models import Mandate
from core.links.models import PartnerKeys
from core.links.models import Registration

Taken = Literal["taken", "stale", "refused"]
NEVER = datetime.fromtimestamp(0, UTC)
#: PLP-019: all since the paper; more than this is no rotation any more.
MOST = 200
_log = logging.getLogger("encours.links")


def trusted(registration: Registration, row: PartnerKeys | None) -> frozenset[str]:
    """The thumbprints believed now."""
    kept = row.trusted if row is not None else None
    return frozenset(map(str, kept if kept is not None else registration.sheet.get("jkt", ())))


def take(session: TenantSession, plugin: str, tokens: Sequence[object]) -> Taken:
    """Read statements, oldest first, in the caller's transaction; what became of the last one.

    One that is not signed by a key trusted before it, names another partner or a mandate that is not its own, is left out:
    it changes nothing and hides none of the others.
    """
    registration = session.scalars(select(Registration).where(Registration.plugin == plugin).with_for_update()).one()
    row = kept(session, plugin)
    outcome: Taken = "refused"
    for token in tokens[:MOST]:
        outcome = _one(session, registration, row, token)
    return outcome


def kept(session: TenantSession, plugin: str) -> PartnerKeys:
    """What is kept of the partner's keys, made at the first need."""
    row = session.scalar(select(PartnerKeys).where(PartnerKeys.plugin == plugin))
    if row is None:
        row = PartnerKeys(plugin=plugin, jwks={"keys": []}, fetched_at=NEVER, tried_at=NEVER)
        session.add(row)
        session.flush()
    return row


def forget(session: TenantSession, plugin: str) -> None:
    """A new sheet came in: its thumbprints hold. An old statement says nothing against it: its `iat` stays behind."""
    row = session.scalar(select(PartnerKeys).where(PartnerKeys.plugin == plugin))
    if row is not None:
        row.trusted = None


def _one(session: TenantSession, registration: Registration, row: PartnerKeys, token: object) -> Taken:
    plugin = registration.plugin
    try:
        said = statements.read(token, trusted(registration, row), at=epoch())
        if said.iss != registration.sheet.get("partner_id"):
            raise statements.Refused("another issuer")
        ours = select(Mandate.id).where(Mandate.plugin == plugin, Mandate.reference == said.mandate)
        if "\0" in said.mandate or session.scalar(ours) is None:
            raise statements.Refused("no mandate of this partner")
    except statements.Refused as error:
        _log.warning("%s: a statement of keys was refused: %s", plugin, error)
        return "refused"
    if row.stated_at is not None and said.iat <= row.stated_at:
        return "stale"
    payload = {"before": sorted(trusted(registration, row)), "after": list(said.jkt), "by": said.kid}
    row.trusted, row.stated_at = list(said.jkt), said.iat
    session.flush()
    audit.record(session, f"partner:{plugin}", "link.partner_keys", f"plugin:{plugin}", payload)
    return "taken"
