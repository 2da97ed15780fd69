"""Questionnaires as data: each version is a file that never changes once a profile was made of it (CO-02). Knows no database."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "questionnaires"
#: The version that new profiles are made of.
CURRENT = "1"
#: The answer of who will not say: no profile is made of it.
REFUSED = "REFUS"
YES, NO = "OUI", "NON"
#: The three questions on each instrument: known?, what was answered, what was done.
KNOWN, TEST, DONE = "connu", "test", "operations"
DOUBT = "NE_SAIT_PAS"
_DONE = {
    "AUCUNE": "Aucune", "ANCIENNES": "Oui, il y a plus de trois ans",
    "DE_1_A_4": "Une à quatre sur trois ans", "PLUS_4": "Cinq ou plus sur trois ans",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Option:
    """An answer that may be given. `value`: its points, or the step that it allows; `company`: as a company's is said."""

    code: str
    label: str
    value: int = 0
    company: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `kind`: radio, select or text; `when`: (key, answer) of the question that it hangs on."""

    key: str
    text: str
    short: str
    section: str
    kind: str = "radio"
    company: str = ""
    help: str = ""
    only: str = ""  #: «company»: asked of companies alone
    group: str = ""
    when: tuple[str, str] | None = None
    options: tuple[Option, ...] = ()

    def said(self, company: bool) -> str:
        """The question, of a person or of a company."""
        return self.company if company and self.company else self.text

    def choices(self, company: bool) -> dict[str, str]:
        """Code → answer, in its order."""
        return {one.code: one.company if company and one.company else one.label for one in self.options}

    def value(self, answer: Any) -> int:
        """The points of an answer."""
        return next((one.value for one in self.options if one.code == answer), 0)


@dataclass(frozen=True, slots=True)
class Instrument:
    """A kind of placement whose knowledge is tried. `right`: the answer that is; `because`: why, as it is told afterwards."""

    key: str
    label: str
    right: str
    because: str


@dataclass(frozen=True, slots=True)
class Section:
    """A step of the questionnaire."""

    key: str
    title: str
    about: str
    questions: tuple[Question, ...]
    instruments: tuple[Instrument, ...] = ()


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """A version, whole. `rules`: the figures that scoring goes by."""

    version: str
    title: str
    about: str
    published_on: date
    sources: tuple[str, ...]
    sections: tuple[Section, ...]
    rules: Mapping[str, Any] = field(default_factory=dict)

    @property
    def questions(self) -> tuple[Question, ...]:
        """All of them, in their order."""
        return tuple(one for section in self.sections for one in section.questions)

    @property
    def instruments(self) -> tuple[Instrument, ...]:
        """All kinds of placements."""
        return tuple(one for section in self.sections for one in section.instruments)

    def get(self, key: str) -> Question:
        """One question."""
        return next(one for one in self.questions if one.key == key)

    def section(self, key: str) -> Section | None:
        """One step; None where there is none of that name."""
        return next((one for one in self.sections if one.key == key), None)

    def asked(self, answers: Mapping[str, Any], company: bool) -> tuple[Question, ...]:
        """The questions that are asked of this subject, by what was answered so far."""
        return tuple(
            one for one in self.questions
            if (company or one.only != "company") and (one.when is None or answers.get(one.when[0]) == one.when[1])
        )  # fmt: skip

    def missing(self, answers: Mapping[str, Any], company: bool) -> tuple[Question, ...]:
        """Those that are asked and not answered."""
        return tuple(one for one in self.asked(answers, company) if not answers.get(one.key))

    def kept(self, answers: Mapping[str, Any], company: bool) -> dict[str, str]:
        """The answers to what is asked, and nothing else."""
        return {one.key: str(answers[one.key]) for one in self.asked(answers, company) if answers.get(one.key)}


def versions() -> tuple[str, ...]:
    """The versions that there are, the oldest first."""
    return tuple(sorted((path.stem for path in _FOLDER.glob("*.json")), key=int))


@cache
def load(version: str = CURRENT) -> Questionnaire:
    """A version. Raises `KeyError` for one that does not exist."""
    if version not in versions():
        raise KeyError(version)
    read = json.loads((_FOLDER / f"{version}.json").read_text("utf-8"))
    return Questionnaire(
        read["version"], read["title"], read["about"], date.fromisoformat(read["published_on"]), tuple(read["sources"]),
        tuple(_section(one) for one in read["sections"]), {"knowledge": read["knowledge"], "loss_caps": read["loss_caps"]},
    )  # fmt: skip


def _section(read: Mapping[str, Any]) -> Section:
    key = read["key"]
    plain = [_question(one, key) for one in read["questions"]]
    told = read.get("instruments", ())
    of_instruments = [question for one in told for question in _of_instrument(one, key)]
    instruments = tuple(Instrument(one["key"], one["label"], one["right"], one["because"]) for one in told)
    return Section(key, read["title"], read["about"], (*plain, *of_instruments), instruments)


def _question(read: Mapping[str, Any], section: str) -> Question:
    given = {name: read[name] for name in ("kind", "company", "help", "only") if name in read}
    when = read.get("when")
    return Question(
        read["key"], read["text"], read["short"], section, when=(when[0], when[1]) if when else None,
        options=tuple(Option(**one) for one in read.get("options", ())), **given,
    )  # fmt: skip


def _of_instrument(read: Mapping[str, Any], section: str) -> tuple[Question, ...]:
    name, label = read["key"], read["label"]
    known = (f"{name}_{KNOWN}", YES)
    tests = tuple(Option(**one) for one in read["options"])
    return (
        Question(known[0], "Connu", label, section, group=name, options=(Option(NO, "Non"), Option(YES, "Oui"))),
        Question(
            f"{name}_{TEST}", read["test"], label, section, "select", group=name, when=known,
            options=(*tests, Option(DOUBT, "Ne sait pas")),
        ),
        Question(
            f"{name}_{DONE}", "Opérations", label, section, "select", group=name, when=known,
            options=tuple(Option(code, said) for code, said in _DONE.items()),
        ),
    )  # fmt: skip
