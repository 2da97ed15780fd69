"""The fields that a cabinet adds to its contacts' files: what they are (CT-03). What they say of a contact: custom_values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func
from sqlalchemy import select

from core.contacts import shelves
from core.contacts.access import writer
from core.contacts.own_models import CustomField
from core.contacts.own_models import CustomValue
from core.contacts.shelves import FIELDS
from core.db.errors import Conflict
from core.db.errors import DomainError
from core.db.model import new_id
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.search.words import fold
from core.web import inputs

KINDS: dict[str, str] = {
    "TEXT": "Texte", "LONG_TEXT": "Texte long", "WHOLE": "Nombre entier", "AMOUNT": "Montant", "DATE": "Date",
    "YES_NO": "Oui ou non", "CHOICE": "Choix dans une liste", "CHOICES": "Plusieurs choix dans une liste",
}  # fmt: skip
#: Kinds that have options.
LISTED = ("CHOICE", "CHOICES")
SUBJECTS: dict[str, str] = {"BOTH": "Personnes et sociétés", "PERSONS": "Personnes physiques", "COMPANIES": "Personnes morales"}
LABEL, HELP, OPTION, MOST_OPTIONS, CODE = 80, 200, 80, 100, 40
PERSON, COMPANY = "PERSONNE_PHYSIQUE", "PERSONNE_MORALE"


@dataclass(frozen=True, slots=True)
class Option:
    """One of a list's."""

    code: str
    label: str
    archived: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the cabinet's."""

    id: str
    code: str
    label: str
    kind: str
    of_persons: bool
    of_companies: bool
    help: str | None
    required: bool
    options: tuple[Option, ...]
    archived: bool
    used: int = 0

    @property
    def kind_label(self) -> str:
        """«Nombre entier»."""
        return KINDS.get(self.kind, self.kind)

    @property
    def subject(self) -> str:
        """Whom it is about: a key of `SUBJECTS`."""
        return "BOTH" if self.of_persons and self.of_companies else "PERSONS" if self.of_persons else "COMPANIES"

    @property
    def subject_label(self) -> str:
        """«Personnes physiques»."""
        return SUBJECTS[self.subject]

    def concerns(self, contact_kind: str) -> bool:
        """Whether contacts of this kind have it: households have none."""
        return (contact_kind == PERSON and self.of_persons) or (contact_kind == COMPANY and self.of_companies)

    def option(self, code: str) -> str:
        """The label of a code, though it be archived."""
        return next((one.label for one in self.options if one.code == code), code)


def every(session: TenantSession, *, archived: bool = False, counted: bool = False) -> tuple[Field, ...]:
    """All of the cabinet's in their order. `counted`: with how many contacts each says something of."""
    used = _counts(session) if counted else {}
    rows = shelves.rows(session, FIELDS)
    return tuple(_field(row, used.get(row.id, 0)) for row in rows if archived or row.archived_at is None)


def of_kind(session: TenantSession, contact_kind: str) -> tuple[Field, ...]:
    """Those that contacts of a kind are asked for."""
    return tuple(one for one in every(session) if one.concerns(contact_kind))


def get(session: TenantSession, field_id: str) -> Field:
    """One, archived or not. Raises `NotFound`."""
    return _field(shelves.row(session, FIELDS, field_id), _counts(session).get(field_id, 0))


def add(session: TenantSession, by: Adviser | str, values: Mapping[str, Any], *, field_id: str | None = None) -> str:
    """Make one; its id. `values`: label, kind, subject, help, required, options (labels). Raises `DomainError`, `Forbidden`."""
    actor = writer(by, shelves.RIGHT)
    label = _label(session, None, values)
    kind = str(values.get("kind") or "")
    if kind not in KINDS:
        raise DomainError("Choisissez une sorte de champ.", field="kind")
    row = CustomField(
        id=field_id or new_id(), code=_free(_code(label), {one.code for one in shelves.rows(session, FIELDS)}), label=label,
        kind=kind, position=shelves.room(session, FIELDS), options=_options((), kind, values, used=frozenset()),
        **_common(values),
    )  # fmt: skip
    session.add(row)
    session.flush()
    shelves.noted(session, actor, FIELDS, "added", _told(_field(row)))
    return row.id


def change(session: TenantSession, by: Adviser | str, field_id: str, values: Mapping[str, Any]) -> bool:
    """Change one; whether anything changed. Its kind stays once it says something of somebody; an option that is taken out
    of the list is archived where it is used. Raises `NotFound`, `DomainError`, `Conflict`, `Forbidden`.
    """
    actor = writer(by, shelves.RIGHT)
    row = shelves.row(session, FIELDS, field_id)
    before = _field(row)
    kind = str(values.get("kind") or row.kind)
    if kind not in KINDS:
        raise DomainError("Choisissez une sorte de champ.", field="kind")
    if kind != row.kind and _counts(session).get(field_id):
        text = "Ce champ est déjà rempli dans des dossiers\u202f: il garde sa sorte. Archivez-le et créez-en un autre."
        raise Conflict(text, field="kind")
    row.label = _label(session, row, {"label": row.label, **values})
    codes = select(CustomValue.choice).where(CustomValue.field_id == field_id, CustomValue.choice.is_not(None)).distinct()
    if "options" in values or kind != row.kind:
        row.options = _options(before.options, kind, values, used=frozenset(session.scalars(codes)))
    row.kind = kind
    for name, value in _common(values, row).items():
        setattr(row, name, value)
    session.flush()
    old, new = _told(before), _told(_field(row))
    moved = [key for key in new if old[key] != new[key]]
    if moved:
        payload = {"before": {key: old[key] for key in moved}, "after": {key: new[key] for key in moved}}
        shelves.noted(session, actor, FIELDS, "changed", payload)
    return bool(moved)


def _field(row: CustomField, used: int = 0) -> Field:
    options = tuple(Option(one["code"], one["label"], bool(one.get("archived"))) for one in row.options or ())
    return Field(
        row.id, row.code, row.label, row.kind, row.of_persons, row.of_companies, row.help, row.required, options,
        row.archived_at is not None, used,
    )  # fmt: skip


def _counts(session: TenantSession) -> dict[str, int]:
    asked = select(CustomValue.field_id, func.count(CustomValue.contact_id.distinct())).group_by(CustomValue.field_id)
    return {row[0]: row[1] for row in session.execute(asked)}


def _label(session: TenantSession, row: CustomField | None, values: Mapping[str, Any]) -> str:
    label, folded = shelves.named(values.get("label"), LABEL, field="label")
    mine = row.id if row is not None else None
    if any(fold(one.label) == folded and one.id != mine for one in shelves.rows(session, FIELDS)):
        raise Conflict("Un champ porte déjà ce nom, peut-être archivé.", field="label")
    return label


def _common(values: Mapping[str, Any], row: CustomField | None = None) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if row is None or "subject" in values:
        subject = str(values.get("subject") or "BOTH")
        if subject not in SUBJECTS:
            raise DomainError("Choisissez qui ce champ concerne.", field="subject")
        found |= {"of_persons": subject != "COMPANIES", "of_companies": subject != "PERSONS"}
    if row is None or "help" in values:
        text = _plain(values.get("help"), "help")
        if len(text) > HELP:
            raise DomainError(f"{HELP} caractères au plus.", field="help")
        found["help"] = text or None
    if row is None or "required" in values:
        found["required"] = bool(values.get("required"))
    return found


def _options(
    known: Sequence[Option], kind: str, values: Mapping[str, Any], *, used: frozenset[str]
) -> list[dict[str, Any]]:
    """The list as it is to be: a label that was there keeps its code, one that is gone is archived where it is used.

    A label that stands where another stood, both lists being of one length, is that one renamed.
    """
    if kind not in LISTED:
        return []
    wanted = [_plain(one, "options") for one in values.get("options") or ()]
    wanted = [one for one in wanted if one]
    if not wanted:
        raise DomainError("Donnez au moins un choix, un par ligne.", field="options")
    if len(wanted) > MOST_OPTIONS:
        raise DomainError(f"{MOST_OPTIONS} choix au plus.", field="options")
    if long := next((one for one in wanted if len(one) > OPTION), None):
        raise DomainError(f"Un choix compte {OPTION} caractères au plus\u202f: «\u202f{long[:30]}…\u202f».", field="options")
    if twice := next((one for at, one in enumerate(wanted) if fold(one) in {fold(other) for other in wanted[:at]}), None):
        raise DomainError(f"Le choix «\u202f{twice}\u202f» est écrit deux fois.", field="options")
    standing = [one for one in known if not one.archived]
    codes = {fold(one.label): one.code for one in known}
    renamed = len(standing) == len(wanted)
    taken, made = {one.code for one in known}, list[dict[str, Any]]()
    kept = {codes[fold(one)] for one in wanted if fold(one) in codes}
    for place, label in enumerate(wanted):
        code = codes.get(fold(label))
        if code is None and renamed and standing[place].code not in kept:
            code = standing[place].code
        if code is None:
            code = _free(_code(label), taken)
        taken.add(code)
        made.append({"code": code, "label": label, "archived": False})
    there = {one["code"] for one in made}
    made += [
        {"code": one.code, "label": one.label, "archived": True} for one in known if one.code not in there and one.code in used
    ]
    return made


def _plain(value: Any, field: str) -> str:
    try:
        return inputs.plain(str(value or ""))
    except ValueError as error:
        raise DomainError("Ce texte contient un caractère invisible qui n'est pas accepté.", field=field) from error


def _code(label: str) -> str:
    """«Date de l'audit» → date_de_l_audit."""
    return re.sub(r"[^a-z0-9]+", "_", fold(label)).strip("_")[: CODE - 4] or "champ"


def _free(code: str, taken: set[str]) -> str:
    found, number = code, 1
    while found in taken:
        number += 1
        found = f"{code}_{number}"
    return found


def _told(one: Field) -> dict[str, Any]:
    """A field as the journal has it."""
    return {
        "label": one.label, "kind_said": one.kind_label, "subject": one.subject_label, "help": one.help or "",
        "required": one.required, "options": [option.label for option in one.options if not option.archived],
    }  # fmt: skip
