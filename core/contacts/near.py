"""Contacts around a point: looked for in a box by the database, then sorted by distance (QM-01)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select

from core.contacts import geo
from core.contacts.access import visible
from core.contacts.geo import Point
from core.contacts.models import Contact
from core.contacts.models import ContactAddress
from core.contacts.place_models import AddressPlace
from core.contacts.places import written
from core.contacts.schemas import STAGE_LABELS
from core.db.errors import DomainError
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.search.words import fold

#: Kilometres that may be asked for, and contacts that are shown.
LEAST_KM, MOST_KM, MOST = 1, 200, 200


@dataclass(frozen=True, slots=True)
class Near:
    """A contact at one of its addresses. `km` along the great circle."""

    id: str
    name: str
    stage: str
    file_code: str
    address_id: str
    address: str
    city: str
    point: Point
    km: float
    vital: str

    @property
    def distance(self) -> Decimal:
        """Kilometres as they are said, to a hundred metres."""
        return Decimal(str(round(self.km, 1)))

    @property
    def stage_label(self) -> str:
        """«Client»."""
        return STAGE_LABELS.get(self.stage, self.stage)


@dataclass(frozen=True, slots=True)
class Around:
    """Those within the distance, the nearest first; `total` counts all of them."""

    items: tuple[Near, ...]
    total: int


def around(session: TenantSession, adviser: Adviser, center: Point, km: float, *, most: int = MOST) -> Around:
    """The contacts that the adviser sees within a distance, each once, at its nearest address. Raises `DomainError`."""
    if not LEAST_KM <= km <= MOST_KM:
        raise DomainError(f"Indiquez une distance de {LEAST_KM} à {MOST_KM} km.", field="km")
    box = geo.box(center, km)
    east = AddressPlace.longitude
    within = or_(east >= box.west, east <= box.east) if box.crosses else east.between(box.west, box.east)
    rows = session.execute(
        select(
            Contact.id, Contact.display_name, Contact.sort_name, Contact.stage, Contact.file_code, Contact.vital,
            ContactAddress.id.label("address_id"), ContactAddress.street, ContactAddress.postal_code, ContactAddress.city,
            ContactAddress.country, AddressPlace.latitude, AddressPlace.longitude,
        )
        .join(ContactAddress, ContactAddress.contact_id == Contact.id)
        .join(AddressPlace, AddressPlace.address_id == ContactAddress.id)
        .where(AddressPlace.latitude.between(box.south, box.north), within, visible(adviser))
    )  # fmt: skip
    found: dict[str, tuple[float, Any]] = {}
    for row in rows:
        far = geo.distance(center, Point(row.latitude, row.longitude))
        if far <= km and (row.id not in found or far < found[row.id][0]):
            found[row.id] = (far, row)
    ordered = sorted(found.values(), key=lambda one: (one[0], one[1].sort_name, one[1].id))
    items = tuple(
        Near(
            row.id, row.display_name, row.stage, row.file_code, row.address_id, written(row), row.city,
            Point(row.latitude, row.longitude), far, row.vital,
        )
        for far, row in ordered[:most]
    )  # fmt: skip
    return Around(items, len(ordered))


def of_contact(session: TenantSession, adviser: Adviser, contact_id: str) -> Point | None:
    """Where a contact's primary address lies, or another one that has a place; None where none has."""
    row = session.execute(
        select(AddressPlace.latitude, AddressPlace.longitude)
        .join(ContactAddress, ContactAddress.id == AddressPlace.address_id)
        .join(Contact, Contact.id == ContactAddress.contact_id)
        .where(Contact.id == contact_id, AddressPlace.latitude.is_not(None), visible(adviser, each=True))
        .order_by(ContactAddress.is_primary.desc(), ContactAddress.position, ContactAddress.id).limit(1)
    ).first()  # fmt: skip
    return Point(row.latitude, row.longitude) if row is not None and row.latitude is not None else None


def of_town(session: TenantSession, adviser: Adviser, name: str) -> tuple[str, Point] | None:
    """A town or postcode that the adviser's contacts live in: its name, and the middle of their addresses. No network.

    «nantes» finds Nantes, «44» the whole department; None where nobody known lives there.
    """
    wanted = fold(name)
    if not wanted:
        return None
    places = (
        select(ContactAddress.city, ContactAddress.postal_code, func.avg(AddressPlace.latitude),
               func.avg(AddressPlace.longitude), func.count(ContactAddress.id))
        .join(AddressPlace, AddressPlace.address_id == ContactAddress.id)
        .join(Contact, Contact.id == ContactAddress.contact_id)
        .where(AddressPlace.latitude.is_not(None), visible(adviser)).group_by(ContactAddress.city, ContactAddress.postal_code)
    )  # fmt: skip
    digits = wanted.replace(" ", "")
    found = [
        row for row in session.execute(places)
        if (digits.isdigit() and (row[1] or "").startswith(digits)) or fold(row[0]) == wanted
        or f"{row[1] or ''} {fold(row[0])}".strip() == wanted
    ]  # fmt: skip
    count = sum(row[4] for row in found)
    if not count:
        return None
    middle = Point(sum(row[2] * row[4] for row in found) / count, sum(row[3] * row[4] for row in found) / count)
    return max(found, key=lambda row: row[4])[0], middle
