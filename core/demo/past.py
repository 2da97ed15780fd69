"""Acts of the past that went through no partner link: typed here or imported, hence without follow-up."""

from __future__ import annotations

from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import timedelta
from random import Random

from core.demo.accounts import Account
from core.demo.seed import Ids
from core.demo.seed import euros

#: Act, label, nature (interfaces.md, «One vocabulary»).
ACTS = (
    ("versements_programmes_mise_en_place", "Versements programmés", "versement_programme"),
    ("versement_complementaire", "Versement complémentaire", "versement"),
    ("arbitrage", "Arbitrage", "arbitrage"),
    ("rachat_partiel", "Rachat partiel", "rachat"),
    ("clause_beneficiaire", "Clause bénéficiaire", "beneficiaire"),
)
#: One account in so many has such acts, after the given contracts, the first few of which always have.
EVERY, ALWAYS = 12, 5


def rows(rng: Random, ids: Ids, accounts: list[Account], today: date, author: str) -> list[dict[str, object]]:
    """Rows of `transaction`: no plugin, no status."""
    found: list[dict[str, object]] = []
    for index, account in enumerate(accounts):
        if account.ended or not account.value or account.value <= 0:
            continue
        if not account.product.allocation.startswith("insured") or (index >= ALWAYS and index % EVERY):
            continue
        span = (today - account.opened_on).days
        for _ in range(rng.randrange(1, 4)):
            act, label, nature = rng.choice(ACTS)
            origin = rng.choice(("SAISIE", "IMPORT"))
            day = today - timedelta(days=rng.randrange(10, max(11, min(700, span))))
            amount = None if nature == "beneficiaire" else euros(rng.randrange(3, 60) * 10_000)
            found.append(
                {
                    "id": ids.next(), "account_id": account.id, "reference": f"demo_{len(found) + 1:06d}",
                    "plugin": None, "origin": origin, "act": act, "act_label": label, "nature": nature,
                    "status": None, "status_label": None, "status_at": None, "amount": amount, "currency": "EUR",
                    "seq": 0, "gap": False, "initiated_by": author if origin == "SAISIE" else None,
                    "created_at": datetime(day.year, day.month, day.day, 8 + rng.randrange(9), tzinfo=UTC),
                }
            )  # fmt: skip
    return found
