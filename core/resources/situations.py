"""`/contacts/{id}/situation`: what a person or a household has, along one axis, on a day (PF-06, NX-02)."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from core.contacts import services as contacts
from core.db.clock import today
from core.resources.accounts import READ
from core.resources.contacts import CONTACTS
from core.resources.situation_schemas import SituationOut
from core.resources.situation_schemas import SituationQuery
from core.rest.operations import Call
from core.wealth import situation as consolidated
from core.wealth.axes import AXES
from core.wealth.balance import CURRENCY


@CONTACTS.get(
    "/contacts/{contact_id}/situation", _l("Lire la situation consolidée d'un contact"), SituationOut, asks=SituationQuery,
    scope=READ,
    about=_l("Les comptes ouverts en euros que vous voyez, à une date, répartis selon un axe\u202f; ce qui manque est à part."),
)  # fmt: skip
def situation(call: Call, contact_id: str) -> dict[str, Any]:
    """Portefeuille > Situation."""
    contacts.get_contact(call.session, call.adviser, contact_id)
    by = call.asked.get("by") or "classe"
    found = consolidated.situation(call.session, call.adviser, contact_id, call.asked.get("on") or today())
    return {
        "contact_id": contact_id, "on": found.on, "by": by, "by_label": AXES[by].label, "total": found.total,
        "currency": CURRENCY, "oldest": found.oldest, "newest": found.newest,
        "slices": [
            {
                "code": one.code, "label": one.label, "value": one.value, "share": one.share,
                "lines": [
                    {"account_id": line.account.id, "support_id": line.support_id, "label": line.label, "value": line.value,
                     "as_of": line.on, "source": line.source, "part": line.part}
                    for line in one.lines
                ],
            }
            for one in found.slices(by)
        ],
        "apart": [{"account_id": one.account.id, "why": one.why} for one in found.apart],
    }  # fmt: skip
