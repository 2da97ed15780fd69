"""Which of many new contacts are there already: the rules of `duplicates`, in one query a rule for a whole batch (AC-02)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from sqlalchemy import select

from core.contacts.access import visible
from core.contacts.bulk import Prepared
from core.contacts.models import Contact
from core.contacts.models import ContactEmail
from core.contacts.models import ContactPhone
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.search.words import fold

PERSON, COMPANY = "PERSONNE_PHYSIQUE", "PERSONNE_MORALE"
_COLUMNS = (
    Contact.id, Contact.kind, Contact.display_name, Contact.sort_name, Contact.birth_date, Contact.file_code, Contact.siren,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Match:
    """A contact that is there. `sure`: the same one, by these rules; else it only shares an e-mail or a telephone."""

    id: str
    name: str
    file_code: str
    why: str
    sure: bool


@dataclass(frozen=True, slots=True)
class Marks:
    """What a new contact may be known by; `sure` and `near`, each (kind of mark, value, words)."""

    name: str
    sure: tuple[tuple[str, Any, str], ...]
    near: tuple[tuple[str, Any, str], ...] = field(default=())


def marks(one: Prepared) -> Marks:
    """In the order in which they count."""
    data, name = one.data, fold(one.data.display_name)[:200]
    emails = [str(way["folded"]) for kind, way in one.channels if kind == "email"]
    phones = [str(way["number"]) for kind, way in one.channels if kind == "phone"]
    sure: list[tuple[str, Any, str]] = []
    if data.file_code:
        sure.append(("code", data.file_code, "même code dossier"))
    if data.kind == PERSON and data.birth_date:
        sure.append(("born", (name, data.birth_date), "même nom et même date de naissance"))
    if data.kind == COMPANY:
        if data.siren:
            sure.append(("siren", data.siren, "même SIREN"))
        sure.append(("company", name, "même dénomination"))
    sure += [("email+", (name, email), "même nom et même adresse e-mail") for email in emails]
    sure += [("phone+", (name, phone), "même nom et même téléphone") for phone in phones]
    if data.kind == PERSON and not (data.file_code or data.birth_date or emails or phones):
        sure.append(("name", name, "même nom, sans autre indication"))
    near = [("email", email, "même adresse e-mail") for email in emails]
    near += [("phone", phone, "même téléphone") for phone in phones]
    return Marks(name, tuple(sure), tuple(near))


def matches(session: TenantSession, by: Adviser | str, people: Sequence[Prepared], *rights: str) -> list[Match | None]:
    """For each, the contact that it repeats among those that `by` may see (and do `rights` to); None where there is none."""
    wanted = [marks(one) for one in people]
    every = [mark for one in wanted for mark in (*one.sure, *one.near)]
    if not every:
        return [None] * len(people)
    known = _known(session, by, every, rights)
    return [_first(one, known) for one in wanted]


def _first(one: Marks, known: dict[tuple[str, Any], Any]) -> Match | None:
    for sure, some in ((True, one.sure), (False, one.near)):
        for kind, value, why in some:
            row = known.get((kind, value))
            if row is not None:
                return Match(row.id, row.display_name, row.file_code, why, sure)
    return None


def _known(
    session: TenantSession, by: Adviser | str, every: Sequence[tuple[str, Any, str]], rights: Sequence[str]
) -> dict[tuple[str, Any], Any]:
    values: dict[str, set[Any]] = defaultdict(set)
    for kind, value, _why in every:
        values[kind].add(value)
    seen = [visible(by, *rights)] if isinstance(by, Adviser) else []
    found: dict[tuple[str, Any], Any] = {}

    def rows(condition: Any, column: Any = None) -> Iterable[Any]:
        chosen = select(*_COLUMNS) if column is None else select(*_COLUMNS, column.label("value"))
        if column is not None:
            chosen = chosen.join(column.class_, column.class_.contact_id == Contact.id)
        return session.execute(chosen.where(condition, *seen).order_by(Contact.id))

    if values["code"]:
        for row in rows(Contact.file_code.in_(values["code"])):
            found.setdefault(("code", row.file_code), row)
    if values["siren"]:
        for row in rows(Contact.siren.in_(values["siren"])):
            found.setdefault(("siren", row.siren), row)
    if names := {name for name, _born in values["born"]} | values["company"] | values["name"]:
        for row in rows(Contact.sort_name.in_(names)):
            if row.kind == PERSON:
                found.setdefault(("born", (row.sort_name, row.birth_date)), row)
                found.setdefault(("name", row.sort_name), row)
            elif row.kind == COMPANY:
                found.setdefault(("company", row.sort_name), row)
    for kind, column in (("email", ContactEmail.folded), ("phone", ContactPhone.number)):
        if values[kind]:
            for row in rows(column.in_(values[kind]), column):
                found.setdefault((kind, row.value), row)
                found.setdefault((f"{kind}+", (row.sort_name, row.value)), row)
    return found
