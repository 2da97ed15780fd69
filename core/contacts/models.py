"""Persons, companies, households, and who follows them (domain.md §2.1)."""

from __future__ import annotations

from datetime import date
from datetime import datetime

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy import Index
from sqlalchemy import String
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from core.db.clock import now
from core.db.model import Model
from core.db.model import belongs
from core.db.model import of_cabinet

KINDS = ("PERSONNE_PHYSIQUE", "PERSONNE_MORALE", "FOYER")
STAGES = ("PROSPECT", "CLIENT", "ANCIEN_CLIENT")
PROTECTIONS = (
    "AUCUNE",
    "MINEUR",
    "SAUVEGARDE",
    "CURATELLE",
    "CURATELLE_RENFORCEE",
    "TUTELLE",
    "HABILITATION_FAMILIALE",
    "MANDAT_PROTECTION_FUTURE",
)
VITALS = ("VIVANT", "DECEDE")
FOLLOWINGS = ("PRINCIPAL", "SECONDAIRE", "ASSISTANT")


class Contact(Model):
    """A person, a company or a household. `sort_name` is folded: lists and searches go by it."""

    __tablename__ = "contact"
    __table_args__ = (
        of_cabinet(),
        UniqueConstraint("cabinet_id", "file_code"),
        Index("ix_contact_sort", "cabinet_id", "sort_name", "id"),
    )

    kind: Mapped[str] = mapped_column(String(20))
    stage: Mapped[str] = mapped_column(String(20), default="PROSPECT")
    file_code: Mapped[str] = mapped_column(String(20))
    display_name: Mapped[str] = mapped_column(String(200))
    sort_name: Mapped[str] = mapped_column(String(200))
    civility: Mapped[str | None] = mapped_column(String(10))
    birth_name: Mapped[str | None] = mapped_column(String(100))
    usage_name: Mapped[str | None] = mapped_column(String(100))
    first_names: Mapped[str | None] = mapped_column(String(100))
    birth_date: Mapped[date | None]
    company_name: Mapped[str | None] = mapped_column(String(200))
    legal_form: Mapped[str | None] = mapped_column(String(40))
    siren: Mapped[str | None] = mapped_column(String(9))
    situation: Mapped[str | None] = mapped_column(String(20))
    protection: Mapped[str] = mapped_column(String(30), default="AUCUNE")
    vital: Mapped[str] = mapped_column(String(10), default="VIVANT")
    death_date: Mapped[date | None]
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(20))
    city: Mapped[str | None] = mapped_column(String(100))
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class ContactAdviser(Model):
    """Who follows a contact: it decides who sees it."""

    __tablename__ = "contact_adviser"
    __table_args__ = (
        belongs("contact_id", "contact"),
        ForeignKeyConstraint(["cabinet_id", "user_id"], ["user_login.cabinet_id", "user_login.id"]),
        UniqueConstraint("cabinet_id", "contact_id", "user_id"),
        Index("ix_contact_adviser_user", "cabinet_id", "user_id"),
    )

    contact_id: Mapped[str] = mapped_column(String(26))
    user_id: Mapped[str] = mapped_column(String(26))
    role: Mapped[str] = mapped_column(String(12), default="PRINCIPAL")


class HouseholdMember(Model):
    """A person of a household (a contact of kind FOYER)."""

    __tablename__ = "household_member"
    __table_args__ = (
        belongs("household_id", "contact"),
        belongs("contact_id", "contact"),
        UniqueConstraint("cabinet_id", "household_id", "contact_id"),
        Index("ix_household_member_contact", "cabinet_id", "contact_id"),
    )

    household_id: Mapped[str] = mapped_column(String(26))
    contact_id: Mapped[str] = mapped_column(String(26))
