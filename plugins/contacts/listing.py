"""The list of contacts: its columns, its filters, how they are asked of the book of record (CT-01)."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from core.api import contacts
from core.api import formats
from core.api import lists
from core.api import queries
from core.api import wealth
from core.api.web import adviser
from core.api.web import db_session


@dataclass(frozen=True, slots=True)
class Row:
    """A contact, and what he holds in euros; None where nothing valued is held."""

    line: contacts.ContactLine
    worth: Decimal | None = None


def _principal(row: Row) -> str:
    return row.line.followers[0].name if row.line.followers else ""


COLUMNS = (
    lists.ListColumn("nom", _l("Nom"), lambda row: row.line.name, sortable=True, fixed=True),
    lists.ListColumn("ville", _l("Ville"), lambda row: row.line.city, sortable=True),
    lists.ListColumn("type", _l("Type"), lambda row: row.line.stage_label, sortable=True),
    lists.ListColumn("nature", _l("Nature"), lambda row: row.line.kind_label, sortable=True, default=False),
    lists.ListColumn("code", _l("Code"), lambda row: row.line.file_code, sortable=True),
    lists.ListColumn("telephone", _l("Téléphone"), lambda row: formats.phone(row.line.phone) if row.line.phone else None),
    lists.ListColumn("email", _l("E-mail"), lambda row: row.line.email),
    lists.ListColumn(
        "encours", _l("Encours"), lambda row: row.worth, sortable=True, numeric=True, permission="accounts.view"
    ),
    lists.ListColumn("suivi", _l("Suivi par"), _principal),
)
FILTERS = (
    lists.ListFilter("q", _l("Recherche"), "search", hint=_l("Nom, prénom ou code"), field="contact.search"),
    lists.ListFilter("type", _l("Type"), every=_l("Type\u202f: tous"), field="contact.stage"),
    lists.ListFilter("nature", _l("Nature"), every=_l("Nature\u202f: toutes"), field="contact.kind"),
    lists.ListFilter("conseiller", _l("Conseiller"), every=_l("Conseiller\u202f: tous"), field="contact.follower"),
    lists.ListFilter(
        "encours", _l("Encours"), "amount", hint=_l("Encours ≥"), permission="accounts.view", field="contact.worth"
    ),
)
SPEC = lists.ListSpec("contacts", _l("Contacts"), "p_contacts.index", "contacts.view", COLUMNS, FILTERS, sort="nom")


def read(args: MultiDict[str, str]) -> lists.ListState:
    """The list's state, from its address's parameters."""
    people = contacts.followers(db_session(), adviser())
    named = [(one.user_id, one.name) for one in people] if len(people) > 1 or args.get("conseiller") else []
    options: Mapping[str, lists.Options] = {
        "type": list(contacts.STAGE_LABELS.items()), "nature": list(contacts.KIND_LABELS.items()), "conseiller": named,
    }  # fmt: skip
    return lists.state(SPEC, args, options=options)


def wanted(state: lists.ListState, only: Sequence[str] = ()) -> queries.Asked:
    """What the engine of requests is asked for. `only`: among the lines that were ticked."""
    return queries.asked(state, only=tuple(only) or None)


def rows(session: Any, lines: Sequence[contacts.ContactLine], state: lists.ListState) -> list[Row]:
    """Lines with what the shown columns need besides: one query more where «Encours» is shown."""
    worth: Mapping[str, Decimal] = {}
    if "encours" in state.shown:
        worth = wealth.totals.of_contacts(session, adviser(), [line.id for line in lines])
    return [Row(line, worth.get(line.id)) for line in lines]


def _count(session: Any, state: lists.ListState, only: Sequence[str]) -> int:
    return queries.contacts.count(session, adviser(), wanted(state, only))


def _lines(session: Any, state: lists.ListState, only: Sequence[str]) -> Iterable[Row]:
    def each() -> Iterator[Row]:
        for some in queries.contacts.every(session, adviser(), wanted(state, only)):
            yield from rows(session, some, state)

    return each()


PAGES = lists.ListPages(SPEC, read, _count, _lines)
