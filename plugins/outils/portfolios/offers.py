"""The models that suit a level of risk, and what each could do for some accounts: what other modules ask (CO-03, PF-09)."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence

from flask_babel import gettext as _

from core.api import Context
from core.api import wealth
from core.api.db import session
from core.api.formats import number
from core.api.types import AccountRef
from core.api.types import ModelOffer
from core.api.types import OfferedAccount
from plugins.outils.portfolios import book
from plugins.outils.portfolios import followers
from plugins.outils.portfolios import reasons
from plugins.outils.portfolios import shapes
from plugins.outils.portfolios.drift import Drift
from plugins.outils.portfolios.drift import drift
from plugins.outils.portfolios.followers import Following

#: Level of an investor's profile → the profile of the models that suit it. None is as careful as the first level.
PROFILES: Mapping[int, str] = {2: "PRUDENT", 3: "EQUILIBRE", 4: "DYNAMIQUE", 5: "OFFENSIF"}


def of_level(ctx: Context, accounts: Sequence[AccountRef], level: int) -> list[ModelOffer]:
    """Those of the level, by name, each with these accounts; nothing for one who may not see accounts."""
    if ctx.principal is None or not ctx.can("accounts.view"):
        return []
    models = [one for one in book.listed(session(), archived=False) if one.version.profile == PROFILES.get(level)]
    if not models:
        return []
    ids = [ref.id for ref in accounts]
    held, known = wealth.contents(session(), ids), reasons.facts(session(), accounts)
    ties, may = followers.ties(session(), ids), ctx.can(book.EDIT)
    found = []
    for model in models:
        each = [
            _account(ref, model, drift(model.version.lines, held.get(ref.id), ref.currency), known[ref.id], ties.get(ref.id), may)
            for ref in accounts
        ]
        each.sort(key=lambda one: not one.possible)
        detail = _("%(profile)s, version %(n)s", profile=shapes.PROFILES[model.version.profile], n=model.version.number)
        found.append(ModelOffer(model.id, model.name, str(detail), "p_outils.model", {"model_id": model.id}, tuple(each)))
    return found


def _account(
    ref: AccountRef, model: shapes.Portfolio, found: Drift, facts: reasons.Facts, tie: Following | None, may: bool
) -> OfferedAccount:
    lines = model.version.lines
    why = reasons.pledged(ref) or reasons.why_not(ref, facts, lines) or reasons.euro(found, facts) or found.why
    if why:
        return OfferedAccount(ref.id, why, possible=False)
    worst = found.worst
    gap = abs(worst.gap or shapes.ZERO) if worst else shapes.ZERO
    text = str(_("Au plus %(gap)s points d'écart sur une ligne.", gap=number(gap * 100)))
    if tie is not None and tie.model_id == model.id and may:
        act = str(_("Proposer un arbitrage"))
        return OfferedAccount(ref.id, text, act=act, endpoint="p_outils.run_new", values={"ids": ref.id})
    act = str(_("Suivre ce modèle")) if may and tie is None else str(_("Voir son modèle"))
    return OfferedAccount(ref.id, text, act=act, endpoint="p_outils.account_model", values={"account_id": ref.id})
