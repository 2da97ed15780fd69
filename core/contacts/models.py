"""Persons, companies, households, and who follows them (domain.md §2.1)."""

from __future__ import annotations

from datetime import date
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy import Index
from sqlalchemy import String
from sqlalchemy import Text
from sqlalchemy import UniqueConstraint
from sqlalchemy import false
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from core.contacts.own_models import ContactCategory
from core.db.clock import now
from core.db.model import Model
from core.db.model import belongs
from core.db.model import of_cabinet
from core.db.types import Codes
from core.db.types import Money

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
        belongs("category_id", ContactCategory.__tablename__),
        UniqueConstraint("cabinet_id", "file_code"),
        Index("ix_contact_category", "cabinet_id", "category_id", "id"),
        Index("ix_contact_sort", "cabinet_id", "sort_name", "id"),
        Index("ix_contact_open", "cabinet_id", "archived_at", "sort_name", "id"),
        # the last column lets a list leave out what is put away without reading the rows
        Index("ix_contact_stage", "cabinet_id", "stage", "sort_name", "id", "archived_at"),
        Index("ix_contact_kind", "cabinet_id", "kind", "sort_name", "id", "archived_at"),
        Index("ix_contact_city", "cabinet_id", "city", "sort_name", "id"),
        Index("ix_contact_worth", "cabinet_id", "worth", "sort_name", "id"),
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
    birth_city: Mapped[str | None] = mapped_column(String(100))
    birth_department: Mapped[str | None] = mapped_column(String(3))
    birth_country: Mapped[str | None] = mapped_column(String(2))
    nationality: Mapped[str | None] = mapped_column(String(2))
    other_nationality: Mapped[str | None] = mapped_column(String(2))
    more_nationalities: Mapped[tuple[str, ...]] = mapped_column(Codes(100), nullable=True, default=())
    tax_country: Mapped[str | None] = mapped_column(String(2))
    tax_id: Mapped[str | None] = mapped_column(String(40))
    us_person: Mapped[str | None] = mapped_column(String(3))
    matrimonial_regime: Mapped[str | None] = mapped_column(String(40))
    pacs_regime: Mapped[str | None] = mapped_column(String(20))
    work_status: Mapped[str | None] = mapped_column(String(20))
    csp: Mapped[str | None] = mapped_column(String(20))
    profession: Mapped[str | None] = mapped_column(String(120))
    sector: Mapped[str | None] = mapped_column(String(120))
    employer: Mapped[str | None] = mapped_column(String(200))
    id_kind: Mapped[str | None] = mapped_column(String(20))
    id_number: Mapped[str | None] = mapped_column(String(40))
    id_issued_on: Mapped[date | None]
    id_expires_on: Mapped[date | None]
    founded_on: Mapped[date | None]
    capital: Mapped[Decimal | None] = mapped_column(Money())
    tax_regime: Mapped[str | None] = mapped_column(String(2))
    lei: Mapped[str | None] = mapped_column(String(20))
    origin: Mapped[str | None] = mapped_column(String(20))
    origin_note: Mapped[str | None] = mapped_column(String(200))
    remarks: Mapped[str | None] = mapped_column(Text)
    introducer: Mapped[bool] = mapped_column(default=False, server_default=false())
    prescriber: Mapped[bool] = mapped_column(default=False, server_default=false())
    prescriber_profession: Mapped[str | None] = mapped_column(String(20))
    #: Since when it stands, or last stood, at each stage.
    prospect_since: Mapped[date | None]
    client_since: Mapped[date | None]
    former_since: Mapped[date | None]
    category_id: Mapped[str | None] = mapped_column(String(26))
    archived_at: Mapped[datetime | None]
    archived_reason: Mapped[str | None] = mapped_column(String(200))
    # the primary ones of the tables below, kept in step by core.contacts.channels: lists and searches read them here
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(20))
    city: Mapped[str | None] = mapped_column(String(100))
    #: What is held, in euros, kept in step by core.wealth.totals: lists sort and filter by it.
    worth: Mapped[Decimal | None] = mapped_column(Money())
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class ContactAdviser(Model):
    """Who follows a contact: it decides who sees it."""

    __tablename__ = "contact_adviser"
    __table_args__ = (
        belongs("contact_id", "contact"),
        ForeignKeyConstraint(["cabinet_id", "user_id"], ["user_login.cabinet_id", "user_login.id"]),
        UniqueConstraint("cabinet_id", "contact_id", "user_id"),
        Index("ix_contact_adviser_user", "cabinet_id", "user_id", "contact_id"),
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
    #: Whether the person is of the household's tax declaration.
    tax_attached: Mapped[bool] = mapped_column(default=True)


class Channel:
    """What the ways of reaching a contact share. `opt_in`: agrees to be approached by it (RGPD, prospection)."""

    contact_id: Mapped[str] = mapped_column(String(26))
    usage: Mapped[str] = mapped_column(String(20))
    is_primary: Mapped[bool] = mapped_column(default=False)
    opt_in: Mapped[bool] = mapped_column(default=False)
    opt_in_on: Mapped[date | None]
    opt_in_source: Mapped[str | None] = mapped_column(String(20))
    #: The day on which somebody made sure of it, and who: a user's id.
    verified_on: Mapped[date | None]
    verified_by: Mapped[str | None] = mapped_column(String(26))
    #: The order that people gave, the primary one first.
    position: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=now)


class ContactAddress(Channel, Model):
    """A postal address."""

    __tablename__ = "contact_address"
    __table_args__ = (belongs("contact_id", "contact"), Index("ix_contact_address_contact", "cabinet_id", "contact_id"))

    street: Mapped[str | None] = mapped_column(String(200))
    extra: Mapped[str | None] = mapped_column(String(200))
    postal_code: Mapped[str | None] = mapped_column(String(12))
    city: Mapped[str] = mapped_column(String(100))
    country: Mapped[str] = mapped_column(String(2), default="FR")
    #: Of a company's establishment.
    siret: Mapped[str | None] = mapped_column(String(14))


class ContactPhone(Channel, Model):
    """A telephone number, in its international form."""

    __tablename__ = "contact_phone"
    __table_args__ = (
        belongs("contact_id", "contact"),
        Index("ix_contact_phone_contact", "cabinet_id", "contact_id"),
        Index("ix_contact_phone_number", "cabinet_id", "number"),
    )

    number: Mapped[str] = mapped_column(String(20))


class ContactEmail(Channel, Model):
    """An e-mail address; `folded` is what two of them are compared by."""

    __tablename__ = "contact_email"
    __table_args__ = (
        belongs("contact_id", "contact"),
        Index("ix_contact_email_contact", "cabinet_id", "contact_id"),
        Index("ix_contact_email_folded", "cabinet_id", "folded"),
    )

    email: Mapped[str] = mapped_column(String(254))
    folded: Mapped[str] = mapped_column(String(254))


class ContactBank(Channel, Model):
    """A bank account that is paid from or to."""

    __tablename__ = "contact_bank"
    __table_args__ = (belongs("contact_id", "contact"), Index("ix_contact_bank_contact", "cabinet_id", "contact_id"))

    iban: Mapped[str] = mapped_column(String(34))
    bic: Mapped[str | None] = mapped_column(String(11))
    holder: Mapped[str | None] = mapped_column(String(120))
