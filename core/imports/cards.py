"""vCard 2.1, 3.0 and 4.0, as telephones and address books write them, made a table (vobject reads each card)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import vobject

from core.imports import delimited
from core.imports import tables
from core.imports.tables import Read
from core.imports.tables import Table

#: The columns, in an order that the preview shows well. Numbered ones are the first, second… of a card.
HEADS = (
    "Nom", "Prénoms", "Civilité", "Nom complet", "Société", "Fonction", "Date de naissance", "E-mail", "E-mail 2", "E-mail 3",
    "Téléphone mobile", "Téléphone domicile", "Téléphone bureau", "Autre téléphone", "Adresse", "Code postal", "Ville", "Pays",
    "Catégories", "Note",
)  # fmt: skip
#: Of one card: lines, and characters of a line once it is put together. Pictures and keys are left out before.
MOST_LINES, LONGEST = 500, 20_000
_DROPPED = re.compile(r"(?:[\w-]+\.)?(?:PHOTO|LOGO|SOUND|KEY|X-[\w-]*PHOTO[\w-]*|X-ABCROP[\w-]*)[;:]", re.IGNORECASE)
_BEGIN, _END = re.compile(r"\s*BEGIN:VCARD\s*", re.IGNORECASE), re.compile(r"\s*END:VCARD\s*", re.IGNORECASE)
_LABEL = re.compile(r"_\$!<(.*)>!\$_")


def table(data: bytes, *, encoding: str = "") -> tuple[Table, dict[str, str]]:
    """The cards' table. Raises `DomainError` where there is none."""
    encoding = encoding if encoding in delimited.ENCODINGS else delimited.encoding_of(data)
    return tables.made(HEADS, _cards(delimited.decoded(data, encoding))), {"encoding": encoding}


def _cards(lines: Iterator[str]) -> Iterator[Read]:
    """One line a card, numbered from 1. A card that cannot be read is a fault of its own, never of its neighbours."""
    number, depth, card, fault = 0, 0, list[str](), ""
    dropping = quoted = False
    for raw in lines:
        line = raw.rstrip("\r\n")
        if _BEGIN.fullmatch(line):
            depth += 1
            if depth == 1:
                number, card, fault, dropping, quoted = number + 1, ["BEGIN:VCARD"], "", False, False
            else:
                fault = "Cette fiche en contient une autre\u202f: ce n'est pas une vCard que l'on sait lire."
            continue
        if not depth:
            continue
        if _END.fullmatch(line):
            depth -= 1
            if depth == 0:
                yield _line(number, card, fault)
                card = []
            continue
        folded = line[:1] in (" ", "\t") or (quoted and not _END.fullmatch(line))
        if folded and dropping:
            continue
        if not folded:
            dropping = bool(_DROPPED.match(line))
            if dropping:
                continue
        quoted = line.endswith("=") and (quoted or "QUOTED-PRINTABLE" in line.upper())
        if len(card) >= MOST_LINES or len(line) > LONGEST or depth > 1:
            fault = fault or "Cette fiche est démesurée\u202f: elle n'est pas lue."
            continue
        card.append(line)
    if depth and number:
        yield Read(number, (), "Cette fiche n'est pas terminée\u202f: le fichier a été coupé.")


def _line(number: int, card: list[str], fault: str) -> Read:
    if fault:
        return Read(number, (), fault)
    try:
        found = vobject.readOne("\r\n".join([*card, "END:VCARD", ""]), allowQP=True)
        return Read(number, _cells(found))
    except Exception:  # vobject raises what its own parts raise: a card is read or it is not
        return Read(number, (), "Cette fiche est illisible.")


def _cells(card: Any) -> list[str]:
    found = dict.fromkeys(HEADS, "")
    name = _first(card, "n")
    if name is not None and not isinstance(name, str):
        given = " ".join(filter(None, (_text(name.given), _text(name.additional))))
        found |= {"Nom": _text(name.family), "Prénoms": given, "Civilité": _text(name.prefix)}
    found["Nom complet"] = _text(_first(card, "fn"))
    organisation = _first(card, "org")
    found["Société"] = _text(organisation[0] if isinstance(organisation, list) and organisation else organisation)
    found["Fonction"] = _text(_first(card, "title") or _first(card, "role"))
    found["Date de naissance"] = _day(_text(_first(card, "bday")))
    found["Catégories"], found["Note"] = _text(_first(card, "categories")), _text(_first(card, "note"), lines=True)
    for head, one in zip(("E-mail", "E-mail 2", "E-mail 3"), _preferred(card, "email"), strict=False):
        found[head] = _text(one.value).removeprefix("mailto:")
    for one in _preferred(card, "tel"):
        kinds, number = _kinds(one), _text(one.value).removeprefix("tel:")
        if kinds & {"FAX", "PAGER"}:
            continue
        wanted = (
            "Téléphone mobile" if kinds & {"CELL", "IPHONE", "MOBILE"} else "Téléphone bureau" if "WORK" in kinds
            else "Téléphone domicile" if "HOME" in kinds else "Autre téléphone"
        )  # fmt: skip
        free = next((head for head in (wanted, "Autre téléphone") if not found[head]), None)
        if free:
            found[free] = number
    address = next((one.value for one in _preferred(card, "adr")), None)
    if address is not None and not isinstance(address, str):
        street = " ".join(filter(None, (_text(address.box), _text(address.extended), _text(address.street))))
        found |= {
            "Adresse": street, "Code postal": _text(address.code), "Ville": _text(address.city), "Pays": _text(address.country),
        }  # fmt: skip
    return [found[head] for head in HEADS]


def _preferred(card: Any, name: str) -> list[Any]:
    """A card's properties of a name, the preferred ones first."""
    return sorted(card.contents.get(name, ()), key=_rank)


def _rank(one: Any) -> int:
    """PREF=1 to 100 of 4.0; the bare PREF of earlier ones comes first; what says nothing last."""
    told = next((values[0] for key, values in one.params.items() if key.upper() == "PREF" and values), "")
    known = told.isascii() and told.isdigit() and len(told) < 4
    return int(told) if known else 1 if "PREF" in _kinds(one) else 101


def _kinds(one: Any) -> set[str]:
    """TYPE=, bare parameters of 2.1, PREF of 4.0, all in capitals."""
    told = [value for key, values in one.params.items() if key.upper() == "TYPE" for value in values]
    bare = [str(value) for value in getattr(one, "singletonparams", ())]
    found = {part.strip().upper() for value in (*told, *bare) for part in value.split(",")}
    return found | ({"PREF"} if any(key.upper() == "PREF" for key in one.params) else set())


def _first(card: Any, name: str) -> Any:
    values = card.contents.get(name)
    return values[0].value if values else None


def _text(value: Any, *, lines: bool = False) -> str:
    if isinstance(value, list | tuple):
        value = ", ".join(_text(one) for one in value if one)
    text = str(value or "")
    if found := _LABEL.fullmatch(text):
        text = found[1]
    with suppress(UnicodeEncodeError, UnicodeDecodeError):
        if "Ã" in text:  # UTF-8 that a telephone called Latin-1
            text = text.encode("cp1252").decode("utf-8")
    return text.strip() if lines else " ".join(text.split())


def _day(text: str) -> str:
    """19680314, 1968-03-14T00:00:00Z → 1968-03-14; a day without its year is none."""
    if found := re.match(r"(\d{4})-?(\d{2})-?(\d{2})(?:T|$)", text):
        year, month, day = found.groups()
        return "" if year in ("1604", "0000") else f"{year}-{month}-{day}"  # 1604: a telephone's «year unknown»
    return "" if text.startswith("--") else text
