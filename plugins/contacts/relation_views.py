"""Dossier > Relations and Dossier > Conjoint (DO-02): read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.api import contacts
from core.api import forms
from core.api import wealth
from core.api.db import NotFound
from core.api.db import today
from core.api.web import adviser
from core.api.web import current_context
from core.api.web import db_session
from core.api.web import permission
from plugins.contacts import drawings
from plugins.contacts import frames
from plugins.contacts import schemas

types = contacts.relation_types
#: Group → the words of an empty one.
EMPTY: dict[str, Any] = {
    "famille": _l("Aucune relation familiale connue."), "protection": _l("Aucune mesure ni représentation connue."),
    "societes": _l("Aucune société connue."), "conseils": _l("Aucun conseil ni apporteur connu."),
}  # fmt: skip


def register(made: Blueprint) -> None:
    """The routes."""
    made.add_url_rule("/<contact_id>/relations", "relations", relations)
    made.add_url_rule("/<contact_id>/conjoint", "spouse", spouse)
    made.add_url_rule("/<contact_id>/conjoint/accorder", "spouse_align", spouse_align, methods=["POST"])


@permission("contacts.view")
def relations(contact_id: str) -> ResponseReturnValue:
    """All relations, by group; one group, page by page, where `groupe` names it; the family and the companies, drawn."""
    frame = frames.of(contact_id, "relations", _("Relations"))
    card: contacts.ContactCard = frame["contact"]
    session, who, day = db_session(), adviser(), today()
    counts = contacts.relations.counts(session, who, contact_id)
    group = request.args.get("groupe", "")
    if group not in types.GROUPS:
        group = ""
    shown = [group] if group else [one for one in types.GROUPS if one in counts or _concerns(card, one)]
    number = max(1, min(request.args.get("page", 1, type=int) if group else 1, 9999))
    pages = {one: contacts.relations.of_contact(session, who, contact_id, group=one, number=number) for one in shown}
    family, structure = None, contacts.structures.Structure()
    if not group and card.line.kind == schemas.PERSON and counts.get("famille"):
        family = contacts.kinship.of(session, who, contact_id)
    if not group and counts.get("societes"):
        structure = contacts.structures.of(session, who, contact_id, day)
    home = contacts.households.of(session, who, contact_id) if card.line.kind == schemas.HOUSEHOLD else None
    return render_template(
        "contacts/relations.html", **frame, groups=types.GROUPS, pages=pages, counts=counts, group=group, empty=EMPTY, today=day,
        pagers={one: contacts.pager(page, _paged(contact_id, one)) for one, page in pages.items()},
        family=family, tree=drawings.family(card, family) if family else None, structure=structure,
        chart=drawings.structure(card, structure), home=home, drawings=drawings, types=types,
        may_marry=card.line.kind == schemas.PERSON and card.line.vital == "VIVANT" and not _bound(contact_id),
    )  # fmt: skip


@permission("contacts.view")
def spouse(contact_id: str) -> ResponseReturnValue:
    """The partner's card beside the contact's, what their files do not say alike, and the unions that were."""
    frame = frames.of(contact_id, "conjoint", _("Conjoint"))
    card: contacts.ContactCard = frame["contact"]
    ties = [
        one for one in contacts.relations.of_contact(db_session(), adviser(), contact_id, group="famille", size=200).items
        if one.union or one.kind == "EX_CONJOINT"
    ]  # fmt: skip
    current = next((one for one in ties if one.union and one.active(today())), None)
    partner = contacts.get_contact(db_session(), adviser(), current.other.id) if current else None
    proposals: tuple[contacts.situations.Proposal, ...] = ()
    if current is not None:
        proposals = contacts.situations.on_union(db_session(), adviser(), current.kind, (contact_id, current.other.id), None)
    worth = current_context().can("accounts.view")
    pair = [one for one in (card, partner) if one is not None]
    held = {one.id: wealth.totals.of_contact(db_session(), adviser(), one.id) for one in pair} if worth else {}
    homes = set.intersection(*({home.id for home in one.households} for one in pair)) if len(pair) == 2 else set()
    return render_template(
        "contacts/spouse.html", **frame, tie=current, pair=pair, proposals=proposals, worth=held, together=bool(homes),
        past=[one for one in ties if one is not current], labels=contacts.history.LABELS, said=contacts.history.said,
        today=today(), once=forms.token(), person=card.line.kind == schemas.PERSON, types=types,
    )  # fmt: skip


@permission(frames.EDIT)
def spouse_align(contact_id: str) -> ResponseReturnValue:
    """Write, in the files that were ticked, what the union says of the situation and the régime."""
    frames.editable(contact_id)
    bound = contacts.relations.unions(db_session(), [contact_id], today()).get(contact_id)
    if bound is None:
        raise NotFound(_("Ce contact n'a pas d'union en cours."))
    proposals = contacts.situations.on_union(db_session(), adviser(), bound.kind, (contact_id, bound.partner_id), None)
    contacts.situations.accept(db_session(), adviser(), proposals, request.form.getlist("aligner"))
    db_session().commit()
    flash(_("La situation des deux dossiers est mise à jour."), "success")
    return redirect(url_for("p_contacts.spouse", contact_id=contact_id), 303)


def _bound(contact_id: str) -> bool:
    return contact_id in contacts.relations.unions(db_session(), [contact_id], today())


def _concerns(card: contacts.ContactCard, group: str) -> bool:
    """Whether a group is shown even where it is empty."""
    return group in {schemas.PERSON: ("famille", "societes"), schemas.COMPANY: ("societes",)}.get(card.line.kind, ())


def _paged(contact_id: str, group: str) -> Callable[[int], str]:
    return lambda number: url_for("p_contacts.relations", contact_id=contact_id, groupe=group, page=number)
