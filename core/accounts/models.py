"""Accounts, who stands on them, what they hold, what moved, what they were worth (domain.md §2.2, §2.3)."""

from __future__ import annotations

from datetime import date
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON
from sqlalchemy import Boolean
from sqlalchemy import Enum
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import String
from sqlalchemy import Text
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from core.accounts.envelopes import SETTLEMENTS
from core.accounts.envelopes import TAX_OPTIONS
from core.db.clock import now
from core.db.model import Model
from core.db.model import belongs
from core.db.model import of_cabinet
from core.db.types import Money
from core.db.types import Quantity
from core.db.types import Ratio
from core.hooks import references
from core.hooks.declared import Ref

references.declare(Ref("account_role", "contact_id", to="contact", on_conflict="drop"))


class Account(Model):
    """A contract or account at a company. `number_key` is the number folded, to match partners' spellings."""

    __tablename__ = "account"
    __table_args__ = (
        of_cabinet(),
        belongs("company_id", "company"),
        belongs("depositary_id", "company"),
        belongs("distributor_id", "company"),
        belongs("product_id", "product"),
        UniqueConstraint("cabinet_id", "depositary_id", "number_key"),
        Index("ix_account_company", "cabinet_id", "company_id"),
        Index("ix_account_number", "cabinet_id", "number_key"),
        Index("ix_account_title", "cabinet_id", "title", "number_key", "id"),
        Index("ix_account_envelope", "cabinet_id", "envelope"),
    )

    envelope: Mapped[str] = mapped_column(String(30))
    number: Mapped[str] = mapped_column(String(60))
    number_key: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(200))
    company_id: Mapped[str] = mapped_column(String(26))
    depositary_id: Mapped[str] = mapped_column(String(26))
    distributor_id: Mapped[str | None] = mapped_column(String(26))
    product_id: Mapped[str | None] = mapped_column(String(26))
    currency: Mapped[str] = mapped_column(String(3), default="EUR")
    state: Mapped[str] = mapped_column(String(20), default="OUVERT")
    management_mode: Mapped[str] = mapped_column(String(12), default="LIBRE")
    opened_on: Mapped[date | None]
    effect_on: Mapped[date | None]
    matures_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    origin: Mapped[str] = mapped_column(String(16), default="MANUEL")
    data_as_of: Mapped[date | None]
    freshness: Mapped[str] = mapped_column(String(10), default="JAMAIS")
    value: Mapped[Decimal | None] = mapped_column(Money())
    value_on: Mapped[date | None]
    net_payments: Mapped[Decimal | None] = mapped_column(Money())
    pledged: Mapped[bool] = mapped_column(Boolean, default=False)
    delegated: Mapped[bool] = mapped_column(Boolean, default=False)
    accepted_beneficiary: Mapped[bool] = mapped_column(Boolean, default=False)
    advance_running: Mapped[bool] = mapped_column(Boolean, default=False)
    blocked: Mapped[str | None] = mapped_column(String(20))
    #: What the contract says it costs, as ratios: 0.006 is 0.60 %; None: not known.
    fee_entry: Mapped[Decimal | None] = mapped_column(Ratio())
    fee_euro: Mapped[Decimal | None] = mapped_column(Ratio())
    fee_units: Mapped[Decimal | None] = mapped_column(Ratio())
    fee_switch: Mapped[Decimal | None] = mapped_column(Ratio())
    fee_exit: Mapped[Decimal | None] = mapped_column(Ratio())
    tax_option: Mapped[str] = mapped_column(Enum("", *TAX_OPTIONS, native_enum=False, length=8), default="")
    settlement: Mapped[str] = mapped_column(Enum("", *SETTLEMENTS, native_enum=False, length=12), default="")
    introducer_code: Mapped[str] = mapped_column(String(40), default="")
    #: Put away: hidden from lists and totals, no feed writes it any more, its history stays.
    archived_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class AccountRole(Model):
    """A contact's role on an account. Beneficiaries have a rank, a share, a clause, an acceptance."""

    __tablename__ = "account_role"
    __table_args__ = (
        belongs("account_id", "account"),
        belongs("contact_id", "contact"),
        UniqueConstraint("cabinet_id", "account_id", "contact_id", "role"),
        Index("ix_account_role_contact", "cabinet_id", "contact_id", "role", "account_id"),
    )

    account_id: Mapped[str] = mapped_column(String(26))
    contact_id: Mapped[str] = mapped_column(String(26))
    role: Mapped[str] = mapped_column(String(20))
    rank: Mapped[int] = mapped_column(Integer, default=1)
    share: Mapped[Decimal | None] = mapped_column(Ratio())
    clause: Mapped[str | None] = mapped_column(Text)
    accepted_on: Mapped[date | None]


class Position(Model):
    """What an account holds of a support on a day. Euro funds and cash have an amount only."""

    __tablename__ = "position"
    __table_args__ = (
        belongs("account_id", "account"),
        belongs("support_id", "support"),
        UniqueConstraint("cabinet_id", "account_id", "support_id", "on", "pocket"),
        Index("ix_position_support", "cabinet_id", "support_id", "account_id"),
    )

    account_id: Mapped[str] = mapped_column(String(26))
    support_id: Mapped[str] = mapped_column(String(26))
    on: Mapped[date]
    pocket: Mapped[str] = mapped_column(String(20), default="")
    quantity: Mapped[Decimal | None] = mapped_column(Quantity())
    price: Mapped[Decimal | None] = mapped_column(Money())
    price_on: Mapped[date | None]
    value: Mapped[Decimal] = mapped_column(Money())
    cost: Mapped[Decimal | None] = mapped_column(Money())
    currency: Mapped[str] = mapped_column(String(3), default="EUR")


class Movement(Model):
    """An accounting fact, seen by aggregation or typed; it never sets a partner's status (domain.md §2.4)."""

    __tablename__ = "movement"
    __table_args__ = (
        belongs("account_id", "account"),
        belongs("support_id", "support"),
        Index("ix_movement_account", "cabinet_id", "account_id", "on"),
    )

    account_id: Mapped[str] = mapped_column(String(26))
    support_id: Mapped[str | None] = mapped_column(String(26))
    on: Mapped[date]
    kind: Mapped[str] = mapped_column(String(30))
    label: Mapped[str] = mapped_column(String(200))
    amount: Mapped[Decimal] = mapped_column(Money())
    quantity: Mapped[Decimal | None] = mapped_column(Quantity())
    currency: Mapped[str] = mapped_column(String(3), default="EUR")
    source: Mapped[str] = mapped_column(String(60))


class Valuation(Model):
    """What an account was worth on a day, and who said so."""

    __tablename__ = "valuation"
    __table_args__ = (belongs("account_id", "account"), UniqueConstraint("cabinet_id", "account_id", "on"))

    account_id: Mapped[str] = mapped_column(String(26))
    on: Mapped[date]
    value: Mapped[Decimal] = mapped_column(Money())
    net_payments: Mapped[Decimal | None] = mapped_column(Money())
    source: Mapped[str] = mapped_column(String(60))


class AccountOverride(Model):
    """A field that a feed or a file fills, corrected by a person; `fed` is what the feed says of it (JSON), kept beside."""

    __tablename__ = "account_override"
    __table_args__ = (
        belongs("account_id", "account", ondelete="CASCADE"),
        UniqueConstraint("cabinet_id", "account_id", "field"),
    )

    account_id: Mapped[str] = mapped_column(String(26))
    field: Mapped[str] = mapped_column(String(20))
    fed: Mapped[Any] = mapped_column(JSON)
    fed_at: Mapped[datetime] = mapped_column(default=now)
    corrected_by: Mapped[str] = mapped_column(String(60))
    corrected_at: Mapped[datetime] = mapped_column(default=now)
