"""Vigilance as it is kept: assessments of clients and of operations, lists of countries, notes of suspicion (domain.md §2.6)."""

from __future__ import annotations

from datetime import date
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Enum
from sqlalchemy import Index
from sqlalchemy import String
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from core.api.db import Model
from core.api.db import Money
from core.api.db import belongs
from core.api.db import now
from core.api.db import of_cabinet
from plugins.conformite.vigilance import example
from plugins.conformite.vigilance.ruleset import LEVELS
from plugins.conformite.vigilance.ruleset import versions


class Judged:
    """What an assessment keeps, of a client or of an operation. Never changed: `level`, what is retained; `computed`, what the
    rules say of `facts`; `needs`: whether a second person has to validate it, which `validated_…` then says, once."""

    contact_id: Mapped[str] = mapped_column(String(26))
    version: Mapped[str] = mapped_column(Enum(*versions(), native_enum=False, length=12))
    facts: Mapped[dict[str, Any]] = mapped_column(info={"sample": example.facts()})
    points: Mapped[int]
    computed: Mapped[str] = mapped_column(Enum(*LEVELS, native_enum=False, length=12))
    level: Mapped[str] = mapped_column(Enum(*LEVELS, native_enum=False, length=12))
    reason: Mapped[str] = mapped_column(String(1000), default="")
    assessed_on: Mapped[date]
    assessed_by: Mapped[str] = mapped_column(String(120))
    author_id: Mapped[str] = mapped_column(String(26))
    needs: Mapped[bool] = mapped_column(default=False)
    validated_at: Mapped[datetime | None]
    validated_by: Mapped[str | None] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(default=now)


class Assessment(Judged, Model):
    """The vigilance of a client. The current one of a contact is the last by (`assessed_on`, `id`)."""

    __tablename__ = "conformite_vigilance"
    __table_args__ = (
        belongs("contact_id", "contact"),
        Index("ix_conformite_vigilance_contact", "cabinet_id", "contact_id", "assessed_on"),
    )

    review_on: Mapped[date]


class Operation(Judged, Model):
    """The vigilance of one operation. `transaction_id` is what was named then: an act that was typed here may be deleted."""

    __tablename__ = "conformite_operation"
    __table_args__ = (
        belongs("contact_id", "contact"),
        belongs("account_id", "account"),
        Index("ix_conformite_operation_contact", "cabinet_id", "contact_id", "assessed_on"),
        Index("ix_conformite_operation_account", "cabinet_id", "account_id"),
    )

    account_id: Mapped[str | None] = mapped_column(String(26))
    transaction_id: Mapped[str | None] = mapped_column(String(26))
    about: Mapped[str] = mapped_column(String(200), default="")
    amount: Mapped[Decimal] = mapped_column(Money())


class CountryImport(Model):
    """A list of countries as it was imported: never changed, a later one of the same code takes its place."""

    __tablename__ = "conformite_country_list"
    __table_args__ = (of_cabinet(), Index("ix_conformite_country_list_code", "cabinet_id", "code", "dated_on"))

    code: Mapped[str] = mapped_column(String(12))
    dated_on: Mapped[date]
    source: Mapped[str] = mapped_column(String(300))
    countries: Mapped[list[Any]]
    imported_by: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(default=now)


class Suspicion(Model):
    """That there is a note of suspicion, and whose. What it says lies encrypted in the vault (`suspicions`)."""

    __tablename__ = "conformite_suspicion"
    __table_args__ = (
        belongs("contact_id", "contact"), Index("ix_conformite_suspicion_contact", "cabinet_id", "contact_id", "id"),
    )  # fmt: skip

    contact_id: Mapped[str] = mapped_column(String(26))
    written_by: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(default=now)
