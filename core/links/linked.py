"""What every partner link shows in lists, whatever it speaks: its icon, its status column, its acts under «Ajouter»."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from typing import ClassVar

from core.hooks.declared import Partner
from core.hooks.specs import Plugin
from core.hooks.specs import hookimpl
from core.hooks.types import AccountRef
from core.hooks.types import Badge
from core.hooks.types import Cell
from core.hooks.types import Column
from core.hooks.types import Context
from core.hooks.types import PartnerState
from core.hooks.types import TransactionRef
from core.hooks.types import TransactionType
from core.transactions.machine import badge_kind

UNTRACKED = (
    "Le partenaire ne communique le statut que des transactions initiées depuis Encours. Celle-ci a été faite "
    "ailleurs, ou saisie ici\u202f: elle n'a pas de suivi."
)
GONE = ("CLOTURE", "DENOUE_DECES", "TRANSFERE")


class LinkedPlugin(Plugin):
    """The part of a partner link that is the same for all. A subclass answers `account_actions`."""

    partner: ClassVar[Partner]

    def state(self, ctx: Context) -> PartnerState | None:
        """Where the link stands, from what is at hand: no query, no call."""
        return ctx.partner

    @hookimpl
    def transaction_types(self, ctx: Context, account: AccountRef) -> Sequence[TransactionType]:
        """The list of the icon's menu, for Transactions > Ajouter (BL-09); nothing for another partner's account."""
        if account.plugin != self.name:
            return ()
        return [
            TransactionType(
                key=action.key, label=action.label, nature=action.nature, icon=action.icon, enabled=action.enabled,
                reason=action.reason, remedy=action.remedy, remedy_url=action.remedy_url,
                reason_code=action.reason_code, decision_id=action.decision_id, acr=action.acr, retry=action.retry,
                accepts_prefill=action.accepts_prefill, mode=action.mode,
            )
            for action in self.account_actions(ctx, account)
        ]  # fmt: skip

    @hookimpl
    def account_badges(self, ctx: Context, accounts: Sequence[AccountRef]) -> Mapping[str, Badge]:
        """The icon on each of this partner's accounts: no call, no query (BL-06)."""
        if not ctx.can("transactions.initiate"):
            return {}
        state = self.state(ctx)
        badge = Badge(
            self.name, self.partner.badge, self.partner.label, state.kind if state else "inactive", state.note if state else None
        )
        return {account.id: badge for account in accounts if account.plugin == self.name and account.state not in GONE}

    @hookimpl
    def transaction_columns(self, ctx: Context, transactions: Sequence[TransactionRef]) -> Sequence[Column]:
        """The status column: the partner's word for what began here, «sans suivi» elsewhere (BL-13)."""
        cells = {row.id: _cell(row) for row in transactions if row.plugin in (self.name, None)}
        return [Column("status", "Statut", cells)] if cells else []


def _cell(row: TransactionRef) -> Cell:
    if row.plugin is None or row.status is None:
        return Cell("sans suivi", explain=UNTRACKED)
    return Cell(row.status_label or row.status, kind=badge_kind(row.status), detail=row.reason_text)
