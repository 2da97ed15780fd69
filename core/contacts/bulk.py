"""Many contacts written at once (AC-02): the rows, words and journal that `services.create` would write, in few statements.

The rules are those of `schemas.checked` and `channels`: nothing is decided here that is not decided there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import fields
from dataclasses import replace
from operator import attrgetter
from operator import itemgetter
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select

from core.cabinets import audit
from core.cabinets.models import User
from core.contacts import bulk_shelves
from core.contacts import categories
from core.contacts import channel_rules
from core.contacts import channels
from core.contacts import codes
from core.contacts import life
from core.contacts import search as contact_search
from core.contacts import services
from core.contacts.access import writer
from core.contacts.models import Contact
from core.contacts.models import ContactAdviser
from core.contacts.own_models import ContactLabelling
from core.contacts.schemas import NewContact
from core.contacts.schemas import checked
from core.contacts.schemas import settled
from core.db.bulk import new_ids
from core.db.clock import now
from core.db.errors import DomainError
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.search import index
from core.search.words import fold

_COPIED = {"email": "email", "phone": "number", "address": "city"}
_COPIES = {"email": "email", "phone": "phone", "address": "city"}
#: Of one contact; what stands for a field that it cannot be without.
_MOST_FAULTS = 8
_ASIDE: dict[str, Any] = {"birth_name": "X", "first_names": "X", "company_name": "X", "display_name": "X", "file_code": "",
                          "stage": "PROSPECT", "protection": "AUCUNE", "vital": "VIVANT"}  # fmt: skip
_FIELDS = tuple(one.name for one in fields(NewContact))
_VALUES = attrgetter(*_FIELDS)
_CODE = _FIELDS.index("file_code")
#: Kind of channel → what `channels` gives of it.
_WAYS = {
    kind: ("usage", "opt_in", "opt_in_on", "opt_in_source", *known.names, *(("folded",) if kind == "email" else ()))
    for kind, known in channels.KINDS.items()
}
#: An address that says nothing but where someone is: what the link of a new dossier tells of it.
_HOME, _PLACE = ("DOMICILE", "SIEGE"), ("street", "extra", "postal_code", "country")
_TAKEN = {kind: itemgetter(*names) for kind, names in _WAYS.items()}


@dataclass(frozen=True, slots=True)
class Prepared:
    """A contact that passed the rules: its data, its channels by kind (the first is the primary one), who follows it.

    `category`, `labels`: by name; those that the cabinet has not are made (`bulk_shelves`).
    """

    data: NewContact
    channels: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    principal: str | None = None
    category: str = ""
    labels: tuple[str, ...] = ()


def prepared(
    data: NewContact, ways: Sequence[tuple[str, Mapping[str, Any]]] = (), principal: str | None = None, *, category: str = "",
    labels: tuple[str, ...] = (),
) -> Prepared:  # fmt: skip
    """Check a contact and its channels, as forms and API do; `data` tells no channel itself. Raises `DomainError`."""
    found = [(kind, channel_rules.checked(kind, values, data)) for kind, values in ways]
    for _kind, values in found:
        life.check_opt_in(data, values["opt_in"])
    copies: dict[str, Any] = {}
    for kind, values in found:
        if kind in _COPIES:
            copies.setdefault(_COPIES[kind], values[_COPIED[kind]])
    clean = services._dated(checked(data))
    return Prepared(settled(clean, copies), tuple(found), principal, category, labels)


def faults(data: NewContact, ways: Sequence[tuple[str, Mapping[str, Any]]] = ()) -> list[DomainError]:
    """All that `prepared` refuses, where it refuses something: it tells the first only."""
    found = list[DomainError]()
    for kind, values in ways:
        try:
            channel_rules.checked(kind, values, data)
        except DomainError as error:
            found.append(error)
    own = set[str]()
    while len(own) < _MOST_FAULTS:
        try:
            checked(data)
        except DomainError as error:
            if error.field is None or error.field in own:
                return found if error.field in own else [*found, error]
            found.append(error)
            own.add(error.field)
            # what is wrong with the rest shows once this is set aside
            aside: dict[str, Any] = {error.field: _ASIDE.get(error.field)}
            data = replace(data, **aside)
        else:
            break
    return found


def create(session: TenantSession, by: Adviser | str, people: Sequence[Prepared]) -> list[str]:
    """Add contacts; their ids, in that order. Whoever writes follows them as `services.create` says.

    The caller made sure that file codes are free and given once. Raises `Forbidden`.
    """
    actor = writer(by, "contacts.edit")
    if not people:
        return []
    at, number, category = now(), 0, categories.default_id(session)
    rows, following, journal = list[tuple[Any, ...]](), list[tuple[str, str, str]](), list[tuple[str, str, dict[str, Any]]]()
    ways: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    words: dict[str, set[str]] = {}
    ids = new_ids(len(people))
    placed = bulk_shelves.ensured(session, by, ((one.category, one.labels) for one in people)) if _placing(people) else None
    labelled = list[tuple[str, str]]()
    for contact_id, one in zip(ids, people, strict=True):
        data = one.data
        code = data.file_code
        if not code:
            number = number or codes.next_number(session)
            code, number = codes.made(number), number + 1
        values = list(_VALUES(data))
        values[_CODE] = code
        own = placed.categories[fold(one.category)] if placed and one.category else category
        rows.append((contact_id, fold(data.display_name)[:200], at, at, own, *values))
        subject = f"contact:{contact_id}"
        noted = {name: value for name, value in zip(_FIELDS, values, strict=True) if value is not None and value is not False}
        # one link tells the dossier as it was made: its own fields, its first address, who follows it first
        begun = services._plain(noted)
        journal.append(("contact.added", subject, begun))
        ranks: dict[str, int] = defaultdict(int)
        for kind, way in one.channels:
            rank = ranks[kind]
            ranks[kind] += 1
            ways[kind].append((contact_id, rank == 0, rank, at, *_TAKEN[kind](way)))
            if kind == "address" and not rank and way["usage"] in _HOME and not way["opt_in"] and not way["siret"]:
                begun.update({name: way[name] for name in _PLACE if way[name]})
            elif rank or kind == "address":  # the rest of what the contact's own line tells
                said = channels._plain(kind, SimpleNamespace(**way, is_primary=rank == 0))
                journal.append(("contact.channel_added", subject, {"channel": kind, "after": said}))
        for place, (user_id, role) in enumerate(_followers(by, one.principal)):
            following.append((contact_id, user_id, role))
            if place:
                journal.append(("contact.followed", subject, {"user": user_id, "role": role}))
            else:
                begun.update(user=user_id, role=role)
        if one.category:
            said = {"before": {"category": None}, "after": {"category": one.category}}
            journal.append(("contact.categorised", subject, said))
        if placed and one.labels:
            labelled += [(contact_id, label) for label in dict.fromkeys(placed.labels[fold(name)] for name in one.labels)]
            journal.append(("contact.labelled", subject, {"before": {"labels": ""}, "after": {"labels": ", ".join(one.labels)}}))
        words[contact_id] = contact_search.of(
            data,
            [way["number"] for kind, way in one.channels if kind == "phone"],
            [way["email"] for kind, way in one.channels if kind == "email"],
            [code],
        )  # fmt: skip
    session.put(Contact, ("id", "sort_name", "created_at", "updated_at", "category_id", *_FIELDS), rows)
    for kind, some in ways.items():
        names = ("contact_id", "is_primary", "position", "created_at", *_WAYS[kind])
        session.put(channels.KINDS[kind].model, names, some)
    session.put(ContactAdviser, ("contact_id", "user_id", "role"), following)
    if labelled:
        session.put(ContactLabelling, ("contact_id", "label_id"), labelled)
    index.add(session, contact_search.KIND, words)
    audit.record_many(session, actor, journal)
    return ids


def taken(session: TenantSession, file_codes: Sequence[str]) -> frozenset[str]:
    """Those of these file codes that a contact of the cabinet has, whoever may see it."""
    wanted = [code for code in file_codes if code]
    if not wanted:
        return frozenset()
    return frozenset(session.scalars(select(Contact.file_code).where(Contact.file_code.in_(wanted))))


def advisers(session: TenantSession) -> dict[str, str]:
    """E-mail, and name where one person only has it, both folded → the id of an active person of the cabinet."""
    rows = session.execute(
        select(User.id, User.email, User.display_name).where(User.cabinet_id == session.require_cabinet(), User.active)
    ).all()
    named: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        words = fold(row.display_name).split()
        for name in (" ".join(words), " ".join(reversed(words))):
            named[name].add(row.id)
    found = {name: next(iter(ids)) for name, ids in named.items() if len(ids) == 1}
    return {**found, **{row.email.casefold(): row.id for row in rows}}


def _placing(people: Sequence[Prepared]) -> bool:
    return any(one.category or one.labels for one in people)


def _followers(by: Adviser | str, principal: str | None) -> list[tuple[str, str]]:
    found = []
    if isinstance(by, Adviser):
        beside = "ASSISTANT" if by.role == "ASSISTANT" else "SECONDAIRE"
        found.append((by.user_id, "PRINCIPAL" if principal in (None, by.user_id) else beside))
    if principal and not (isinstance(by, Adviser) and principal == by.user_id):
        found.append((principal, "PRINCIPAL"))
    return found
