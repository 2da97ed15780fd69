"""Duplicates among 100,000 contacts, and those around a point: found anew at each opening, in a few seconds (CT-02, QM-01)."""

from __future__ import annotations

from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from sqlalchemy import insert
from sqlalchemy import select

from benchmarks import book
from benchmarks.measure import Row
from benchmarks.measure import median
from benchmarks.measure import ms
from core.cabinets import services
from core.contacts import near
from core.contacts import twins
from core.contacts.geo import Point
from core.contacts.models import Contact
from core.contacts.models import ContactAddress
from core.contacts.place_models import AddressPlace
from core.db.clock import now
from core.extensions import db

COUNT = 100_000
#: Nantes; the contacts lie within about two hundred kilometres of it.
MIDDLE = Point(47.2173, -1.5534)


def run() -> list[Row]:
    """By the cabinet's administrator, who sees all of them."""
    with TemporaryDirectory() as folder, book.application(Path(folder), f"sqlite:///{folder}/banc.sqlite") as app:
        cabinet_id, people = book.cabinet(app, "banc")
        book.contacts(cabinet_id, people, COUNT)
        _places(cabinet_id)
        with db.session(cabinet_id, write=False) as session:
            boss = next(one for one in services.principals(session, people).values() if one.role == "ADMINISTRATEUR")
            found = median(lambda: twins.of_cabinet(session, boss), times=3, warm=1)
            around = median(lambda: near.around(session, boss, MIDDLE, 20), times=5, warm=1)
            total = near.around(session, boss, MIDDLE, 20).total
    return [
        Row(f"Doublons among {COUNT:,}", ms(found), "≤ 8 s", found <= 8),
        Row(f"Within 20 km, {total:,} of {COUNT:,}", ms(around), "≤ 1 s", around <= 1),
    ]


def _places(cabinet_id: int) -> None:
    draw = Random(7)  # noqa: S311 - the same every time
    with db.session(cabinet_id) as session:
        addresses, places = [], []
        for at, contact_id in enumerate(session.scalars(select(Contact.id))):
            key = {"cabinet_id": cabinet_id, "id": f"a{at:025d}"}
            addresses.append({**key, "contact_id": contact_id, "usage": "DOMICILE", "is_primary": True, "opt_in": False,
                              "position": 0, "created_at": now(), "city": "Nantes", "country": "FR"})  # fmt: skip
            places.append({
                **key, "address_id": key["id"], "asked": "||Nantes|FR", "state": "FOUND", "source": "banc", "label": "",
                "latitude": MIDDLE.latitude + draw.uniform(-2, 2), "longitude": MIDDLE.longitude + draw.uniform(-3, 3),
                "score": 0.9, "candidates": [], "at": now(),
            })  # fmt: skip
        session.execute(insert(ContactAddress), addresses)
        session.execute(insert(AddressPlace), places)
