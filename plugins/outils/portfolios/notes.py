"""What an account's pages say of the model that it follows: how far it is from it, and where to see it (OU-01)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from flask_babel import gettext as _

from core.api import Context
from core.api.db import session
from core.api.formats import number
from core.api.types import AccountNote
from core.api.types import AccountRef
from plugins.outils.portfolios import followers
from plugins.outils.portfolios.drift import Drift


def of_account(ctx: Context, account: AccountRef) -> Sequence[AccountNote]:
    """One note for an account that follows a model; none for others."""
    if ctx.principal is None or not ctx.can("accounts.view"):
        return []
    found = followers.beside(session(), account)
    if found is None:
        return []
    said = _("Suit le modèle %(name)s\u202f: %(how)s", name=found.model.name, how=_how(found.drift))
    kind: Literal["info", "warning"] = "warning" if found.drift.state == "outside" else "info"
    return [AccountNote("modele", said, kind, endpoint="p_outils.account_model", values={"account_id": account.id})]


def _how(drift: Drift) -> str:
    worst = drift.worst
    if drift.why or worst is None or worst.gap is None:
        return str(_("non comparable. %(why)s", why=drift.why))
    gap = ("+" if worst.gap > 0 else "") + number(worst.gap * 100)
    if drift.outside:
        return str(_("hors de ses bandes, %(gap)s points sur %(support)s.", gap=gap, support=worst.label))
    return str(_("dans ses bandes, au plus %(gap)s points sur %(support)s.", gap=gap, support=worst.label))
