"""Where an address lies on the map (QM-01)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Float
from sqlalchemy import Index
from sqlalchemy import String
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from core.db.clock import now
from core.db.model import Model
from core.db.model import belongs

#: FOUND: the geocoder is sure enough; DOUBT: a person chooses; ABSENT: it knows no such place; MANUAL: a person placed it.
STATES = ("FOUND", "DOUBT", "ABSENT", "MANUAL")


class AddressPlace(Model):
    """An address's coordinates (WGS 84, degrees), beside it: how sure (0 to 1), since when, by whom.

    `asked`: the address as it was then; once it reads otherwise, the place is asked for anew.
    """

    __tablename__ = "address_place"
    __table_args__ = (
        belongs("address_id", "contact_address", ondelete="CASCADE"),
        UniqueConstraint("cabinet_id", "address_id"),
        Index("ix_address_place_where", "cabinet_id", "latitude", "longitude"),
    )

    address_id: Mapped[str] = mapped_column(String(26))
    asked: Mapped[str] = mapped_column(String(500))
    state: Mapped[str] = mapped_column(String(8))
    latitude: Mapped[float | None] = mapped_column(Float)
    longitude: Mapped[float | None] = mapped_column(Float)
    score: Mapped[float | None] = mapped_column(Float)
    source: Mapped[str] = mapped_column(String(100))
    label: Mapped[str] = mapped_column(String(200), default="")
    #: What a person may choose from, the best first: label, latitude, longitude, score.
    candidates: Mapped[list[Any]] = mapped_column(default=list)
    at: Mapped[datetime] = mapped_column(default=now)
