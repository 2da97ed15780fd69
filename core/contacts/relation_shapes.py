"""What the services of relations give: frozen, with no row inside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.contacts.models import Contact
from core.contacts.relation_models import Relation
from core.contacts.relation_types import KINDS
from core.contacts.relation_types import RIGHTS
from core.contacts.relation_types import UNIONS
from core.contacts.relation_types import said


@dataclass(frozen=True, slots=True)
class Other:
    """The other end of a relation."""

    id: str
    name: str
    kind: str
    file_code: str
    civility: str | None
    birth_date: date | None
    death_date: date | None


@dataclass(frozen=True, slots=True)
class Tied:
    """A relation as one of its two ends sees it. `role`: what the other is to this one."""

    id: str
    kind: str
    role: str
    other: Other
    since: date | None
    until: date | None
    filiation: str | None
    share: Decimal | None
    right: str | None
    function: str | None
    counsel: str | None
    note: str | None

    @property
    def label(self) -> str:
        """«Mère», «Notaire»."""
        return said(self.role, self.other.civility, counsel=self.counsel)

    @property
    def group(self) -> str:
        """Where the page shows it."""
        return KINDS[self.kind].group

    @property
    def right_label(self) -> str:
        """«Pleine propriété»."""
        return RIGHTS.get(self.right or "", "")

    @property
    def union(self) -> bool:
        """Whether it is a union."""
        return self.kind in UNIONS

    def active(self, on: date) -> bool:
        """Whether it holds on a day; a union ends with a death too."""
        ended = self.until is not None and self.until <= on
        widowed = self.union and self.other.death_date is not None and self.other.death_date <= on
        return not ended and not widowed and (self.since is None or self.since <= on)


@dataclass(frozen=True, slots=True)
class Union:
    """Somebody's union on a day. `kind`: CONJOINT, PARTENAIRE_PACS, CONCUBIN."""

    partner_id: str
    kind: str
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Holding:
    """A part of a company on a day. `share`: ratio of the whole, of that right; `since`: when it became the holder's."""

    holder_id: str
    company_id: str
    right: str
    share: Decimal
    since: date | None = None


def tied(row: Relation, other: Contact, contact_id: str) -> Tied:
    """A row as `contact_id` sees it; `other`: the other end."""
    kind = KINDS[row.kind]
    return Tied(
        row.id, row.kind, kind.b if row.a_id == contact_id else kind.a,
        Other(other.id, other.display_name, other.kind, other.file_code, other.civility, other.birth_date, other.death_date),
        row.since, row.until, row.filiation, row.share, row.right, row.function, row.counsel, row.note,
    )  # fmt: skip
