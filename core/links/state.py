"""Where each partner link of a cabinet stands, for icons and pages: read from our own tables only."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.hooks.types import PartnerState
from core.http.partner import breaker_open_since
from core.links import mandates
from core.links.models import Registration
from core.web.formats import clock_time
from core.web.formats import day


def partner_states(session: TenantSession, adviser: Adviser | None) -> Mapping[str, PartnerState]:
    """One state a registered partner (domain.md §3.2); a partner without a row is `inactive`."""
    if adviser is None:
        return {}
    return {plugin: _state(session, plugin, adviser) for plugin in session.scalars(select(Registration.plugin)).all()}


def _state(session: TenantSession, plugin: str, adviser: Adviser) -> PartnerState:
    usable = mandates.usable(session, plugin, adviser.user_id)
    if isinstance(usable, mandates.Blocked):
        due = mandates.due_on(session, plugin)
        if usable.reason == "mandate_pending":
            note = f"Activation en cours (au plus tard le {day(due)})" if due else "Activation en cours"
            return PartnerState("pending", note, due=due)
        return PartnerState("inactive", usable.text)
    since = breaker_open_since(session, plugin, adviser.cabinet_id, "capabilities")
    if since is not None:
        return PartnerState("down", f"Ne répond pas depuis {clock_time(since)}", since=since)
    return PartnerState("active")
