"""What an act meets where a holder's investor profile is missing or has expired: the cabinet's policy (CO-02, BL-10).

Asked with each list of acts, and once more in the launch's own transaction; what is passed is noted with its reason there.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask_babel import gettext as _

from core.api import Context
from core.api.db import session
from core.api.db import today
from core.api.formats import day
from core.api.types import AccountRef
from core.api.types import Guard
from plugins.conformite import profiles
from plugins.conformite.settings import BLOCK
from plugins.conformite.settings import IGNORE

#: Natures of acts that follow from advice: what goes in, out, or changes what is held. Changes of address, of clause and the
#: like want no profile.
ADVISED = frozenset({"versement", "versement_programme", "rachat", "rachat_programme", "arbitrage", "avance"})


def judge(ctx: Context, account: AccountRef, acts: Mapping[str, str]) -> dict[str, Guard]:
    """The word on each act that follows from advice; a missing or expired profile of one holder is enough."""
    wanted = [act for act, nature in acts.items() if nature in ADVISED]
    holders = {one.id: one.name for one in account.holders if one.kind in (profiles.PERSON, profiles.COMPANY)}
    policies = ctx.settings["lacking"], ctx.settings["expired"]
    if not wanted or not holders or policies == (IGNORE, IGNORE):
        return {}
    guard = _worst(policies, holders, profiles.last_days(session(), list(holders)))
    return dict.fromkeys(wanted, guard) if guard else {}


def _worst(policies: tuple[str, str], holders: Mapping[str, str], days: Mapping[str, date]) -> Guard | None:
    """The gravest of what there is to say; a block before a warning, then the holders' order."""
    lacking, expired = policies
    found: list[tuple[str, str, str]] = []
    for key, name in holders.items():
        until = days.get(key)
        if until is None:
            found.append((lacking, key, _("%(who)s n'a pas de profil investisseur.", who=name)))
        elif until < today():
            found.append((expired, key, _("Le profil investisseur de %(who)s a expiré le %(day)s.", who=name, day=day(until))))
    said = [one for one in found if one[0] != IGNORE]
    if not said:
        return None
    policy, who, text = next((one for one in said if one[0] == BLOCK), said[0])
    return Guard(
        "block" if policy == BLOCK else "warn", "local_policy", str(text), str(_("Établir le profil investisseur")),
        f"/p/conformite/contacts/{who}/profil",
    )  # fmt: skip
