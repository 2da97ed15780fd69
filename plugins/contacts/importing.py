"""Contacts from files: what each line becomes, the writing of a batch, its undoing (AC-02)."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from core.api import Context
from core.api import contacts
from core.api import db
from core.api.db import DomainError
from core.api.imports import ImportLine
from core.api.imports import ImportRules
from core.api.imports import ImportTarget
from core.api.imports import Verdict
from core.api.imports import Written
from core.api.types import Adviser
from plugins.contacts import import_fields
from plugins.contacts import import_lines

_SHOWN = (
    "kind", "stage", "file_code", "civility", "birth_name", "usage_name", "first_names", "company_name", "legal_form", "siren",
    "capital", "birth_date", "birth_city", "nationality", "situation", "profession", "employer", "remarks",
)  # fmt: skip
_WAYS = {"email": "E-mail", "phone": "Téléphone", "address": "Adresse", "bank": "Compte bancaire"}
#: The box that has what is missing made.
PLACES = "places"
_NAMES = {"birth_name", "usage_name", "full_name", "company_name"}
_LABELS = {field.key: str(field.label) for field in import_fields.FIELDS}
#: A channel's field, as a fault names it, in words of the file's fields.
_OTHER = {"number": "Téléphone", "extra": "Complément d'adresse", "display_name": "Nom", "employer": "Société"}


def judge(ctx: Context, lines: Sequence[ImportLine], rules: ImportRules) -> list[Verdict]:
    """What becomes of each line, nothing written: by the rules of contacts, what is there already, what the person chose."""
    session, by = db.session(), _by(ctx)
    people = contacts.bulk.advisers(session)
    placing = any("category" in line.values or "labels" in line.values for line in lines)
    here = contacts.bulk_shelves.known(session) if placing else None
    read: list[contacts.bulk.Prepared | Verdict] = []
    for line in lines:
        try:
            one = import_lines.contact(line, people, rules.owner)
            read.append(_misplaced(by, line, here, rules) or one)
        except DomainError as error:
            faults = import_lines.faults(line, people) or [error]
            more = _misplaced(by, line, here, rules)
            read.append(_fault(line, faults, more.why if more else ""))
    known = [one for one in read if isinstance(one, contacts.bulk.Prepared)]
    found = iter(contacts.bulk_match.matches(session, by, known))
    taken = contacts.bulk.taken(session, [one.data.file_code for one in known])
    verdicts = [
        one if isinstance(one, Verdict) else _verdict(line, one, next(found), taken, rules)
        for line, one in zip(lines, read, strict=True)
    ]  # fmt: skip
    return _with_changes(session, verdicts, rules)


def _misplaced(
    by: Adviser | str, line: ImportLine, here: contacts.bulk_shelves.Known | None, rules: ImportRules
) -> Verdict | None:  # fmt: skip
    """A fault for a category or a label that the cabinet has not, unless one who may asks to make it."""
    if here is None:
        return None
    make = PLACES in rules.ticks and (isinstance(by, str) or by.can("administration"))
    try:
        category, labels = import_lines.category(line.values), import_lines.labels(line.values)
        contacts.bulk_shelves.check(here, category, labels, make=make, seen=rules.memory)
    except DomainError as error:
        alone = "Seul un administrateur peut l'ajouter." if PLACES in rules.ticks and not make else ""
        return _fault(line, [error], alone)
    return None


def _verdict(
    line: ImportLine, one: contacts.bulk.Prepared, match: contacts.bulk_match.Match | None, taken: frozenset[str],
    rules: ImportRules,
) -> Verdict:  # fmt: skip
    name, code = one.data.display_name, one.data.file_code
    twin = _twin(line, one, rules)
    if twin is not None:
        return Verdict("skip", name, twin)
    if match is not None and match.sure and rules.known == "update":
        return Verdict("update", name, f"{match.name}, {match.file_code}\u202f: {match.why}", match.id, made=one)
    choice = rules.known if match is not None and match.sure else rules.near
    if match is not None and choice != "create":
        return Verdict("skip", name, f"{match.name}, {match.file_code}\u202f: {match.why}", match.id)
    if code and code in taken:
        return Verdict("error", name, f"Code dossier\u202f: {code} est déjà pris.", field="file_code")
    why = f"ressemble à {match.name}, {match.file_code}\u202f: {match.why}" if match is not None else ""
    return Verdict("create", name, why, made=one)


def _twin(line: ImportLine, one: contacts.bulk.Prepared, rules: ImportRules) -> str | None:
    """Why a line only repeats an earlier one of the same file, or None; it is remembered for those to come."""
    marks = contacts.bulk_match.marks(one)
    seen = {True: list[tuple[int, str, str]](), False: list[tuple[int, str, str]]()}
    for sure, some in ((True, marks.sure), (False, marks.near)):
        for kind, value, words in some:
            earlier = rules.memory.setdefault(hash((kind, value)), line.number)
            if earlier < line.number:
                seen[sure].append((earlier, kind, words))
    sure = bool(seen[True])
    for earlier, kind, words in seen[sure]:
        # two lines with one code can never both be created
        if kind == "code" or (rules.known if sure else rules.near) != "create":
            return f"répète la ligne {earlier}\u202f: {words}"
    return None


def _with_changes(session: db.TenantSession, verdicts: list[Verdict], rules: ImportRules) -> list[Verdict]:
    """Updates, with what they change; one that changes nothing is none."""
    wanted = [(str(one.ref), one.made) for one in verdicts if one.action == "update"]
    if not wanted:
        return verdicts
    found = iter(contacts.bulk_update.changes(session, wanted, over=rules.fill == "all"))
    return [_changed(one, next(found)) if one.action == "update" else one for one in verdicts]


def _changed(one: Verdict, change: contacts.bulk_update.Change | None) -> Verdict:
    if change is None:
        return Verdict("error", one.name, f"{one.why}, mais d'une autre nature (personne ou société).", one.ref, "kind")
    if not change:
        return Verdict("skip", one.name, f"{one.why}, rien à compléter", one.ref)
    return Verdict("update", one.name, one.why, one.ref, made=change)


def write(ctx: Context, lines: Sequence[tuple[ImportLine, Verdict]], rules: ImportRules) -> list[Written]:
    """New contacts in a few statements, the others one by one: each by the same rules as a form."""
    session, by = db.session(), _by(ctx)
    made = [verdict.made for _line, verdict in lines if verdict.action == "create"]
    ids = iter(contacts.bulk.create(session, by, made))
    return [
        Written("create", next(ids)) if verdict.action == "create" else _update(session, by, verdict) for _line, verdict in lines
    ]


def _update(session: db.TenantSession, by: Adviser | str, verdict: Verdict) -> Written:
    try:
        with session.begin_nested():
            before, after = contacts.bulk_update.apply(session, by, str(verdict.ref), verdict.made)
    except DomainError as error:
        return Written("error", verdict.ref, why=_said(error))
    return Written("update", verdict.ref, before, after)


def undo(ctx: Context, written: Sequence[Written]) -> list[str | None]:
    """Contacts that nobody touched since are removed, fields that nobody changed put back; why the others are kept."""
    session, by = db.session(), _by(ctx)
    since = {str(one.ref): one.seq for one in written if one.action == "create"}
    kept = contacts.bulk_undo.remove(session, by, since) if since else {}
    found = list[str | None]()
    for one in written:
        if one.action == "create":
            found.append(kept.get(str(one.ref)))
        else:
            found.append(contacts.bulk_undo.put_back(session, by, str(one.ref), one.before or {}, one.after or {}, one.seq))
    return found


def _fault(line: ImportLine, faults: Sequence[DomainError], more: str = "") -> Verdict:
    told = (*((error.field, _said(error)) for error in faults), *(((None, more),) if more else ()))
    why = " ".join(text for _field, text in told)
    return Verdict("error", import_lines.called(line), why, field=faults[0].field, faults=told)


def _said(error: DomainError) -> str:
    label = _LABELS.get(error.field or "") or _OTHER.get(error.field or "")
    return f"{label}\u202f: {error.text}" if label else error.text


def _lacking(keys: frozenset[str]) -> str | None:
    if keys & _NAMES:
        return None
    return "Indiquez la colonne du nom\u202f: «\u202fNom\u202f», «\u202fNom complet\u202f» ou «\u202fSociété\u202f»."


def _owners(ctx: Context) -> Mapping[str, str]:
    return {one.user_id: one.name for one in contacts.advisers(db.session())}


def show(made: Any) -> list[tuple[str, str]]:
    """A contact as it will be, or what an update writes."""
    own, ways = made.fields if isinstance(made, contacts.bulk_update.Change) else _own(made), made.channels
    said = [(_name(name), contacts.history.said(name, value)) for name, value in own.items()]
    for kind, values in ways:
        known = contacts.channels.KINDS[kind]
        told = [contacts.history.said(name, values[name]) for name in known.names if values.get(name) and name != "country"]
        said.append((f"{_WAYS[kind]}, {known.usages[values['usage']].lower()}", ", ".join(told)))
    placed = (("Catégorie", made.category), ("Étiquettes", ", ".join(made.labels)))
    return [*said, *(one for one in placed if one[1])]


def _own(made: contacts.bulk.Prepared) -> dict[str, Any]:
    return {name: getattr(made.data, name) for name in _SHOWN if getattr(made.data, name)}


def _name(field: str) -> str:
    return contacts.history.LABELS.get(field, field)


def _by(ctx: Context) -> Any:
    return ctx.principal or "cli"


TARGET = ImportTarget(
    key="contacts", label="Contacts", permission="contacts.edit", fields=import_fields.FIELDS, judge=judge, write=write,
    undo=undo, show=show, lacking=_lacking, owners=_owners, endpoint="p_contacts.index",
    about="Les exports d'Outlook, de Google et des téléphones sont reconnus.",
    ticks={PLACES: "Créer les catégories et les étiquettes qui manquent"},
)  # fmt: skip
