"""Relations added, changed, ended, taken away; a spouse or a child made on the way (DO-02)."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from flask import Blueprint
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.api import contacts
from core.api import forms
from core.api import undo
from core.api.db import DomainError
from core.api.db import TenantSession
from core.api.types import Adviser
from core.api.web import adviser
from core.api.web import db_session
from core.api.web import permission
from plugins.contacts import frames
from plugins.contacts import picking
from plugins.contacts import relation_forms
from plugins.contacts import schemas

types = contacts.relation_types
#: Fields of the form that are the relation's own.
_TOLD = ("since", "until", "filiation", "share", "right", "function", "counsel", "note")


def register(made: Blueprint) -> None:
    """The routes."""
    base = "/<contact_id>/relations"
    made.add_url_rule(f"{base}/ajouter", "relation_add", add, methods=["GET", "POST"])
    made.add_url_rule(f"{base}/<relation_id>", "relation_change", change, methods=["GET", "POST"])
    made.add_url_rule(f"{base}/<relation_id>/fin", "relation_end", end, methods=["GET", "POST"])
    made.add_url_rule(f"{base}/<relation_id>/retirer", "relation_remove", remove, methods=["POST"])


@permission(frames.EDIT)
def add(contact_id: str) -> ResponseReturnValue:
    """Tie the contact to another that is there already. What a union changes in both files is asked before it is written."""
    card = frames.editable(contact_id)
    schema, roles = relation_forms.RelationForm(), types.offered(card.line.kind)
    if request.method == "GET":
        asked = {"role": request.args.get("lien", ""), "right": "PLEINE_PROPRIETE"}
        return _add(contact_id, schema, roles, asked, {}, forms.token())
    key = forms.once(request.form.get("once", ""))
    typed = forms.typed(schema, request.form)
    checked = forms.check(schema, typed)
    errors, found = dict(checked.errors), picking.Picked()
    if typed.get("role") and typed["role"] not in roles:
        errors["role"] = _("Choisissez un lien de la liste.")
    if typed.get("other") and "other" not in errors:
        found = picking.picked(typed["other"], beside=contact_id, fits=_fits(typed.get("role", "")))
        errors |= {"other": found.wrong} if found.wrong else {}
    if errors:
        return _add(contact_id, schema, roles, typed, errors, key, found)
    role = checked.values["role"]
    try:
        contacts.relations.add(db_session(), adviser(), contact_id, role, found.id, relation_id=key, **told(checked.values))
        regime = checked.values.get("matrimonial_regime") or checked.values.get("pacs_regime")
        proposals: tuple[contacts.situations.Proposal, ...] = ()
        if checked.values.get("until") is None:
            proposals = contacts.situations.on_union(db_session(), adviser(), role, (contact_id, found.id), regime)
        if proposals and "confirme" not in request.form:
            db_session().rollback()
            return _add(contact_id, schema, roles, typed, {}, key, found, proposals)
        contacts.situations.accept(db_session(), adviser(), proposals, request.form.getlist("aligner"))
    except DomainError as error:
        return _add(contact_id, schema, roles, typed, fault(error), key, found)
    return done(contact_id, _("La relation est ajoutée, dans les deux dossiers."))


@permission(frames.EDIT)
def change(contact_id: str, relation_id: str) -> ResponseReturnValue:
    """Change what is told of a relation."""
    frames.editable(contact_id)
    tie = contacts.relations.get(db_session(), adviser(), contact_id, relation_id)
    schema = relation_forms.ChangeForm()
    values = {**{name: getattr(tie, name) for name in _TOLD}, "role": tie.role}
    values["share"] = None if tie.share is None else tie.share * 100
    if request.method == "GET":
        return _change(contact_id, tie, schema, values, {}, forms.stamp(schema, values))
    typed = {**forms.typed(schema, request.form), "role": tie.role}
    seen = request.form.get("seen", "")
    if clash := forms.clash(schema, seen, values, typed):
        return _change(contact_id, tie, schema, clash.typed, {}, forms.stamp(schema, values), clash)
    checked = forms.check(schema, typed)
    errors = checked.errors
    if not errors:
        try:
            contacts.relations.change(db_session(), adviser(), contact_id, relation_id, told(checked.values))
            return done(contact_id, _("La relation est enregistrée, dans les deux dossiers."))
        except DomainError as error:
            errors = fault(error)
    return _change(contact_id, tie, schema, typed, errors, seen)


@permission(frames.EDIT)
def end(contact_id: str, relation_id: str) -> ResponseReturnValue:
    """Say when a relation ended; of a union, how, and what both files say from then on: asked, never written unseen."""
    frames.editable(contact_id)
    tie = contacts.relations.get(db_session(), adviser(), contact_id, relation_id)
    hows = contacts.situations.ENDINGS.get(tie.kind, {})
    schema = relation_forms.EndForm() if tie.union else relation_forms.PlainEndForm()
    if request.method == "GET":
        dead = tie.other.death_date or frames.editable(contact_id).death_date
        known = {"until": dead, "how": "DECES"} if tie.union and dead else {}
        return _end(contact_id, tie, schema, hows, known, {})
    typed = forms.typed(schema, request.form)
    checked = forms.check(schema, typed)
    errors, how = dict(checked.errors), typed.get("how", "")
    if tie.union and how and how not in hows:
        errors["how"] = _("Choisissez une valeur de la liste.")
    if errors:
        return _end(contact_id, tie, schema, hows, typed, errors)
    until, ids = checked.values["until"], (contact_id, tie.other.id)
    try:
        contacts.relations.end(db_session(), adviser(), contact_id, relation_id, until)
        proposals = contacts.situations.on_end(db_session(), adviser(), tie.kind, ids, how, until) if tie.union else ()
        former = tie.kind == "CONJOINT" and how == "DIVORCE"
        if (proposals or former) and "confirme" not in request.form:
            db_session().rollback()
            return _end(contact_id, tie, schema, hows, typed, {}, proposals, former=former)
        agreed = request.form.getlist("aligner")
        if former and "ex" in agreed:
            contacts.relations.add(db_session(), adviser(), contact_id, "EX_CONJOINT", tie.other.id, since=until)
        contacts.situations.accept(db_session(), adviser(), proposals, agreed)
    except DomainError as error:
        return _end(contact_id, tie, schema, hows, typed, fault(error))
    return done(contact_id, _("La relation est terminée. Elle reste dans les deux dossiers."))


@permission(frames.EDIT)
def remove(contact_id: str, relation_id: str) -> ResponseReturnValue:
    """Take away at once a relation that was a mistake, and offer to put it back."""
    kept = contacts.relations.remove(db_session(), adviser(), contact_id, relation_id)
    payload = {"contact": contact_id, "kept": kept}
    token = undo.offer(db_session(), adviser(), "contacts.relation_removed", f"contact:{contact_id}", payload)
    db_session().commit()
    undo.say(_("La relation est retirée des deux dossiers."), token)
    return redirect(url_for("p_contacts.relations", contact_id=contact_id), 303)


@undo.command("contacts.relation_removed", permission=frames.EDIT)
def put_back(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of `remove`."""
    contacts.relations.restore(session, by, payload["contact"], payload["kept"])
    return str(_("La relation est de retour dans les deux dossiers."))


def _fits(role: str) -> tuple[str, ...]:
    """The kinds of contact that may have a role; all of them while it is not known."""
    if role not in types.ROLES:
        return tuple(schemas.KINDS)
    known = types.ROLES[role]
    return types.KINDS[known.kind].fits[0 if known.side == "a" else 1]


def told(values: Mapping[str, Any]) -> dict[str, Any]:
    """What a form says of a relation, as the service takes it: a share is a ratio."""
    found = {name: values.get(name) for name in _TOLD}
    if found["share"] is not None:
        found["share"] = found["share"] / 100
    return found


def fault(error: DomainError) -> dict[str, str]:
    """A refusal, beside the field that it is about; the session is clean again."""
    db_session().rollback()
    return forms.refused(error)


def done(contact_id: str, text: str, endpoint: str = "relations") -> ResponseReturnValue:
    """Kept, and said."""
    db_session().commit()
    flash(text, "success")
    return redirect(url_for(f"p_contacts.{endpoint}", contact_id=contact_id), 303)


def page_frame(contact_id: str, title: str, active: str = "relations") -> dict[str, Any]:
    """The frame of a form below Dossier > Relations."""
    frame = frames.of(contact_id, active, title)
    frame["crumbs"].insert(2, (_("Relations"), url_for("p_contacts.relations", contact_id=contact_id)))
    return frame


def _add(
    contact_id: str, schema: forms.Form, roles: Mapping[str, str], values: Mapping[str, Any], errors: Mapping[str, str], key: str,
    found: picking.Picked | None = None, proposals: Sequence[contacts.situations.Proposal] = (),
) -> ResponseReturnValue:  # fmt: skip
    title = _("Ajouter une relation")
    page = render_template(
        "contacts/relation.html", **page_frame(contact_id, title), title=title, once=key, found=found or picking.Picked(),
        form=forms.view(schema, values, errors, options={"role": roles}), proposals=proposals, former=False, tie=None,
    )  # fmt: skip
    return page, 422 if errors else 409 if proposals else 200


def _change(
    contact_id: str, tie: contacts.relations.Tied, schema: forms.Form, values: Mapping[str, Any], errors: Mapping[str, str],
    stamp: str, clash: forms.Clash | None = None,
) -> ResponseReturnValue:  # fmt: skip
    title = _("Modifier la relation")
    page = render_template(
        "contacts/relation.html", **page_frame(contact_id, title), title=title, once=None, found=picking.Picked(), tie=tie,
        form=forms.view(schema, values, errors, stamp=stamp, clash=clash), proposals=(), former=False,
    )  # fmt: skip
    return page, 409 if clash else 422 if errors else 200


def _end(
    contact_id: str, tie: contacts.relations.Tied, schema: forms.Form, hows: Mapping[str, str], values: Mapping[str, Any],
    errors: Mapping[str, str], proposals: Sequence[contacts.situations.Proposal] = (), *, former: bool = False,
) -> ResponseReturnValue:  # fmt: skip
    title = _("Terminer la relation")
    page = render_template(
        "contacts/relation.html", **page_frame(contact_id, title), title=title, once=None, found=picking.Picked(), tie=tie,
        form=forms.view(schema, values, errors, options={"how": hows}), proposals=proposals, former=former,
    )  # fmt: skip
    return page, 422 if errors else 409 if proposals or former else 200
