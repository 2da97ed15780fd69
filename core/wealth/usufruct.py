"""What a usufruct is worth beside the bare ownership: the scale of article 669 of the CGI, as a dated table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale in force from a day on. `steps`: (age not reached, ratio of the full ownership), youngest first."""

    since: date
    steps: tuple[tuple[int, Decimal], ...]
    beyond: Decimal
    by_decade: Decimal
    source: str


#: Oldest first. Art. 669 I: the age of the usufructuary; II: 23 % for each period of ten years, begun, of a fixed term.
SCALES = (
    Scale(
        date(2004, 1, 1),
        tuple(
            (age, Decimal(percent) / 100)
            for age, percent in ((21, 90), (31, 80), (41, 70), (51, 60), (61, 50), (71, 40), (81, 30), (91, 20))
        ),
        Decimal("0.10"), Decimal("0.23"),
        "Art. 669 CGI, loi n° 2003-1311 du 30 décembre 2003, art. 19",
    ),
)  # fmt: skip


def scale(on: date) -> Scale | None:
    """The scale in force on a day; None before the oldest known."""
    return next((one for one in reversed(SCALES) if one.since <= on), None)


def for_life(birth: date, on: date) -> Decimal | None:
    """The usufruct's ratio of the full ownership, by the usufructuary's age on a day; None where no scale is known."""
    found = scale(on)
    if found is None or birth > on:
        return None
    years = age(birth, on)
    return next((ratio for limit, ratio in found.steps if years < limit), found.beyond)


def for_term(until: date, on: date) -> Decimal | None:
    """The ratio of a usufruct that still runs to a day: by periods of ten years begun, whole ownership at most."""
    found = scale(on)
    if found is None:
        return None
    if until <= on:
        return Decimal(0)
    years = until.year - on.year - ((until.month, until.day) <= (on.month, on.day))
    return min(Decimal(1), found.by_decade * (years // 10 + 1))


def age(birth: date, on: date) -> int:
    """Whole years lived on a day."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))
