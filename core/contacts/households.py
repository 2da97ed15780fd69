"""A household: who is in it, who is of its tax declaration, whether they share its address; made of a couple (DO-02)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select
from sqlalchemy import select

from core.cabinets import audit
from core.cabinets import rights
from core.contacts import channels
from core.contacts import relations
from core.contacts import services
from core.contacts.access import visible
from core.contacts.access import writer
from core.contacts.models import Contact
from core.contacts.models import ContactAddress
from core.contacts.models import ContactAdviser
from core.contacts.models import HouseholdMember
from core.contacts.relation_models import Relation
from core.contacts.schemas import NewContact
from core.db.clock import today
from core.db.errors import Conflict
from core.db.errors import DomainError
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.hooks.types import Adviser

_ADDRESS = ("street", "extra", "postal_code", "city", "country")


@dataclass(frozen=True, slots=True)
class Member:
    """A person of a household. `address`: the primary one; `shares`: it is the household's, None where either is not known."""

    id: str
    name: str
    civility: str | None
    birth_date: date | None
    death_date: date | None
    situation: str | None
    tax_attached: bool
    address: str
    shares: bool | None


@dataclass(frozen=True, slots=True)
class Household:
    """A household as its page shows it; `address`: its own primary one, «» for none."""

    id: str
    name: str
    address: str
    members: tuple[Member, ...]


def of(session: TenantSession, adviser: Adviser, household_id: str) -> Household:
    """A household with those of its members that the adviser may see. Raises `NotFound`."""
    home = _household(session, adviser, household_id)
    rows = session.execute(
        select(Contact, HouseholdMember.tax_attached)
        .join(HouseholdMember, HouseholdMember.contact_id == Contact.id)
        .where(HouseholdMember.household_id == household_id, visible(adviser, each=True))
        .order_by(Contact.birth_date.is_(None), Contact.birth_date, Contact.sort_name, Contact.id)
    ).all()  # fmt: skip
    known = _addresses(session, [home.id, *(row[0].id for row in rows)])
    own = known.get(home.id)
    members = tuple(
        Member(
            one.id, one.display_name, one.civility, one.birth_date, one.death_date, one.situation, attached,
            _written(known.get(one.id)), None if own is None or one.id not in known else _key(own) == _key(known[one.id]),
        )
        for one, attached in rows
    )  # fmt: skip
    return Household(home.id, home.display_name, _written(own), members)


def make(session: TenantSession, by: Adviser | str, one_id: str, other_id: str, *, household_id: str | None = None) -> str:
    """A household of a couple with the children under age that both files know; its id.

    Those who live together without a marriage or a PACS each make their own tax declaration: nobody is attached then.
    Raises `NotFound`, `Conflict` where the two are in one household already, `Forbidden`.
    """
    writer(by, "contacts.edit")
    if household_id and session.scalar(select(Contact.id).where(Contact.id == household_id)):
        return household_id
    one, other = relations.contact(session, by, one_id), relations.contact(session, by, other_id)
    rights.require(session, by, "contact", one_id, "contacts.edit")
    bound = relations.unions(session, [one.id], today()).get(one.id)
    if bound is None or bound.partner_id != other.id:
        raise DomainError("Un foyer se crée d'un couple\u202f: aucune union en cours ne lie ces deux personnes.")
    homes = [
        set(session.scalars(select(HouseholdMember.household_id).where(HouseholdMember.contact_id == who.id)))
        for who in (one, other)
    ]
    if homes[0] & homes[1]:
        raise Conflict("Ces deux personnes sont déjà réunies dans un foyer.")
    data = NewContact("FOYER", one.stage, display_name=_named(one, other))
    made = services.create(session, by, data, contact_id=household_id, principal=_principal(session, one.id))
    for who in (one.id, other.id, *_minors(session, by, one.id, other.id)):
        services.join_household(session, by, made, who)
    if bound.kind == "CONCUBIN":
        for who in (one.id, other.id):
            attach(session, by, made, who, attached=False)
    found = _addresses(session, [one.id, other.id])
    home = found.get(one.id) or found.get(other.id)
    if home is not None:
        values = {"usage": "DOMICILE", **{name: getattr(home, name) for name in _ADDRESS}}
        channels.add(session, by, made, "address", values)
    return made


def attach(session: TenantSession, by: Adviser | str, household_id: str, contact_id: str, *, attached: bool) -> None:
    """Say whether a member is of the household's tax declaration. Raises `NotFound`, `Forbidden`."""
    actor = writer(by, "contacts.edit")
    relations.contact(session, by, household_id)
    rights.require(session, by, "contact", household_id, "contacts.edit")
    _household(session, by, household_id)
    relations.contact(session, by, contact_id)
    link = session.scalar(_link(household_id, contact_id))
    if link is None:
        raise NotFound("Cette personne ne fait pas partie de ce foyer.")
    if link.tax_attached != attached:
        link.tax_attached = attached
        session.flush()
        payload = {"member": contact_id, "tax_attached": attached}
        audit.record(session, actor, "household.attached", f"contact:{household_id}", payload)


def join_with(session: TenantSession, by: Adviser | str, of_id: str, contact_id: str) -> str | None:
    """Have a person join the household of another, where there is a single one; its id."""
    homes = session.scalars(
        select(HouseholdMember.household_id).join(Contact, Contact.id == HouseholdMember.household_id)
        .where(HouseholdMember.contact_id == of_id, *([visible(by, each=True)] if isinstance(by, Adviser) else []))
    ).all()  # fmt: skip
    if len(homes) != 1:
        return None
    services.join_household(session, by, homes[0], contact_id)
    return str(homes[0])


def same_home(session: TenantSession, by: Adviser | str, of_id: str, contact_id: str) -> None:
    """Give a person the primary address of another, where there is one."""
    home = _addresses(session, [of_id]).get(of_id)
    if home is not None:
        channels.add(
            session, by, contact_id, "address", {"usage": "DOMICILE", **{name: getattr(home, name) for name in _ADDRESS}}
        )


def _household(session: TenantSession, by: Adviser | str, household_id: str) -> Contact:
    found = relations.contact(session, by, household_id)
    if found.kind != "FOYER":
        raise NotFound("Ce foyer n'existe pas, ou n'est pas ouvert à votre profil.")
    return found


def _link(household_id: str, contact_id: str) -> Select[HouseholdMember]:
    return select(HouseholdMember).where(
        HouseholdMember.household_id == household_id, HouseholdMember.contact_id == contact_id
    )


def _minors(session: TenantSession, by: Adviser | str, *parents: str) -> list[str]:
    """Children of either who are under age, the eldest first, those only that `by` may see."""
    day = today()
    eighteen = date(day.year - 18, day.month, min(day.day, 28))
    rows = session.execute(
        select(Contact.id).join(Relation, Relation.b_id == Contact.id)
        .where(
            Relation.kind == "PARENT", Relation.a_id.in_(parents), Contact.birth_date > eighteen, Contact.vital == "VIVANT",
            *([visible(by, each=True)] if isinstance(by, Adviser) else []),
        )
        .order_by(Contact.birth_date, Contact.id)
    )  # fmt: skip
    return list(dict.fromkeys(row.id for row in rows))


def _principal(session: TenantSession, contact_id: str) -> str | None:
    return session.scalar(
        select(ContactAdviser.user_id).where(ContactAdviser.contact_id == contact_id, ContactAdviser.role == "PRINCIPAL").limit(1)
    )


def _named(one: Contact, other: Contact) -> str:
    """«Durand Jeanne et Philippe», «Martin Luc et Petit Anne»."""
    last = [who.usage_name or who.birth_name or who.display_name for who in (one, other)]
    first = [(who.first_names or "").split(",")[0].strip() for who in (one, other)]
    if last[0] == last[1]:
        return f"{last[0]} {first[0]} et {first[1]}"[:200]
    return f"{last[0]} {first[0]} et {last[1]} {first[1]}"[:200]


def _addresses(session: TenantSession, ids: list[str]) -> dict[str, ContactAddress]:
    wanted = select(ContactAddress).where(ContactAddress.contact_id.in_(ids), ContactAddress.is_primary.is_(True))
    return {one.contact_id: one for one in session.scalars(wanted)}


def _key(one: ContactAddress) -> tuple[str, ...]:
    return tuple((getattr(one, name) or "").casefold() for name in ("street", "postal_code", "city", "country"))


def _written(one: ContactAddress | None) -> str:
    if one is None:
        return ""
    town = " ".join(part for part in (one.postal_code, one.city) if part)
    return ", ".join(part for part in (one.street, one.extra, town) if part)
