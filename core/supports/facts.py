"""What is known of a support, as it is read: the strongest word on each thing, and what it stands before (OU-09)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core.db.errors import NotFound
from core.db.session import TenantSession
from core.supports import fact_keys
from core.supports.fact_keys import KEYS
from core.supports.fact_keys import FactKey
from core.supports.fact_models import ORIGINS
from core.supports.fact_models import SupportFact
from core.supports.models import CatalogueSupport
from core.supports.models import Support

ABSENT = "Ce support n'existe pas dans votre cabinet."
CATALOGUE = "Catalogue commun"
#: Where a value stands that nobody says anything more of: the row as it was made, by a file or an account's line.
FIRST = "Fiche d'origine"
_SAID = ("SAISIE", "FICHIER")


@dataclass(frozen=True, slots=True)
class Told:
    """A value and who says it. `origin`: SAISIE, FICHIER, CATALOGUE, DEPART; `on`: the day that it is of, if it is known."""

    value: str
    origin: str
    source: str
    on: date | None = None
    line: int | None = None
    said_by: str = ""
    said_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """A thing that is known: the word that stands, and those that it stands before, the strongest first."""

    key: FactKey
    told: Told
    beneath: tuple[Told, ...] = ()

    @property
    def code(self) -> str:
        """«ongoing_costs»."""
        return self.key.code

    @property
    def corrected(self) -> bool:
        """Whether a person's word stands before another's that says something else."""
        return self.told.origin == "SAISIE" and any(one.value != self.told.value for one in self.beneath)


def of(session: TenantSession, support_id: str) -> dict[str, Fact]:
    """Key → what is known, in the order of the keys. Two queries. Raises `NotFound`."""
    row = session.scalar(select(Support).where(Support.id == support_id))
    if row is None:
        raise NotFound(ABSENT)
    return of_row(session, row)


def of_row(session: TenantSession, row: Support) -> dict[str, Fact]:
    """The same of a row at hand."""
    found = session.scalars(select(SupportFact).where(SupportFact.support_id == row.id)).all()
    known = session.scalar(select(CatalogueSupport).where(CatalogueSupport.id == row.catalogue_id)) if row.catalogue_id else None
    return _merged(row, known, found)


def of_many(session: TenantSession, ids: Collection[str], codes: Collection[str]) -> dict[str, dict[str, Fact]]:
    """Support → key → what is known of these keys, for a comparison. Three queries."""
    rows = session.scalars(select(Support).where(Support.id.in_(ids))).all()
    wanted = select(SupportFact).where(SupportFact.support_id.in_(ids), SupportFact.key.in_(codes))
    facts: dict[str, list[SupportFact]] = {}
    for one in session.scalars(wanted):
        facts.setdefault(one.support_id, []).append(one)
    shared = [row.catalogue_id for row in rows if row.catalogue_id]
    known = {one.id: one for one in session.scalars(select(CatalogueSupport).where(CatalogueSupport.id.in_(shared)))}
    every = {row.id: _merged(row, known.get(row.catalogue_id or ""), facts.get(row.id, ())) for row in rows}
    return {one: {code: fact for code, fact in each.items() if code in codes} for one, each in every.items()}


def _merged(row: Support, known: CatalogueSupport | None, facts: Collection[SupportFact]) -> dict[str, Fact]:
    by_key: dict[str, dict[str, Told]] = {}
    for one in facts:
        told = Told(one.value, one.origin, one.source, one.on, one.line, one.said_by, one.said_at)
        by_key.setdefault(one.key, {})[one.origin] = told
    return {
        code: Fact(key, words[0], words[1:])
        for code, key in KEYS.items() if (words := _words(key, row, known, by_key.get(code, {})))
    }  # fmt: skip


def _words(key: FactKey, row: Support, known: CatalogueSupport | None, said: dict[str, Told]) -> tuple[Told, ...]:
    found = [said[origin] for origin in _SAID if origin in said]
    shared = column(key, known)
    if shared:
        found.append(Told(shared, "CATALOGUE", CATALOGUE))
    if "DEPART" in said:
        found.append(said["DEPART"])
    elif not found and (own := column(key, row)):
        found.append(Told(own, "DEPART", FIRST, said_at=row.created_at))
    return tuple(found)


def column(key: FactKey, row: Any) -> str:
    """What a row says by itself; «not applicable» of sustainability is what nobody told."""
    if not key.column or row is None:
        return ""
    value = fact_keys.told(key.code, getattr(row, key.code, None))
    return "" if key.code == "sfdr" and value == "NA" else value


assert ORIGINS[:2] == _SAID
