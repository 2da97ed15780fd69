"""What people own beside accounts, as it is stored: the thing, its owners, its values, its rents (domain.md §2.1, §2.8)."""

from __future__ import annotations

from datetime import date
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Enum
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import String
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from core.api.db import Model
from core.api.db import Money
from core.api.db import Quantity
from core.api.db import Ratio
from core.api.db import belongs
from core.api.db import now
from core.api.db import of_cabinet
from plugins.patrimoine.asset_kinds import BASES
from plugins.patrimoine.asset_kinds import DISPOSALS
from plugins.patrimoine.asset_kinds import KINDS
from plugins.patrimoine.asset_kinds import MODES
from plugins.patrimoine.asset_kinds import NATURES
from plugins.patrimoine.asset_kinds import RIGHTS
from plugins.patrimoine.asset_kinds import SCHEMES


class Asset(Model):
    """A thing owned. It is theirs from `acquired_on` (None: always was) until `disposed_on`; it is never deleted."""

    __tablename__ = "patrimoine_asset"
    __table_args__ = (
        of_cabinet(),
        belongs("company_id", "contact"),
        Index("ix_patrimoine_asset_company", "cabinet_id", "company_id"),
    )

    kind: Mapped[str] = mapped_column(Enum(*KINDS, native_enum=False, length=24))
    label: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(String(200), default="")
    #: Square metres.
    surface: Mapped[Decimal | None] = mapped_column(Quantity())
    acquired_on: Mapped[date | None]
    mode: Mapped[str] = mapped_column(Enum("", *MODES, native_enum=False, length=12), default="")
    price: Mapped[Decimal | None] = mapped_column(Money())
    costs: Mapped[Decimal | None] = mapped_column(Money())
    nature: Mapped[str] = mapped_column(Enum("", *NATURES, native_enum=False, length=8), default="")
    usufruct_until: Mapped[date | None]
    scheme: Mapped[str] = mapped_column(Enum("", *SCHEMES, native_enum=False, length=16), default="")
    scheme_since: Mapped[date | None]
    scheme_years: Mapped[int | None] = mapped_column(Integer)
    #: Its own ratio in the base of the IFI; None: the usual one of its kind.
    ifi: Mapped[Decimal | None] = mapped_column(Ratio())
    #: Of shares: the contact that is the company.
    company_id: Mapped[str | None] = mapped_column(String(26))
    remarks: Mapped[str] = mapped_column(String(1000), default="")
    disposed_on: Mapped[date | None]
    disposed_why: Mapped[str] = mapped_column(Enum("", *DISPOSALS, native_enum=False, length=8), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class AssetOwner(Model):
    """Somebody's right on an asset. Two rows of one person with one right, as a merge may leave, are read as their sum."""

    __tablename__ = "patrimoine_asset_owner"
    __table_args__ = (
        belongs("asset_id", "patrimoine_asset", ondelete="CASCADE"),
        belongs("contact_id", "contact"),
        Index("ix_patrimoine_asset_owner_contact", "cabinet_id", "contact_id"),
        Index("ix_patrimoine_asset_owner_asset", "cabinet_id", "asset_id"),
    )

    asset_id: Mapped[str] = mapped_column(String(26))
    contact_id: Mapped[str] = mapped_column(String(26))
    rank: Mapped[int] = mapped_column(Integer, default=1)
    right: Mapped[str] = mapped_column(Enum(*RIGHTS, native_enum=False, length=16))
    share: Mapped[Decimal] = mapped_column(Ratio())


class AssetValue(Model):
    """What the whole is worth on a day, who says so and on what ground: one a day."""

    __tablename__ = "patrimoine_asset_value"
    __table_args__ = (
        belongs("asset_id", "patrimoine_asset", ondelete="CASCADE"),
        UniqueConstraint("cabinet_id", "asset_id", "on"),
    )

    asset_id: Mapped[str] = mapped_column(String(26))
    on: Mapped[date]
    value: Mapped[Decimal] = mapped_column(Money())
    basis: Mapped[str] = mapped_column(Enum(*BASES, native_enum=False, length=12))
    said_by: Mapped[str] = mapped_column(String(120), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)


class AssetRent(Model):
    """A letting: what comes in a month, what goes out a year. A building may have several at once."""

    __tablename__ = "patrimoine_asset_rent"
    __table_args__ = (
        belongs("asset_id", "patrimoine_asset", ondelete="CASCADE"),
        Index("ix_patrimoine_asset_rent_asset", "cabinet_id", "asset_id", "since"),
    )

    asset_id: Mapped[str] = mapped_column(String(26))
    tenant: Mapped[str] = mapped_column(String(120), default="")
    monthly: Mapped[Decimal] = mapped_column(Money())
    #: A year, left to the owner: management, insurance, upkeep. None: not known.
    charges: Mapped[Decimal | None] = mapped_column(Money())
    #: A year. None: not known.
    property_tax: Mapped[Decimal | None] = mapped_column(Money())
    #: The part of a year in which it is not let, as a rule.
    vacancy: Mapped[Decimal] = mapped_column(Ratio(), default=Decimal(0))
    since: Mapped[date]
    until: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
