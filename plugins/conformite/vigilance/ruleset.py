"""Rules of vigilance as data: each version is a file that never changes once an assessment was made of it (CO-05).

Knows no database. What is listed of countries is no part of it: those lists are imported, with their dates (`lists`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "rules"
#: The version that new assessments are made of.
CURRENT = "1"
SIMPLE, STANDARD, REINFORCED = "SIMPLIFIEE", "STANDARD", "RENFORCEE"
#: The lightest first.
LEVELS: dict[str, str] = {SIMPLE: "Simplifiée", STANDARD: "Standard", REINFORCED: "Renforcée"}
AXES: dict[str, str] = {
    "CLIENT": "Client", "PAYS": "Pays", "PRODUIT": "Produit", "OPERATION": "Opération", "CANAL": "Canal",
}  # fmt: skip
#: How a factor comes to be known.
KNOWN: dict[str, str] = {"FICHE": "du dossier", "REPONSE": "d'une réponse", "LISTE": "d'une liste de pays"}
CLIENT, OPERATION = "client", "operation"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. `kind`: radio, text, country or day; `when`: (key, answers) of the question that it hangs on."""

    key: str
    label: str
    options: Mapping[str, str]
    kind: str = "radio"
    help: str = ""
    group: str = ""
    only: str = ""  #: «company»: asked of companies alone
    when: tuple[str, tuple[str, ...]] | None = None

    def said(self, answer: Any) -> str:
        """An answer, as people read it."""
        return self.options.get(answer, str(answer))


@dataclass(frozen=True, slots=True)
class Factor:
    """What weighs. `weight`: 0 to 5; `forces`: the level below which nothing goes while it holds; `known`: of KNOWN.

    It holds where an answer is one of `when`, a country is on `list`, an envelope is one of `envelopes`, or a figure reaches
    `least`. `of`: «client» or «operation» where it is asked of one of them alone.
    """

    axis: str
    code: str
    label: str
    weight: int
    source: str
    known: str
    forces: str = ""
    of: str = ""
    list: str = ""
    when: Mapping[str, tuple[str, ...]] | None = None
    envelopes: tuple[str, ...] = ()
    least: Mapping[str, Decimal] | None = None
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CountryList:
    """A list that factors go by: its code, its name, who publishes it."""

    code: str
    label: str
    source: str


@dataclass(frozen=True, slots=True)
class Ruleset:
    """A version, whole. `simplified_most`, `reinforced_least`: points; `places`: how a country comes to be of somebody."""

    version: str
    title: str
    about: str
    published_on: date
    sources: tuple[str, ...]
    simplified_most: int
    reinforced_least: int
    lists: tuple[CountryList, ...]
    places: Mapping[str, str]
    client: tuple[Question, ...]
    operation: tuple[Question, ...]
    factors: tuple[Factor, ...]
    documents: Mapping[str, tuple[str, ...]]

    def questions(self, subject: str, company: bool = False) -> tuple[Question, ...]:
        """What is asked of a client or of an operation."""
        every = self.client if subject == CLIENT else self.operation
        return tuple(one for one in every if company or one.only != "company")

    def asked(self, subject: str, answers: Mapping[str, Any], company: bool = False) -> tuple[Question, ...]:
        """The same, without those that hang on an answer that was not given."""
        return tuple(
            one for one in self.questions(subject, company) if one.when is None or answers.get(one.when[0]) in one.when[1]
        )

    def list_named(self, code: str) -> CountryList | None:
        """One of its lists."""
        return next((one for one in self.lists if one.code == code), None)


def versions() -> tuple[str, ...]:
    """The versions that there are, the oldest first."""
    return tuple(sorted((path.stem for path in _FOLDER.glob("*.json")), key=int))


@cache
def load(version: str = CURRENT) -> Ruleset:
    """A version. Raises `KeyError` for one that does not exist."""
    if version not in versions():
        raise KeyError(version)
    read = json.loads((_FOLDER / f"{version}.json").read_text("utf-8"))
    return Ruleset(
        read["version"], read["title"], read["about"], date.fromisoformat(read["published_on"]), tuple(read["sources"]),
        read["thresholds"]["simplified_most"], read["thresholds"]["reinforced_least"],
        tuple(CountryList(**one) for one in read["lists"]), read["places"],
        tuple(_question(one) for one in read["client"]), tuple(_question(one) for one in read["operation"]),
        tuple(_factor(one) for one in read["factors"]),
        {level: tuple(named) for level, named in read["documents"].items()},
    )  # fmt: skip


def _question(read: Mapping[str, Any]) -> Question:
    when = read.get("when")
    plain = {name: read[name] for name in ("kind", "help", "group", "only") if name in read}
    return Question(
        read["key"], read["label"], read.get("options", {}), when=(when[0], tuple(when[1])) if when else None, **plain
    )


def _factor(read: Mapping[str, Any]) -> Factor:
    plain = {name: value for name, value in read.items() if name not in ("when", "least", "envelopes", "documents")}
    when, least = read.get("when"), read.get("least")
    return Factor(
        **plain, envelopes=tuple(read.get("envelopes", ())), documents=tuple(read.get("documents", ())),
        when={key: tuple(codes) for key, codes in when.items()} if when else None,
        least={key: Decimal(figure) for key, figure in least.items()} if least else None,
    )  # fmt: skip
