"""A line of a file made a contact that the rules accept: who it is, how it is reached, who follows it (AC-02)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from core.api import contacts
from core.api.db import DomainError
from core.api.imports import ImportLine
from plugins.contacts import import_fields

PERSON, COMPANY = "PERSONNE_PHYSIQUE", "PERSONNE_MORALE"
_CIVILITIES = {contacts.fold(word): code for word, code in import_fields.CIVILITIES.items()}
#: Field → the channel's usage for a person; a company's are at the office.
_PHONES = {"mobile": "MOBILE", "phone": "DOMICILE", "work_phone": "BUREAU", "other_phone": "AUTRE"}
_EMAILS = {"email": "PERSONNEL", "email_2": "AUTRE", "email_3": "AUTRE"}
_OWN = (
    "birth_name", "usage_name", "birth_date", "birth_city", "nationality", "situation", "profession", "legal_form", "capital",
    "stage", "file_code", "remarks",
)  # fmt: skip
_NO_FIGURE, _NINE, _FOUR = re.compile(r"\D"), re.compile(r"[1-9]\d{8}", re.ASCII), re.compile(r"\d{4}", re.ASCII)
#: Several in one cell, as Google and people write them.
_SEVERAL = re.compile(r"\s*(?::::|;|\n)\s*")


def contact(line: ImportLine, people: Mapping[str, str], owner: str | None) -> contacts.bulk.Prepared:
    """The contact of a line. `people`: e-mail or name → id of those who may follow it. Raises `DomainError`."""
    said = line.values
    data, ways = _read(said)
    return contacts.bulk.prepared(
        data, ways, _principal(said, people, owner), category=category(said), labels=labels(said)
    )


def faults(line: ImportLine, people: Mapping[str, str]) -> list[DomainError]:
    """All that is wrong with a line that `contact` refuses."""
    data, ways = _read(line.values)
    found = contacts.bulk.faults(data, ways)
    try:
        _principal(line.values, people, None)
    except DomainError as error:
        found.append(error)
    return found


def called(line: ImportLine) -> str:
    """How a line that is no contact names itself."""
    said = line.values
    parts = (said.get("birth_name") or said.get("usage_name"), said.get("first_names"))
    return str(said.get("full_name") or " ".join(filter(None, parts)) or said.get("company_name") or said.get("email") or "")


def category(said: Mapping[str, Any]) -> str:
    """The category of a cell, as it is written."""
    written = said.get("category")
    return " ".join(written.split()) if written else ""


def labels(said: Mapping[str, Any]) -> tuple[str, ...]:
    """The labels of a cell; Google writes «* myContacts ::: Family»: what begins with a star is its own."""
    written = said.get("labels")
    return tuple(one for one in contacts.bulk_shelves.several(written) if not one.startswith("*")) if written else ()


def _read(said: Mapping[str, Any]) -> tuple[contacts.NewContact, list[tuple[str, dict[str, Any]]]]:
    kind = said.get("kind") or _kind(said)
    own: dict[str, Any] = {name: said[name] for name in _OWN if name in said}
    own |= _names(kind, said)
    if "siren" in said:
        digits = _NO_FIGURE.sub("", said["siren"])
        own["siren"] = digits[:9] if len(digits) == 14 else said["siren"]
    return contacts.NewContact(kind=kind, **own), _channels(kind, said)


def _kind(said: Mapping[str, Any]) -> str:
    """A company where a company's name stands alone, or as the whole of the name (a telephone's card)."""
    company = said.get("company_name")
    named = any(said.get(name) for name in ("birth_name", "usage_name", "first_names"))
    whole = said.get("full_name")
    return COMPANY if company and not named and (not whole or contacts.fold(whole) == contacts.fold(company)) else PERSON


def _names(kind: str, said: Mapping[str, Any]) -> dict[str, Any]:
    company = said.get("company_name")
    if kind == COMPANY:
        return {"company_name": company or said.get("birth_name") or said.get("full_name"), "birth_name": None}
    found: dict[str, Any] = {"civility": _CIVILITIES.get(contacts.fold(said.get("civility", "")))}
    if company:
        found["employer"] = company
    given = " ".join(filter(None, (said.get("first_names"), said.get("middle_names"))))
    last = said.get("birth_name") or said.get("usage_name")
    if not (last and given) and said.get("full_name"):
        first, family = _split(said["full_name"])
        given, last = given or first, last or family
    found["first_names"] = given or None
    if not said.get("birth_name") and not said.get("usage_name"):
        found["birth_name"] = last
    return found


def _split(name: str) -> tuple[str, str]:
    """First names and last name: «DURAND Jeanne», «Durand, Jeanne», «Jeanne Durand»."""
    if "," in name:
        family, _comma, given = name.partition(",")
        return given.strip(), family.strip()
    words = [word for word in name.split() if contacts.fold(word) not in _CIVILITIES]
    loud = [word for word in words if word.isupper() and len(word) > 1]
    if loud and len(loud) < len(words):
        return " ".join(word for word in words if word not in loud), " ".join(loud)
    return (words[0], " ".join(words[1:])) if len(words) > 1 else ("", " ".join(words))


def _channels(kind: str, said: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    found: list[tuple[str, dict[str, Any]]] = []
    office = kind == COMPANY
    emails: dict[str, str] = {}
    for name, usage in _EMAILS.items():
        for one in _several(said, name):
            emails.setdefault(one.removeprefix("mailto:"), "BUREAU" if office else usage)
    found += [("email", {"usage": usage, "email": one}) for one, usage in emails.items() if one]
    phones: dict[str, str] = {}
    for name, usage in _PHONES.items():
        for one in _several(said, name):
            phones.setdefault(_phone(one), "BUREAU" if office and usage == "DOMICILE" else usage)
    found += [("phone", {"usage": usage, "number": one}) for one, usage in phones.items() if one]
    if any(said.get(name) for name in ("street", "postal_code", "city")):
        country = said.get("country") or "FR"
        code = said.get("postal_code", "")
        if country == "FR" and _FOUR.fullmatch(code):
            code = f"0{code}"  # a spreadsheet took it for a number
        address = {"usage": "SIEGE" if office else "DOMICILE", "street": said.get("street"), "extra": said.get("street_2"),
                   "postal_code": code, "city": said.get("city"), "country": country}  # fmt: skip
        found.append(("address", address))
    return found


def _several(said: Mapping[str, Any], name: str) -> Sequence[str]:
    written = said.get(name)
    return _SEVERAL.split(written) if written else ()


def _phone(text: str) -> str:
    """A number with what spreadsheets and address books do to it undone: the 0 that was lost, the (0) that is too much."""
    written = text.strip().removeprefix("tel:")
    if _NINE.fullmatch(written):
        return f"0{written}"
    if written.startswith(("+", "00")):
        written = written.replace("(0)", " ")
        written = f"+{written[2:]}" if written.startswith("00") else written
    return written


def _principal(said: Mapping[str, Any], people: Mapping[str, str], owner: str | None) -> str | None:
    named = said.get("adviser")
    if not named:
        return owner
    found = people.get(named.strip().casefold()) or people.get(contacts.fold(named))
    if found is None:
        raise DomainError(f"Aucun collaborateur actif ne répond à «\u202f{named[:60]}\u202f».", field="adviser")
    return found
