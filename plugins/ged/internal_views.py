"""«Documents internes»: what everybody of the cabinet reads, who has, reminders (OU-08)."""

from __future__ import annotations

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
from core.api.db import DomainError
from core.api.web import adviser
from core.api.web import db_session
from core.api.web import permission
from plugins.ged import filling
from plugins.ged import forms as own
from plugins.ged import internal
from plugins.ged import list_views
from plugins.ged import places


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
        "ged/internal.html", found=found, manages=_manages(), path=documents.categories.tree(db_session()).path,
        crumbs=[(_("Documents internes"), None)],
    )  # fmt: skip


@permission(internal.VIEW)
def show(internal_id: str) -> ResponseReturnValue:
    """One of them: its file, its versions, one's own reading; for who runs the cabinet, everybody's."""
    found, tree = internal.get(db_session(), adviser(), internal_id), documents.categories.tree(db_session())
    row, here = found.document, url_for("p_ged.internal_paper", internal_id=internal_id)
    people = {one.user_id: one.name for one in contacts.advisers(db_session())}
    return render_template(
        "ged/internal_paper.html", found=found, row=row, category=tree.path(row.category), people=people,
        versions=documents.filing.chain(db_session(), row), text=list_views.text_state(row), manages=_manages(),
        preview=lambda one: files.address(one.id, back=here), crumbs=[_home(), (row.title, None)],
    )  # fmt: skip


@permission(internal.MANAGE)
def new() -> ResponseReturnValue:
    """File one and, where that is asked, have everybody confirm that they read it."""
    place, schema, title = places.Cabinet(), own.InternalForm(), _("Nouveau document interne")
    options = {"category": own.internal_categories(documents.categories.tree(db_session()))}
    if request.method == "GET":
        return filling.page(place, schema, {"category": "NOTE", "ask": True}, {}, title, options=options, once=forms.token())
    key, values = forms.once(request.form.get("once", "")), forms.typed(schema, request.form)
    checked = forms.check(schema, values)
    errors = dict(checked.errors)
    if values.get("category") and values["category"] not in options["category"]:
        errors["category"] = _("Choisissez une valeur de la liste.")
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
            errors = filling.fault(error)
    return filling.page(place, schema, {**values, "file": sent.waiting}, errors, title, options=options, once=key)


@permission(internal.MANAGE)
def version(internal_id: str) -> ResponseReturnValue:
    """Put a new file in force: everybody has to read it again, where that is asked."""
    return filling.next_version(places.Cabinet(), lambda: internal.get(db_session(), adviser(), internal_id).document)


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
    return filling.removed(places.Cabinet(), internal.get(db_session(), adviser(), internal_id).document)


def _manages() -> bool:
    return adviser().can(internal.MANAGE)


def _home() -> tuple[str, str]:
    return _("Documents internes"), url_for("p_ged.internal")
