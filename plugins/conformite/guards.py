"""What an act meets where a holder's investor profile or documents are missing or have expired: the cabinet's policy.

Asked with each list of acts, and once more in the launch's own transaction; what is passed is noted with its reason there
(CO-01, CO-02, BL-10).
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
from plugins.conformite.papers import policy
from plugins.conformite.papers.policy import Word
from plugins.conformite.papers.settings import BLOCK
from plugins.conformite.papers.settings import IGNORE

#: Natures of acts that follow from advice: what goes in, out, or changes what is held. Changes of address, of clause and the
#: like want no profile.
ADVISED = frozenset({"versement", "versement_programme", "rachat", "rachat_programme", "arbitrage", "avance"})


def judge(ctx: Context, account: AccountRef, acts: Mapping[str, str]) -> dict[str, Guard]:
    """The word on each act that follows from advice; what one holder lacks is enough."""
    wanted = [act for act, nature in acts.items() if nature in ADVISED]
    holders = {one.id: one.name for one in account.holders if one.kind in (profiles.PERSON, profiles.COMPANY)}
    if not wanted or not holders:
        return {}
    guard = worst([*_profiles(ctx, holders), *policy.said(session(), ctx.settings, holders, today())])
    return dict.fromkeys(wanted, guard) if guard else {}


def worst(words: list[Word]) -> Guard | None:
    """The gravest of what there is to say; a block before a warning, then in the order that it is given in."""
    if not words:
        return None
    one = next((word for word in words if word.policy == BLOCK), words[0])
    return Guard("block" if one.policy == BLOCK else "warn", "local_policy", one.text, one.remedy, one.remedy_url)


def _profiles(ctx: Context, holders: Mapping[str, str]) -> list[Word]:
    lacking, expired = ctx.settings["lacking"], ctx.settings["expired"]
    if (lacking, expired) == (IGNORE, IGNORE):
        return []
    days: dict[str, date] = profiles.last_days(session(), list(holders))
    found: list[tuple[str, str, str]] = []
    for key, name in holders.items():
        until = days.get(key)
        if until is None:
            found.append((lacking, key, _("%(who)s n'a pas de profil investisseur.", who=name)))
        elif until < today():
            found.append((expired, key, _("Le profil investisseur de %(who)s a expiré le %(day)s.", who=name, day=day(until))))
    remedy = str(_("Établir le profil investisseur"))
    return [
        Word(rule, str(text), remedy, f"/p/conformite/contacts/{who}/profil") for rule, who, text in found if rule != IGNORE
    ]
