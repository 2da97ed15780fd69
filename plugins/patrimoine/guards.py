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

#: Natures of acts that the creditor has his word on (domain.md §2.8).
CREDITORS_WORD = frozenset({"arbitrage", "rachat", "rachat_programme", "avance"})


def judge(account: AccountRef, acts: Mapping[str, str]) -> dict[str, Guard]:
    """A warning on each such act of a pledged account, that names the creditor; nothing for the others."""
    wanted = [act for act, nature in acts.items() if nature in CREDITORS_WORD]
    found = pledges.of_accounts(session(), [account.id], today()) if wanted and account.pledged else []
    if not found:
        return {}
    creditors = list(dict.fromkeys(one.creditor for one in found))
    first = found[0].pledged_on
    text = _(
        "Accord du créancier requis\u202f: ce compte est nanti au profit de %(who)s depuis le %(day)s.",
        who=_(" et de ").join(creditors), day=day(first),
    )  # fmt: skip
    remedy = _("Obtenez l'accord écrit du créancier, ou la mainlevée du nantissement.")
    return dict.fromkeys(wanted, Guard("warn", "contract_pledged", str(text), str(remedy)))
