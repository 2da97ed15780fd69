"""Documents filed, described, replaced by a new version, deleted with a way back (AU-03)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
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
from plugins.ged import forms as own
from plugins.ged import frames
from plugins.ged import owners

EDIT = own.EDIT


def register(made: Blueprint) -> None:
    """The routes."""
    base = "/contacts/<contact_id>/documents"
    made.add_url_rule(f"{base}/ajouter", "document_new", new, methods=["GET", "POST"])
    made.add_url_rule(f"{base}/<paper_id>/modifier", "document_edit", edit, methods=["GET", "POST"])
    made.add_url_rule(f"{base}/<paper_id>/version", "document_version", version, methods=["GET", "POST"])
    made.add_url_rule(f"{base}/<paper_id>/supprimer", "document_remove", remove, methods=["POST"])
    made.add_url_rule(f"{base}/<paper_id>/retablir", "document_restore", restore, methods=["POST"])


@permission(EDIT)
def new(contact_id: str) -> ResponseReturnValue:
    """File one document or many, sent ahead of the form while it is filled in. A second arrival files nothing more."""
    frame = frames.of(contact_id, (_("Documents"), _home(contact_id)), (_("Ajouter"), None))
    documents.filing.require(db_session(), adviser(), "contact", contact_id)
    held = owners.held_accounts(db_session(), adviser(), [contact_id]) if adviser().can("accounts.view") else ()
    options = {"owner": {contact_id: frame["contact"].name, **{one.id: f"{one.label} ({one.company})" for one in held}}}
    schema = own.NewForm()
    if request.method == "GET":
        category = request.args.get("categorie", "")
        owner = request.args.get("compte", contact_id)
        usual = {
            "category": category if category in documents.categories.CATEGORIES else "",
            "owner": owner if owner in options["owner"] else contact_id,
        }
        return _form(frame, schema, usual, {}, _("Ajouter des documents"), options=options, once=forms.token())
    key, values = forms.once(request.form.get("once", "")), forms.typed(schema, request.form)
    checked = forms.check(schema, values)
    errors = dict(checked.errors)
    if values.get("owner") and values["owner"] not in options["owner"]:
        errors["owner"] = _("Choisissez une valeur de la liste.")
    sent = files.received(own.RULE, "file", missing=_("Choisissez au moins un fichier."))
    if sent.error:
        errors["file"] = sent.error
    if not errors:
        ref = values.get("owner") or contact_id
        try:
            whose = ("contact" if ref == contact_id else "account", ref)
            filed = documents.filing.add(db_session(), adviser(), whose, own.read(checked.values), sent.files, key=key)
            sent.spend()
            db_session().commit()
            _tell(filed)
            return redirect(_home(contact_id), 303)
        except DomainError as error:
            errors = _fault(error)
    shown = {**values, "file": sent.waiting}
    return _form(frame, schema, shown, errors, _("Ajouter des documents"), options=options, once=key)


@permission(EDIT)
def edit(contact_id: str, paper_id: str) -> ResponseReturnValue:
    """Describe a document anew: title, category, validity, tags, remarks, why it is kept."""
    row = _editable(contact_id, paper_id)
    trail = ((_("Documents"), _home(contact_id)), (row.title, _page(contact_id, paper_id)), (_("Modifier"), None))
    frame = frames.of(contact_id, *trail)
    schema, usual = own.EditForm(), own.shown(row)
    options = {"category": documents.categories.options([row.category])}
    title = _("Modifier un document")
    if request.method == "GET":
        return _form(frame, schema, usual, {}, title, options=options, stamp=forms.stamp(schema, usual), paper=row)
    typed = forms.typed(schema, request.form)
    if clash := forms.clash(schema, request.form.get("seen", ""), usual, typed):
        stamp = forms.stamp(schema, usual)
        return _form(frame, schema, clash.typed, {}, title, options=options, stamp=stamp, clash=clash, paper=row)
    checked = forms.check(schema, typed)
    errors = dict(checked.errors)
    if not errors:
        try:
            documents.filing.change(db_session(), adviser(), paper_id, own.read(checked.values))
            db_session().commit()
            flash(_("Les modifications sont enregistrées."), "success")
            return redirect(_page(contact_id, paper_id), 303)
        except DomainError as error:
            errors = _fault(error)
            row = _editable(contact_id, paper_id)
    return _form(frame, schema, typed, errors, title, options=options, stamp=request.form.get("seen", ""), paper=row)


@permission(EDIT)
def version(contact_id: str, paper_id: str) -> ResponseReturnValue:
    """Put a new file in force; the former stays, with its address and its hash."""
    row = _editable(contact_id, paper_id)
    trail = ((_("Documents"), _home(contact_id)), (row.title, _page(contact_id, paper_id)), (_("Nouvelle version"), None))
    frame, title, schema = frames.of(contact_id, *trail), _("Nouvelle version"), own.VersionForm()
    if request.method == "GET":
        return _form(frame, schema, {}, {}, title, once=forms.token(), paper=row)
    key, values = forms.once(request.form.get("once", "")), forms.typed(schema, request.form)
    checked = forms.check(schema, values)
    errors = dict(checked.errors)
    sent = files.received(own.ONE, "file", missing=_("Choisissez le fichier de la nouvelle version."))
    if sent.error:
        errors["file"] = sent.error
    if not errors:
        try:
            until = checked.values.get("expires_on")
            made = documents.filing.add_version(db_session(), adviser(), paper_id, sent.files[0], expires_on=until, key=key)
            sent.spend()
            number, made_id = made.number, made.id
            db_session().commit()
            flash(_("La version %(number)s est en vigueur\u202f: la précédente reste consultable.", number=number), "success")
            return redirect(_page(contact_id, made_id), 303)
        except DomainError as error:
            errors = _fault(error)
            row = _editable(contact_id, paper_id)
    return _form(frame, schema, {**values, "file": sent.waiting}, errors, title, once=key, paper=row)


@permission(EDIT)
def remove(contact_id: str, paper_id: str) -> ResponseReturnValue:
    """Delete a document with its versions at once, and offer to bring it back; the list of deleted ones brings it back later."""
    row = _editable(contact_id, paper_id)
    title, about = row.title, f"{row.owner_kind}:{row.owner_id}"
    try:
        documents.filing.remove(db_session(), adviser(), paper_id)
    except DomainError as error:
        db_session().rollback()
        flash(error.text, "warning")
        return redirect(_page(contact_id, paper_id), 303)
    token = undo.offer(db_session(), adviser(), "ged.document_removed", about, {"document": paper_id})
    db_session().commit()
    undo.say(_("«\u202f%(title)s\u202f» est supprimé.", title=title), token)
    return redirect(_home(contact_id), 303)


@permission(EDIT)
def restore(contact_id: str, paper_id: str) -> ResponseReturnValue:
    """Bring back a document from the list of deleted ones."""
    frames.of(contact_id)
    whose, _held = owners.of_file(db_session(), adviser(), contact_id)
    row = documents.filing.restore(db_session(), adviser(), paper_id, within=whose)
    title = row.title
    db_session().commit()
    flash(_("«\u202f%(title)s\u202f» est rétabli.", title=title), "success")
    return redirect(_page(contact_id, paper_id), 303)


@undo.command("ged.document_removed", permission=EDIT)
def back(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of `remove`."""
    row = documents.filing.restore(session, by, payload["document"])
    return str(_("«\u202f%(title)s\u202f» est rétabli.", title=row.title))


def _editable(contact_id: str, paper_id: str) -> documents.Document:
    """A document of this file that the adviser may change. Raises `NotFound`, `Forbidden`, `Conflict`."""
    frames.paper(contact_id, paper_id)
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


def _fault(error: DomainError) -> dict[str, str]:
    db_session().rollback()
    if error.field is None:
        raise error
    return forms.refused(error)


def _home(contact_id: str) -> str:
    return url_for("p_ged.documents", contact_id=contact_id)


def _page(contact_id: str, paper_id: str) -> str:
    return url_for("p_ged.document", contact_id=contact_id, paper_id=paper_id)


def _form(
    frame: Mapping[str, Any], schema: forms.Form, values: Mapping[str, Any], errors: Mapping[str, str], title: str, *,
    options: Mapping[str, Mapping[str, Any]] | None = None, once: str | None = None, stamp: str = "",
    clash: forms.Clash | None = None, paper: documents.Document | None = None,
) -> ResponseReturnValue:  # fmt: skip
    contact_id = frame["contact"].id
    view = forms.view(schema, values, errors, options=options or {}, stamp=stamp, clash=clash)
    back = _page(contact_id, paper.id) if paper is not None else _home(contact_id)
    page = render_template("ged/form.html", **frame, form=view, title=title, once=once, back=back, paper=paper)
    return page, 409 if clash else 422 if errors else 200
