"""Where addresses lie: what is still to be asked, what was answered, what a person says (QM-01)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select

from core.cabinets import audit
from core.cabinets import rights
from core.contacts import choices
from core.contacts.access import visible
from core.contacts.access import writer
from core.contacts.geo import Point
from core.contacts.geocoder import SURE
from core.contacts.geocoder import Place
from core.contacts.models import Contact
from core.contacts.models import ContactAddress
from core.contacts.place_models import AddressPlace
from core.db.clock import now
from core.db.errors import DomainError
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.hooks.types import Adviser

BY_HAND = "Placée à la main"
_ABSENT = "Cette adresse n'existe pas, ou n'est pas ouverte à votre profil."


@dataclass(frozen=True, slots=True)
class Wanted:
    """An address to be asked for: the text that goes out, and what it is compared by when the answer comes."""

    address_id: str
    asked: str
    text: str


@dataclass(frozen=True, slots=True)
class Address:
    """An address with its place. `state`: of `AddressPlace`, or WAITING where it was not asked for as it reads today."""

    id: str
    contact_id: str
    name: str
    text: str
    state: str
    point: Point | None
    score: float | None
    source: str
    label: str
    at: datetime | None
    candidates: tuple[Place, ...]


def written(row: Any) -> str:
    """What is sent of an address: street, postcode, town, country but for France."""
    country = "" if row.country == "FR" else choices.countries().get(row.country, row.country)
    return ", ".join(part for part in (row.street, " ".join(filter(None, (row.postal_code, row.city))), country) if part)


def waiting(session: TenantSession, *, most: int) -> tuple[Wanted, ...]:
    """Addresses whose place nobody asked for as they read today; those placed by hand too, once they changed."""
    rows = session.execute(
        select(
            ContactAddress.id, ContactAddress.street, ContactAddress.postal_code, ContactAddress.city, ContactAddress.country,
            _READS.label("asked"),
        )
        .outerjoin(AddressPlace, AddressPlace.address_id == ContactAddress.id)
        .where(or_(AddressPlace.id.is_(None), AddressPlace.asked != _READS)).order_by(ContactAddress.id).limit(most)
    )  # fmt: skip
    return tuple(Wanted(row.id, row.asked, written(row)) for row in rows)


def answered(session: TenantSession, wanted: Wanted, found: Iterable[Place], source: str) -> None:
    """Keep what the geocoder answered; nothing where the address went, or reads otherwise meanwhile. Idempotent."""
    today = session.scalar(select(_READS).where(ContactAddress.id == wanted.address_id))
    if today != wanted.asked:
        return
    places = tuple(found)
    best = places[0] if places else None
    sure = best is not None and best.score >= SURE
    row = _row(session, wanted.address_id) or AddressPlace(address_id=wanted.address_id)
    row.asked, row.source, row.at = wanted.asked, source[:100], now()
    row.state = "FOUND" if sure else "DOUBT" if best else "ABSENT"
    row.latitude, row.longitude = (best.point.latitude, best.point.longitude) if best and sure else (None, None)
    row.score, row.label = (best.score, best.label) if best else (None, "")
    row.candidates = [[one.label, one.point.latitude, one.point.longitude, one.score] for one in places]
    session.add(row)
    session.flush()


def choose(session: TenantSession, by: Adviser | str, address_id: str, index: int) -> None:
    """Of what the geocoder proposed, a person takes one. Raises `NotFound`, `DomainError`, `Forbidden`."""
    found = address(session, by, address_id)
    if not 0 <= index < len(found.candidates):
        raise DomainError("Choisissez une des propositions.", field="place")
    place = found.candidates[index]
    _set(session, by, address_id, place.point, place.score, place.label, "FOUND")


def put(session: TenantSession, by: Adviser | str, address_id: str, point: Point) -> None:
    """A person says where an address lies. It stays there until the address changes. Raises `NotFound`, `Forbidden`."""
    _set(session, by, address_id, point, None, "", "MANUAL")


def again(session: TenantSession, by: Adviser | str, address_id: str) -> None:
    """Forget the place, so that it is asked for anew. Raises `NotFound`, `Forbidden`."""
    actor = writer(by, "contacts.edit")
    found = address(session, by, address_id)
    rights.require(session, by, "contact", found.contact_id, "contacts.edit")
    if (row := _row(session, address_id)) is not None:
        session.delete(row)
        session.flush()
        audit.record(session, actor, "contact.place_forgotten", f"contact:{found.contact_id}", {"address": address_id})


def address(session: TenantSession, by: Adviser | str, address_id: str) -> Address:
    """One address. Raises `NotFound`, also for one of a contact that is not seen."""
    found = _addresses(session, by, ContactAddress.id == address_id)
    if not found:
        raise NotFound(_ABSENT)
    return found[0]


def of_contact(session: TenantSession, by: Adviser | str, contact_id: str) -> tuple[Address, ...]:
    """The addresses of a contact, the primary one first."""
    return _addresses(session, by, ContactAddress.contact_id == contact_id)


def doubtful(session: TenantSession, adviser: Adviser, *, most: int = 50) -> tuple[Address, ...]:
    """Those that wait for a person's word, of contacts that he sees."""
    return _addresses(session, adviser, AddressPlace.state.in_(("DOUBT", "ABSENT")), AddressPlace.asked == _READS, most=most)


def counts(session: TenantSession, adviser: Adviser) -> dict[str, int]:
    """How many addresses the adviser sees, by state; WAITING for those that were not asked for yet."""
    state = func.coalesce(AddressPlace.state, "WAITING")
    rows = session.execute(
        select(state, func.count(ContactAddress.id)).select_from(ContactAddress)
        .join(Contact, Contact.id == ContactAddress.contact_id)
        .outerjoin(AddressPlace, AddressPlace.address_id == ContactAddress.id)
        .where(visible(adviser)).group_by(state)
    )  # fmt: skip
    return {row[0]: row[1] for row in rows}


#: An address as it reads today: what `AddressPlace.asked` is compared with, in the database.
_READS: ColumnElement[str] = (
    func.coalesce(ContactAddress.street, "") + "|" + func.coalesce(ContactAddress.postal_code, "") + "|"
    + ContactAddress.city + "|" + ContactAddress.country
)  # fmt: skip


def _addresses(
    session: TenantSession, by: Adviser | str, *which: ColumnElement[bool], most: int = 200
) -> tuple[Address, ...]:
    wanted = (
        select(ContactAddress, AddressPlace, Contact.display_name, _READS.label("reads"))
        .join(Contact, Contact.id == ContactAddress.contact_id)
        .outerjoin(AddressPlace, AddressPlace.address_id == ContactAddress.id)
        .where(*which).order_by(Contact.sort_name, ContactAddress.is_primary.desc(), ContactAddress.position).limit(most)
    )  # fmt: skip
    if isinstance(by, Adviser):
        wanted = wanted.where(visible(by))
    return tuple(_shown(row[0], row[1], row[2], row[3]) for row in session.execute(wanted))


def _shown(one: ContactAddress, place: AddressPlace | None, name: str, reads: str) -> Address:
    if place is None or place.asked != reads:
        return Address(one.id, one.contact_id, name, written(one), "WAITING", None, None, "", "", None, ())
    point = Point(place.latitude, place.longitude) if place.latitude is not None and place.longitude is not None else None
    proposed = tuple(Place(label, Point(north, east), score) for label, north, east, score in place.candidates)
    return Address(
        one.id, one.contact_id, name, written(one), place.state, point, place.score, place.source, place.label, place.at, proposed
    )


def _set(
    session: TenantSession, by: Adviser | str, address_id: str, point: Point, score: float | None, label: str, state: str
) -> None:
    actor = writer(by, "contacts.edit")
    found = address(session, by, address_id)
    rights.require(session, by, "contact", found.contact_id, "contacts.edit")
    row = _row(session, address_id) or AddressPlace(address_id=address_id, candidates=[])
    row.asked = session.scalars(select(_READS).where(ContactAddress.id == address_id)).one()
    row.latitude, row.longitude, row.score, row.label, row.state = point.latitude, point.longitude, score, label, state
    row.source, row.at = BY_HAND if state == "MANUAL" or not row.source else row.source, now()
    session.add(row)
    session.flush()
    said = {"address": address_id, "latitude": point.latitude, "longitude": point.longitude}
    audit.record(session, actor, "contact.placed", f"contact:{found.contact_id}", said)


def _row(session: TenantSession, address_id: str) -> AddressPlace | None:
    return session.scalar(select(AddressPlace).where(AddressPlace.address_id == address_id))
