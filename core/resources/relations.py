"""`/contacts/{id}/relations`, the family and the structure around a contact, households (DO-02)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask_babel import lazy_gettext as _l

from core.cabinets import rights
from core.contacts import households
from core.contacts import kinship
from core.contacts import relations
from core.contacts import services
from core.contacts import structures
from core.db.clock import today
from core.db.errors import NotFound
from core.resources import relation_schemas as shapes
from core.resources.contacts import CONTACTS
from core.resources.contacts import READ
from core.resources.contacts import WRITE
from core.rest.operations import Call
from core.rest.operations import Reply
from core.rest.operations import Slice


@CONTACTS.get(
    "/contacts/{contact_id}/relations", _l("Lister les relations d'un contact"), shapes.RelationOut, asks=shapes.RelationQuery,
    paged=True, scope=READ, about=_l("Celles dont l'autre contact est ouvert à votre profil."),
)  # fmt: skip
def relations_listed(call: Call, contact_id: str) -> Slice[Any]:
    """Those whose other end the owner sees."""
    after = call.after[0] if call.after else None
    found = relations.following_id(
        call.session, call.adviser, contact_id, after, group=call.asked.get("group"), size=call.more
    )
    return call.page(found, lambda one: (one.id,))


@CONTACTS.post(
    "/contacts/{contact_id}/relations", _l("Ajouter une relation"), shapes.RelationOut, takes=shapes.RelationNew, scope=WRITE,
    status=201, about=_l(
        "Le lien inverse paraît dans l'autre dossier. Une union ne change pas la situation familiale des deux\u202f: "
        "modifiez chaque contact."
    ),
)  # fmt: skip
def relations_add(call: Call, contact_id: str) -> Reply:
    """The other file has the inverse."""
    told = {name: value for name, value in call.taken.items() if name in relations.FIELDS}
    role, other = call.taken["role"], call.taken["other"]
    made = relations.add(call.session, call.adviser, contact_id, role, other, relation_id=call.once, **told)
    return Reply(relations_show(call, contact_id, made), f"/contacts/{contact_id}/relations/{made}")


@CONTACTS.get("/contacts/{contact_id}/relations/{relation_id}", _l("Lire une relation"), shapes.RelationOut, scope=READ)
def relations_show(call: Call, contact_id: str, relation_id: str) -> Any:
    """One of them."""
    return relations.get(call.session, call.adviser, contact_id, relation_id)


@CONTACTS.patch(
    "/contacts/{contact_id}/relations/{relation_id}", _l("Modifier une relation"), shapes.RelationOut,
    takes=shapes.RelationPatch, scope=WRITE, same="contacts_relations_show",
)  # fmt: skip
def relations_change(call: Call, contact_id: str, relation_id: str) -> Any:
    """What was sent, and nothing else."""
    relations.change(call.session, call.adviser, contact_id, relation_id, call.taken)
    return relations_show(call, contact_id, relation_id)


@CONTACTS.post(
    "/contacts/{contact_id}/relations/{relation_id}/end", _l("Terminer une relation"), shapes.RelationOut,
    takes=shapes.RelationEnd, scope=WRITE,
)  # fmt: skip
def relations_end(call: Call, contact_id: str, relation_id: str) -> Any:
    """It stays in both files, marked."""
    relations.end(call.session, call.adviser, contact_id, relation_id, call.taken["until"])
    return relations_show(call, contact_id, relation_id)


@CONTACTS.delete(
    "/contacts/{contact_id}/relations/{relation_id}", _l("Retirer une relation"), scope=WRITE, same="contacts_relations_show"
)
def relations_remove(call: Call, contact_id: str, relation_id: str) -> None:
    """For one that never was."""
    relations.remove(call.session, call.adviser, contact_id, relation_id)


@CONTACTS.get("/contacts/{contact_id}/family", _l("Lire la famille d'une personne"), shapes.FamilyOut, scope=READ)
def family(call: Call, contact_id: str) -> Any:
    """From grandparents to grandchildren."""
    return kinship.of(call.session, call.adviser, contact_id)


@CONTACTS.get(
    "/contacts/{contact_id}/structure", _l("Lire les sociétés autour d'un contact"), shapes.StructureOut, scope=READ,
    about=_l("À ce jour. Les bénéficiaires effectifs sont calculés sur les contacts ouverts à votre profil."),
)  # fmt: skip
def structure(call: Call, contact_id: str) -> Any:
    """Up and down."""
    return structures.of(call.session, call.adviser, contact_id, today())


@CONTACTS.post(
    "/contacts/{contact_id}/household", _l("Créer le foyer d'un couple"), shapes.HouseholdOut, scope=WRITE,
    status=201,
)  # fmt: skip
def household_make(call: Call, contact_id: str) -> Reply:
    """Of the contact and who is in union with him, with their children under age."""
    relations.contact(call.session, call.adviser, contact_id)
    rights.require(call.session, call.adviser, "contact", contact_id, "contacts.edit")
    bound = relations.unions(call.session, [contact_id], today()).get(contact_id)
    if bound is None:
        raise NotFound("Ce contact n'a pas d'union en cours.")
    made = households.make(call.session, call.adviser, contact_id, bound.partner_id, household_id=call.once)
    return Reply(members(call, made), f"/contacts/{made}/members")


@CONTACTS.get("/contacts/{contact_id}/members", _l("Lire les membres d'un foyer"), shapes.HouseholdOut, scope=READ)
def members(call: Call, contact_id: str) -> dict[str, Any]:
    """Those that the owner sees; nobody of a contact that is no household."""
    card = services.get_contact(call.session, call.adviser, contact_id)
    if card.line.kind != "FOYER":
        return {"id": card.id, "name": card.name, "address": "", "members": []}
    found = households.of(call.session, call.adviser, contact_id)
    same = {True: "yes", False: "no", None: None}
    return {**asdict(found), "members": [{**asdict(one), "same_address": same[one.shares]} for one in found.members]}


@CONTACTS.post(
    "/contacts/{contact_id}/members", _l("Ajouter un membre à un foyer"), shapes.HouseholdOut, takes=shapes.MemberNew,
    scope=WRITE, status=201,
)  # fmt: skip
def members_add(call: Call, contact_id: str) -> Reply:
    """Attached to its tax declaration, unless it is said otherwise."""
    who = call.taken["contact"]
    services.join_household(call.session, call.adviser, contact_id, who)
    households.attach(call.session, call.adviser, contact_id, who, attached=call.taken.get("tax_attached", True))
    return Reply(members(call, contact_id), f"/contacts/{contact_id}/members")


@CONTACTS.patch(
    "/contacts/{contact_id}/members/{member_id}", _l("Modifier le rattachement fiscal d'un membre"), shapes.HouseholdOut,
    takes=shapes.MemberPatch, scope=WRITE, same="contacts_members",
)  # fmt: skip
def members_change(call: Call, contact_id: str, member_id: str) -> dict[str, Any]:
    """Whether the person is of the tax declaration."""
    households.attach(call.session, call.adviser, contact_id, member_id, attached=call.taken["tax_attached"])
    return members(call, contact_id)


@CONTACTS.delete(
    "/contacts/{contact_id}/members/{member_id}", _l("Retirer un membre d'un foyer"), scope=WRITE, same="contacts_members"
)
def members_remove(call: Call, contact_id: str, member_id: str) -> None:
    """The person's own file stays."""
    services.leave_household(call.session, call.adviser, contact_id, member_id)
