"""When two contacts become one: a beneficiary who was named twice on an account has both shares (CT-02)."""

from __future__ import annotations

from decimal import Decimal

from core.accounts.models import AccountRole
from core.db.session import TenantSession
from core.hooks import references

_WHOLE = Decimal(1)


@references.settling
def shares(
    _session: TenantSession, _kept: str, dropped: tuple[references.Dropped, ...], write: references.Write
) -> None:
    """Two shares of one person are one share, where together they are not more than the whole: then both said the same."""
    for one in dropped:
        if not isinstance(one.row, AccountRole) or one.twin is None or one.row.share is None or one.twin.share is None:
            continue
        together = one.row.share + one.twin.share
        if together <= _WHOLE:
            write(one.twin, "share", together)
