"""Categories and labels as files name them: found among the cabinet's, or made where that was asked (AC-02, CT-03)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import MutableMapping
from dataclasses import dataclass

from core.contacts import categories
from core.contacts import labels
from core.contacts import shelves
from core.db.errors import DomainError
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.search.words import fold

#: «Clients › Patrimoniaux», as people type it; several labels in one cell.
_LEVELS, _SEVERAL = re.compile(r"\s*[›>/\\|]\s*"), re.compile(r"\s*(?:[;,|\n]|:::)\s*")


@dataclass(frozen=True, slots=True)
class Known:
    """What the cabinet has, by how it is written: folded name or path → id. What is archived is in neither."""

    categories: Mapping[str, str]
    labels: Mapping[str, str]


def known(session: TenantSession) -> Known:
    """The cabinet's. A sub-category is found by its path; by its name alone where no other category bears it."""
    named: dict[str, set[str]] = defaultdict(set)
    paths: dict[str, str] = {}
    for one in categories.tree(session):
        paths[fold(one.path)] = one.id
        named[fold(one.name)].add(one.id)
    alone = {name: next(iter(ids)) for name, ids in named.items() if len(ids) == 1}
    return Known({**alone, **paths}, {fold(one.name): one.id for one in labels.every(session)})


def several(text: str) -> tuple[str, ...]:
    """The labels of a cell, each once."""
    found = {fold(one): " ".join(one.split()) for one in _SEVERAL.split(text)}
    return tuple(one for key, one in found.items() if key)


def check(here: Known, category: str, some: Iterable[str], *, make: bool, seen: MutableMapping[int, int]) -> None:
    """Raise `DomainError` for what the cabinet has not, unless it is to be made. `seen`: what was to be made so far."""
    if category and fold(category) not in here.categories:
        if not make:
            raise DomainError(f"«\u202f{category[:60]}\u202f» n'est pas une catégorie de votre cabinet.", field="category")
        for part in _parts(category):
            shelves.named(part, categories.NAME, field="category")
        _room(shelves.CATEGORIES, len(here.categories), fold(category), seen, "category")
    for one in some:
        if fold(one) in here.labels:
            continue
        if not make:
            raise DomainError(f"«\u202f{one[:60]}\u202f» n'est pas une étiquette de votre cabinet.", field="labels")
        shelves.named(one, labels.NAME, field="labels")
        _room(shelves.LABELS, len(here.labels), fold(one), seen, "labels")


def ensured(session: TenantSession, by: Adviser | str, wanted: Iterable[tuple[str, Iterable[str]]]) -> Known:
    """The cabinet's, once the (category, labels) that it has not are made. Raises `Forbidden`, `DomainError`."""
    here = known(session)
    more_categories, more_labels = dict(here.categories), dict(here.labels)
    for category, some in wanted:
        if category and fold(category) not in more_categories:
            more_categories[fold(category)] = _make(session, by, _parts(category), more_categories)
        for one in some:
            if fold(one) not in more_labels:
                more_labels[fold(one)] = labels.add(session, by, {"name": one, "color": "neutral"})
    return Known(more_categories, more_labels)


def _make(session: TenantSession, by: Adviser | str, parts: tuple[str, ...], there: dict[str, str]) -> str:
    parent = None
    for depth, name in enumerate(parts):
        path = fold(" ".join(parts[: depth + 1]))
        there[path] = there.get(path) or categories.add(session, by, {"name": name, "parent_id": parent})
        parent = there[path]
    assert parent is not None
    return parent


def _parts(text: str) -> tuple[str, ...]:
    found = tuple(" ".join(part.split()) for part in _LEVELS.split(text) if fold(part))
    if not 0 < len(found) <= 2:
        text = "Une catégorie s'écrit sur deux niveaux au plus\u202f: «\u202fClients › Patrimoniaux\u202f»."
        raise DomainError(text, field="category")
    return found


def _room(shelf: shelves.Shelf, there: int, name: str, seen: MutableMapping[int, int], field: str) -> None:
    """Those that are to be made are counted over the whole file: a list has room for so many."""
    first = seen.setdefault(hash((field, "there")), there)
    if hash((field, name)) not in seen:
        seen[hash((field, name))] = 0
        seen[hash((field, "more"))] = seen.get(hash((field, "more")), 0) + 1
    if first + seen[hash((field, "more"))] > shelf.most:
        raise DomainError(f"Votre cabinet aurait plus de {shelf.most} éléments dans cette liste.", field=field)
