"""A contact's whole file: its card, and what stands in other tables (DO-01, CT-03)."""

from __future__ import annotations

from dataclasses import dataclass

from core.contacts import categories
from core.contacts import completeness
from core.contacts import custom_values
from core.contacts import labels
from core.contacts import numbers
from core.contacts.completeness import Completeness
from core.contacts.custom_values import Answer
from core.contacts.labels import Label
from core.contacts.numbers import ClientNumber
from core.contacts.schemas import ContactCard
from core.db.session import TenantSession


@dataclass(frozen=True, slots=True)
class Dossier:
    """What Dossier > Général shows. `category`: its path, «Clients › Patrimoniaux»."""

    card: ContactCard
    category: str | None
    labels: tuple[Label, ...]
    answers: tuple[Answer, ...]
    numbers: tuple[ClientNumber, ...]
    completeness: Completeness | None


def of(session: TenantSession, card: ContactCard) -> Dossier:
    """The rest of a file that was read as its reader may read it: five queries."""
    answers = custom_values.of_contact(session, card.id, card.line.kind)
    return Dossier(
        card, categories.path_of(session, card.category_id), labels.of_contacts(session, [card.id]).get(card.id, ()), answers,
        numbers.of_contact(session, card.id), completeness.of(card, answers),
    )  # fmt: skip
