"""The balance sheet of a person or a household, read from the book of record and from the plugins (PA-01, NX-02)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from core.contacts import relations
from core.contacts.access import visible
from core.contacts.models import Contact
from core.contacts.models import HouseholdMember
from core.contacts.relation_shapes import Holding
from core.contacts.relations import Union
from core.contacts.relations import unions
from core.db.clock import today
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.hooks.hub import Hub
from core.hooks.specs import Plugin
from core.hooks.types import Adviser
from core.hooks.types import Context
from core.hooks.wealth import WealthItem
from core.wealth import accounts
from core.wealth.balance import Balance
from core.wealth.balance import Found
from core.wealth.balance import Line
from core.wealth.balance import made
from core.wealth.companies import Companies
from core.wealth.regimes import Couple

#: Who tells of accounts, in the «source» of their lines.
BOOK = "accounts"


def people(session: TenantSession, adviser: Adviser, contact_id: str) -> tuple[str, ...]:
    """A person alone, a company, or the members of a household whom the adviser may see. Raises `NotFound`."""
    seen = select(Contact.id, Contact.kind).where(Contact.id == contact_id, visible(adviser, each=True))
    row = session.execute(seen).first()
    if row is None:
        raise NotFound("Ce contact n'existe pas, ou n'est pas ouvert à votre profil.")
    if row.kind != "FOYER":
        return (contact_id,)
    # a company among them counts by the shares that the others hold of it: its own things would count twice
    members = (
        select(Contact.id)
        .join(HouseholdMember, HouseholdMember.contact_id == Contact.id)
        .where(HouseholdMember.household_id == contact_id, Contact.kind == "PERSONNE_PHYSIQUE", visible(adviser, each=True))
        .order_by(Contact.birth_date, Contact.id)
    )
    return tuple(session.scalars(members))


def balance(
    hub: Hub, ctx: Context, session: TenantSession, adviser: Adviser, contact_id: str, on: date | None = None
) -> Balance:
    """What a person, or a household together, owns and owes on a day (today): in a constant number of queries.

    Things of a spouse that a regime makes common are asked for too. Raises `NotFound`.
    """
    day = on or today()
    wanted = people(session, adviser, contact_id)
    couples = _couples(session, wanted, day)
    beside = {who for couple in couples for who in (couple.one, couple.other)} - set(wanted)
    asked = (*wanted, *(seen := _seen(session, adviser, beside)))
    holdings = _holdings(session, asked, day)
    names = _names(session, adviser, {one.company_id for one in holdings})
    everyone = (*asked, *sorted(set(names) - set(asked)))
    found: list[Found] = [
        (BOOK, item) for item in (accounts.items(session, adviser, everyone, day) if adviser.can("accounts.view") else ())
    ]
    given = hub.collect(Plugin.wealth_items, ctx, everyone, day)
    found += [(one.plugin, one.item) for one in given.items]
    owners = {owner.contact_id for _source, item in found for owner in item.owners} | {one.holder_id for one in holdings}
    births = _births(session, owners)
    through = Companies(found, holdings, names, births, day)
    held = through.held_by(asked)
    missing = [failure.text for failure in given.failures]
    if len(seen) < len(beside):
        missing.append("Le dossier du conjoint n'est pas ouvert à votre profil\u202f: ses biens communs ne sont pas comptés.")
    if len({one.company_id for one in holdings} - set(names)):
        missing.append("Une société n'est pas ouverte à votre profil\u202f: les parts détenues ne sont pas comptées.")
    return made([*found, *held], wanted, through.lives(), couples, day, missing=missing, through=through.sheets)


def lines(session: TenantSession, source: str, items: Sequence[WealthItem], on: date | None = None) -> tuple[Line, ...]:
    """Things part by part on a day (today), as a balance sheet has them, whoever owns them: for the page of one thing.

    Rights are the caller's affair: parts name every owner, and the spouse whose half a regime makes it.
    """
    day = on or today()
    owners = {owner.contact_id for item in items for owner in item.owners}
    found = [(source, item) for item in items]
    return made(found, sorted(owners), _births(session, owners), _couples(session, sorted(owners), day), day).lines


def _holdings(session: TenantSession, asked: Sequence[str], on: date) -> list[Holding]:
    """The parts of companies that these hold, and of those that these companies hold, each with all its holders."""
    known: dict[tuple[str, str, str], Holding] = {}
    companies, read, frontier = set[str](), set[str](), set(asked)
    while frontier:
        rows = relations.holdings(session, sorted(frontier), on)
        known |= {(one.holder_id, one.company_id, one.right): one for one in rows}
        read |= frontier
        reached = {one.company_id for one in rows if one.holder_id in frontier}
        companies |= reached
        frontier = reached - read
    return [one for one in known.values() if one.company_id in companies]


def _names(session: TenantSession, adviser: Adviser, ids: set[str]) -> dict[str, str]:
    """Those that the adviser may see, with their names."""
    if not ids:
        return {}
    wanted = select(Contact.id, Contact.display_name).where(Contact.id.in_(ids), visible(adviser, each=True))
    return {row.id: row.display_name for row in session.execute(wanted)}


def _couples(session: TenantSession, wanted: Sequence[str], on: date) -> tuple[Couple, ...]:
    """The unions of these people that day; the regime is the one noted in either file."""
    known = unions(session, wanted, on)
    pairs: dict[frozenset[str], tuple[str, Union]] = {}
    for one, union in known.items():
        pairs.setdefault(frozenset((one, union.partner_id)), (one, union))
    ids = {who for pair in pairs for who in pair}
    regimes = {
        row.id: row
        for row in session.execute(
            select(Contact.id, Contact.matrimonial_regime, Contact.pacs_regime).where(Contact.id.in_(ids))
        )
    }
    found = []
    for one, union in pairs.values():
        name = "pacs_regime" if union.kind == "PARTENAIRE_PACS" else "matrimonial_regime"
        noted = {getattr(regimes[who], name) for who in (one, union.partner_id) if who in regimes} - {None}
        # two files that contradict each other tell nothing
        found.append(Couple(one, union.partner_id, union.kind, union.since, noted.pop() if len(noted) == 1 else None))
    return tuple(found)


def _seen(session: TenantSession, adviser: Adviser, ids: set[str]) -> list[str]:
    if not ids:
        return []
    return list(session.scalars(select(Contact.id).where(Contact.id.in_(ids), visible(adviser, each=True))))


def _births(session: TenantSession, ids: set[str]) -> dict[str, date | None]:
    if not ids:
        return {}
    return {row.id: row.birth_date for row in session.execute(select(Contact.id, Contact.birth_date).where(Contact.id.in_(ids)))}
