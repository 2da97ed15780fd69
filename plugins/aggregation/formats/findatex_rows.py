"""One row of a FinDatEx file: its facts, and what is wrong with it.

A row whose support cannot be told, or whose version is unknown, gives no fact. A field that is wrong is found fault with and
left out; the others are kept. What is missing of the mandatory ones is told field by field («presence»).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from stdnum import lei as lei_number

from core.api.feeds import FeedFinding
from core.api.feeds import FeedRecord
from core.api.feeds import FeedRefused
from core.api.feeds import Place
from core.api.feeds import SupportFact
from core.api.feeds import SupportSeen
from plugins.aggregation.formats import figures
from plugins.aggregation.formats.findatex_templates import Field
from plugins.aggregation.formats.findatex_templates import Template

#: Codes of the fields «type of identification code»: ISO 6166 is an ISIN.
_CODE_TYPES = {"1": "ISIN", "2": "CUSIP", "3": "SEDOL", "4": "WKN", "5": "BLOOMBERG", "6": "REUTERS", "8": "FIGI"}
_NUMBERS = frozenset({"ratio", "number", "integer", "years"})
Said = Mapping[str, str]


def row(template: Template, said: Said, line: int) -> Iterator[FeedRecord]:
    """Findings and facts of a row. `said`: number of a field → its text. Raises `FeedRefused` for an unknown version."""
    digits = _version(template, said, line)
    version = template.versions[digits]
    yield from _missing(template, digits, said, line)
    support, fault = _support(template, said, line)
    if fault:
        yield fault
    days = {number: _day_or_none(said.get(number, "")) for number in {*template.days.values(), template.generated}}
    for number, text in said.items():
        one = template.fields[number]
        place = Place(line, one.name)
        value, wrong = _value(one, text, place)
        if wrong:
            yield wrong
        elif value is not None and support is not None:
            yield SupportFact(
                support, f"{template.key}.{number}", value, _as_of(template, number, days), one.name, version, place,
                unit="ratio" if one.kind == "ratio" else "years" if one.kind == "years" else "",
            )  # fmt: skip


def _version(template: Template, said: Said, line: int) -> str:
    name = template.fields[template.version].name
    text = said.get(template.version, "")
    if not text:
        raise FeedRefused("la version du gabarit manque.", Place(line, name))
    digits = re.sub(r"\D", "", text)
    digits = digits[:-1] if len(digits) > 2 and digits.endswith("0") else digits  # «1.1.0»
    if digits not in template.versions:
        known = ", ".join(template.versions.values())
        raise FeedRefused(f"la version «\u202f{text[:20]}\u202f» n'est pas connue ({known}).", Place(line, name))
    return digits


def _missing(template: Template, digits: str, said: Said, line: int) -> Iterator[FeedFinding]:
    for one in template.mandatory(digits):
        if one.number in said:
            continue
        filled = next((field for begin, field in template.sections.items() if one.number.startswith(begin)), "")
        if filled and said.get(filled, "").upper() == "N":
            continue
        text = f"le champ obligatoire {one.name} n'est pas renseigné."
        yield FeedFinding("error", "presence", text, Place(line, one.name), one.name)


def _support(template: Template, said: Said, line: int) -> tuple[SupportSeen | None, FeedFinding | None]:
    name = template.fields[template.identifier].name
    place = Place(line, name)
    code, label = said.get(template.identifier, ""), said.get(template.name, "")
    if not code:
        return None, None  # its absence is told with the others'
    kind = said.get(template.identifier_type, "").split(".")[0]
    code_type = _CODE_TYPES.get(kind, "ISIN" if not kind and len(code) == 12 else "AUTRE")
    support, fault = figures.support(code, code_type, label, None, place)
    if fault:
        return None, FeedFinding(fault.severity, fault.code, fault.text, place, name)
    return support, None


def _value(one: Field, text: str, place: Place) -> tuple[str | Decimal | date | None, FeedFinding | None]:
    """The value, or what is wrong with it."""
    try:
        if one.kind in _NUMBERS:
            return figures.number(text, place, "la valeur"), None
        if one.kind in ("date", "datetime"):
            return figures.iso_day(text, place, "la date"), None
    except FeedRefused as error:
        return None, FeedFinding("error", "format", f"{one.name}\u202f: {error.text}", place, one.name)
    if one.kind == "choice":
        return _choice(one, text, place)
    if one.kind == "currency" and not re.fullmatch(r"[A-Z]{3}", text, re.ASCII):
        wrong = f"{one.name}\u202f: «\u202f{text[:20]}\u202f» n'est pas un code de devise (ISO 4217)."
        return None, FeedFinding("error", "format", wrong, place, one.name)
    if one.kind == "lei" and not lei_number.is_valid(text):
        wrong = f"{one.name}\u202f: «\u202f{text[:24]}\u202f» n'est pas un LEI\u202f: sa clé ou sa longueur est fausse."
        return None, FeedFinding("error", "lei", wrong, place, one.name)
    return text, None


def _choice(one: Field, text: str, place: Place) -> tuple[str | None, FeedFinding | None]:
    bare = text[:-2] if text.endswith(".0") else text
    found = next((code for code in one.choices if code.lower() == bare.lower()), None)
    if found is not None:
        return found, None
    wrong = f"{one.name}\u202f: «\u202f{text[:20]}\u202f» n'est pas de la liste ({', '.join(one.choices)})."
    return None, FeedFinding("error", "closed_list", wrong, place, one.name)


def _day_or_none(text: str) -> date | None:
    try:
        return figures.iso_day(text, Place(1), "") if text else None
    except FeedRefused:
        return None  # told with the field itself


def _as_of(template: Template, number: str, days: Mapping[str, date | None]) -> date | None:
    """The day of the field's section; else of the whole row; else that on which the file was made."""
    begin = max((one for one in template.days if number.startswith(one)), key=len)
    return days[template.days[begin]] or days[template.days[""]] or days[template.generated]
