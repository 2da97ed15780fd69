"""The fields of FinDatEx's templates: EMT V4.2 and V4.3, EPT V2.0 and V2.1, EET V1.1 to V1.1.3.

`templates/*.csv` lists them as the templates of FinDatEx do (EMT of 17 December 2025, EPT of 12 October 2022, EET of 5
December 2023; V1.1.3 is an editorial update of it): name, whether mandatory, kind, closed list, version that brought it.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `kind`: date, datetime, ratio, number, integer, years, choice, currency, lei, identifier… or text."""

    number: str
    name: str
    mandatory: bool
    kind: str
    choices: tuple[str, ...]
    since: str


@dataclass(frozen=True, slots=True)
class Template:
    """A family of templates. Numbers of fields tell where a support, its name, its currency and its day stand."""

    key: str  #: «emt»
    version: str  #: the field that says the version
    versions: Mapping[str, str]  #: digits of a version → how it is called
    generated: str
    identifier: str
    identifier_type: str
    name: str
    currency: str
    #: Beginning of a field's number → the field with the day that it is of; the longest beginning wins.
    days: Mapping[str, str]
    #: Beginning of a number → the field that says whether that section is filled in: «N» lifts what is mandatory there.
    sections: Mapping[str, str]

    @property
    def fields(self) -> Mapping[str, Field]:
        """By number."""
        return _fields(self.key)

    def mandatory(self, version: str) -> tuple[Field, ...]:
        """Those of a version, by its digits. What only the United Kingdom asks for is not."""
        return tuple(
            one for one in self.fields.values()
            if one.mandatory and one.since.replace(".", "") <= version and not (self.key == "ept" and one.number.startswith("08"))
        )  # fmt: skip


EMT = Template(
    "emt", "00001", {"42": "EMT V4.2", "43": "EMT V4.3"}, "00005", "00010", "00020", "00030", "00040",
    {"": "00050", **{f"0{part}": "01000" for part in range(1, 7)}, "07": "07160", "08": "08100"},
    {**{f"0{part}": "00006" for part in range(1, 7)}, "07": "00007", "08": "00008"},
)  # fmt: skip
EPT = Template(
    "ept", "00001", {"20": "EPT V2.0", "21": "EPT V2.1"}, "00005", "00030", "00040", "00050", "00060",
    {"": "00005", "0007": "00070", "06": "06005"}, {"03": "00007", "04": "00006", "06": "00008", "07": "00009"},
)  # fmt: skip
EET = Template(
    "eet", "00010", {"11": "EET V1.1", "111": "EET V1.1.1", "112": "EET V1.1.2", "113": "EET V1.1.3"}, "00050", "20000", "20010",
    "20020", "20030", {"": "10040", "3": "30010"}, {},
)  # fmt: skip
TEMPLATES = (EMT, EPT, EET)
#: Name of the field that says the version → the template: EMT and EPT number theirs alike.
BY_HEAD = {"00001_emt_version": EMT, "00001_ept_version": EPT, "00010_eet_version": EET}


@cache
def _fields(key: str) -> dict[str, Field]:
    with (_FOLDER / f"{key}.csv").open(encoding="utf-8", newline="") as stream:
        return {
            row["field"][:5]: Field(
                row["field"][:5], row["field"], row["flag"] == "M", row["kind"], tuple(row["choices"].split()), row["since"]
            )
            for row in csv.DictReader(stream)
        }  # fmt: skip
