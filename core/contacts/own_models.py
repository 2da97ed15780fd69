"""What a cabinet defines for its contacts: categories, labels, fields of its own; and their client numbers (CT-03, DO-01)."""

from __future__ import annotations

from datetime import date
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Index
from sqlalchemy import String
from sqlalchemy import Text
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from core.db.clock import now
from core.db.model import Model
from core.db.model import belongs
from core.db.model import of_cabinet
from core.db.types import Money


class ContactCategory(Model):
    """A category, or a sub-category of one (two levels). `folded`: what two names are compared by."""

    __tablename__ = "contact_category"
    __table_args__ = (of_cabinet(), belongs("parent_id", "contact_category"))

    parent_id: Mapped[str | None] = mapped_column(String(26))
    name: Mapped[str] = mapped_column(String(80))
    folded: Mapped[str] = mapped_column(String(80))
    position: Mapped[int] = mapped_column(default=0)
    #: The one that a new contact gets; at most one of a cabinet's.
    is_default: Mapped[bool] = mapped_column(default=False)
    archived_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)


class ContactLabel(Model):
    """A label («étiquette»). `color`: the name of a design token."""

    __tablename__ = "contact_label"
    __table_args__ = (of_cabinet(),)

    name: Mapped[str] = mapped_column(String(40))
    folded: Mapped[str] = mapped_column(String(40))
    color: Mapped[str] = mapped_column(String(20), default="neutral")
    position: Mapped[int] = mapped_column(default=0)
    archived_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)


class ContactLabelling(Model):
    """A label put on a contact."""

    __tablename__ = "contact_labelling"
    __table_args__ = (
        belongs("contact_id", "contact"),
        belongs("label_id", "contact_label"),
        UniqueConstraint("cabinet_id", "contact_id", "label_id"),
        Index("ix_contact_labelling_label", "cabinet_id", "label_id", "contact_id"),
    )

    contact_id: Mapped[str] = mapped_column(String(26))
    label_id: Mapped[str] = mapped_column(String(26))


class CustomField(Model):
    """A field that the cabinet adds to its contacts' files. `code`: its name in the API, never changed."""

    __tablename__ = "custom_field"
    __table_args__ = (of_cabinet(), UniqueConstraint("cabinet_id", "code"))

    code: Mapped[str] = mapped_column(String(40))
    label: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(12))
    of_persons: Mapped[bool] = mapped_column(default=True)
    of_companies: Mapped[bool] = mapped_column(default=True)
    help: Mapped[str | None] = mapped_column(String(200))
    required: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)
    #: Of a choice: [{"code", "label", "archived"}], in order.
    options: Mapped[list[Any]] = mapped_column(default=list)
    archived_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)


class CustomValue(Model):
    """What such a field says of a contact, in the column of its kind; a field of several choices has a row for each."""

    __tablename__ = "custom_value"
    __table_args__ = (
        belongs("contact_id", "contact"),
        belongs("field_id", "custom_field"),
        UniqueConstraint("cabinet_id", "contact_id", "field_id", "place"),
        Index("ix_custom_value_text", "cabinet_id", "field_id", "choice"),
        Index("ix_custom_value_number", "cabinet_id", "field_id", "number"),
        Index("ix_custom_value_day", "cabinet_id", "field_id", "day"),
    )

    contact_id: Mapped[str] = mapped_column(String(26))
    field_id: Mapped[str] = mapped_column(String(26))
    place: Mapped[int] = mapped_column(default=0)
    text: Mapped[str | None] = mapped_column(Text)
    #: The code of a choice; OUI or NON.
    choice: Mapped[str | None] = mapped_column(String(40))
    number: Mapped[Decimal | None] = mapped_column(Money())
    day: Mapped[date | None]


class ContactNumber(Model):
    """The number by which a company or a partner knows a contact. Of one company, a number is one contact's only."""

    __tablename__ = "contact_number"
    __table_args__ = (
        belongs("contact_id", "contact"),
        UniqueConstraint("cabinet_id", "folded_company", "folded_number"),
        Index("ix_contact_number_contact", "cabinet_id", "contact_id"),
    )

    contact_id: Mapped[str] = mapped_column(String(26))
    company: Mapped[str] = mapped_column(String(80))
    number: Mapped[str] = mapped_column(String(40))
    folded_company: Mapped[str] = mapped_column(String(80))
    folded_number: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime] = mapped_column(default=now)
