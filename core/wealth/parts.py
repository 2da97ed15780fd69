"""Who owns what part of a thing: full ownership, bare ownership and usufruct made into parts that sum to the whole.

Pure: no database. A part is a ratio of the thing's whole value; parts of all owners make 1 exactly, or are not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP
from decimal import Decimal

from core.hooks.wealth import Ownership
from core.wealth import usufruct

#: The finest part that is told: what does not divide goes to the last owner.
FINE = Decimal("0.00000001")
_WHOLE = ("PLEINE_PROPRIETE", "INDIVISION")
_ENJOYED = ("USUFRUIT", "QUASI_USUFRUIT")


@dataclass(frozen=True, slots=True)
class Part:
    """One owner's part. `ratio` is None where it cannot be told: `why` then says what is missing, otherwise how it was found."""

    contact_id: str
    right: str
    share: Decimal
    ratio: Decimal | None
    why: str


def parts(
    owners: Sequence[Ownership], births: Mapping[str, date | None], on: date, *, until: date | None = None
) -> tuple[Part, ...]:
    """Each owner's part of a thing on a day, in the owners' order.

    `births`: of the usufructuaries; `until`: the end of a usufruct for a fixed time. Shares must be sound (`problem`).
    """
    enjoyed = {one: _enjoyed(one, births, on, until) for one in owners if one.right in _ENJOYED}
    unknown = any(ratio is None for ratio in enjoyed.values())
    taken = sum((ratio for ratio in enjoyed.values() if ratio is not None), Decimal(0))
    bare = [one for one in owners if one.right == "NUE_PROPRIETE"]
    dismembered = sum((one.share for one in bare), Decimal(0))
    found = []
    for one in owners:
        if one.right in _WHOLE:
            found.append(Part(one.contact_id, one.right, one.share, one.share, ""))
        elif one.right == "NUE_PROPRIETE":
            rest = None if unknown else (dismembered - taken) * one.share / dismembered
            found.append(Part(one.contact_id, one.right, one.share, _fine(rest), _BARE if unknown else _scale(on)))
        else:
            ratio = enjoyed[one]
            found.append(Part(one.contact_id, one.right, one.share, _fine(ratio), _AGE if ratio is None else _scale(on)))
    return _closed(found)


_AGE = "Date de naissance de l'usufruitier inconnue\u202f: son usufruit ne peut être évalué."
_BARE = "Usufruit non évalué\u202f: la nue-propriété, qui en est le reste, ne l'est pas non plus."


def problem(owners: Sequence[Ownership]) -> str | None:
    """What is wrong with shares, as a person is told it; None where full and bare ownership make 1, and so does enjoyment."""
    if not owners:
        return "Indiquez au moins un propriétaire."
    if any(not 0 < one.share <= 1 for one in owners):
        return "Une quote-part est supérieure à 0\u00a0% et ne dépasse pas 100\u00a0%."
    if len({(one.contact_id, one.right) for one in owners}) != len(owners):
        return "Une personne figure deux fois avec le même droit\u202f: additionnez ses quotes-parts."
    whole = sum((one.share for one in owners if one.right in _WHOLE), Decimal(0))
    bare = sum((one.share for one in owners if one.right == "NUE_PROPRIETE"), Decimal(0))
    enjoyed = sum((one.share for one in owners if one.right in _ENJOYED), Decimal(0))
    if whole + bare != 1:
        return f"Pleine propriété et nue-propriété font ensemble {percent(whole + bare)}\u202f: il faut 100\u00a0%."
    if whole + enjoyed != 1:
        return f"Pleine propriété et usufruit font ensemble {percent(whole + enjoyed)}\u202f: il faut 100\u00a0%."
    return None


def equal(count: int) -> tuple[Decimal, ...]:
    """Equal shares that make 1 exactly; the last takes what does not divide."""
    each = (Decimal(1) / count).quantize(FINE)
    return (*([each] * (count - 1)), 1 - each * (count - 1))


def _enjoyed(one: Ownership, births: Mapping[str, date | None], on: date, until: date | None) -> Decimal | None:
    if one.right == "QUASI_USUFRUIT":
        return one.share  # he disposes of the thing as its owner; what he owes back is a debt of its own
    birth = births.get(one.contact_id)
    ratio = usufruct.for_term(until, on) if until else usufruct.for_life(birth, on) if birth else None
    return None if ratio is None else ratio * one.share


def _closed(found: list[Part]) -> tuple[Part, ...]:
    """Rounding must not make or lose a cent: the last owner's part is what the others leave."""
    ratios = [one.ratio for one in found]
    if not found or None in ratios:
        return tuple(found)
    last, others = found[-1], sum((one for one in ratios[:-1] if one is not None), Decimal(0))
    return (*found[:-1], Part(last.contact_id, last.right, last.share, 1 - others, last.why))


def _fine(ratio: Decimal | None) -> Decimal | None:
    return None if ratio is None else ratio.quantize(FINE, ROUND_HALF_UP)


def _scale(on: date) -> str:
    found = usufruct.scale(on)
    return f"Barème\u202f: {found.source}." if found else "Aucun barème n'est connu à cette date."


def percent(ratio: Decimal) -> str:
    """«33,33 %»: a ratio as a person reads it."""
    return f"{(ratio * 100).normalize():f}".replace(".", ",") + "\u00a0%"
