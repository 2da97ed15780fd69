"""What money is put in: the instance's catalogue, and each cabinet's own rows (architecture.md §3)."""

from __future__ import annotations

from datetime import date
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Integer
from sqlalchemy import String
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from core.db.clock import now
from core.db.model import Base
from core.db.model import Model
from core.db.model import belongs
from core.db.model import new_id
from core.db.model import of_cabinet
from core.db.types import Money
from core.db.types import Ratio

SUPPORT_TYPES = (
    "FONDS_EURO", "EUROCROISSANCE", "OPCVM", "ETF", "FIA", "SCPI", "OPCI", "SCI", "ACTION", "OBLIGATION",
    "PRODUIT_STRUCTURE", "FCPR", "FCPI", "FIP", "TRACKER", "INDICE", "LIQUIDITE", "TITRE_VIF", "AUTRE",
)  # fmt: skip
#: domain.md §2.2, «Dictionary»: who carries the risk, who keeps the assets, who gives access.
COMPANY_ROLES = ("COMPAGNIE", "DEPOSITAIRE", "DISTRIBUTEUR")


class CatalogueCompany(Base):
    """An insurer, bank or platform, known to all cabinets."""

    __tablename__ = "catalogue_company"
    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))


class CatalogueProduct(Base):
    """A contract on sale: commercial name, range, envelope."""

    __tablename__ = "catalogue_product"
    __table_args__ = (UniqueConstraint("company_code", "name"),)
    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    company_code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120))
    range_name: Mapped[str | None] = mapped_column(String(120))
    envelope: Mapped[str] = mapped_column(String(30))


class CatalogueSupport(Base):
    """A fund or security, known to all cabinets."""

    __tablename__ = "catalogue_support"
    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    isin: Mapped[str | None] = mapped_column(String(12), unique=True)
    code: Mapped[str | None] = mapped_column(String(40), unique=True)
    label: Mapped[str] = mapped_column(String(200))
    type: Mapped[str] = mapped_column(String(20))
    currency: Mapped[str] = mapped_column(String(3), default="EUR")
    sri: Mapped[int | None] = mapped_column(Integer)
    sfdr: Mapped[str] = mapped_column(String(4), default="NA")
    manager: Mapped[str | None] = mapped_column(String(120))
    asset_class: Mapped[str | None] = mapped_column(String(20))
    zone: Mapped[str | None] = mapped_column(String(20))


class CataloguePrice(Base):
    """A support's price of a day, from the catalogue's feed."""

    __tablename__ = "catalogue_price"
    __table_args__ = (UniqueConstraint("support_id", "on"),)
    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    support_id: Mapped[str] = mapped_column(String(26))
    on: Mapped[date]
    price: Mapped[Decimal] = mapped_column(Money())
    source: Mapped[str] = mapped_column(String(60))


class Company(Model):
    """A cabinet's own row for an insurer, bank or platform."""

    __tablename__ = "company"
    __table_args__ = (of_cabinet(), UniqueConstraint("cabinet_id", "name"))
    catalogue_id: Mapped[str | None] = mapped_column(String(26))
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120))


class Product(Model):
    """A cabinet's own row for a contract on sale."""

    __tablename__ = "product"
    __table_args__ = (belongs("company_id", "company"), UniqueConstraint("cabinet_id", "company_id", "name"))
    catalogue_id: Mapped[str | None] = mapped_column(String(26))
    company_id: Mapped[str] = mapped_column(String(26))
    name: Mapped[str] = mapped_column(String(120))
    range_name: Mapped[str | None] = mapped_column(String(120))
    envelope: Mapped[str] = mapped_column(String(30))


class Support(Model):
    """A cabinet's own row for a fund or security; positions point here."""

    __tablename__ = "support"
    __table_args__ = (of_cabinet(), UniqueConstraint("cabinet_id", "isin"), UniqueConstraint("cabinet_id", "code"))
    catalogue_id: Mapped[str | None] = mapped_column(String(26))
    isin: Mapped[str | None] = mapped_column(String(12))
    code: Mapped[str | None] = mapped_column(String(40))
    label: Mapped[str] = mapped_column(String(200))
    type: Mapped[str] = mapped_column(String(20))
    currency: Mapped[str] = mapped_column(String(3), default="EUR")
    sri: Mapped[int | None] = mapped_column(Integer)
    sfdr: Mapped[str] = mapped_column(String(4), default="NA")
    asset_class: Mapped[str | None] = mapped_column(String(20))
    zone: Mapped[str | None] = mapped_column(String(20))
    #: The cabinet's own word; where it has none, the catalogue's stands (`CatalogueSupport.manager`).
    manager: Mapped[str | None] = mapped_column(String(120))
    category: Mapped[str | None] = mapped_column(String(80))
    #: The former indicator of UCITS, which is not the SRI.
    srri: Mapped[int | None] = mapped_column(Integer)
    #: A year, of one: 0.0125 is 1.25 %.
    ongoing_costs: Mapped[Decimal | None] = mapped_column(Ratio())
    created_at: Mapped[datetime] = mapped_column(default=now)


class SupportPrice(Model):
    """A price that the cabinet holds itself; it wins over the catalogue's of that day."""

    __tablename__ = "support_price"
    __table_args__ = (belongs("support_id", "support"), UniqueConstraint("cabinet_id", "support_id", "on"))
    support_id: Mapped[str] = mapped_column(String(26))
    on: Mapped[date]
    price: Mapped[Decimal] = mapped_column(Money())
    source: Mapped[str] = mapped_column(String(60))
