"""Contacts as a subject of requests: their fields, their orders, pages of their lines (CT-01, RQ-01)."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import Select
from sqlalchemy import select
from sqlalchemy import true

from core.cabinets.models import User
from core.contacts import choices
from core.contacts import lists
from core.contacts import search as contact_search
from core.contacts.access import visible
from core.contacts.models import Contact
from core.contacts.models import ContactAdviser
from core.contacts.schemas import KIND_LABELS
from core.contacts.schemas import PROTECTION_LABELS
from core.contacts.schemas import SITUATION_LABELS
from core.contacts.schemas import STAGE_LABELS
from core.contacts.schemas import ContactLine
from core.contacts.schemas import Follower
from core.db.paging import Page
from core.db.scope import MANY
from core.db.scope import kept
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.queries import pages
from core.queries.fields import Field
from core.queries.fields import declare
from core.queries.pages import Asked
from core.queries.pages import Neighbours
from core.queries.pages import Run
from core.queries.pages import Subject
from core.queries.pages import known_first
from core.search.find import matching
from core.wealth import totals

KEY = "contacts"
#: Lines read at a time where a whole list is.
BATCH = 500
_NAME = (Contact.sort_name, Contact.id)


def _search(_adviser: Adviser, values: Sequence[str]) -> ColumnElement[bool]:
    """Each word starts a word of the name, the file code, a number; a text without words asks nothing."""
    found = matching(contact_search.KIND, values[0]) if values else None
    return Contact.id.in_(found) if found is not None else true()


SUBJECT = pages.declare(
    Subject(
        KEY, Contact, visible,
        {
            "nom": lambda _adviser: (Run(_NAME),),
            "code": lambda _adviser: (Run((Contact.file_code, Contact.id)),),
            "type": lambda _adviser: (Run((Contact.stage, *_NAME)),),
            "nature": lambda _adviser: (Run((Contact.kind, *_NAME)),),
            "ville": lambda _adviser: known_first(Contact.city, *_NAME),
            "encours": lambda adviser: known_first(totals.worth(adviser), *_NAME),
        }, "nom",
    )
)  # fmt: skip


def _own(path: str, kind: str, label: str, column: Any, options: dict[str, str] | None = None, group: str = "Identité") -> Field:
    return Field(
        f"contact.{path}", KEY, kind, label, column=lambda _adviser: column, group=group, options=tuple((options or {}).items())
    )


declare(
    Field("contact.search", KEY, "text", "Nom, code ou numéro", special={"find": ("répond à", _search)}, group="Identité"),
    _own("name", "text", "Nom", Contact.display_name),
    _own("kind", "choice", "Nature", Contact.kind, KIND_LABELS),
    _own("stage", "choice", "Type", Contact.stage, STAGE_LABELS, "Suivi"),
    _own("file_code", "text", "Code dossier", Contact.file_code, group="Suivi"),
    Field(
        "contact.follower", KEY, "choice", "Suivi par", group="Suivi",
        among=select(ContactAdviser.contact_id, ContactAdviser.user_id),
    ),
    _own("origin", "choice", "Origine du contact", Contact.origin, choices.ORIGINS, "Suivi"),
    _own("birth_date", "date", "Date de naissance", Contact.birth_date),
    _own("situation", "choice", "Situation familiale", Contact.situation, SITUATION_LABELS),
    _own("matrimonial_regime", "choice", "Régime matrimonial", Contact.matrimonial_regime, choices.MATRIMONIAL_REGIMES),
    _own("pacs_regime", "choice", "Régime du PACS", Contact.pacs_regime, choices.PACS_REGIMES),
    _own("protection", "choice", "Protection juridique", Contact.protection, PROTECTION_LABELS),
    _own("vital", "choice", "Vivant ou décédé", Contact.vital, {"VIVANT": "Vivant", "DECEDE": "Décédé"}),
    _own("death_date", "date", "Date de décès", Contact.death_date),
    _own("work_status", "choice", "Statut professionnel", Contact.work_status, choices.WORK_STATUSES, "Profession"),
    _own("profession", "text", "Profession", Contact.profession, group="Profession"),
    _own("tax_country", "choice", "Résidence fiscale", Contact.tax_country, dict(choices.countries()), "Fiscalité"),
    _own("us_person", "choice", "Contribuable américain (US person)", Contact.us_person, choices.YES_NO, "Fiscalité"),
    _own("company_name", "text", "Dénomination", Contact.company_name, group="Société"),
    _own("legal_form", "text", "Forme juridique", Contact.legal_form, group="Société"),
    _own("siren", "text", "SIREN", Contact.siren, group="Société"),
    _own("city", "text", "Ville", Contact.city, group="Coordonnées"),
    _own("email", "text", "E-mail principal", Contact.email, group="Coordonnées"),
    _own("phone", "text", "Téléphone principal", Contact.phone, group="Coordonnées"),
    Field("contact.worth", KEY, "amount", "Encours", column=totals.worth, group="Encours", permission="accounts.view"),
)  # fmt: skip


def page(session: TenantSession, adviser: Adviser, asked: Asked, *, number: int = 1, size: int = 50) -> Page[ContactLine]:
    """One page of the contacts that the adviser may see: two queries whatever the page; five by what may be unknown.

    Raises `DomainError` for what cannot be asked.
    """
    total = count(session, adviser, asked)
    number = max(1, min(number, -(-total // size) or 1))
    start = (number - 1) * size
    if len(SUBJECT.runs(adviser, asked)) > 1:
        ids = pages.ids(session, adviser, SUBJECT, asked, total, start, size)
        return Page(tuple(lists.lines(session, ids)), total, number, size)
    at = pages.place(total, start, size)
    rows = session.rows(
        pages.remembered(_shown, adviser, SUBJECT, asked, at.from_end), {"size": at.size, "start": at.offset}
    )
    return Page(tuple(_lines_of(rows)), total, number, size)


def count(session: TenantSession, adviser: Adviser, asked: Asked) -> int:
    """How many there are."""
    return pages.count(session, adviser, SUBJECT, asked)


def every(session: TenantSession, adviser: Adviser, asked: Asked) -> Iterator[tuple[ContactLine, ...]]:
    """All of them in order, some at a time: two queries a batch."""
    total = count(session, adviser, asked)
    ids = pages.ids(session, adviser, SUBJECT, asked, total, 0, total) if total else []
    for start in range(0, len(ids), BATCH):
        yield tuple(lists.lines(session, ids[start : start + BATCH]))


def following_id(
    session: TenantSession, adviser: Adviser, asked: Asked, after: str | None, *, size: int
) -> list[ContactLine]:
    """Those that a request keeps, in the order of their ids, from beyond one of them: pages that no change moves."""
    return lists.lines(session, pages.following_id(session, adviser, SUBJECT, asked, after, size=size))


def neighbours(session: TenantSession, adviser: Adviser, asked: Asked, contact_id: str, place: int) -> Neighbours:
    """Who comes before and after a contact that stood at a place (from 1) of the list."""
    return pages.neighbours(session, adviser, SUBJECT, asked, contact_id, place)


def _lines_of(rows: Iterable[Any]) -> Iterator[ContactLine]:
    """Lines of rows that stand together for each contact: a row for each who follows him, or one with nobody."""
    for _id, some in groupby(rows, key=itemgetter(0)):
        same = list(some)
        who = [Follower(row.follower_id, row.follower, row.role) for row in same if row.role is not None]
        yield lists.line(same[0], tuple(sorted(who, key=lists.rank) if len(who) > 1 else who))


@lru_cache(maxsize=MANY)
def _shown(adviser: Adviser, _subject: str, asked: Asked, from_end: bool) -> Select[*tuple[Any, ...]]:
    """A page of ids, then what its lines show and who follows each: in one statement, a row for each follower."""
    ids, keys = pages.ranked(adviser, SUBJECT, asked, 0, from_end)
    chosen = ids.add_columns(*(key.label(f"key{at}") for at, (key, _down) in enumerate(keys))).subquery("page")
    order = [chosen.c[f"key{at}"].desc() if down else chosen.c[f"key{at}"].asc() for at, (_key, down) in enumerate(keys)]
    return kept(
        select(*lists.LINE, ContactAdviser.role, User.id.label("follower_id"), User.display_name.label("follower"))
        .select_from(chosen)
        .join(Contact, Contact.id == chosen.c.id)
        .outerjoin(ContactAdviser, ContactAdviser.contact_id == Contact.id)
        .outerjoin(User, User.id == ContactAdviser.user_id)
        .order_by(*order, User.display_name)
    )
