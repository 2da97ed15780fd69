"""`/accounts/{id}/performance`, `/contacts/{id}/performance` (PF-08)."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from core.db.clock import today
from core.performance import services
from core.performance.measure import Measure
from core.resources import performance_schemas as shapes
from core.resources.accounts import ACCOUNTS
from core.resources.accounts import READ
from core.resources.contacts import CONTACTS
from core.rest.operations import Call


@ACCOUNTS.get(
    "/accounts/{account_id}/performance", _l("Lire la performance d'un compte"), shapes.PerformanceOut,
    asks=shapes.PerformanceQuery, scope=READ, about=_l(
        "Mesurée sur les valorisations et les mouvements connus. Ce qui ne peut être calculé est null, et notes dit pourquoi."
    ),
)  # fmt: skip
def performance(call: Call, account_id: str) -> dict[str, Any]:
    """Tab Performance."""
    return _told(call, services.of_account(call.session, call.adviser, account_id, *_period(call)))


@CONTACTS.get(
    "/contacts/{contact_id}/performance", _l("Lire la performance d'un contact"), shapes.PerformanceOut,
    asks=shapes.PerformanceQuery, scope=READ, about=_l(
        "Des comptes en euros que vous voyez, ensemble, chacun pour la part de la personne ou des membres du foyer."
    ),
)  # fmt: skip
def contact_performance(call: Call, contact_id: str) -> dict[str, Any]:
    """Portefeuille > Performance."""
    return _told(call, services.of_contact(call.session, call.adviser, contact_id, *_period(call)))


def _period(call: Call) -> tuple[date | None, date]:
    return call.asked.get("since"), call.asked.get("until") or today()


def _told(call: Call, found: Measure) -> dict[str, Any]:
    wanted = [one for one in call.asked.get("indices", "").split(",") if one]
    days = [one.on for one in found.levels]
    return {
        "found": found,
        "indices": [
            {
                "support_id": one.index.id, "label": one.index.label, "ratio": one.ratio,
                "series": [{"on": day, "index": level} for day, level in zip(days, one.levels, strict=True)],
            }
            for one in services.beside(call.session, found, wanted)
        ],
    }  # fmt: skip
