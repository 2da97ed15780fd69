"""What a pledge stands in the way of: acts that take from the account, or change what it holds, want the creditor's word."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

from core.api.db import session
from core.api.db import today
from core.api.formats import day
from core.api.types import AccountRef
from core.api.types import Guard
from plugins.patrimoine import pledges

#: Natures of acts that the creditor has his word on (domain.md §2.8): those that take from the account, and the one that
#: changes what it holds.
TAKING = frozenset({"rachat", "rachat_programme", "avance"})
CHANGING = frozenset({"arbitrage"})


def judge(account: AccountRef, acts: Mapping[str, str]) -> dict[str, Guard]:
    """What takes from a pledged account is greyed until the creditor agreed in writing; then, and for arbitrages, a warning."""
    wanted = {act: nature for act, nature in acts.items() if nature in TAKING | CHANGING}
    found = pledges.of_accounts(session(), [account.id], today()) if wanted and account.pledged else []
    if not found:
        return {}
    lacking = [one for one in found if not one.agreed(today())]
    creditors = list(dict.fromkeys(one.creditor for one in lacking or found))
    who, first = _(" et de ").join(creditors), min(one.pledged_on for one in found)
    if lacking:
        text = _(
            "Accord du créancier requis\u202f: ce compte est nanti au profit de %(who)s depuis le %(day)s.", who=who,
            day=day(first),
        )  # fmt: skip
        remedy = _("Notez l'accord écrit du créancier, ou la mainlevée, à la page Prêts, nantissements du titulaire.")
    else:
        text = _(
            "Ce compte est nanti au profit de %(who)s, qui a donné son accord écrit\u202f: vérifiez qu'il couvre cet acte.",
            who=who,
        )  # fmt: skip
        remedy = _("L'accord est noté à la page Prêts, nantissements du titulaire.")
    return {
        act: Guard("block" if lacking and nature in TAKING else "warn", "contract_pledged", str(text), str(remedy))
        for act, nature in wanted.items()
    }
