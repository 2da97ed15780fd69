"""How much two files look like one person's, and why: a score of 0 to 100 and reasons in words (CT-02)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from datetime import datetime

from core.search.words import one_fault


@dataclass(frozen=True, slots=True)
class File:
    """What two files are compared by. Names are folded: no accents, no case; `firsts` in their order."""

    id: str
    kind: str
    name: str
    sort_name: str
    file_code: str
    birth_date: date | None
    siren: str | None
    city: str
    created_at: datetime
    surnames: frozenset[str]
    firsts: tuple[str, ...]


def of(one: File, two: File, same: Collection[str]) -> tuple[int, tuple[str, ...]]:
    """The score and its reasons. `same`: which of email, phone and iban both have."""
    if one.kind != two.kind:
        return 0, ()
    score, reasons = _person(one, two, bool(same)) if one.kind == "PERSONNE_PHYSIQUE" else _company(one, two)
    if score == 0:
        return 0, ()
    for kind, worth, words in (
        ("email", 25, "même adresse e-mail"), ("phone", 20, "même téléphone"), ("iban", 20, "même IBAN"),
    ):  # fmt: skip
        if kind in same:
            score += worth
            reasons.append(words)
    if one.city and one.city == two.city:
        score += 5
        reasons.append("même ville")
    return max(0, min(100, score)), tuple(reasons)


def _person(one: File, two: File, reached_alike: bool) -> tuple[int, list[str]]:
    score, words = _names(one, two)
    if not score and reached_alike and one.birth_date == two.birth_date and set(one.firsts) & set(two.firsts):
        score, words = 20, "même prénom, autre nom"  # somebody who married, or took a name back
    reasons = [words] if words else []
    if one.birth_date and two.birth_date:
        if one.birth_date == two.birth_date:
            if score:
                return score + 45, [*reasons, "même date de naissance"]
            return 0, []  # twins, or two strangers of one day
        # one figure mistyped, day and month changed round: the same person as far as the name says so
        near = _near_days(one.birth_date, two.birth_date)
        score += -5 if near else -60
        reasons += ["dates de naissance voisines"] if near else []
    elif score:
        score += 10
        known = one.birth_date or two.birth_date
        reasons.append("date de naissance absente d'un côté" if known else "dates de naissance absentes")
    return max(0, score), reasons


def _names(one: File, two: File) -> tuple[int, str]:
    """How near the names are; 0 for two first names that have nothing in common: a couple, a father and his son."""
    if one.sort_name == two.sort_name:
        if one.surnames != two.surnames and one.surnames & two.surnames:
            return 45, "nom de naissance et nom d'usage croisés"
        return 45, "même nom" if one.name == two.name else "même nom, aux accents ou à la casse près"
    mine, theirs = set(one.firsts), set(two.firsts)
    firsts = bool(mine & theirs) or not mine or not theirs
    near_firsts = firsts or any(one_fault(a, b) for a in mine for b in theirs if min(len(a), len(b)) > 3)
    if not near_firsts:
        return 0, ""
    if one.surnames & two.surnames:
        if one.firsts != two.firsts and mine == theirs:
            return 42, "mêmes prénoms dans un autre ordre"
        if firsts and mine and theirs:
            whole = mine <= theirs or theirs <= mine
            if one.surnames != two.surnames:
                return 38, "nom de naissance et nom d'usage croisés"
            return (38, "prénoms plus complets d'un côté") if whole else (30, "un prénom en commun")
        return 30, "nom et prénom voisins"
    crossed = {*one.surnames, *mine} == {*two.surnames, *theirs} and bool(mine and theirs)
    if crossed:
        return 40, "nom et prénom inversés"
    if any(one_fault(a, b) for a in one.surnames for b in two.surnames if min(len(a), len(b)) > 3):
        return 32, "noms à une lettre près"
    return 0, ""


def _company(one: File, two: File) -> tuple[int, list[str]]:
    if one.siren and two.siren and one.siren != two.siren:
        return 0, []
    if one.siren and one.siren == two.siren:
        return 90, ["même SIREN"]
    company = one.kind == "PERSONNE_MORALE"
    if one.sort_name == two.sort_name:
        return 60, ["même dénomination" if company else "même nom de foyer"]
    if one_fault(one.sort_name, two.sort_name):
        return 35, ["dénominations voisines" if company else "noms de foyer voisins"]
    return 0, []


def _near_days(one: date, two: date) -> bool:
    if one.year == two.year and (one.month, one.day) == (two.day, two.month):
        return True
    return sum(a != b for a, b in zip(one.isoformat(), two.isoformat(), strict=True)) == 1
