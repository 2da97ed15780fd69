"""The earth, as far as a list of neighbours needs it: distances on the sphere, a box around a point, a flat drawing.

Degrees are WGS 84, latitude first, but in GeoJSON, where the longitude comes first.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import asin
from math import cos
from math import degrees
from math import radians
from math import sin
from math import sqrt

#: Mean radius, in km (IUGG).
RADIUS = 6371.0088


@dataclass(frozen=True, slots=True)
class Point:
    """A place, in degrees. Raises ValueError for one that is nowhere."""

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        if not (-90 <= self.latitude <= 90 and -180 <= self.longitude <= 180):
            raise ValueError(f"no such place: {self.latitude}, {self.longitude}")


@dataclass(frozen=True, slots=True)
class Box:
    """All that lies within a distance, and corners besides. `west` is above `east` where it crosses the 180th meridian."""

    south: float
    north: float
    west: float
    east: float

    @property
    def crosses(self) -> bool:
        """Whether it lies on both sides of the 180th meridian."""
        return self.west > self.east


def distance(one: Point, two: Point) -> float:
    """Kilometres along the great circle (haversine)."""
    a, b = radians(one.latitude), radians(two.latitude)
    half = sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(radians(two.longitude - one.longitude) / 2) ** 2
    return 2 * RADIUS * asin(min(1.0, sqrt(half)))


def box(around: Point, km: float) -> Box:
    """What a query looks through before distances are reckoned."""
    high = degrees(km / RADIUS)
    south, north = around.latitude - high, around.latitude + high
    if south <= -90 or north >= 90:  # a pole lies within: all longitudes do
        return Box(max(south, -90.0), min(north, 90.0), -180.0, 180.0)
    wide = degrees(asin(min(1.0, sin(min(km / RADIUS, 1.5)) / cos(radians(around.latitude)))))
    if wide >= 180:
        return Box(south, north, -180.0, 180.0)
    west, east = around.longitude - wide, around.longitude + wide
    return Box(south, north, west + 360 if west < -180 else west, east - 360 if east > 180 else east)


def flat(around: Point, one: Point) -> tuple[float, float]:
    """Kilometres east and north of a point, on the plane that touches the sphere there: good for a drawing of a region."""
    east = (one.longitude - around.longitude + 180) % 360 - 180
    return (
        radians(east) * RADIUS * cos(radians((around.latitude + one.latitude) / 2)),
        radians(one.latitude - around.latitude) * RADIUS,
    )
