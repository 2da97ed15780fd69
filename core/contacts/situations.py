"""The situation and the régime of two people, when their union is made or ends: proposed for each, written where one agrees.

Nothing is ever overwritten in silence: a file that says otherwise is shown beside what it would say.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.cabinets import rights
from core.contacts import choices
from core.contacts import relations
from core.contacts import services
from core.contacts.models import Contact
from core.contacts.relation_types import UNIONS
from core.contacts.schemas import SITUATION_LABELS
from core.db.errors import DomainError
from core.db.session import TenantSession
from core.hooks.types import Adviser

#: Union → the situation of both, the field of their régime, its codes.
SITUATIONS: dict[str, str] = {"CONJOINT": "MARIE", "PARTENAIRE_PACS": "PACSE", "CONCUBIN": "CONCUBIN"}
REGIMES: dict[str, tuple[str, Mapping[str, str]]] = {
    "CONJOINT": ("matrimonial_regime", choices.MATRIMONIAL_REGIMES), "PARTENAIRE_PACS": ("pacs_regime", choices.PACS_REGIMES),
}  # fmt: skip
#: Union → how it may end.
ENDINGS: dict[str, dict[str, str]] = {
    "CONJOINT": {"DIVORCE": "Divorce", "DECES": "Décès", "AUTRE": "Autre cause (annulation, erreur de date)"},
    "PARTENAIRE_PACS": {"RUPTURE": "Dissolution du Pacs", "DECES": "Décès", "AUTRE": "Autre cause (mariage, annulation)"},
    "CONCUBIN": {"RUPTURE": "Séparation", "DECES": "Décès", "AUTRE": "Autre cause (mariage, Pacs)"},
}
#: How a union ended → what those who lived it are then. A widow is one of a marriage.
_AFTER = {
    ("CONJOINT", "DIVORCE"): "DIVORCE", ("CONJOINT", "DECES"): "VEUF", ("PARTENAIRE_PACS", "RUPTURE"): "CELIBATAIRE",
    ("PARTENAIRE_PACS", "DECES"): "CELIBATAIRE", ("CONCUBIN", "RUPTURE"): "CELIBATAIRE", ("CONCUBIN", "DECES"): "CELIBATAIRE",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """One field of a proposal, before and after, in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What one person's file would say. `may`: whether this adviser may write it; otherwise it is only told."""

    contact_id: str
    name: str
    changes: Mapping[str, Any]
    steps: tuple[Step, ...]
    may: bool


def on_union(
    session: TenantSession, by: Adviser | str, kind: str, ids: Sequence[str], regime: str | None
) -> tuple[Proposal, ...]:
    """What the files of two people would say of their union of this kind; nothing where they say it already.

    `regime`: the one that was given; without one, what either file has is proposed for the other. Raises `NotFound`,
    `DomainError` for a régime that is not one of this union's.
    """
    if kind not in UNIONS:
        return ()
    people = [relations.contact(session, by, one) for one in ids]
    field, codes = REGIMES.get(kind, ("", {}))
    if regime is not None and regime not in codes:
        raise DomainError("Choisissez un régime de la liste.", field=field or "role")
    known = regime or next((getattr(one, field) for one in people if field and getattr(one, field)), None)
    found = []
    for one in people:
        wanted: dict[str, Any] = {"situation": SITUATIONS[kind], "matrimonial_regime": None, "pacs_regime": None}
        if field:
            wanted[field] = known or getattr(one, field)
        found.append(_proposal(session, by, one, wanted))
    return tuple(one for one in found if one is not None)


def on_end(
    session: TenantSession, by: Adviser | str, kind: str, ids: Sequence[str], how: str, until: date
) -> tuple[Proposal, ...]:
    """What the files of two people would say once their union has ended; nothing of one who says otherwise already.

    Raises `DomainError` for a death of which no file knows.
    """
    people = [relations.contact(session, by, one) for one in ids]
    if how == "DECES" and not any(one.vital == "DECEDE" for one in people):
        text = "Aucun des deux n'est noté décédé\u202f: notez d'abord le décès dans le dossier concerné."
        raise DomainError(text, field="how")
    after = _AFTER.get((kind, how))
    if after is None:
        return ()
    others = relations.unions(session, list(ids), until)
    found = []
    for one in people:
        again = others.get(one.id)
        if one.vital == "DECEDE" or one.situation != SITUATIONS[kind] or (again and again.partner_id not in ids):
            continue
        wanted = {"situation": after, "matrimonial_regime": None, "pacs_regime": None}
        found.append(_proposal(session, by, one, wanted))
    return tuple(one for one in found if one is not None)


def accept(session: TenantSession, by: Adviser | str, proposals: Sequence[Proposal], agreed: Collection[str]) -> None:
    """Write those that were agreed to, by the ids of their contacts."""
    for one in proposals:
        if one.contact_id in agreed and one.may:
            services.update(session, by, one.contact_id, one.changes)


def _proposal(session: TenantSession, by: Adviser | str, one: Contact, wanted: Mapping[str, Any]) -> Proposal | None:
    changes = {name: value for name, value in wanted.items() if getattr(one, name) != value}
    if not changes:
        return None
    labels: dict[str, tuple[str, Mapping[str, str]]] = {
        "situation": ("Situation familiale", SITUATION_LABELS),
        "matrimonial_regime": ("Régime matrimonial", choices.MATRIMONIAL_REGIMES),
        "pacs_regime": ("Régime du Pacs", choices.PACS_REGIMES),
    }
    steps = tuple(
        Step(label, codes.get(getattr(one, name) or "", "—"), codes.get(changes[name] or "", "—"))
        for name, (label, codes) in labels.items()
        if name in changes
    )
    may = rights.may(session, by, "contact", one.id, "contacts.edit")
    return Proposal(one.id, one.display_name, changes, steps, may)
