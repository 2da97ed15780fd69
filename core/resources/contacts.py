"""`/contacts`: list, file, changes, channels, the accounts held, what is held together (CT-01, DO-01, QM-01)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields as fields_of
from typing import Any

from flask_babel import lazy_gettext as _l

from core.contacts import channels
from core.contacts import duplicates
from core.contacts import history
from core.contacts import services
from core.contacts.schemas import NewContact
from core.db.errors import DomainError
from core.db.errors import Forbidden
from core.db.errors import NotFound
from core.queries import contacts as requests
from core.queries.pages import Asked
from core.queries.tree import Group
from core.queries.tree import Rule
from core.resources import contact_schemas as shapes
from core.rest.operations import Call
from core.rest.operations import Reply
from core.rest.operations import Resource
from core.rest.operations import Slice
from core.web.problems import Fault
from core.web.problems import Problem

CONTACTS = Resource("contacts", _l("Contacts"), _l("Personnes, sociétés et foyers, leurs coordonnées et leur suivi."))
READ, WRITE = "contacts:read", "contacts:write"
_OWN = frozenset(one.name for one in fields_of(NewContact)) - {"city"}


@CONTACTS.get("/contacts", _l("Lister les contacts"), shapes.ContactLineOut, asks=shapes.ContactQuery, paged=True, scope=READ)
def listed(call: Call) -> Slice[Any]:
    """Those that the owner sees."""
    asked = call.asked
    if asked.get("worth_at_least") is not None and not call.adviser.can("accounts.view"):
        raise Forbidden("Filtrer par encours demande le droit de voir les comptes.")
    rules = (Rule(field, operator, (str(asked[key]),)) for key, field, operator in _ASKED if asked.get(key) is not None)
    after = call.after[0] if call.after else None
    found = requests.following_id(call.session, call.adviser, Asked(Group(tuple(rules))), after, size=call.more)
    return call.page(found, lambda one: (one.id,))


#: Parameter, the request's field, its operator.
_ASKED = (
    ("q", "contact.search", "find"), ("kind", "contact.kind", "="), ("stage", "contact.stage", "="),
    ("follower", "contact.follower", "="), ("worth_at_least", "contact.worth", ">="),
)


@CONTACTS.post(
    "/contacts", _l("Créer un contact"), shapes.ContactOut, takes=shapes.ContactNew, scope=WRITE, status=201,
    about=_l("Un contact qui semble déjà exister est refusé (409, contact-exists)\u202f; anyway le crée malgré tout."),
)  # fmt: skip
def create(call: Call) -> Reply:
    """As «Ajouter un contact»."""
    own = {name: value for name, value in call.taken.items() if name in _OWN and value is not None}
    if own.get("death_date"):
        own["vital"] = "DECEDE"
    data, principal = NewContact(**own), call.taken.get("principal")
    if principal and principal not in {one.user_id for one in services.advisers(call.session)}:
        raise DomainError("Choisissez le conseiller qui suit ce contact.", field="principal")
    if not call.taken.get("anyway") and (twins := duplicates.of(call.session, call.adviser, data)):
        raise Problem(
            409, "contact-exists", "Ce contact semble déjà exister",
            "Vérifiez-le\u202f; envoyez anyway pour en créer un autre.",
            faults=[Fault("", f"{one.name} ({one.file_code}, id {one.id})\u202f: {one.why}") for one in twins],
        )  # fmt: skip
    made = services.create(call.session, call.adviser, data, contact_id=call.once, principal=principal)
    address = {name: call.taken[name] for name in ("street", "postal_code", "city") if call.taken.get(name)}
    if address:
        usage = "SIEGE" if data.kind == "PERSONNE_MORALE" else "DOMICILE"
        channels.add(call.session, call.adviser, made, "address", {"usage": usage, "country": "FR", **address})
    return Reply(show(call, made), f"/contacts/{made}")


@CONTACTS.get("/contacts/{contact_id}", _l("Lire un contact"), shapes.ContactOut, scope=READ)
def show(call: Call, contact_id: str) -> Any:
    """Dossier > Général."""
    return services.get_contact(call.session, call.adviser, contact_id)


@CONTACTS.patch(
    "/contacts/{contact_id}", _l("Modifier un contact"), shapes.ContactOut, takes=shapes.ContactPatch, scope=WRITE,
    same="contacts_show",
)  # fmt: skip
def change(call: Call, contact_id: str) -> Any:
    """What was sent, and nothing else."""
    changes = dict(call.taken)
    if "death_date" in changes:
        changes["vital"] = "DECEDE" if changes["death_date"] else "VIVANT"
    services.update(call.session, call.adviser, contact_id, changes)
    return show(call, contact_id)


@CONTACTS.get("/contacts/{contact_id}/history", _l("Lire ce qui a changé"), shapes.FileHistoryOut, scope=READ)
def changes(call: Call, contact_id: str) -> dict[str, Any]:
    """The last two hundred changes."""
    return {"items": history.of_contact(call.session, call.adviser, contact_id, most=200)}


@CONTACTS.post(
    "/contacts/hand-over", _l("Confier des contacts à un autre conseiller"), shapes.Changed, takes=shapes.HandOver, scope=WRITE,
    about=_l("Tous, ou aucun."),
)  # fmt: skip
def hand_over(call: Call) -> dict[str, int]:
    """All of them or none."""
    ids, keep = call.taken["ids"], call.taken.get("keep", True)
    if not ids:
        raise DomainError("Nommez au moins un contact.", field="ids")
    return {"changed": services.hand_over(call.session, call.adviser, ids, call.taken["adviser"], keep=keep)}


@CONTACTS.get("/contacts/{contact_id}/channels", _l("Lire les coordonnées"), shapes.ChannelsOut, scope=READ)
def channels_listed(call: Call, contact_id: str) -> dict[str, Any]:
    """Kind by kind, the primary one first."""
    found = channels.of_contact(call.session, call.adviser, contact_id)
    return {"items": [_channel(one) for some in found.values() for one in some]}


@CONTACTS.post(
    "/contacts/{contact_id}/channels", _l("Ajouter une coordonnée"), shapes.ChannelOut, takes=shapes.ChannelNew, scope=WRITE,
    status=201,
)  # fmt: skip
def channels_add(call: Call, contact_id: str) -> Reply:
    """The first of its kind is the primary one."""
    kind = call.taken["kind"]
    made = channels.add(call.session, call.adviser, contact_id, kind, _of_kind(kind, call.taken), channel_id=call.once)
    shown = _channel(channels.get(call.session, call.adviser, contact_id, kind, made))
    return Reply(shown, f"/contacts/{contact_id}/channels/{made}")


@CONTACTS.post(
    "/contacts/{contact_id}/channels/order", _l("Réordonner des coordonnées"), shapes.ChannelsOut, takes=shapes.ChannelOrder,
    scope=WRITE,
)  # fmt: skip
def channels_order(call: Call, contact_id: str) -> dict[str, Any]:
    """The first is the primary one."""
    channels.reorder(call.session, call.adviser, contact_id, call.taken["kind"], call.taken["ids"])
    return channels_listed(call, contact_id)


@CONTACTS.get("/contacts/{contact_id}/channels/{channel_id}", _l("Lire une coordonnée"), shapes.ChannelOut, scope=READ)
def channels_show(call: Call, contact_id: str, channel_id: str) -> dict[str, Any]:
    """One of them."""
    return _channel(_found(call, contact_id, channel_id))


@CONTACTS.patch(
    "/contacts/{contact_id}/channels/{channel_id}", _l("Modifier une coordonnée"), shapes.ChannelOut,
    takes=shapes.ChannelPatch, scope=WRITE, same="contacts_channels_show",
)  # fmt: skip
def channels_change(call: Call, contact_id: str, channel_id: str) -> dict[str, Any]:
    """What was sent, and nothing else."""
    before = _found(call, contact_id, channel_id)
    values = {"usage": before.usage, "opt_in": before.opt_in, **before.values, **_of_kind(before.kind, call.taken)}
    channels.change(call.session, call.adviser, contact_id, before.kind, channel_id, values)
    return channels_show(call, contact_id, channel_id)


@CONTACTS.delete(
    "/contacts/{contact_id}/channels/{channel_id}", _l("Retirer une coordonnée"), scope=WRITE, same="contacts_channels_show"
)
def channels_remove(call: Call, contact_id: str, channel_id: str) -> None:
    """The next one takes its rank."""
    kind = _found(call, contact_id, channel_id).kind
    channels.remove(call.session, call.adviser, contact_id, kind, channel_id)


def _found(call: Call, contact_id: str, channel_id: str) -> channels.Channel:
    known = channels.of_contact(call.session, call.adviser, contact_id)
    found = next((one for some in known.values() for one in some if one.id == channel_id), None)
    if found is None:
        raise NotFound("Cette coordonnée n'existe pas, ou n'existe plus.")
    return found


def _channel(one: channels.Channel) -> dict[str, Any]:
    every = dict.fromkeys(name for kind in channels.KINDS.values() for name in kind.names)
    return {
        **every, **one.values, "id": one.id, "kind": one.kind, "usage": one.usage, "is_primary": one.is_primary,
        "opt_in": one.opt_in,
    }  # fmt: skip


def _of_kind(kind: str, sent: Mapping[str, Any]) -> dict[str, Any]:
    """What the kind has; a field of another kind is a mistake that is said."""
    known = {"usage", "is_primary", "opt_in", "kind", *channels.KINDS[kind].names}
    for name in sent:
        if name not in known:
            raise DomainError("Ce champ n'est pas de cette sorte de coordonnée.", field=name)
    return {name: value for name, value in sent.items() if name != "kind"}
