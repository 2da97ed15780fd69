"""What a batch of accounts needs to know of the cabinet: companies, supports, accounts that are there, holders (AC-02)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.api import accounts
from core.api import contacts
from core.api import supports
from core.api.db import TenantSession
from core.api.imports import ImportRules
from core.api.types import Adviser
from plugins.aggregation.import_lines import Asked
from plugins.aggregation.import_lines import Held
from plugins.aggregation.import_lines import Sought
from plugins.aggregation.import_lines import fault

#: The boxes of the wizard.
COMPANIES, SUPPORTS, NAMES, FEED = "companies", "supports", "names", "feed"
#: Contracts that are subscribed; of all others one is the holder.
_SUBSCRIBED = (accounts.INSURED - {"PER_COLLECTIF", "PER_OBLIGATOIRE", "ARTICLE_83"}) | {"CAPITALISATION"}
_CODE = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Known:
    """All of it, for one batch."""

    companies: Mapping[str, supports.naming.NamedCompany]
    products: Mapping[tuple[str, str], tuple[str, str]]
    supports: supports.naming.Supports
    there: Mapping[str, Sequence[accounts.bulk_match.There]]
    holders: Mapping[Sought, contacts.bulk_find.Found]


def known(session: TenantSession, by: Adviser | str, wanted: Sequence[Asked], rules: ImportRules) -> Known:
    """Some ten queries, however many accounts."""
    held = [line for one in wanted for line in one.held]
    sought = list({who for one in wanted for who in (one.holder, one.second) if who})
    found = contacts.bulk_find.find(session, by, sought, "accounts.edit", by_name=NAMES in rules.ticks) if sought else []
    return Known(
        supports.naming.companies(session), supports.naming.products(session),
        supports.naming.supports(
            session, {line.isin for line in held if line.isin}, {line.code for line in held if line.code},
            labels=any(not (line.isin or line.code) for line in held),
        ),
        accounts.bulk_match.there(session, by, {one.key for one in wanted}), dict(zip(sought, found, strict=True)),
    )  # fmt: skip


def company(here: Known, one: Asked, rules: ImportRules) -> supports.naming.NamedCompany:
    """The company of an account. Raises `DomainError` for one that nobody knows, unless it may be made."""
    found = here.companies.get(contacts.fold(one.company))
    if found is not None:
        return found
    words = set(contacts.fold(one.company).split())
    near = sorted({known.name for known in here.companies.values() if words & set(contacts.fold(known.name).split())})[:3]
    if COMPANIES in rules.ticks and contacts.fold(one.company):
        name = " ".join(one.company.split())[:120]
        return supports.naming.NamedCompany(_CODE.sub("-", contacts.fold(name)).strip("-")[:40] or "compagnie", name, None)
    hint = f" Voulez-vous dire\u202f: {', '.join(near)}\u202f?" if near else ""
    raise fault("company", f"«\u202f{one.company[:60]}\u202f» n'est pas une compagnie connue.{hint}")


def there(here: Known, one: Asked, at: supports.naming.NamedCompany) -> accounts.bulk_match.There | None:
    """The account that is there already. Raises `DomainError` where it is not one's own, or not told apart."""
    found = [row for row in here.there.get(one.key, ()) if at.id is not None and at.id in row.companies]
    if len(found) > 1:
        raise fault("number", f"{len(found)} comptes de cette compagnie portent le numéro {one.number}.")
    if found and not found[0].open:
        raise fault("number", f"le compte {one.number} existe déjà, hors des contacts que vous suivez.")
    return found[0] if found else None


def roles(here: Known, one: Asked, envelope: str) -> list[accounts.Role]:
    """Who holds a new account. Raises `DomainError` for a holder who is not found, or not told apart."""
    if not one.holder:
        raise fault("holder_name", "indiquez qui tient ce compte.")
    name = "SOUSCRIPTEUR" if envelope in _SUBSCRIBED else "TITULAIRE"
    made = []
    for key, who, role in (("holder_name", one.holder, name), ("co_name", one.second, f"CO_{name}")):
        if not who:
            continue
        found = here.holders[who]
        if found.id is None:
            raise fault(key, found.why)
        if found.kind == "FOYER":
            raise fault(key, f"«\u202f{found.name}\u202f» est un foyer, et un compte est tenu par une personne ou une société.")
        made.append(accounts.Role(found.id, role))
    if len({role.contact_id for role in made}) < len(made):
        raise fault("co_name", "c'est la même personne que le titulaire.")
    if envelope in accounts.PERSONAL and len(made) > 1:
        raise fault("co_name", "cette enveloppe n'a qu'un titulaire.")
    if envelope in accounts.PERSONAL and any(here.holders[who].kind != "PERSONNE_PHYSIQUE" for who in (one.holder,)):
        raise fault("holder_name", "cette enveloppe est réservée aux personnes physiques.")
    return made


def check_holder(one: Asked, row: accounts.bulk_match.There) -> None:
    """Raise `DomainError` where the file names somebody else than who holds the account that is there."""
    for key, who in (("holder_name", one.holder), ("co_name", one.second)):
        if who and not any(contacts.bulk_find.same(holder, who) for holder in row.holders):
            names = ", ".join(holder.name for holder in row.holders)
            text = f"le compte est tenu par «\u202f{names}\u202f», pas par «\u202f{who.said}\u202f»\u202f: il n'est pas touché."
            raise fault(key, text)


def support(here: Known, line: Held, rules: ImportRules) -> tuple[dict[str, Any], str]:
    """What `support_for` takes to find or make a position's support, and its label. Raises `DomainError` for an unknown one."""
    found = (
        here.supports.by_isin.get(line.isin) if line.isin else here.supports.by_code.get(line.code) if line.code
        else here.supports.by_label.get(contacts.fold(line.label))
    )  # fmt: skip
    if found is not None:
        return {"isin": found.isin} if found.isin else {"code": found.code}, found.label
    if line.isin or line.code:
        if SUPPORTS in rules.ticks and line.label:
            made = {"isin": line.isin or None, "code": None if line.isin else line.code, "label": line.label}
            return {**made, "type": line.type or "AUTRE"}, line.label
        raise fault("isin" if line.isin else "support_code", f"le support {line.isin or line.code} n'est pas au catalogue.")
    raise fault("support", f"«\u202f{line.label[:60]}\u202f» n'est pas un support connu\u202f: indiquez son code ISIN.")


def product(here: Known, one: Asked, at: supports.naming.NamedCompany) -> tuple[str, str] | None:
    """The company's product that the account's title names: its name and envelope."""
    return here.products.get((at.code, contacts.fold(one.title))) if one.title else None


