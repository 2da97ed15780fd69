"""The score of a questionnaire: a pure function of (version, answers), each point with the reason for it (CO-02, NX-02).

No database, no clock, no request: the same answers to the same version give the same score for ever. What the law asks to be
collected is named by the version (`Questionnaire.sources`); points and ceilings are the house's, in the version's file.
The level is the lowest of what tolerance asks for and of what losses, horizon, knowledge and objective allow: a point that
forbids a risk is never outweighed by the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from plugins.conformite import questionnaire as data
from plugins.conformite.questionnaire import Question
from plugins.conformite.questionnaire import Questionnaire

LEVELS: dict[int, str] = {1: "Sécuritaire", 2: "Prudent", 3: "Équilibré", 4: "Dynamique", 5: "Offensif"}
KNOWLEDGE: dict[str, str] = {"NOVICE": "Novice", "INFORME": "Informé", "EXPERT": "Expérimenté"}
ESG: dict[str, str] = {"NEUTRE": "Neutre", "EXPRIMEES": "Préférences exprimées", "ADAPTEES": "Préférences adaptées"}
#: The six steps of what may be lost.
LOSSES: dict[int, str] = {
    1: "Aucune perte", 2: "5\u00a0% au plus", 3: "10\u00a0% au plus", 4: "20\u00a0% au plus", 5: "35\u00a0% au plus",
    6: "Jusqu'à la totalité",
}  # fmt: skip
HORIZONS: dict[str, str] = {
    "MOINS_1": "Moins d'un an", "DE_1_A_3": "Un à trois ans", "DE_3_A_5": "Trois à cinq ans", "DE_5_A_8": "Cinq à huit ans",
    "PLUS_8": "Plus de huit ans",
}  # fmt: skip
OBJECTIVES: dict[str, str] = {
    "PRESERVATION": "Préserver le capital", "REVENUS": "Percevoir des revenus", "CROISSANCE": "Faire croître le capital",
}  # fmt: skip
_FACTS = ("precaution", "part", "effort")
_TOLERANCE = ("baisse", "choix", "priorite", "vecu")


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that the level goes by. `allows`: the level that it asks for or allows; `decides`: none allows less."""

    key: str
    label: str
    value: str
    because: str
    allows: int
    decides: bool = False


@dataclass(frozen=True, slots=True)
class Mastery:
    """How far a kind of placement is known, and why."""

    key: str
    label: str
    level: str
    because: str

    @property
    def level_label(self) -> str:
        """«Informé»."""
        return KNOWLEDGE[self.level]


@dataclass(frozen=True, slots=True)
class Score:
    """What a questionnaire comes to. `contradictions`: answers that do not go together, to be talked over with the client."""

    version: str
    level: int
    tolerance: int
    loss: int
    knowledge: str
    horizon: str
    objective: str
    esg: str
    points: tuple[Point, ...]
    instruments: tuple[Mastery, ...]
    contradictions: tuple[str, ...]
    preferences: tuple[tuple[str, str], ...] = ()

    @property
    def level_label(self) -> str:
        """«Équilibré»."""
        return LEVELS[self.level]


class Incomplete(ValueError):
    """No score: answers are missing, or were refused. `questions`: which."""

    def __init__(self, questions: tuple[Question, ...]) -> None:
        super().__init__(", ".join(one.key for one in questions))
        self.questions = questions


def score(version: str, answers: Mapping[str, Any], *, company: bool = False) -> Score:
    """The score. Raises `Incomplete` (no information, no advice), `KeyError` for a version that does not exist."""
    asked = data.load(version)
    given = asked.kept(answers, company)
    lacking = (*asked.missing(given, company), *refused(asked, given))
    if lacking:
        raise Incomplete(lacking)
    loss, loss_because, declared = _loss(asked, given, company)
    tolerance, tolerance_because = _tolerance(asked, given)
    mastered = tuple(_mastery(asked, given, one) for one in asked.instruments)
    knowledge, knowledge_because = _knowledge(asked, given, mastered)
    horizon, objective = asked.get("horizon"), asked.get("objectif")
    rules = asked.rules
    found = [
        Point("tolerance", "Attitude face au risque", f"{tolerance} sur 5", tolerance_because, tolerance),
        Point("pertes", "Capacité à subir des pertes", LOSSES[loss], loss_because, rules["loss_caps"][str(loss)]),
        Point("horizon", "Horizon", HORIZONS[given["horizon"]], "", horizon.value(given["horizon"])),
        Point(
            "connaissance", "Connaissance et expérience", KNOWLEDGE[knowledge], knowledge_because,
            rules["knowledge"]["caps"][knowledge],
        ),
        Point("objectif", "Objectif", OBJECTIVES[given["objectif"]], "", objective.value(given["objectif"])),
    ]  # fmt: skip
    level = min(one.allows for one in found)
    points = tuple(_marked(one, level) for one in found)
    esg = _esg(given)
    return Score(
        version, level, tolerance, loss, knowledge, given["horizon"], given["objectif"], esg, points, mastered,
        tuple(_contradictions(asked, given, loss, declared, tolerance)), _preferences(asked, given) if esg != "NEUTRE" else (),
    )  # fmt: skip


def refused(asked: Questionnaire, answers: Mapping[str, Any]) -> tuple[Question, ...]:
    """What the client would not answer: without it no advice may be given."""
    return tuple(one for one in asked.questions if answers.get(one.key) == data.REFUSED)


def _marked(point: Point, level: int) -> Point:
    allowed = f"{'Demande' if point.key == 'tolerance' else 'Permet'} au plus «\u202f{LEVELS[point.allows]}\u202f»."
    because = f"{point.because} {allowed}".strip()
    return Point(point.key, point.label, point.value, because, point.allows, point.allows == level)


def _loss(asked: Questionnaire, given: Mapping[str, str], company: bool) -> tuple[int, str, int]:
    """The step that may be lost: what is declared, no further than the facts go; why; what was declared."""
    declared = asked.get("perte").value(given["perte"])
    limits = [(asked.get(key).value(given[key]), asked.get(key)) for key in _FACTS]
    lowest, tightest = min(limits, key=lambda one: one[0])
    if lowest >= declared:
        return declared, "La perte déclarée supportable, que la situation confirme.", declared
    fact = tightest.choices(company)[given[tightest.key]].lower()
    told = f"{tightest.short.lower()}\u202f: {fact}"
    return lowest, f"Déclaré\u202f: {LOSSES[declared].lower()}, ramené par la situation ({told}).", declared


def _tolerance(asked: Questionnaire, given: Mapping[str, str]) -> tuple[int, str]:
    """The mean of four answers, rounded down."""
    points = [asked.get(key).value(given[key]) for key in _TOLERANCE]
    said = ", ".join(str(one) for one in points)
    return sum(points) // len(points), f"Quatre réponses de 1 à 5 ({said})\u202f: leur moyenne, arrondie vers le bas."


def _mastery(asked: Questionnaire, given: Mapping[str, str], one: data.Instrument) -> Mastery:
    if given[f"{one.key}_{data.KNOWN}"] != data.YES:
        return Mastery(one.key, one.label, "NOVICE", "Pas connu.")
    answer, done = given[f"{one.key}_{data.TEST}"], given[f"{one.key}_{data.DONE}"]
    if answer == data.DOUBT:
        return Mastery(one.key, one.label, "NOVICE", f"Dit connu, mais le client ne sait pas répondre\u202f: {one.because}.")
    if answer != one.right:
        return Mastery(one.key, one.label, "NOVICE", f"Dit connu, mais la réponse est fausse\u202f: {one.because}.")
    told = asked.get(f"{one.key}_{data.DONE}").choices(False)[done]
    if done == "PLUS_4":
        return Mastery(one.key, one.label, "EXPERT", "Réponse juste, cinq opérations ou plus sur trois ans.")
    return Mastery(one.key, one.label, "INFORME", f"Réponse juste. Opérations\u202f: {told[:1].lower()}{told[1:]}.")


def _knowledge(asked: Questionnaire, given: Mapping[str, str], mastered: tuple[Mastery, ...]) -> tuple[str, str]:
    rules = asked.rules["knowledge"]
    trade = rules["trade"] if given["metier"] == data.YES else 0
    points = sum({"INFORME": 1, "EXPERT": 2}.get(one.level, 0) for one in mastered) + trade
    level = "EXPERT" if points >= rules["expert_from"] else "INFORME" if points >= rules["informed_from"] else "NOVICE"
    most = 2 * len(mastered) + rules["trade"]
    because = (
        f"{points} points sur {most}\u202f: un par placement informé, deux par placement expérimenté"
        f"{', deux pour le métier' if trade else ''}. Informé à {rules['informed_from']}, expérimenté à {rules['expert_from']}."
    )
    return level, because


def _esg(given: Mapping[str, str]) -> str:
    if given["esg"] != data.YES:
        return "NEUTRE"
    return "ADAPTEES" if given.get("esg_adaptees") == data.YES else "EXPRIMEES"


def _preferences(asked: Questionnaire, given: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The preferences in words: what is asked for, and the reason where they were adapted."""
    named = [one for one in asked.questions if one.when and one.when[0].startswith("esg")]
    named = [one for one in named if given.get(one.key, "SANS") not in ("SANS", data.NO)]
    return tuple((one.short, one.choices(False).get(given[one.key], given[one.key])) for one in named)


def _contradictions(
    asked: Questionnaire, given: Mapping[str, str], loss: int, declared: int, tolerance: int
) -> list[str]:
    found = []
    if declared > loss:
        found.append(f"La perte déclarée supportable ({LOSSES[declared].lower()}) dépasse ce que la situation permet.")
    if tolerance >= 4 and loss <= 2:
        found.append("Le client accepte de fortes baisses, mais sa situation n'en supporte presque aucune.")
    if given["objectif"] == "CROISSANCE" and tolerance <= 2:
        found.append("L'objectif est la croissance, mais l'attitude face au risque est prudente.")
    if given["objectif"] == "PRESERVATION" and tolerance >= 4:
        found.append("L'objectif est de préserver le capital, mais l'attitude face au risque est offensive.")
    if given["objectif"] == "CROISSANCE" and given["horizon"] in ("MOINS_1", "DE_1_A_3"):
        found.append("L'objectif est la croissance, mais les sommes ne restent pas placées trois ans.")
    if given["besoin"] == data.YES and given["horizon"] in ("DE_5_A_8", "PLUS_8"):
        found.append("L'horizon est long, mais plus du quart des sommes sera nécessaire dans les douze mois.")
    for one in asked.instruments:
        if given.get(f"{one.key}_{data.TEST}") not in (None, one.right):
            found.append(f"{one.label}\u202f: dit connu, mais la question n'est pas réussie. À expliquer avant tout conseil.")
    if given["esg"] == data.YES and all(given[key] == "SANS" for key in ("esg_taxonomie", "esg_sfdr", "esg_pai")):
        found.append("Le client veut des critères de durabilité, mais aucun n'est précisé.")
    return found
