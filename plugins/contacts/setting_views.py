"""Services > Contacts: the fields, categories and labels that the cabinet defines (CT-03)."""

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
from flask_babel import lazy_gettext as _l

from core.api import contacts
from core.api import forms
from core.api import undo
from core.api.db import DomainError
from core.api.db import NotFound
from core.api.db import TenantSession
from core.api.forms import Form
from core.api.forms import fields
from core.api.types import Adviser
from core.api.web import adviser
from core.api.web import db_session
from core.api.web import permission
from plugins.contacts.setting_forms import PLACES
from plugins.contacts.setting_forms import Line
from plugins.contacts.setting_forms import Place
from plugins.contacts.setting_forms import lines_of

RIGHT = contacts.shelves.RIGHT
ORDERED, ARCHIVED, RESTORED, REMOVED = (
    "contacts.defined_ordered", "contacts.defined_archived", "contacts.defined_restored", "contacts.defined_removed",
)  # fmt: skip


class MergeForm(Form):
    """Which one takes the place of the other."""

    into = fields.choice(_l("Fusionner avec"), {}, missing=_l("Choisissez celle qui reste."), late=True)


def register(made: Blueprint) -> None:
    """The routes."""
    made.add_url_rule("/reglages/<what>", "settings", settings)
    made.add_url_rule("/reglages/<what>/nouveau", "setting_new", new, methods=["GET", "POST"])
    made.add_url_rule("/reglages/<what>/ordre", "setting_order", order, methods=["GET", "POST"])
    made.add_url_rule("/reglages/<what>/<defined_id>", "setting", setting, methods=["GET", "POST"])
    made.add_url_rule("/reglages/<what>/<defined_id>/etat", "setting_state", state, methods=["POST"])
    made.add_url_rule("/reglages/<what>/<defined_id>/fusionner", "setting_merge", merge, methods=["GET", "POST"])


@permission(RIGHT)
def settings(what: str) -> ResponseReturnValue:
    """What is defined, in order; what is archived, beneath."""
    place = _place(what)
    lines = place.lines()
    return _shown(
        "settings.html", what, (), lines=[one for one in lines if not one.archived],
        past=[one for one in lines if one.archived],
    )  # fmt: skip


@permission(RIGHT)
def new(what: str) -> ResponseReturnValue:
    """Define another. The form's key makes that a second arrival defines nothing."""
    place = _place(what)
    schema = place.form()
    if request.method == "GET":
        return _form(what, schema, place.usual, {}, once=forms.token())
    key, typed = forms.once(request.form.get("once", "")), forms.typed(schema, request.form)
    if any(one.id == key for one in place.lines()):
        return redirect(url_for("p_contacts.settings", what=what), 303)
    given, errors = _checked(schema, typed, None)
    if not errors:
        try:
            place.add(db_session(), adviser(), given, **{f"{_noun(what)}_id": key})
        except DomainError as error:
            errors = _fault(error)
    if errors:
        return _form(what, schema, typed, errors, once=key)
    db_session().commit()
    flash(_("«\u202f%(name)s\u202f» est ajouté à la liste.", name=given.get("label") or given.get("name")), "success")
    return redirect(url_for("p_contacts.settings", what=what), 303)


@permission(RIGHT)
def setting(what: str, defined_id: str) -> ResponseReturnValue:
    """Change one."""
    place = _place(what)
    schema, line = place.form(), _line(what, defined_id)
    values = place.values(defined_id)
    if request.method == "GET":
        return _form(what, schema, values, {}, line=line, stamp=forms.stamp(schema, values))
    typed, seen = forms.typed(schema, request.form), request.form.get("seen", "")
    if clash := forms.clash(schema, seen, values, typed):
        return _form(what, schema, clash.typed, {}, line=line, stamp=forms.stamp(schema, values), clash=clash)
    given, errors = _checked(schema, typed, defined_id)
    if not errors:
        try:
            changed = place.change(db_session(), adviser(), defined_id, given)
        except DomainError as error:
            errors = _fault(error)
    if errors:
        return _form(what, schema, typed, errors, line=line, stamp=seen)
    db_session().commit()
    flash(_("Les modifications sont enregistrées.") if changed else _("Rien n'a changé."), "success" if changed else "info")
    return redirect(url_for("p_contacts.settings", what=what), 303)


@permission(RIGHT)
def order(what: str) -> ResponseReturnValue:
    """In which order they are proposed. Saved at once, and taken back."""
    place = _place(what)
    lines = [one for one in place.lines() if not one.archived]
    if request.method == "GET":
        return _shown("settings_order.html", what, ((_("Ordre"), None),), lines=lines)
    wanted = forms.reordered([one.id for one in lines], request.form)
    former = contacts.shelves.order(db_session(), adviser(), place.shelf, wanted)
    token = _offer(ORDERED, {"what": what, "former": former})
    db_session().commit()
    text = _("L'ordre est enregistré.")
    if "X-Fragment" in request.headers:
        return render_template("contacts/order_saved.html", text=text, token=token, back=request.path)
    undo.say(text, token)
    return redirect(request.path, 303)


@permission(RIGHT)
def state(what: str, defined_id: str) -> ResponseReturnValue:
    """Archive one, take it back, or delete one that never served; each may be taken back."""
    place, line, act = _place(what), _line(what, defined_id), request.form.get("acte", "")
    session, by = db_session(), adviser()
    if act == "archiver":
        contacts.shelves.archive(session, by, place.shelf, defined_id)
        token, said = _offer(ARCHIVED, {"what": what, "id": defined_id}), _("«\u202f%(name)s\u202f» est archivé.", name=line.name)
    elif act == "sortir":
        contacts.shelves.restore(session, by, place.shelf, defined_id)
        said = _("«\u202f%(name)s\u202f» sert de nouveau.", name=line.name)
        token = _offer(RESTORED, {"what": what, "id": defined_id})
    elif act == "supprimer":
        kept = contacts.shelves.remove(session, by, place.shelf, defined_id, used=_uses(what, line))
        token, said = _offer(REMOVED, {"what": what, "kept": kept}), _("«\u202f%(name)s\u202f» est supprimé.", name=line.name)
    else:
        raise DomainError(_("Choisissez une action."))
    session.commit()
    undo.say(said, token)
    return redirect(url_for("p_contacts.settings", what=what), 303)


@permission(RIGHT)
def merge(what: str, defined_id: str) -> ResponseReturnValue:
    """Give all contacts of one to another, after a page that says how many."""
    place, line = _place(what), _line(what, defined_id)
    if place.merge is None:
        raise NotFound(_("Cette page n'existe pas."))
    others = {one.id: one.name for one in place.lines() if one.id != defined_id and not one.archived}
    if what == "categories":
        others = {key: name for key, name in contacts.categories.choices(db_session()).items() if key != defined_id}
    schema = MergeForm()
    typed = forms.typed(schema, request.form) if request.method == "POST" else {}
    checked = forms.check(schema, typed) if request.method == "POST" else None
    errors = dict(checked.errors) if checked else {}
    if checked and not errors and checked.values["into"] not in others:
        errors["into"] = str(_("Choisissez une valeur de la liste."))
    if checked and not errors:
        try:
            moved = place.merge(db_session(), adviser(), defined_id, checked.values["into"])
        except DomainError as error:
            errors = _fault(error)
        else:
            db_session().commit()
            said = _("«\u202f%(name)s\u202f» est fusionné. Dossiers\u202f: %(count)s.", name=line.name, count=len(moved))
            flash(said, "success")
            return redirect(url_for("p_contacts.settings", what=what), 303)
    trail = ((line.name, url_for("p_contacts.setting", what=what, defined_id=defined_id)), (_("Fusionner"), None))
    form = forms.view(schema, typed, errors, options={"into": others})
    return _shown("settings_merge.html", what, trail, line=line, form=form), 422 if errors else 200


@undo.command(ORDERED, permission=RIGHT)
def order_again(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of `order`."""
    contacts.shelves.order(session, by, PLACES[payload["what"]].shelf, payload["former"])
    return str(_("L'ordre est celui d'avant."))


@undo.command(ARCHIVED, permission=RIGHT)
def taken_back(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of an archiving."""
    contacts.shelves.restore(session, by, PLACES[payload["what"]].shelf, payload["id"])
    return str(_("Rien n'est plus archivé de ce que vous veniez d'archiver."))


@undo.command(RESTORED, permission=RIGHT)
def archived_again(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of its contrary."""
    contacts.shelves.archive(session, by, PLACES[payload["what"]].shelf, payload["id"])
    return str(_("C'est de nouveau archivé."))


@undo.command(REMOVED, permission=RIGHT)
def made_again(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of a removal."""
    contacts.shelves.again(session, by, PLACES[payload["what"]].shelf, dict(payload["kept"]))
    return str(_("Ce que vous veniez de supprimer est de retour."))


def _place(what: str) -> Place:
    if what not in PLACES:
        raise NotFound(_("Cette page n'existe pas."))
    return PLACES[what]


def _line(what: str, defined_id: str) -> Line:
    place = _place(what)
    found = next((one for one in place.lines() if one.id == defined_id), None)
    if found is None:
        raise NotFound(place.shelf.absent)
    return found


def _uses(what: str, line: Line) -> int:
    """What hangs on one: contacts, and the sub-categories of a category."""
    under = sum(one.parent_id == line.id for one in contacts.categories.tree(db_session(), archived=True))
    return line.used + (under if what == "categories" else 0)


def _noun(what: str) -> str:
    return {"champs": "field", "categories": "category", "etiquettes": "label"}[what]


def _parents(defined_id: str | None) -> dict[str, str]:
    every = contacts.categories.tree(db_session())
    return {one.id: one.name for one in every if one.parent_id is None and one.id != defined_id}


def _checked(schema: Form, typed: Mapping[str, Any], defined_id: str | None) -> tuple[dict[str, Any], dict[str, str]]:
    checked = forms.check(schema, typed)
    given, errors = dict(checked.values), dict(checked.errors)
    if "options" in given:
        given["options"] = lines_of(given["options"])
    if "parent_id" in schema.fields and (parent := typed.get("parent_id")) and parent not in _parents(defined_id):
        errors["parent_id"] = str(_("Choisissez une catégorie du premier niveau."))
    return given, errors


def _offer(command: str, payload: Mapping[str, Any]) -> str:
    return undo.offer(db_session(), adviser(), command, f"cabinet:{db_session().require_cabinet()}", payload)


def _fault(error: DomainError) -> dict[str, str]:
    db_session().rollback()
    if error.field is None:
        raise error
    return forms.refused(error)


def _form(
    what: str, schema: Form, values: Mapping[str, Any], errors: Mapping[str, str], *, line: Line | None = None,
    once: str | None = None, stamp: str = "", clash: forms.Clash | None = None,
) -> ResponseReturnValue:  # fmt: skip
    place = PLACES[what]
    options = {"parent_id": _parents(line.id if line else None)} if what == "categories" else {}
    trail = ((line.name if line else str(place.new), None),)
    page = _shown(
        "settings_form.html", what, trail, line=line, once=once, removable=line is not None and not _uses(what, line),
        form=forms.view(schema, values, errors, options=options, stamp=stamp, clash=clash),
    )  # fmt: skip
    return page, 409 if clash else 422 if errors else 200


def _shown(template: str, what: str, trail: tuple[tuple[str, str | None], ...], **values: Any) -> str:
    place = PLACES[what]
    crumbs: list[tuple[str, str | None]] = [(_("Services"), url_for("services.index"))]
    crumbs += [(str(place.title), url_for("p_contacts.settings", what=what) if trail else None), *trail]
    tabs = [(str(one.title), url_for("p_contacts.settings", what=key), key == what) for key, one in PLACES.items()]
    return render_template(f"contacts/{template}", place=place, what=what, crumbs=crumbs, tabs=tabs, **values)
