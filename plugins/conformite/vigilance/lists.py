"""Lists of countries: imported with their date and source, kept with their history, never written in code (CO-05).

A list that was never imported is no list without countries: whoever asks gets none, and says «non vérifié».
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from datetime import datetime

from sqlalchemy import select

from core.api import audit
from core.api import contacts
from core.api.db import DomainError
from core.api.db import Forbidden
from core.api.db import NotFound
from core.api.db import TenantSession
from core.api.db import today
from core.api.finance import due_on
from core.api.types import Adviser
from plugins.conformite.vigilance import ruleset
from plugins.conformite.vigilance.models import CountryImport

#: Who runs vigilance: validates, and imports the lists.
MANAGE = "vigilance.validate"
#: No list is older than the first recommendations of the FATF.
OLDEST = date(1990, 1, 1)
LONGEST_TEXT, LONGEST_SOURCE = 8_000, 300
_HEADS = frozenset({"code", "iso", "pays", "country", "codepays", "iso2", "nom"})


@dataclass(frozen=True, slots=True)
class Imported:
    """A list as it was imported. `countries`: ISO 3166-1 alpha-2, in their order."""

    id: str
    code: str
    dated_on: date
    source: str
    countries: tuple[str, ...]
    imported_by: str
    created_at: datetime

    @property
    def label(self) -> str:
        """Its name."""
        found = ruleset.load().list_named(self.code)
        return found.label if found else self.code

    @property
    def names(self) -> tuple[str, ...]:
        """Its countries, in French."""
        known = contacts.choices.countries()
        return tuple(sorted(known.get(one, one) for one in self.countries))

    def old(self, on: date, months: int) -> bool:
        """Whether it is older than the cabinet accepts."""
        return due_on(self.dated_on, months) < on


def history(session: TenantSession) -> list[Imported]:
    """All that were imported, the newest list first."""
    wanted = select(CountryImport).order_by(CountryImport.dated_on.desc(), CountryImport.id.desc())
    return [_made(row) for row in session.scalars(wanted)]


def current(session: TenantSession) -> dict[str, Imported]:
    """Code → the list in force. What was never imported is not there."""
    found: dict[str, Imported] = {}
    for one in history(session):
        found.setdefault(one.code, one)
    return found


def get(session: TenantSession, list_id: str) -> Imported:
    """One import. Raises `NotFound`."""
    row = session.scalar(select(CountryImport).where(CountryImport.id == list_id))
    if row is None:
        raise NotFound("Cette liste n'existe pas.")
    return _made(row)


def bring(
    session: TenantSession, by: Adviser, code: str, *, dated_on: date, source: str, text: str, list_id: str | None = None
) -> str:
    """Import a list; its id. `text`: codes or French names of countries, as pasted or as a CSV's first column.

    `list_id`: the form's key, a second arrival finds what the first made. Raises `DomainError` with the field and the line
    that cannot be read (nothing is kept then), `Forbidden`.
    """
    if not by.can(MANAGE):
        raise Forbidden("Importer une liste de pays demande le droit de valider les vigilances renforcées.")
    if list_id and session.scalar(select(CountryImport.id).where(CountryImport.id == list_id)):
        return list_id
    if ruleset.load().list_named(code) is None:
        raise DomainError("Choisissez une liste parmi celles du barème.", field="code")
    if not OLDEST <= dated_on <= today():
        raise DomainError("La date de la liste est celle de sa publication\u202f: vérifiez-la.", field="dated_on")
    said = source.strip()
    if not said or len(said) > LONGEST_SOURCE:
        raise DomainError(f"Dites d'où vient la liste, en {LONGEST_SOURCE} caractères au plus.", field="source")
    countries = parse(text)
    row = CountryImport(code=code, dated_on=dated_on, source=said, countries=list(countries), imported_by=by.name)
    if list_id:
        row.id = list_id
    session.add(row)
    session.flush()
    audit.record(session, by.user_id, "conformite.list_imported", f"country-list:{row.id}", {
        "list": code, "dated_on": dated_on.isoformat(), "source": said, "countries": list(countries),
    })  # fmt: skip
    return row.id


def parse(text: str) -> tuple[str, ...]:
    """The countries of a text, one a line or several between commas: ISO codes, or French names. Raises `DomainError`."""
    known = contacts.choices.countries()
    by_name = {contacts.fold(name): code for code, name in known.items()}
    found: dict[str, None] = {}
    if len(text) > LONGEST_TEXT:
        raise DomainError("Cette liste est trop longue pour une liste de pays\u202f: vérifiez le fichier.", field="text")
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        cells = [cell.strip().strip('"').strip() for cell in re.split(r"[;,\t]", line)]
        cells = [cell for cell in cells if cell]
        codes = [_code(cell, known, by_name) for cell in cells]
        if number == 1 and cells and re.sub(r"[^a-z0-9]", "", contacts.fold(cells[0])) in _HEADS:
            continue
        # «IR;Iran» is one country said twice; «IR, KP, MM» are three; what stands behind a country may be a remark
        wrong = [cell for place, cell in enumerate(cells) if codes[place] is None and (place == 0 or len(cell) == 2)]
        if wrong:
            said = f"Ligne {number}\u202f: «\u202f{wrong[0][:40]}\u202f» n'est ni un code ISO à deux lettres ni un pays connu."
            raise DomainError(said, field="text")
        found.update(dict.fromkeys(code for code in codes if code))
    if not found:
        said = "Saisissez au moins un pays\u202f: une liste vide ne se distingue pas d'une liste oubliée."
        raise DomainError(said, field="text")
    return tuple(sorted(found))


def _code(cell: str, known: Mapping[str, str], by_name: Mapping[str, str]) -> str | None:
    if len(cell) == 2 and cell.upper() in known:
        return cell.upper()
    return by_name.get(contacts.fold(cell))


def _made(row: CountryImport) -> Imported:
    return Imported(
        row.id, row.code, row.dated_on, row.source, tuple(row.countries), row.imported_by, row.created_at
    )
