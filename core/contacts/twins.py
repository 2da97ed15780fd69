"""Contacts of the whole cabinet that may be one person twice: found by what they share, never each against each (CT-02).

Blocks are made of what two files have in common: an e-mail address, a telephone, an IBAN, a SIREN, a birth date, a name
in any order and with either surname. Only those of one block are compared; a block that is too large to mean anything
(a telephone that a hundred files bear) is cut by first letters, then gone through with a window.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Any

from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select

from core.cabinets import audit
from core.cabinets import rights
from core.contacts import twin_scores
from core.contacts.access import visible
from core.contacts.access import writer
from core.contacts.merge_models import ContactApart
from core.contacts.models import Contact
from core.contacts.models import ContactBank
from core.contacts.models import ContactEmail
from core.contacts.models import ContactPhone
from core.contacts.twin_scores import File
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.search.words import fold

#: Files of one block that are all compared with one another; of a larger one, each with its next ones.
BLOCK, WINDOW = 16, 8
#: The least score that is shown, and how many pairs at most.
LEAST, MOST = 50, 200
_ABSENT = "Un de ces deux contacts n'existe pas, ou n'est pas ouvert à votre profil."
_folded = lru_cache(maxsize=65536)(fold)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two contacts that look alike. `score`: 0 to 100; `reasons` in words; `first` is the older file."""

    first: File
    second: File
    score: int
    reasons: tuple[str, ...]

    @property
    def level(self) -> str:
        """«Très probable», «Probable», «À vérifier»."""
        return "Très probable" if self.score >= 85 else "Probable" if self.score >= 65 else "À vérifier"

    @property
    def id(self) -> str:
        """Both ids: the pair's key."""
        return f"{self.first.id}-{self.second.id}"


@dataclass(frozen=True, slots=True)
class Found:
    """The likeliest pairs, and how many there are in all."""

    pairs: tuple[Pair, ...]
    total: int


def of_cabinet(session: TenantSession, adviser: Adviser, *, most: int = MOST, contact_id: str | None = None) -> Found:
    """Pairs among the contacts that the adviser sees, the likeliest first; those of one contact where it is named."""
    files = _files(session, adviser)
    shared = _shared(session, files)
    reached = {one for known in shared.values() for one in known}
    apart = {frozenset(row) for row in session.execute(select(ContactApart.first_id, ContactApart.second_id))}
    seen, pairs = set[tuple[str, str]](), list[Pair]()
    for one, two in _candidates(files, shared):
        key = (one.id, two.id) if one.id < two.id else (two.id, one.id)
        if key in seen or one is two or (contact_id is not None and contact_id not in key):
            continue
        seen.add(key)
        same: tuple[str, ...] = ()
        if one.id in reached and two.id in reached:
            same = tuple(kind for kind, known in shared.items() if known.get(one.id, _NONE) & known.get(two.id, _NONE))
        score, reasons = twin_scores.of(one, two, same)
        if score >= LEAST and frozenset(key) not in apart:
            first, second = sorted((one, two), key=lambda each: (each.created_at, each.id))
            pairs.append(Pair(first, second, score, reasons))
    pairs.sort(key=lambda pair: (-pair.score, pair.first.sort_name, pair.id))
    return Found(tuple(pairs[:most]), len(pairs))


def set_apart(session: TenantSession, by: Adviser | str, first_id: str, second_id: str) -> None:
    """Remember that two contacts are not the same. Raises `NotFound`, `Forbidden`."""
    actor, (one, two) = _known(session, by, first_id, second_id)
    if _apart(session, one, two) is None:
        session.add(ContactApart(first_id=one, second_id=two, said_by=actor))
        session.flush()
        audit.record(session, actor, "contact.set_apart", f"contact:{one}", {"other": two})


def take_apart_back(session: TenantSession, by: Adviser | str, first_id: str, second_id: str) -> None:
    """They may be the same after all. Raises `NotFound`, `Forbidden`."""
    actor, (one, two) = _known(session, by, first_id, second_id)
    if (row := _apart(session, one, two)) is not None:
        session.delete(row)
        session.flush()
        audit.record(session, actor, "contact.apart_forgotten", f"contact:{one}", {"other": two})


_NONE: frozenset[str] = frozenset()


def _known(session: TenantSession, by: Adviser | str, first_id: str, second_id: str) -> tuple[str, tuple[str, str]]:
    actor = writer(by, "contacts.edit")
    one, two = sorted((first_id, second_id))
    wanted = select(Contact.id).where(Contact.id.in_((one, two)))
    if isinstance(by, Adviser):
        wanted = wanted.where(visible(by))
    if len(session.scalars(wanted).all()) != 2:
        raise NotFound(_ABSENT)
    for each in (one, two):
        rights.require(session, by, "contact", each, "contacts.edit")
    return actor, (one, two)


def _apart(session: TenantSession, one: str, two: str) -> ContactApart | None:
    pairs = [(ContactApart.first_id == a) & (ContactApart.second_id == b) for a, b in ((one, two), (two, one))]
    return session.scalars(select(ContactApart).where(or_(*pairs)).limit(1)).first()


def _files(session: TenantSession, adviser: Adviser) -> dict[str, File]:
    """What two files are compared by, of all that the adviser sees, in one query."""
    rows = session.execute(
        select(
            Contact.id, Contact.kind, Contact.display_name, Contact.sort_name, Contact.file_code, Contact.birth_name,
            Contact.usage_name, Contact.first_names, Contact.birth_date, Contact.siren, Contact.city, Contact.created_at,
        ).where(visible(adviser))
    )  # fmt: skip
    return {
        row.id: File(
            row.id, row.kind, row.display_name, row.sort_name, row.file_code, row.birth_date, row.siren,
            _folded(row.city) if row.city else "", row.created_at,
            frozenset(_folded(name) for name in (row.birth_name, row.usage_name) if name),
            tuple(_folded(row.first_names).split()) if row.first_names else (),
        )
        for row in rows
    }  # fmt: skip


def _shared(session: TenantSession, files: Mapping[str, File]) -> dict[str, dict[str, frozenset[str]]]:
    """Kind of channel → contact → its values that another contact has too: the database finds which those are."""
    found: dict[str, dict[str, frozenset[str]]] = {}
    for kind, model, column in (
        ("email", ContactEmail, ContactEmail.folded), ("phone", ContactPhone, ContactPhone.number),
        ("iban", ContactBank, ContactBank.iban),
    ):  # fmt: skip
        twice = select(column).group_by(column).having(func.count(func.distinct(model.contact_id)) > 1)
        values: dict[str, set[str]] = defaultdict(set)
        for contact_id, value in session.execute(select(model.contact_id, column).where(column.in_(twice))):
            if contact_id in files:
                values[contact_id].add(value)
        found[kind] = {one: frozenset(some) for one, some in values.items()}
    return found


def _candidates(files: Mapping[str, File], shared: Mapping[str, Mapping[str, frozenset[str]]]) -> Iterator[tuple[File, File]]:
    """Pairs that are worth a look, some more than once."""
    together: dict[Any, list[File]] = defaultdict(list)
    named: dict[Any, list[File]] = defaultdict(list)
    for kind, known in shared.items():
        for contact_id, values in known.items():
            for value in values:
                together[kind, value].append(files[contact_id])
    for one in files.values():
        if one.siren:
            together["siren", one.siren].append(one)
        if one.kind != "PERSONNE_PHYSIQUE":
            together["name", one.kind, one.sort_name].append(one)
            continue
        if one.birth_date:
            together["birth", one.birth_date].append(one)
        named[one.sort_name].append(one)
        for surname in one.surnames:
            for first in one.firsts[:3]:
                named[surname, first].append(one)
    for block in together.values():
        yield from _pairs(block)
    for block in named.values():
        if len(block) > 1:
            yield from _dated(block)


def _dated(block: list[File]) -> Iterator[tuple[File, File]]:
    """Of one name: those born in the same year or on the same day of it (the other may be mistyped), and those undated."""
    years: dict[Any, list[File]] = defaultdict(list)
    undated = []
    for one in block:
        if one.birth_date is None:
            undated.append(one)
            continue
        years[one.birth_date.year].append(one)
        years[one.birth_date.month, one.birth_date.day].append(one)
    for part in years.values():
        yield from _pairs(part)
    yield from _pairs(undated)
    for one in undated[:WINDOW]:
        yield from ((one, other) for other in block[:BLOCK] if other.birth_date is not None)


def _pairs(block: list[File]) -> Iterator[tuple[File, File]]:
    if len(block) <= BLOCK:
        yield from combinations(block, 2)
        return
    parts: dict[str, list[File]] = defaultdict(list)
    for one in block:
        parts[one.sort_name[:3]].append(one)
    for part in parts.values():
        part.sort(key=lambda each: (each.sort_name, each.id))
        for place, one in enumerate(part):
            yield from ((one, other) for other in part[place + 1 : place + 1 + WINDOW])
