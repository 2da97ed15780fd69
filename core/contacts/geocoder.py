"""The geocoder: an address's text goes out, coordinates come back. Never a name, nothing else of a file (QM-01).

It speaks as the French Géoplateforme does: `?q=…&limit=5`, answered by a GeoJSON FeatureCollection whose points are
[longitude, latitude] and whose properties hold `score` (0 to 1) and `label`. Called by the server alone, never by a page.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from urllib.parse import urlsplit

from core import config
from core.contacts.geo import Point
from core.db.errors import DomainError
from core.hooks.errors import PartnerRefused
from core.hooks.errors import ProtocolError
from core.http.partner import PartnerHttp

USUAL = "https://data.geopf.fr/geocodage/search"
#: Whose breaker and calls: the name under which `core.http` counts them.
NAME = "geocoder"
#: Below this score a person is asked.
SURE = 0.6
#: Answers that are looked at, and characters of a question.
MOST, LONGEST = 5, 200


@dataclass(frozen=True, slots=True)
class Place:
    """One answer."""

    label: str
    point: Point
    score: float


def checked_url(text: str) -> str:
    """The geocoder's address, as the cabinet typed it. Raises `DomainError`."""
    try:
        parts = urlsplit(text.strip())
        port = parts.port
    except ValueError:
        raise DomainError("Cette adresse n'est pas lisible.", field="geocoder") from None
    here = config.current().plp_allow_loopback and parts.hostname in ("127.0.0.1", "localhost")
    if (parts.scheme != "https" and not here) or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise DomainError(
            "Indiquez une adresse en https, sans identifiant ni paramètre, comme " + USUAL + ".", field="geocoder"
        )
    assert port is None or port > 0
    return text.strip()


def host(url: str) -> str:
    """To whom addresses are sent, as people read it."""
    return urlsplit(url).hostname or url


def ask(cabinet_id: int, url: str, address: str, *, interactive: bool = False, deadline: float = 5.0) -> tuple[Place, ...]:
    """What the geocoder answers to an address, the best first; nothing where it knows no such place.

    Raises `PartnerUnavailable` (no answer in time, breaker open), `ProtocolError` (an answer that is none), `PartnerRefused`.
    """
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    client = PartnerHttp(
        NAME, cabinet_id, allow_loopback=config.current().plp_allow_loopback, ports=frozenset({port})
    )
    query = urlencode({"q": address[:LONGEST], "limit": MOST, "autocomplete": 0})
    answer = client.request(
        "GET", f"{url}?{query}", operation="search", headers={"Accept": "application/json"}, deadline=deadline,
        interactive=interactive,
    )  # fmt: skip
    if answer.status == 400:
        return ()  # the geocoder cannot make an address of it
    if answer.status != 200:
        raise PartnerRefused(f"Le géocodeur refuse la demande ({answer.status}).")
    try:
        return read(answer.json())
    except ValueError as error:
        raise ProtocolError("La réponse du géocodeur n'est pas du GeoJSON.") from error


def read(document: Any) -> tuple[Place, ...]:
    """The places of a FeatureCollection, the best first; what is not a point with a score is left out. Raises ValueError."""
    if not isinstance(document, dict) or not isinstance(document.get("features"), list):
        raise ValueError("no FeatureCollection")
    found = [place for one in document["features"][: MOST * 2] if (place := _place(one)) is not None]
    return tuple(sorted(found, key=lambda place: -place.score))[:MOST]


def _place(feature: Any) -> Place | None:
    try:
        longitude, latitude = feature["geometry"]["coordinates"][:2]
        score = float(feature["properties"]["score"])
        label = str(feature["properties"].get("label") or "")[:200]
        if feature["geometry"]["type"] != "Point" or not math.isfinite(score):
            return None
        return Place(label, Point(float(latitude), float(longitude)), max(0.0, min(1.0, score)))
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
