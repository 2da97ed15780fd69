"""«Documents internes»: what everybody of the cabinet reads, who has, reminders (OU-08)."""

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

from core.api import contacts
from core.api import documents
from core.api import files
from core.api import forms
from core.api import undo
from core.api.db import DomainError
from core.api.web import adviser
from core.api.web import db_session
from core.api.web import permission
from plugins.ged import forms as own
from plugins.ged import internal
from plugins.ged import list_views


def register(made: Blueprint) -> None:
    """The routes."""
    base = "/internes"
    made.add_url_rule(base, "internal", index)
    made.add_url_rule(f"{base}/ajouter", "internal_new", new, methods=["GET", "POST"])
    made.add_url_rule(f"{base}/<internal_id>", "internal_paper", show)
    made.add_url_rule(f"{base}/<internal_id>/version", "internal_version", version, methods=["GET", "POST"])
    made.add_url_rule(f"{base}/<internal_id>/lu", "internal_read", confirm, methods=["POST"])
    made.add_url_rule(f"{base}/<internal_id>/relancer", "internal_remind", remind, methods=["POST"])
    made.add_url_rule(f"{base}/<internal_id>/supprimer", "internal_remove", remove, methods=["POST"])


@permission(internal.VIEW)
def index() -> ResponseReturnValue:
    """All in force, those that one has to read first."""
    found = internal.listed(db_session(), adviser())
    return render_template(
        "ged/internal.html", found=found, manages=_manages(), path=documents.categories.path,
        crumbs=[(_("Documents internes"), None)],
    )  # fmt: skip


@permission(internal.VIEW)
def show(internal_id: str) -> ResponseReturnValue:
    """One of them: its file, its versions, one's own reading; for who runs the cabinet, everybody's."""
    found = internal.get(db_session(), adviser(), internal_id)
    row, here = found.document, url_for("p_ged.internal_paper", internal_id=internal_id)
    people = {one.user_id: one.name for one in contacts.advisers(db_session())}
    return render_template(
        "ged/internal_paper.html", found=found, row=row, category=documents.categories.path(row.category), people=people,
        versions=documents.filing.chain(db_session(), row), text=list_views.text_state(row), manages=_manages(),
        preview=lambda one: files.address(one.id, back=here), crumbs=[_home(), (row.title, None)],
    )  # fmt: skip


@permission(internal.MANAGE)
def new() -> ResponseReturnValue:
    """File one and, where that is asked, have everybody confirm that they read it."""
    schema = own.InternalForm()
    if request.method == "GET":
        return _form(schema, {"category": "NOTE", "ask": True}, {}, _("Nouveau document interne"), once=forms.token())
    key, values = forms.once(request.form.get("once", "")), forms.typed(schema, request.form)
    checked = forms.check(schema, values)
    errors = dict(checked.errors)
    sent = files.received(own.INTERNAL, "file", missing=_("Choisissez le fichier."))
    if sent.error:
        errors["file"] = sent.error
    if not errors:
        given = checked.values
        try:
            row = internal.add(
                db_session(), adviser(), own.read(given), sent.files[0], asked=given["ask"], due_on=given.get("due_on"), key=key
            )
            row_id = row.id
            sent.spend()
            db_session().commit()
            flash(_("Le document interne est enregistré."), "success")
            return redirect(url_for("p_ged.internal_paper", internal_id=row_id), 303)
        except DomainError as error:
            errors = _fault(error)
    return _form(schema, {**values, "file": sent.waiting}, errors, _("Nouveau document interne"), once=key)


@permission(internal.MANAGE)
def version(internal_id: str) -> ResponseReturnValue:
    """Put a new file in force: everybody has to read it again, where that is asked."""
    row, schema = internal.get(db_session(), adviser(), internal_id).document, own.VersionForm()
    title = _("Nouvelle version")
    if request.method == "GET":
        return _form(schema, {}, {}, title, once=forms.token(), paper=row)
    key, values = forms.once(request.form.get("once", "")), forms.typed(schema, request.form)
    checked = forms.check(schema, values)
    errors = dict(checked.errors)
    sent = files.received(own.ONE, "file", missing=_("Choisissez le fichier de la nouvelle version."))
    if sent.error:
        errors["file"] = sent.error
    if not errors:
        try:
            until = checked.values.get("expires_on")
            made = documents.filing.add_version(db_session(), adviser(), internal_id, sent.files[0], expires_on=until, key=key)
            made_id, number = made.id, made.number
            sent.spend()
            db_session().commit()
            flash(_("La version %(number)s est en vigueur\u202f: la précédente reste consultable.", number=number), "success")
            return redirect(url_for("p_ged.internal_paper", internal_id=made_id), 303)
        except DomainError as error:
            errors = _fault(error)
            row = internal.get(db_session(), adviser(), internal_id).document
    return _form(schema, {**values, "file": sent.waiting}, errors, title, once=key, paper=row)


@permission(internal.VIEW)
def confirm(internal_id: str) -> ResponseReturnValue:
    """«J'ai lu»."""
    found = internal.confirm(db_session(), adviser(), internal_id)
    title = found.document.title
    db_session().commit()
    flash(_("Votre lecture de «\u202f%(title)s\u202f» est notée.", title=title), "success")
    return redirect(url_for("p_ged.internal"), 303)


@permission(internal.MANAGE)
def remind(internal_id: str) -> ResponseReturnValue:
    """Tell those who have not read it yet."""
    count = internal.remind(db_session(), adviser(), internal_id)
    db_session().commit()
    if count:
        flash(ngettext("%(num)s personne est relancée.", "%(num)s personnes sont relancées.", count), "success")
    else:
        flash(_("Chacun a lu ce document\u202f: personne n'est relancé."), "info")
    return redirect(url_for("p_ged.internal_paper", internal_id=internal_id), 303)


@permission(internal.MANAGE)
def remove(internal_id: str) -> ResponseReturnValue:
    """Withdraw a document with its versions, and offer to bring it back; who read it stays known."""
    row = internal.get(db_session(), adviser(), internal_id).document
    title = row.title
    documents.filing.remove(db_session(), adviser(), internal_id)
    token = undo.offer(db_session(), adviser(), "ged.document_removed", f"document:{internal_id}", {"document": internal_id})
    db_session().commit()
    undo.say(_("«\u202f%(title)s\u202f» est supprimé.", title=title), token)
    return redirect(url_for("p_ged.internal"), 303)


def _manages() -> bool:
    return adviser().can(internal.MANAGE)


def _home() -> tuple[str, str]:
    return _("Documents internes"), url_for("p_ged.internal")


def _fault(error: DomainError) -> dict[str, str]:
    db_session().rollback()
    if error.field is None:
        raise error
    return forms.refused(error)


def _form(
    schema: forms.Form, values: Mapping[str, Any], errors: Mapping[str, str], title: str, *, once: str,
    paper: documents.Document | None = None,
) -> ResponseReturnValue:  # fmt: skip
    back = url_for("p_ged.internal_paper", internal_id=paper.id) if paper else url_for("p_ged.internal")
    page = render_template(
        "ged/internal_form.html", form=forms.view(schema, values, errors), title=title, once=once, back=back, paper=paper,
        crumbs=[_home(), *([(paper.title, back)] if paper else []), (title, None)],
    )  # fmt: skip
    return page, 422 if errors else 200
