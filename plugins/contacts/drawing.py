"""The map without tiles: contacts around a point on the plane, rings of distance, names of towns (QM-01).

Nothing is asked of anybody: what is drawn is what the list beside it says.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from core.api import contacts

#: Half the drawing's side, in its own units, and what stays free at its border.
HALF, BORDER = 200, 14
#: Dots nearer than this are drawn as one; lines of text are this high.
CLOSE, LINE = 16, 16
#: Names of towns that are drawn at most.
TOWNS = 8


@dataclass(frozen=True, slots=True)
class Dot:
    """One or more contacts at one place. `ref`: the first one's id, to whose line it leads."""

    x: float
    y: float
    count: int
    label: str
    ref: str

    @property
    def radius(self) -> float:
        """Larger for more."""
        return 5 if self.count == 1 else min(14.0, 8 + self.count / 4)


@dataclass(frozen=True, slots=True)
class Name:
    """A town's name, above its contacts."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Ring:
    """A distance around the middle."""

    radius: float
    km: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """All of it; x goes east, y goes south, the middle is 0, 0."""

    dots: tuple[Dot, ...]
    names: tuple[Name, ...]
    rings: tuple[Ring, ...]


def of(center: contacts.geo.Point, km: float, items: Sequence[contacts.near.Near]) -> Drawing:
    """The drawing of those within the distance."""
    scale = (HALF - BORDER) / km
    placed = []
    for one in items:
        east, north = contacts.geo.flat(center, one.point)
        placed.append((round(east * scale, 1), round(-north * scale, 1), one))
    rings = tuple(Ring(round(far * scale, 1), far) for far in _steps(km))
    return Drawing(_dots(placed), _names(placed), rings)


def _steps(km: float) -> tuple[int, ...]:
    return tuple(sorted({max(1, round(km / 4)), max(1, round(km / 2)), max(1, round(km))}))


def _dots(placed: list[tuple[float, float, contacts.near.Near]]) -> tuple[Dot, ...]:
    groups: dict[tuple[int, int], list[tuple[float, float, contacts.near.Near]]] = defaultdict(list)
    for x, y, one in placed:
        groups[round(x / CLOSE), round(y / CLOSE)].append((x, y, one))
    dots = []
    for group in groups.values():
        names = ", ".join(one.name for _x, _y, one in group[:5]) + ("…" if len(group) > 5 else "")
        x, y = sum(one[0] for one in group) / len(group), sum(one[1] for one in group) / len(group)
        dots.append(Dot(round(x, 1), round(y, 1), len(group), names, group[0][2].id))
    return tuple(dots)


def _names(placed: list[tuple[float, float, contacts.near.Near]]) -> tuple[Name, ...]:
    towns: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for x, y, one in placed:
        towns[one.city].append((x, y))
    names: list[Name] = []
    for town, places in sorted(towns.items(), key=lambda one: (-len(one[1]), one[0])):
        x = sum(place[0] for place in places) / len(places)
        y = min(place[1] for place in places) - LINE
        half = len(town) * 4 + 4
        x, y = max(-HALF + half, min(HALF - half, x)), max(-HALF + LINE, y)
        if all(abs(other.y - y) > LINE or abs(other.x - x) > half + len(other.text) * 4 for other in names):
            names.append(Name(round(x, 1), round(y, 1), town))
        if len(names) == TOWNS:
            break
    return tuple(names)
