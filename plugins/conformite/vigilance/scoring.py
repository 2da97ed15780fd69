"""The level of vigilance: a pure function of (version, facts), each point with its reason and its source (CO-05, NX-02).

No database, no clock, no request: the same facts by the same version give the same level for ever. A factor that forces a
level stands above the points: nothing that speaks for somebody outweighs it. What could not be checked is said, and never
taken for an absence of risk: it leaves no room for the simplified level.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from plugins.conformite.vigilance import ruleset
from plugins.conformite.vigilance.ruleset import Factor
from plugins.conformite.vigilance.ruleset import Question
from plugins.conformite.vigilance.ruleset import Ruleset

_ORDER = list(ruleset.LEVELS)


@dataclass(frozen=True, slots=True)
class Reason:
    """A factor that holds. `detail`: what of the facts makes it hold; `forces`: the level that it imposes, or «»."""

    axis: str
    code: str
    label: str
    weight: int
    forces: str
    source: str
    known: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """What facts come to. `forced`: the level that a factor imposes, or «»; `unverified`: what could not be checked."""

    version: str
    level: str
    points: int
    forced: str
    reasons: tuple[Reason, ...]
    unverified: tuple[str, ...]
    documents: tuple[str, ...]
    because: str

    @property
    def level_label(self) -> str:
        """«Renforcée»."""
        return ruleset.LEVELS[self.level]


class Incomplete(ValueError):
    """No level: answers are missing. `questions`: which."""

    def __init__(self, questions: tuple[Question, ...]) -> None:
        super().__init__(", ".join(one.key for one in questions))
        self.questions = questions


def score(version: str, facts: Mapping[str, Any]) -> Score:
    """The level of a client or of an operation (`facts["subject"]`), as `facts.of_client` and `of_operation` give them.

    Raises `Incomplete` where an answer is missing, `KeyError` for a version that does not exist.
    """
    rules = ruleset.load(version)
    subject, answers = facts["subject"], facts["answers"]
    lacking = tuple(one for one in rules.asked(subject, answers, facts["company"]) if not answers.get(one.key))
    if lacking:
        raise Incomplete(lacking)
    reasons = tuple(found for one in rules.factors if (found := _reason(rules, one, facts)) is not None)
    unverified = _unverified(rules, facts)
    points = sum(one.weight for one in reasons)
    forced = max((one.forces for one in reasons if one.forces), key=_ORDER.index, default="")
    level = _by_points(rules, points)
    text = f"{points} point{'s' if points > 1 else ''}\u202f: {ruleset.LEVELS[level].lower()} au barème."
    if level == ruleset.SIMPLE and unverified:
        level = ruleset.STANDARD
        text += " Des vérifications manquent\u202f: le niveau simplifié n'est pas ouvert."
    if forced and _ORDER.index(forced) > _ORDER.index(level):
        level = forced
        text += f" Un critère impose le niveau «\u202f{ruleset.LEVELS[forced].lower()}\u202f», quels que soient les points."
    return Score(version, level, points, forced, reasons, unverified, documents(rules, level, reasons), text)


def documents(rules: Ruleset, level: str, reasons: tuple[Reason, ...]) -> tuple[str, ...]:
    """The documents that a level asks for, then those that its factors ask for besides."""
    held = {one.code for one in reasons}
    more = [name for one in rules.factors if one.code in held for name in one.documents]
    return tuple(dict.fromkeys([*rules.documents[level], *more]))


def lower(level: str, than: str) -> bool:
    """Whether one level is lighter than another."""
    return _ORDER.index(level) < _ORDER.index(than)


def _by_points(rules: Ruleset, points: int) -> str:
    if points >= rules.reinforced_least:
        return ruleset.REINFORCED
    return ruleset.SIMPLE if points <= rules.simplified_most else ruleset.STANDARD


def _reason(rules: Ruleset, one: Factor, facts: Mapping[str, Any]) -> Reason | None:
    if one.of and one.of != facts["subject"]:
        return None
    detail = _holds(rules, one, facts)
    if detail is None:
        return None
    return Reason(one.axis, one.code, one.label, one.weight, one.forces, one.source, one.known, detail)


def _holds(rules: Ruleset, one: Factor, facts: Mapping[str, Any]) -> str | None:
    """What makes a factor hold, in words; None where it does not."""
    if one.list:
        known = facts["lists"].get(one.list)
        return ", ".join(known["hits"]) if known and known["hits"] else None
    if one.envelopes:
        held = [code for code in facts["envelopes"] if code in one.envelopes]
        return "" if held else None
    if one.least:
        figures = facts["figures"]
        met = all(figures.get(name) is not None and Decimal(figures[name]) >= least for name, least in one.least.items())
        return "" if met else None
    for key, codes in (one.when or {}).items():
        given = facts["answers"].get(key) or facts["file"].get(key)
        if given in codes:
            question = next((each for each in rules.questions(facts["subject"], True) if each.key == key), None)
            return question.said(given) if question else ""
    return None


def _unverified(rules: Ruleset, facts: Mapping[str, Any]) -> tuple[str, ...]:
    found = [f"Liste non importée\u202f: {one.label}." for one in rules.lists if facts["lists"].get(one.code) is None]
    if facts["answers"].get("gel") == "NON_FAIT":
        found.append("Gel des avoirs non vérifié.")
    found += [f"Non renseigné au dossier\u202f: {rules.places[place]}." for place in facts["unknown"]]
    return tuple(found)
