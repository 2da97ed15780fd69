"""The periods that people choose from (PF-08)."""

from __future__ import annotations

from datetime import date

#: Code → label, in the order of the picker; LIBRE takes two days.
PERIODS: dict[str, str] = {
    "origine": "Depuis l'origine", "annee": "Année en cours", "1a": "1 an", "3a": "3 ans", "5a": "5 ans",
    "precedente": "Année précédente", "libre": "Autres dates",
}  # fmt: skip
_YEARS = {"1a": 1, "3a": 3, "5a": 5}


def bounds(period: str, on: date) -> tuple[date | None, date]:
    """The first and the last day of a period seen on a day; None: from the first day known.

    A calendar year goes from the 31 December before it to its own.
    """
    if period == "annee":
        return date(on.year - 1, 12, 31), on
    if period == "precedente":
        return date(on.year - 2, 12, 31), date(on.year - 1, 12, 31)
    if period in _YEARS:
        return _before(on, _YEARS[period]), on
    return None, on


def _before(on: date, years: int) -> date:
    try:
        return on.replace(year=on.year - years)
    except ValueError:  # 29 February
        return on.replace(year=on.year - years, day=28)
