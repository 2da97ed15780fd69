"""Where addresses lie, who lives around a point: answers of a geocoder, distances, rights (QM-01)."""

from __future__ import annotations

import math
import random
from pathlib import Path
from typing import Any

import pytest

from core import config as configuration
from core.contacts import channels
from core.contacts import geo
from core.contacts import geocoder
from core.contacts import merging
from core.contacts import near
from core.contacts import places
from core.contacts.geo import Point
from core.contacts.geocoder import Place
from core.db.errors import DomainError
from core.db.errors import NotFound
from core.db.session import TenantSession
from tests.conftest import make_config
from tests.core.accounts.book import Book
from tests.core.accounts.book import person

NANTES, PARIS, LYON = Point(47.2173, -1.5534), Point(48.8566, 2.3522), Point(45.7578, 4.8320)
HOME = {"usage": "DOMICILE", "street": "12 rue Crébillon", "postal_code": "44000", "city": "Nantes", "extra": "Chez Mme Durand"}


def feature(longitude: Any, latitude: Any, score: Any, label: str = "Nantes", kind: str = "Point") -> dict[str, Any]:
    """As the Géoplateforme answers: the longitude comes first."""
    return {"type": "Feature", "geometry": {"type": kind, "coordinates": [longitude, latitude]},
            "properties": {"label": label, "score": score, "type": "housenumber"}}  # fmt: skip


def home(session: TenantSession, contact_id: str, **more: Any) -> str:
    return channels.add(session, "cli", contact_id, "address", {**HOME, **more})


def put(session: TenantSession, contact_id: str, point: Point, **more: Any) -> str:
    address = home(session, contact_id, **more)
    places.put(session, "cli", address, point)
    return address


def test_a_feature_collection_is_read_the_right_way_round() -> None:
    """modules.md §13: longitude, then latitude; the best first; what is no scored point is left out; what is no list, refused."""
    features = [
        feature(-1.5586, 47.2138, 0.51), feature(-1.5534, 47.2173, 0.97, "12 Rue Crébillon 44000 Nantes"),
        feature(200, 47, 0.9), feature(-1.5, 47.2, "x"), feature(-1.5, 47.2, float("nan")),
        feature(-1.5, 47.2, 1, kind="Polygon"), {"type": "Feature"}, 3,
    ]  # fmt: skip
    document = {"type": "FeatureCollection", "features": features}
    found = geocoder.read(document)
    assert [(one.point, one.score) for one in found] == [(NANTES, 0.97), (Point(47.2138, -1.5586), 0.51)]
    for wrong in ({}, [], "x", {"features": {}}):
        with pytest.raises(ValueError, match="no FeatureCollection"):
            geocoder.read(wrong)


def test_distances_and_boxes() -> None:
    """QM-01: known distances; every point within a distance is in its box, at poles and across the 180th meridian too."""
    assert geo.distance(NANTES, PARIS) == pytest.approx(343, abs=2)
    assert geo.distance(PARIS, LYON) == pytest.approx(392, abs=2)
    assert geo.distance(Point(0, 179.9), Point(0, -179.9)) == pytest.approx(22.24, abs=0.01)
    draw = random.Random(20261126)  # noqa: S311 - points to try, the same every time
    centers = (NANTES, Point(-21.3, 165.5), Point(0, 179.95), Point(89.9, 10), Point(-89.99, -170))
    for center in centers:
        for _ in range(200):
            km, bearing = draw.uniform(1, 200), draw.uniform(0, 2 * math.pi)
            arc, lat = km * draw.random() / geo.RADIUS, math.radians(center.latitude)
            north = math.asin(math.sin(lat) * math.cos(arc) + math.cos(lat) * math.sin(arc) * math.cos(bearing))
            east = math.radians(center.longitude) + math.atan2(
                math.sin(bearing) * math.sin(arc) * math.cos(lat), math.cos(arc) - math.sin(lat) * math.sin(north)
            )
            point = Point(math.degrees(north), (math.degrees(east) + 180) % 360 - 180)
            box = geo.box(center, km)
            sides = (point.longitude >= box.west, point.longitude <= box.east)
            assert any(sides) if box.crosses else all(sides), (center, km, point, box)
            assert box.south - 1e-9 <= point.latitude <= box.north + 1e-9


def test_an_address_goes_from_asked_to_known_and_is_asked_anew_when_it_changes(book: Book) -> None:
    """QM-01: sure above 0.6; below, a person chooses; nothing known; placed by hand; a new text is a new question."""
    with book.db.session(1) as session:
        address = home(session, book.jeanne)
        (wanted,) = places.waiting(session, most=10)
        assert wanted.text == "12 rue Crébillon, 44000 Nantes"  # neither the name nor what is written after «chez»
        doubt = (Place("Rue Crébillon 44000 Nantes", NANTES, 0.55), Place("Nantes", Point(47.2, -1.55), 0.4))
        places.answered(session, wanted, doubt, "data.geopf.fr")
        shown = places.address(session, book.marc, address)
        assert (shown.state, shown.point, shown.candidates) == ("DOUBT", None, doubt)
        assert [one.id for one in places.doubtful(session, book.marc)] == [address]
        assert places.doubtful(session, book.claire) == ()
        places.choose(session, book.marc, address, 0)
        assert places.address(session, book.marc, address).point == NANTES
        assert places.waiting(session, most=10) == ()
        places.put(session, book.marc, address, LYON)
        assert places.address(session, book.marc, address).state == "MANUAL"
        channels.change(session, book.marc, book.jeanne, "address", address, {**HOME, "street": "3 place Royale"})
        assert places.address(session, book.marc, address).state == "WAITING"
        (again,) = places.waiting(session, most=10)
        places.answered(session, wanted, [Place("x", PARIS, 1.0)], "late")  # of the former text: it comes too late
        assert places.address(session, book.marc, address).state == "WAITING"
        places.answered(session, again, [], "data.geopf.fr")
        assert places.address(session, book.marc, address).state == "ABSENT"
        places.again(session, book.marc, address)
        assert [one.address_id for one in places.waiting(session, most=10)] == [address]
        with pytest.raises(NotFound):
            places.put(session, book.claire, address, NANTES)


def test_around_a_point_by_distance_and_by_right(book: Book) -> None:
    """QM-01: the nearest first, each contact once at its nearest address, those only that one sees; no network."""
    with book.db.session(1) as session:
        far = person(session, book.marc, "Martin")
        put(session, book.jeanne, Point(47.2200, -1.5534))
        put(session, book.jeanne, Point(47.3000, -1.5534), usage="SECONDAIRE")
        put(session, book.paul, Point(47.2180, -1.5534))
        put(session, far, LYON, city="Lyon", postal_code="69001")
        found = near.around(session, book.boss, NANTES, 20)
        assert [(one.id, round(one.km, 1)) for one in found.items] == [(book.paul, 0.1), (book.jeanne, 0.3)]
        assert [one.id for one in near.around(session, book.marc, NANTES, 20).items] == [book.jeanne]
        assert [one.id for one in near.around(session, book.boss, LYON, 5).items] == [far]
        town = near.of_town(session, book.marc, "nantes")
        assert town is not None
        assert (town[0], round(town[1].latitude, 2)) == ("Nantes", 47.26)
        assert near.of_town(session, book.marc, "69") is not None
        assert near.of_town(session, book.claire, "Lyon") is None
        with pytest.raises(DomainError):
            near.around(session, book.boss, NANTES, 5000)


def test_the_place_follows_its_address_through_a_merge(book: Book) -> None:
    """CT-02, QM-01: what is kept beside an address goes where the address goes."""
    with book.db.session(1) as session:
        twin = person(session, book.marc, "Durand")
        put(session, twin, NANTES)
        merging.merge(session, book.boss, book.jeanne, twin, {})
        assert near.of_contact(session, book.boss, book.jeanne) == NANTES


@pytest.mark.parametrize("text", ["http://geo.example/search", "https://", "https://u:p@geo.example/", "https://a.fr/?q=x", "ftp://x"])
def test_a_geocoder_has_a_plain_https_address(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """QM-01: what a cabinet types as a geocoder is https, without a password or a query of its own."""
    monkeypatch.setattr(configuration, "current", lambda: make_config(tmp_path, plp_allow_loopback=False))
    with pytest.raises(DomainError):
        geocoder.checked_url(text)
