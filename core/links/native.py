"""`NativePartner`: a partner with programs of its own, reached by its API instead of PLP. Acts are typed here (BL-14)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from core.hooks.errors import MandateMissing
from core.hooks.specs import hookimpl
from core.hooks.types import AccountAction
from core.hooks.types import AccountRef
from core.hooks.types import Context
from core.hooks.types import PartnerState
from core.links.linked import LinkedPlugin


class NativePartner(LinkedPlugin):
    """A link without mandate, token or extranet: what the cabinet and the partner agreed upon stands in the settings.

    A subclass gives `name`, `title`, `partner`, `acts`, the journey's hooks and, where something must be set first, `missing`.
    """

    #: What may be typed, in the partner's order; each of the mode «form».
    acts: ClassVar[tuple[AccountAction, ...]] = ()

    def missing(self, ctx: Context) -> str | None:
        """What is to be set before anything can be sent, as a sentence; None where nothing is. Settings only: no I/O."""
        return None

    def state(self, ctx: Context) -> PartnerState | None:
        """Open as soon as the settings are there."""
        lacking = self.missing(ctx)
        return PartnerState("active") if lacking is None else PartnerState("inactive", lacking)

    @hookimpl
    def account_actions(self, ctx: Context, account: AccountRef) -> Sequence[AccountAction]:
        """The acts that can be typed here. Asked again when an act is confirmed: what closed meanwhile is not sent."""
        if (lacking := self.missing(ctx)) is not None:
            settings = f"/administration/modules/{self.name}/reglages" if ctx.can("partners.manage") else None
            raise MandateMissing(lacking, remedy="Un administrateur du cabinet complète les réglages du module.", url=settings)
        return self.acts
