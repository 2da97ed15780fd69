"""Documents filed, described, deleted with a way back: in a client's file (AU-03), on a support, product or company (OU-07)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint
from flask import flash
from flask import redirect
from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from core.api import documents
from core.api import files
from core.api import forms
from core.api import undo
from core.api.db import DomainError
from core.api.db import TenantSession
from core.api.types import Adviser
from core.api.web import adviser
from core.api.web import db_session
from core.api.web import permission
from plugins.ged import filling
from plugins.ged import forms as own
from plugins.ged import owners
from plugins.ged import places

EDIT = own.EDIT


def register(made: Blueprint) -> None:
    """The routes: each view serves a client's file and a shelf."""
    for base, prefix, one in places.ROUTES:
        made.add_url_rule(f"{base}/ajouter", f"{prefix}document_new", new, methods=["GET", "POST"])
        made.add_url_rule(f"{one}/modifier", f"{prefix}document_edit", edit, methods=["GET", "POST"])
        made.add_url_rule(f"{one}/version", f"{prefix}document_version", version, methods=["GET", "POST"])
        made.add_url_rule(f"{one}/supprimer", f"{prefix}document_remove", remove, methods=["POST"])
        made.add_url_rule(f"{one}/retablir", f"{prefix}document_restore", restore, methods=["POST"])


@permission(EDIT)
def new(**at: str) -> ResponseReturnValue:
    """File one document or many, sent ahead of the form while it is filled in. A second arrival files nothing more."""
    place, title = places.of(**at), _("Ajouter des documents")
    documents.filing.require(db_session(), adviser(), place.kind, place.ref)
    whose = _owners(place)
    schema = own.NewForm(exclude=() if whose else ("owner",))
    known = documents.categories.tree(db_session()).options()
    options: dict[str, Mapping[str, Any]] = {"category": known, **({"owner": whose} if whose else {})}
    if request.method == "GET":
        category, owner = request.args.get("categorie", ""), request.args.get("compte", place.ref)
        usual = {"category": category if category in known else ""}
        if whose:
            usual["owner"] = owner if owner in whose else place.ref
        return filling.page(place, schema, usual, {}, title, options=options, once=forms.token())
    key, values = forms.once(request.form.get("once", "")), forms.typed(schema, request.form)
    checked = forms.check(schema, values)
    errors = dict(checked.errors)
    for name, among in options.items():
        if values.get(name) and values[name] not in among:
            errors[name] = _("Choisissez une valeur de la liste.")
    sent = files.received(own.RULE, "file", missing=_("Choisissez au moins un fichier."))
    if sent.error:
        errors["file"] = sent.error
    if not errors:
        ref = values.get("owner") or place.ref
        try:
            owner_of = (place.kind if ref == place.ref else "account", ref)
            filed = documents.filing.add(db_session(), adviser(), owner_of, own.read(checked.values), sent.files, key=key)
            sent.spend()
            db_session().commit()
            _tell(filed)
            return redirect(place.url(), 303)
        except DomainError as error:
            errors = filling.fault(error)
    return filling.page(place, schema, {**values, "file": sent.waiting}, errors, title, options=options, once=key)


@permission(EDIT)
def edit(**at: str) -> ResponseReturnValue:
    """Describe a document anew: title, category, validity, tags, remarks, why it is kept."""
    (place, paper_id), title = places.of_paper(**at), _("Modifier un document")
    row = _editable(place, paper_id)
    schema, usual = own.EditForm(), own.shown(row)
    options = {"category": documents.categories.tree(db_session()).options([row.category])}
    if request.method == "GET":
        return filling.page(place, schema, usual, {}, title, options=options, stamp=forms.stamp(schema, usual), paper=row)
    typed = forms.typed(schema, request.form)
    if clash := forms.clash(schema, request.form.get("seen", ""), usual, typed):
        stamp = forms.stamp(schema, usual)
        return filling.page(place, schema, clash.typed, {}, title, options=options, stamp=stamp, clash=clash, paper=row)
    checked = forms.check(schema, typed)
    errors = dict(checked.errors)
    if not errors:
        try:
            documents.filing.change(db_session(), adviser(), paper_id, own.read(checked.values))
            db_session().commit()
            flash(_("Les modifications sont enregistrées."), "success")
            return redirect(place.page(paper_id), 303)
        except DomainError as error:
            errors = filling.fault(error)
            row = _editable(place, paper_id)
    seen = request.form.get("seen", "")
    return filling.page(place, schema, typed, errors, title, options=options, stamp=seen, paper=row)


@permission(EDIT)
def version(**at: str) -> ResponseReturnValue:
    """Put a new file in force; the former stays, with its address and its hash."""
    place, paper_id = places.of_paper(**at)
    return filling.next_version(place, lambda: _editable(place, paper_id))


@permission(EDIT)
def remove(**at: str) -> ResponseReturnValue:
    """Delete a document with its versions at once, and offer to bring it back; the list of deleted ones brings it back later."""
    place, paper_id = places.of_paper(**at)
    return filling.removed(place, _editable(place, paper_id))


@permission(EDIT)
def restore(**at: str) -> ResponseReturnValue:
    """Bring back a document from the list of deleted ones."""
    place, paper_id = places.of_paper(**at)
    row = documents.filing.restore(db_session(), adviser(), paper_id, within=place.whose)
    title = row.title
    db_session().commit()
    flash(_("«\u202f%(title)s\u202f» est rétabli.", title=title), "success")
    return redirect(place.page(paper_id), 303)


@undo.command("ged.document_removed", permission=EDIT)
def back(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of `remove`."""
    row = documents.filing.restore(session, by, payload["document"])
    return str(_("«\u202f%(title)s\u202f» est rétabli.", title=row.title))


def _owners(place: places.Place) -> dict[str, str]:
    """Id → name of those among whom one chooses: the person and the accounts; none where the place is one owner's."""
    if not isinstance(place, places.ContactFile):
        return {}
    held = owners.held_accounts(db_session(), adviser(), [place.ref]) if adviser().can("accounts.view") else ()
    return {place.ref: place.name, **{one.id: f"{one.label} ({one.company})" for one in held}}


def _editable(place: places.Place, paper_id: str) -> documents.Document:
    """A document of this place that the adviser may change. Raises `NotFound`, `Forbidden`, `Conflict`."""
    place.paper(paper_id)
    return documents.filing.editable(db_session(), adviser(), paper_id)


def _tell(filed: documents.filing.Filed) -> None:
    if filed.made:
        one, many = "%(num)s document est enregistré.", "%(num)s documents sont enregistrés."
        flash(ngettext(one, many, len(filed.made)), "success")
    for name, twin in filed.twins[:5]:
        known = "%(name)s est déjà dans le dossier («\u202f%(title)s\u202f»)\u202f: il n'est pas doublé."
        said = _(known, name=name, title=twin.title)
        flash(said, "info")
    if len(filed.twins) > 5:
        flash(_("%(count)s autres fichiers étaient déjà dans le dossier.", count=len(filed.twins) - 5), "info")
