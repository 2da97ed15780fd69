"""The contacts that a file names: by id, file code, SIREN, or name with date of birth. Nothing is guessed (AC-02)."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import or_
from sqlalchemy import select

from core.contacts.access import visible
from core.contacts.models import Contact
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.search.words import fold
from core.web import formats

_COLUMNS = (
    Contact.id, Contact.kind, Contact.display_name.label("name"), Contact.file_code, Contact.birth_name, Contact.usage_name,
    Contact.first_names, Contact.birth_date, Contact.siren, Contact.sort_name,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sought:
    """A contact as a file names it; empty where it says nothing. `name`: a last name, a whole name, a company's."""

    id: str = ""
    file_code: str = ""
    name: str = ""
    first_names: str = ""
    birth_date: date | None = None
    siren: str = ""

    def __bool__(self) -> bool:
        return bool(self.id or self.file_code or self.name or self.siren)

    @property
    def said(self) -> str:
        """«Durand Jeanne, 14/03/1968»."""
        born = formats.day(self.birth_date) if self.birth_date else ""
        whole = " ".join(filter(None, (self.name, self.first_names)))
        return ", ".join(filter(None, (whole, born))) or self.file_code or self.siren or self.id


@dataclass(frozen=True, slots=True)
class Found:
    """The contact, or why there is none: a sentence for the person."""

    id: str | None
    kind: str = ""
    name: str = ""
    why: str = ""


def find(session: TenantSession, by: Adviser | str, sought: Sequence[Sought], *rights: str, by_name: bool = False) -> list[Found]:
    """For each, the contact among those that `by` may see, and do `rights` to. Three queries whatever their number.

    `by_name`: a person is taken by name alone where nobody else bears it.
    """
    seen = [visible(by, *rights)] if isinstance(by, Adviser) else []
    plain = _rows(session, seen, [
        (Contact.id, {one.id for one in sought}), (Contact.file_code, {one.file_code.upper() for one in sought}),
        (Contact.siren, {_digits(one.siren) for one in sought}),
    ])  # fmt: skip
    named = [one for one in sought if not (one.id or one.file_code or one.siren)]
    born = _rows(session, seen, [(Contact.birth_date, {one.birth_date for one in named})])
    alike = _rows(session, seen, [(Contact.sort_name, {name for one in named for name in _sorts(one)})])
    return [_plain(one, plain) or _named(one, born, alike, by_name) for one in sought]


def same(row: Any, one: Sought) -> bool:
    """Whether a contact that is known may be the one that a file names: nothing that the file says speaks against it."""
    if one.id:
        return bool(row.id == one.id)
    if one.file_code:
        return bool(row.file_code == one.file_code.upper())
    if one.siren:
        return bool(row.siren == _digits(one.siren))
    if one.birth_date and row.birth_date and one.birth_date != row.birth_date:
        return False
    return bool(_ways(one) & _names(row))


def _rows(session: TenantSession, seen: Iterable[ColumnElement[bool]], wanted: Sequence[tuple[Any, set[Any]]]) -> list[Any]:
    asked = [column.in_(values - {"", None}) for column, values in wanted if values - {"", None}]
    return list(session.execute(select(*_COLUMNS).where(or_(*asked), *seen).order_by(Contact.id))) if asked else []


def _plain(one: Sought, rows: Sequence[Any]) -> Found | None:
    """By what tells a contact apart from all others; None where the file gives none of it."""
    for told, name, words in (
        (one.id, "id", "L'identifiant"), (one.file_code.upper(), "file_code", "Le code dossier"),
        (_digits(one.siren), "siren", "Le SIREN"),
    ):  # fmt: skip
        if not told:
            continue
        found = [row for row in rows if getattr(row, name) == told]
        if len(found) > 1:
            return Found(None, why=f"{words} {told} est celui de {len(found)} contacts\u202f: indiquez le code dossier.")
        if not found:
            return Found(None, why=f"{words} {told} n'est celui d'aucun contact que vous suivez.")
        if one.name and not {*fold(one.name).split()} & {*fold(found[0].name).split(), *fold(found[0].birth_name or "").split()}:
            return Found(None, why=f"{words} {told} est celui de «\u202f{found[0].name}\u202f», pas de «\u202f{one.said}\u202f».")
        return Found(found[0].id, found[0].kind, found[0].name)
    return None


def _named(one: Sought, born: Sequence[Any], alike: Sequence[Any], by_name: bool) -> Found:
    said = f"«\u202f{one.said}\u202f»"
    if one.birth_date:
        found = [row for row in born if row.birth_date == one.birth_date and _ways(one) & _names(row)]
        if len(found) == 1:
            return Found(found[0].id, found[0].kind, found[0].name)
        if found:
            return Found(None, why=f"{len(found)} contacts sont {said}\u202f: indiquez le code dossier.")
    same_name = [row for row in alike if _ways(one) & _names(row)]
    if one.birth_date and same_name:
        return Found(None, why=f"{said} n'est aucun contact que vous suivez\u202f: un homonyme a une autre date de naissance.")
    companies = [row for row in same_name if row.kind == "PERSONNE_MORALE"]
    if len(companies) == 1 and len(same_name) == 1:
        return Found(companies[0].id, companies[0].kind, companies[0].name)
    if len(same_name) > 1:
        text = f"{len(same_name)} contacts se nomment {said}\u202f: indiquez le code dossier ou la date de naissance."
        return Found(None, why=text)
    if same_name and by_name:
        return Found(same_name[0].id, same_name[0].kind, same_name[0].name)
    if same_name:
        return Found(None, why=f"Le nom seul ne suffit pas pour {said}\u202f: indiquez la date de naissance ou le code dossier.")
    return Found(None, why=f"{said} n'est aucun contact que vous suivez\u202f: importez d'abord les contacts.")


def _sorts(one: Sought) -> set[str]:
    """How lists sort the contact, whichever way round the file writes its name."""
    first = one.first_names.split()[:1]
    whole = (f"{one.name} {one.first_names}", f"{one.name} {' '.join(first)}", f"{one.first_names} {one.name}", one.name)
    words = fold(one.name).split()
    return {fold(text)[:200] for text in whole} | {" ".join([*words[1:], *words[:1]]), " ".join([*words[-1:], *words[:-1]])}


def _ways(one: Sought) -> set[tuple[str, ...]]:
    """The words of the name, with all first names that are given or the first of them."""
    firsts = {one.first_names, *one.first_names.split()[:1]}
    return {tuple(sorted(fold(f"{one.name} {first}").split())) for first in firsts}


def _names(row: Any) -> set[tuple[str, ...]]:
    """All that a contact may be called, the order of words aside: by either name, with all first names or the first."""
    found = {tuple(sorted(fold(row.name).split()))}
    firsts = {row.first_names or "", *(row.first_names or "").split()[:1]}
    for last in filter(None, (row.birth_name, row.usage_name)):
        found |= {tuple(sorted(fold(f"{last} {first}").split())) for first in firsts}
    return found


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())[:9]
