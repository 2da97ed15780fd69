"""«Catégories de documents»: the cabinet's own, under those of the house: named, put in order, used no more (OU-03)."""

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

from core.api import documents
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

MANAGE = documents.own_categories.MANAGE
_ONE = "/categories/<own_category_id>"


def register(made: Blueprint) -> None:
    """The routes."""
    made.add_url_rule("/categories", "categories", index)
    made.add_url_rule("/categories/nouvelle", "category_new", new, methods=["GET", "POST"])
    made.add_url_rule("/categories/ordre", "category_order", order, methods=["POST"])
    made.add_url_rule(f"{_ONE}/modifier", "category_edit", edit, methods=["GET", "POST"])
    made.add_url_rule(f"{_ONE}/archiver", "category_archive", archive, methods=["POST"])
    made.add_url_rule(f"{_ONE}/desarchiver", "category_restore", restore, methods=["POST"])


@permission(MANAGE)
def index() -> ResponseReturnValue:
    """The house's, each with the cabinet's own under it."""
    every = documents.own_categories.listed(db_session())
    tops = [one for one in documents.categories.CATEGORIES.values() if not one.parent]
    rows = [
        (top, [one.label for one in documents.categories.CATEGORIES.values() if one.parent == top.code],
         [one for one in every if one.parent == top.code and not one.archived])
        for top in tops
    ]  # fmt: skip
    return render_template(
        "ged/categories.html", rows=rows, past=[one for one in every if one.archived], label=documents.categories.label,
        count=sum(not one.archived for one in every), crumbs=[_home()],
    )  # fmt: skip


@permission(MANAGE)
def new() -> ResponseReturnValue:
    """Name one. The form's key makes that a second arrival makes nothing."""
    schema, title = own.CategoryForm(), _("Nouvelle catégorie")
    if request.method == "GET":
        asked = request.args.get("parent", "")
        return _form(schema, {"parent": asked if asked in own.tops() else ""}, {}, title, once=forms.token())
    key, typed = forms.once(request.form.get("once", "")), forms.typed(schema, request.form)
    checked = forms.check(schema, typed)
    errors = dict(checked.errors)
    if not errors:
        said = checked.values
        try:
            documents.own_categories.add(db_session(), adviser(), said["parent"], said["label"], key=key)
            return _done(_("La catégorie est enregistrée."))
        except DomainError as error:
            errors = filling.fault(error)
    return _form(schema, typed, errors, title, once=key)


@permission(MANAGE)
def edit(own_category_id: str) -> ResponseReturnValue:
    """Call it otherwise, or put it elsewhere: its documents go with it."""
    found = documents.own_categories.get(db_session(), own_category_id)
    schema, title, values = own.CategoryForm(), _("Modifier la catégorie"), {"parent": found.parent, "label": found.label}
    if request.method == "GET":
        return _form(schema, values, {}, title, stamp=forms.stamp(schema, values))
    typed, seen = forms.typed(schema, request.form), request.form.get("seen", "")
    if clash := forms.clash(schema, seen, values, typed):
        return _form(schema, clash.typed, {}, title, stamp=forms.stamp(schema, values), clash=clash)
    checked = forms.check(schema, typed)
    errors = dict(checked.errors)
    if not errors:
        said = checked.values
        try:
            documents.own_categories.change(db_session(), adviser(), own_category_id, said["parent"], said["label"])
            return _done(_("Les modifications sont enregistrées."))
        except DomainError as error:
            errors = filling.fault(error)
    return _form(schema, typed, errors, title, stamp=seen)


@permission(MANAGE)
def order() -> ResponseReturnValue:
    """Put those of one of the house's categories in another order: each press saves it."""
    of, every = request.args.get("parent", ""), documents.own_categories.listed(db_session())
    ids = [one.id for one in every if one.parent == of and not one.archived]
    former = documents.own_categories.order(db_session(), adviser(), forms.reordered(ids, request.form))
    token = undo.offer(
        db_session(), adviser(), "ged.categories_ordered", f"cabinet:{adviser().cabinet_id}", {"former": former}
    )  # fmt: skip
    db_session().commit()
    text = _("L'ordre est enregistré.")
    if "X-Fragment" in request.headers:
        return render_template("ged/order_saved.html", text=text, token=token, back=url_for("p_ged.categories"))
    undo.say(text, token)
    return redirect(url_for("p_ged.categories"), 303)


@permission(MANAGE)
def archive(own_category_id: str) -> ResponseReturnValue:
    """File nothing there any more; what is there stays, and is found."""
    if not documents.own_categories.archive(db_session(), adviser(), own_category_id):
        return redirect(url_for("p_ged.categories"), 303)
    about = f"document-category:{own_category_id}"
    token = undo.offer(db_session(), adviser(), "ged.category_archived", about, {"category": own_category_id})
    db_session().commit()
    undo.say(_("La catégorie est archivée."), token)
    return redirect(url_for("p_ged.categories"), 303)


@permission(MANAGE)
def restore(own_category_id: str) -> ResponseReturnValue:
    """Take it back."""
    documents.own_categories.archive(db_session(), adviser(), own_category_id, away=False)
    return _done(_("La catégorie est sortie des archives."))


@undo.command("ged.category_archived", permission=MANAGE)
def archived_back(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of `archive`."""
    documents.own_categories.archive(session, by, payload["category"], away=False)
    return str(_("La catégorie est sortie des archives."))


@undo.command("ged.categories_ordered", permission=MANAGE)
def order_back(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of `order`."""
    documents.own_categories.order(session, by, payload["former"])
    return str(_("L'ordre précédent est de retour."))


def _form(
    schema: forms.Form, values: Mapping[str, Any], errors: Mapping[str, str], title: str, *, once: str | None = None,
    stamp: str = "", clash: forms.Clash | None = None,
) -> ResponseReturnValue:  # fmt: skip
    view = forms.view(schema, values, errors, stamp=stamp, clash=clash)
    page = render_template(
        "ged/category_form.html", title=title, form=view, once=once, back=url_for("p_ged.categories"),
        crumbs=[_home(), (title, None)],
    )  # fmt: skip
    return page, 409 if clash else 422 if errors else 200


def _done(said: str) -> ResponseReturnValue:
    db_session().commit()
    flash(said, "success")
    return redirect(url_for("p_ged.categories"), 303)


def _home() -> tuple[str, str]:
    return _("Catégories de documents"), url_for("p_ged.categories")
