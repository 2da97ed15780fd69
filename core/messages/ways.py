"""By which way each contact is reached, or why it is not: what modules offer, held to what the contact agreed to (PF-03)."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace

from sqlalchemy import select

from core.cabinets import rights
from core.contacts import life
from core.contacts.access import visible
from core.contacts.models import Contact
from core.contacts.models import ContactEmail
from core.db.session import TenantSession
from core.hooks import telling
from core.hooks.messages import EmailAddress
from core.hooks.messages import MessageChannel
from core.hooks.messages import MessageContact
from core.hooks.results import Contribution
from core.hooks.results import Failure
from core.hooks.specs import Plugin
from core.hooks.types import Adviser
from core.hooks.types import Context

#: The right to send what a client's file keeps: that of putting documents there (ADR 040).
SEND = "documents.edit"
NO_WAY = "Aucun module activé ne joint ce contact."
NOT_AGREED = (
    "Ce contact n'a pas donné son accord pour qu'on lui écrive à cette adresse\u202f: recueillez-le, puis notez-le dans ses "
    "coordonnées."
)
NO_EMAIL = "Ce contact n'a pas d'adresse e-mail\u202f: ajoutez-la dans ses coordonnées."
STRANGE = "Cette adresse n'est pas dans les coordonnées du contact."
DECEASED = "Cette personne est décédée\u202f: rien ne lui est envoyé."
SHUT = "Votre profil ne permet pas d'envoyer les documents de ce dossier."


@dataclass(frozen=True, slots=True)
class Way:
    """How a contact is reached: by a channel of a module; or `why` not, and the channel is that which was nearest, if any."""

    contact: MessageContact
    plugin: str = ""
    channel: MessageChannel | None = None
    why: str = ""

    @property
    def open(self) -> bool:
        """Whether the contact is reached."""
        return self.channel is not None and not self.why


def modules(ctx: Context) -> dict[str, str]:
    """Name and title of each module of the cabinet that sends messages, in the cabinet's order."""
    found = telling.hub().registry.ordered(Plugin.send_message.__name__, ctx.enabled)
    return {one.plugin.name: one.plugin.title for one in found}


def of(
    session: TenantSession, ctx: Context, who: Adviser, contact_ids: Sequence[str]
) -> tuple[dict[str, Way], tuple[Failure, ...]]:
    """The way of each of these contacts that `who` may see; the modules that could not be asked, once each."""
    rows = session.scalars(select(Contact).where(Contact.id.in_(contact_ids), visible(who, each=True))).all()
    allowed = set(session.scalars(select(Contact.id).where(Contact.id.in_(contact_ids), visible(who, SEND, each=True))))
    addresses = _addresses(session, [row.id for row in rows])
    senders, ways, failed = modules(ctx), dict[str, Way](), dict[str, Failure]()
    for row in rows:
        contact = MessageContact(row.id, row.display_name, row.kind, addresses.get(row.id, ()))
        if row.id not in allowed or not life.of(row).solicited:
            ways[row.id] = Way(contact, why=DECEASED if row.id in allowed else SHUT)
            continue
        found = telling.hub().collect(Plugin.message_channels, ctx, contact)
        failed |= {one.plugin: one for one in found.failures}
        way = chosen(contact, [one for one in found.items if one.plugin in senders])
        ways[row.id] = replace(way, why=found.failures[0].text) if way.channel is None and found.failures else way
    return ways, tuple(failed.values())


def reaches(session: TenantSession, who: Adviser, contact_id: str) -> bool:
    """Whether `who` may send this contact something of its file."""
    return rights.sees(session, who, "contact", contact_id, SEND)


def chosen(contact: MessageContact, offered: Iterable[Contribution[MessageChannel]]) -> Way:
    """The first way that is open; where none is, the first with why."""
    shut: Way | None = None
    for one in offered:
        channel = replace(one.item, key=one.item.key[:60], label=one.item.label[:60], address=one.item.address[:254])
        way = Way(contact, one.plugin, channel, channel.refused[:300] or _held(contact, channel))
        if way.open:
            return way
        shut = shut or way
    return shut or Way(contact, why=NO_WAY if contact.emails else NO_EMAIL)


def _held(contact: MessageContact, channel: MessageChannel) -> str:
    """Why core does not let an e-mail go; empty where it does. Another space than e-mail is entered by invitation."""
    if channel.medium != "EMAIL":
        return ""
    known = next((one for one in contact.emails if one.address == channel.address), None)
    if known is None:
        return STRANGE
    return "" if known.agreed else NOT_AGREED


def _addresses(session: TenantSession, contact_ids: Sequence[str]) -> Mapping[str, tuple[EmailAddress, ...]]:
    found: dict[str, tuple[EmailAddress, ...]] = {}
    order = (ContactEmail.is_primary.desc(), ContactEmail.position, ContactEmail.id)
    for row in session.scalars(select(ContactEmail).where(ContactEmail.contact_id.in_(contact_ids)).order_by(*order)):
        one = EmailAddress(row.email, row.is_primary, row.opt_in)
        found[row.contact_id] = (*found.get(row.contact_id, ()), one)
    return found
