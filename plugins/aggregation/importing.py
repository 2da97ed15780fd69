"""Portfolios from files: what becomes of each account, the writing of a batch, its undoing (AC-02)."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from core.api import Context
from core.api import accounts
from core.api import contacts
from core.api import db
from core.api.db import DomainError
from core.api.imports import ImportChoice
from core.api.imports import ImportLine
from core.api.imports import ImportRules
from core.api.imports import ImportTarget
from core.api.imports import Verdict
from core.api.imports import Written
from core.api.types import Adviser
from plugins.aggregation import changing
from plugins.aggregation import import_fields
from plugins.aggregation import import_lines
from plugins.aggregation import matching
from plugins.aggregation.changing import Made
from plugins.aggregation.import_lines import Asked

#: Who said it, beside a valuation.
SOURCE = "Import de fichier"


@dataclass(frozen=True, slots=True)
class Group:
    """The lines of one account, read."""

    lines: tuple[ImportLine, ...]
    one: Asked | None
    faults: tuple[DomainError, ...]


def judge(ctx: Context, lines: Sequence[ImportLine], rules: ImportRules) -> list[Verdict]:
    """What becomes of each account, told on its first line; the others are part of it. Nothing is written."""
    session, by = db.session(), _by(ctx)
    groups = list(_groups(lines))
    wanted = [group.one for group in groups if group.one is not None]
    here = matching.known(session, by, wanted, rules)
    firsts = [_first(here, group, rules) for group in groups]
    days = {str(made.ref): made.asked.value_on for made in firsts if isinstance(made, Made) and made.ref}
    now = accounts.bulk_update.known(session, days)
    found: list[Verdict] = []
    for group, first in zip(groups, firsts, strict=True):
        verdict = first if isinstance(first, Verdict) else changing.verdict(session, first, now.get(str(first.ref)), rules)
        found += [verdict, *(Verdict("part", verdict.name) for _line in group.lines[1:])]
    return found


def _groups(lines: Sequence[ImportLine]) -> Iterator[Group]:
    """Lines of one number at one company, which the engine brought side by side."""
    for _key, some in groupby(lines, lambda line: tuple(contacts.fold(str(line.values.get(key, ""))) for key in TOGETHER)):
        mine = tuple(some)
        alone = mine if mine[0].values.get("number") else None
        for part in [mine] if alone else [(line,) for line in mine]:
            one, faults = import_lines.asked(part)
            yield Group(part, one, tuple(faults))


def _first(here: matching.Known, group: Group, rules: ImportRules) -> Made | Verdict:
    """An account with all that it needs, or its fault: every one that can be found."""
    one, faults = group.one, list(group.faults)
    if one is None:
        return _fault(_called(group.lines[0]), faults)
    twin = rules.memory.setdefault(hash((one.key, contacts.fold(one.company))), group.lines[0].number)
    if twin < group.lines[0].number:
        return Verdict("skip", one.name, f"répète la ligne {twin}\u202f: même numéro de contrat")
    made = Made(one)
    for step in (_at_company, _held):
        try:
            made = step(here, made, rules)
        except DomainError as error:
            faults.append(error)
    return _fault(one.name, faults) if faults else made


def _at_company(here: matching.Known, made: Made, rules: ImportRules) -> Made:
    """The company, then the account that is there, or who will hold a new one."""
    one = made.asked
    if not one.company:
        return made  # told already
    at = matching.company(here, one, rules)
    row = matching.there(here, one, at)
    product = matching.product(here, one, at)
    if row is not None:
        matching.check_holder(one, row)
        if one.currency and one.currency != row.currency:
            raise import_lines.fault("currency", f"{one.currency}, alors que le compte est en {row.currency}.")
        return made.at(at, product, row=row)
    envelope = one.envelope or (product[1] if product else None)
    if envelope is None:
        raise import_lines.fault("envelope", "indiquez-la\u202f: le compte est nouveau, son intitulé n'est pas un produit connu.")
    names = tuple(here.holders[who].name for who in (one.holder, one.second) if who and who in here.holders)
    return made.at(at, product, envelope=envelope, roles=matching.roles(here, one, envelope), names=names)


def _held(here: matching.Known, made: Made, rules: ImportRules) -> Made:
    found, wrong = list[tuple[dict[str, Any], str]](), list[DomainError]()
    for line in made.asked.held:
        try:
            found.append(matching.support(here, line, rules))
        except DomainError as error:
            wrong.append(error)
    if wrong:
        raise DomainError(" ".join(error.text for error in wrong[:4]), field=wrong[0].field)
    return made.holding(found)


def write(ctx: Context, lines: Sequence[tuple[ImportLine, Verdict]], rules: ImportRules) -> list[Written]:
    """Each account by the book's own services; totals, links and words follow at the end of the batch."""
    session, by = db.session(), _by(ctx)
    with accounts.gathered(session):
        return [_written(session, by, verdict) for _line, verdict in lines]


def _written(session: db.TenantSession, by: Adviser | str, verdict: Verdict) -> Written:
    try:
        with session.begin_nested():
            made = changing.settled(session, _actor(by), verdict.made)
            if made.ref is None:
                account_id = accounts.bulk_update.add(session, by, changing.new(made), changing.day(made), source=SOURCE)
                return Written("create", account_id)
            change = changing.change(made)
            before, after = accounts.bulk_update.apply(session, by, made.ref, change, source=SOURCE)
            return Written("update", made.ref, before, after)
    except DomainError as error:
        return Written("error", verdict.ref, why=error.text)


def undo(ctx: Context, written: Sequence[Written]) -> list[str | None]:
    """Accounts that nobody touched since are removed, figures that nobody changed put back; why the others are kept."""
    session, by = db.session(), _by(ctx)
    since = {str(one.ref): one.seq for one in written if one.action == "create"}
    with accounts.gathered(session):
        found = [
            None if one.action == "create"
            else accounts.bulk_undo.put_back(session, by, str(one.ref), one.before or {}, one.after or {})
            for one in written
        ]  # fmt: skip
    kept = accounts.bulk_undo.remove(session, by, since) if since else {}
    return [kept.get(str(one.ref)) if one.action == "create" else why for one, why in zip(written, found, strict=True)]


def show(made: Any) -> list[tuple[str, str]]:
    """An account as it will be, or what an update writes."""
    return changing.shown(made)


def _fault(name: str, faults: Sequence[DomainError]) -> Verdict:
    told = tuple((error.field, error.text) for error in faults)
    return Verdict("error", name, " ".join(text for _field, text in told), field=faults[0].field, faults=told)


def _called(line: ImportLine) -> str:
    said = (line.values.get(key) for key in ("title", "holder_name", "holder_first_names"))
    return " ".join(str(one) for one in said if one)


def _lacking(keys: frozenset[str]) -> str | None:
    if "number" not in keys:
        return "Indiquez la colonne du numéro de contrat."
    if "company" not in keys:
        return "Indiquez la colonne de la compagnie, ou une compagnie par défaut pour toutes les lignes."
    return None


def _by(ctx: Context) -> Any:
    return ctx.principal or "cli"


def _actor(by: Adviser | str) -> str:
    return by.user_id if isinstance(by, Adviser) else by


#: What tells one account from another: its lines are judged and written together.
TOGETHER = ("number", "company")
TARGET = ImportTarget(
    key="accounts", label="Portefeuilles", permission="accounts.edit", fields=import_fields.FIELDS, judge=judge, write=write,
    undo=undo, show=show, lacking=_lacking, endpoint="p_portefeuille.accounts_list", together=TOGETHER, batch=100,
    nouns=("compte", "comptes"),
    about="Une ligne par compte, ou plusieurs\u202f: une par position. Les titulaires sont déjà des contacts, désignés par leur "
    "code dossier, ou par leur nom, leur prénom et leur date de naissance.",
    choices={
        "known": ImportChoice(
            "Si le compte existe déjà", {"update": "Le mettre à jour", "skip": "L'ignorer"},
            "Même numéro chez la même compagnie. Ses titulaires ne changent pas\u202f; s'ils ne sont pas ceux du fichier, la "
            "ligne est en erreur.",
        ),
        "fill": ImportChoice(
            "Pour mettre à jour",
            {
                "empty": "Ajouter ce qui manque\u202f: la valeur d'un autre jour, un champ vide",
                "all": "Remplacer aussi ce qui diffère",
            },
        ),
    },
    ticks={
        matching.NAMES: "Accepter un titulaire désigné par ses seuls nom et prénom, s'il est seul à les porter",
        matching.FEED: "Remplacer aussi ce qu'un partenaire a transmis (comptes agrégés)",
        matching.SUPPORTS: "Créer les supports absents du catalogue, de type «\u202fAutre\u202f» si le fichier ne le dit pas",
        matching.COMPANIES: "Créer les compagnies inconnues",
    },
)  # fmt: skip
