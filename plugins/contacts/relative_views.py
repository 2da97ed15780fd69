"""«Ajouter un conjoint», «Ajouter un enfant»: a person made, tied and housed on one page (DO-02)."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from flask import Blueprint
from flask import render_template
from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.api import contacts
from core.api import forms
from core.api.db import DomainError
from core.api.db import NotFound
from core.api.db import today
from core.api.web import adviser
from core.api.web import db_session
from core.api.web import permission
from plugins.contacts import frames
from plugins.contacts import relation_forms
from plugins.contacts import schemas
from plugins.contacts.relation_edit_views import done
from plugins.contacts.relation_edit_views import fault
from plugins.contacts.relation_edit_views import page_frame

_NAMES = ("civility", "first_names", "birth_name", "usage_name", "birth_date")


def register(made: Blueprint) -> None:
    """The routes."""
    made.add_url_rule("/<contact_id>/relations/nouveau-conjoint", "spouse_new", spouse_new, methods=["GET", "POST"])
    made.add_url_rule("/<contact_id>/relations/nouvel-enfant", "child_new", child_new, methods=["GET", "POST"])


@permission(frames.EDIT)
def spouse_new(contact_id: str) -> ResponseReturnValue:
    """A spouse, a partner: the names that married people share are there, and what the contact's file says of the union."""
    card = _person(contact_id)
    kind = {"MARIE": "CONJOINT", "PACSE": "PARTENAIRE_PACS", "CONCUBIN": "CONCUBIN"}.get(card.situation or "", "")
    known = {
        "civility": {"M": "MME", "MME": "M"}.get(card.civility or ""), "role": kind, "joins": True, "same_home": True,
        "usage_name": card.usage_name or card.birth_name if kind == "CONJOINT" else "",
        "matrimonial_regime": card.details.matrimonial_regime, "pacs_regime": card.details.pacs_regime,
    }  # fmt: skip
    return _relative(card, relation_forms.SpouseForm(), _("Ajouter un conjoint"), known)


@permission(frames.EDIT)
def child_new(contact_id: str) -> ResponseReturnValue:
    """A child of the contact, and of whoever lives in union with him."""
    card = _person(contact_id)
    known = {
        "birth_name": card.birth_name or card.usage_name, "filiation": "LEGITIME_OU_COMMUN", "joins": True, "same_home": True,
        "both": _partner(card) is not None,
    }  # fmt: skip
    return _relative(card, relation_forms.ChildForm(), _("Ajouter un enfant"), known)


def _relative(card: contacts.ContactCard, schema: forms.Form, title: str, known: Mapping[str, Any]) -> ResponseReturnValue:
    if request.method == "GET":
        return _page(card, schema, title, known, {}, forms.token())
    key = forms.once(request.form.get("once", ""))
    typed = forms.typed(schema, request.form)
    checked = forms.check(schema, typed)
    if checked.errors:
        return _page(card, schema, title, typed, checked.errors, key)
    values = checked.values
    try:
        data = _data(card, values)
        if "anyway" not in request.form and not _there(key) and (twins := contacts.duplicates.of(db_session(), adviser(), data)):
            return _page(card, schema, title, typed, {}, key, twins=twins)
        proposals = _write(card, values, data, key)
        if proposals and "confirme" not in request.form:
            db_session().rollback()
            return _page(card, schema, title, typed, {}, key, proposals=proposals)
        contacts.situations.accept(db_session(), adviser(), proposals, request.form.getlist("aligner"))
    except DomainError as error:
        return _page(card, schema, title, typed, fault(error), key)
    return done(card.id, _("%(name)s est créé et lié au dossier.", name=contacts.get_contact(db_session(), adviser(), key).name))


def _data(card: contacts.ContactCard, values: Mapping[str, Any]) -> contacts.NewContact:
    own = {name: values[name] for name in _NAMES if values.get(name)}
    if "role" in values:
        kind = values["role"]
        field = contacts.situations.REGIMES.get(kind, ("", {}))[0]
        own |= {"situation": contacts.situations.SITUATIONS[kind]} | ({field: values.get(field)} if field else {})
    elif values.get("birth_date") and _years(values["birth_date"]) < 18:
        own |= {"protection": "MINEUR", "situation": "CELIBATAIRE"}
    return contacts.NewContact(schemas.PERSON, card.line.stage, nationality="FR", tax_country="FR", **own)


def _write(
    card: contacts.ContactCard, values: Mapping[str, Any], data: contacts.NewContact, key: str
) -> Sequence[contacts.situations.Proposal]:
    """The person, the tie, the home; what the union proposes for the contact's own file."""
    session, who = db_session(), adviser()
    principal = next((one.user_id for one in card.line.followers if one.role == "PRINCIPAL"), None)
    fresh = not _there(key)
    contacts.create(session, who, data, contact_id=key, principal=principal)
    if fresh:
        told = {name: values[name] for name in ("since", "filiation") if values.get(name)}
        contacts.relations.add(session, who, card.id, values.get("role") or "ENFANT", key, **told)
        partner = _partner(card)
        if values.get("both") and partner is not None:
            contacts.relations.add(session, who, partner, "ENFANT", key, **told)
        if values.get("joins"):
            contacts.households.join_with(session, who, card.id, key)
        if values.get("same_home"):
            contacts.households.same_home(session, who, card.id, key)
    if "role" not in values:
        return ()
    regime = values.get("matrimonial_regime") or values.get("pacs_regime")
    found = contacts.situations.on_union(session, who, values["role"], (card.id, key), regime)
    return [one for one in found if one.contact_id == card.id]


def _there(key: str) -> bool:
    try:
        contacts.get_contact(db_session(), adviser(), key)
    except NotFound:
        return False
    return True


def _partner(card: contacts.ContactCard) -> str | None:
    """The id of who lives in union with the contact, where the adviser sees him."""
    bound = contacts.relations.unions(db_session(), [card.id], today()).get(card.id)
    return bound.partner_id if bound is not None and _there(bound.partner_id) else None


def _person(contact_id: str) -> contacts.ContactCard:
    card = frames.editable(contact_id)
    if card.line.kind != schemas.PERSON:
        raise NotFound(_("Seule une personne physique a un conjoint ou des enfants."))
    return card


def _years(born: Any) -> int:
    day = today()
    return int(day.year - born.year - ((day.month, day.day) < (born.month, born.day)))


def _page(
    card: contacts.ContactCard, schema: forms.Form, title: str, values: Mapping[str, Any], errors: Mapping[str, str], key: str, *,
    twins: Sequence[contacts.duplicates.Twin] = (), proposals: Sequence[contacts.situations.Proposal] = (),
) -> ResponseReturnValue:  # fmt: skip
    page = render_template(
        "contacts/relative.html", **page_frame(card.id, title), title=title, once=key, twins=twins, proposals=proposals,
        form=forms.view(schema, values, errors), former=False, anyway=bool(twins) or "anyway" in request.form,
    )  # fmt: skip
    return page, 422 if errors else 409 if twins or proposals else 200
