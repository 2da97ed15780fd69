"""The demonstration's projects: a retirement together, studies, a purchase too near, a surrender, one put away."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from sqlalchemy import select

from core.api import accounts
from core.api import book
from core.api.db import TenantSession
from core.api.db import today
from core.api.finance import due_on
from core.api.types import Adviser
from plugins.conformite.projects import kinds
from plugins.conformite.projects import writing
from plugins.conformite.projects.shapes import ZERO
from plugins.conformite.projects.shapes import Share
from plugins.conformite.projects.shapes import Terms

D = Decimal
#: What contracts usually take.
_ENTRY, _YEARLY = D("0.01"), D("0.006")


def write(session: TenantSession, by: Adviser, contact_of: Callable[[TenantSession, str], str]) -> None:
    """All of them. `contact_of`: a person's id by name."""
    jeanne, philippe, thomas, helene = (
        contact_of(session, name) for name in ("Durand Jeanne", "Durand Philippe", "Petit Thomas", "Moreau Hélène")
    )
    own = [one for one in accounts.refs(session, by, contact_id=jeanne) if one.state == "OUVERT" and one.value]
    life = next((one.id for one in own if one.envelope == "ASSURANCE_VIE"), None)

    def add(contact_id: str, title: str, goal: str, amount: int, years: int, **more: object) -> str:
        late = int(str(more.pop("months", 0)))
        start = due_on(today(), late)
        usual: dict[str, object] = {
            "kind": kinds.PLACED, "origin": "EPARGNE", "starts_on": start, "ends_on": due_on(start, 12 * years),
            "entry_cost": _ENTRY, "yearly_cost": _YEARLY, "allocation": kinds.BY_PROFILE,
        }  # fmt: skip
        terms = Terms(title=title, goal=goal, amount=D(amount), **{**usual, **more})  # type: ignore[arg-type]
        return writing.create(session, by, contact_id, terms)

    add(
        jeanne, "Retraite à deux", "RETRAITE", 150_000, 12, initial=D(60_000), monthly=D(350), co_contact_id=philippe,
        account_id=life, remarks="À revoir chaque année, avec le relevé de carrière de chacun.",
    )  # fmt: skip
    add(
        jeanne, "Études d'Arthur", "ETUDES", 40_000, 8, initial=D(10_000), monthly=D(250), allocation=kinds.BY_CLASS,
        shares=(Share(D("0.6"), "FONDS_EURO"), Share(D("0.2"), "OBLIGATIONS"), Share(D("0.2"), "ACTIONS")),
    )  # fmt: skip
    if life:
        add(
            jeanne, "Rachat pour la résidence secondaire", "IMMOBILIER", 90_000, 1, kind=kinds.SURRENDER, account_id=life,
            origin="RACHAT", allocation=kinds.BY_NOTHING,
        )  # fmt: skip
    support = book.Support
    wanted = select(support.id).where(support.type == "OPCVM", support.sri.is_not(None)).order_by(support.label).limit(2)
    funds = session.scalars(wanted).all()
    if len(funds) == 2:
        add(
            philippe, "Capital en unités de compte", "CAPITAL", 80_000, 10, initial=D(30_000), monthly=D(300),
            origin="PRIME", origin_note="Intéressement 2026", allocation=kinds.BY_SUPPORT,
            shares=(Share(D("0.5"), None, funds[0]), Share(D("0.5"), None, funds[1])),
        )  # fmt: skip
    add(
        thomas, "Apport pour un appartement", "IMMOBILIER", 50_000, 3, initial=D(20_000), monthly=D(700),
        allocation=kinds.BY_CLASS, shares=(Share(D("0.5"), "ACTIONS"), Share(D("0.5"), "FONDS_EURO")),
    )  # fmt: skip
    add(
        helene, "Produit de la cession", "REVENUS", 900_000, 8, months=4, initial=D(750_000), monthly=ZERO,
        origin="CESSION_ENTREPRISE", provider="À choisir après appel d'offres", entry_cost=ZERO,
    )  # fmt: skip
    away = add(thomas, "Tour du monde", "AUTRE", 15_000, 2, initial=ZERO, monthly=D(500))
    writing.archive(session, by, away)
