"""What is done to the contacts ticked in the list: another category, labels put on and taken off, all or nothing (CT-03)."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from flask import Blueprint
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from marshmallow import ValidationError
from marshmallow import validates_schema
from werkzeug.datastructures import MultiDict

from core.api import contacts
from core.api import forms
from core.api import lists
from core.api import queries
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
from plugins.contacts import file_forms
from plugins.contacts import frames
from plugins.contacts import listing

CATEGORISED, LABELLED = "contacts.categorised", "contacts.labelled"


@dataclass(frozen=True, slots=True)
class _Picked:
    """The list that they were ticked in, and they."""

    state: lists.ListState
    lines: Sequence[contacts.ContactLine]

    @property
    def ids(self) -> list[str]:
        return [one.id for one in self.lines]


class CategoryForm(Form):
    """Which category they get."""

    category = fields.choice(_l("Catégorie"), {}, missing=_l("Choisissez une catégorie."), late=True)


def register(made: Blueprint) -> None:
    """The routes."""
    made.add_url_rule("/categorie", "categorise", categorise, methods=["POST"])
    made.add_url_rule("/etiqueter", "label", label, methods=["POST"])


@permission(frames.EDIT)
def categorise() -> ResponseReturnValue:
    """Ask which category, naming the contacts; then put all of them in it or none."""
    found = _picked()
    if not found.lines:
        return _nobody(found)
    options = contacts.categories.choices(db_session())
    schema = CategoryForm()
    if not options:
        return _undefined(found, "categories", _("Le cabinet n'a pas encore défini de catégorie."))
    if "confirme" not in request.form:
        return _page(found, schema, {}, {}, "categorise", options={"category": options})
    typed = forms.typed(schema, request.form)
    checked = forms.check(schema, typed)
    errors = checked.errors
    if not errors:
        try:
            former = contacts.categories.assign(db_session(), adviser(), found.ids, checked.values["category"])
        except DomainError as error:
            errors = _fault(error)
    if errors:
        return _page(found, schema, typed, errors, "categorise", options={"category": options})
    name = options[checked.values["category"]]
    said = ngettext(
        "%(num)s contact est désormais dans «\u202f%(name)s\u202f».",
        "%(num)s contacts sont désormais dans «\u202f%(name)s\u202f».", len(former), name=name,
    )  # fmt: skip
    payload = {"former": former, "category": checked.values["category"]}
    return _done(found, CATEGORISED, payload, said if former else _("Ces contacts y étaient déjà."), changed=bool(former))


@undo.command(CATEGORISED, permission=frames.EDIT)
def categories_again(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of `categorise`: of those that nobody has sorted otherwise meanwhile."""
    by_former: dict[str | None, list[str]] = {}
    present = contacts.categories.of_contacts(session, payload["former"])
    for contact_id, former in payload["former"].items():
        if present.get(contact_id) == payload["category"]:
            by_former.setdefault(former, []).append(contact_id)
    for former, ids in by_former.items():
        contacts.categories.assign(session, by, ids, former, archived=True)
    return str(_("Les contacts ont retrouvé leur catégorie."))


@permission(frames.EDIT)
def label() -> ResponseReturnValue:
    """Ask which labels to put on and to take off, naming the contacts; then do it for all of them or none."""
    found = _picked()
    if not found.lines:
        return _nobody(found)
    known = {one.id: one.name for one in contacts.labels.every(db_session())}
    if not known:
        return _undefined(found, "etiquettes", _("Le cabinet n'a pas encore défini d'étiquette."))
    schema = _label_form(known)
    if "confirme" not in request.form:
        return _page(found, schema, {}, {}, "label")
    typed = forms.typed(schema, request.form)
    checked = forms.check(schema, typed)
    errors = checked.errors
    if not errors:
        try:
            given = checked.values
            former = contacts.labels.put(db_session(), adviser(), found.ids, add=given["add"], remove=given["remove"])
        except DomainError as error:
            errors = _fault(error)
    if errors:
        return _page(found, schema, typed, errors, "label")
    said = ngettext(
        "Les étiquettes de %(num)s contact sont à jour.", "Les étiquettes de %(num)s contacts sont à jour.", len(former)
    )
    payload = {"former": former, "add": given["add"], "remove": given["remove"]}
    return _done(found, LABELLED, payload, said if former else _("Rien n'a changé."), changed=bool(former))


@undo.command(LABELLED, permission=frames.EDIT)
def labels_again(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of `label`: what was put on comes off, what was taken off is put on again, and nothing else."""
    present = contacts.labels.of_contacts(session, payload["former"])
    wanted: dict[str, list[str]] = {}
    for contact_id, former in payload["former"].items():
        kept = [one.id for one in present.get(contact_id, ()) if one.id not in payload["add"] or one.id in former]
        wanted[contact_id] = list(dict.fromkeys([*kept, *(one for one in former if one in payload["remove"])]))
    contacts.labels.assign(session, by, wanted)
    return str(_("Les contacts ont retrouvé leurs étiquettes."))


def _label_form(known: Mapping[str, str]) -> Form:
    class LabelsForm(Form):
        """Which labels are put on, which are taken off."""

        add = file_forms.boxes(_l("Ajouter"), known, wide=True)
        remove = file_forms.boxes(_l("Retirer"), known, wide=True)

        @validates_schema
        def _something(self, data: Mapping[str, Any], **_more: Any) -> None:
            if not data["add"] and not data["remove"]:
                raise ValidationError(str(_l("Cochez au moins une étiquette.")), "add")
            if set(data["add"]) & set(data["remove"]):
                raise ValidationError(str(_l("Une étiquette ne peut pas être ajoutée et retirée.")), "remove")

    return LabelsForm()


def _picked() -> _Picked:
    state = listing.read(MultiDict(parse_qsl(request.form.get("liste", "")[:4000])))
    ids = list(dict.fromkeys(request.form.getlist("ids")))[: lists.SIZES[-1]]
    found = queries.contacts.page(db_session(), adviser(), queries.Asked(only=tuple(ids)), size=lists.SIZES[-1]).items
    if len(found) != len(ids):
        raise NotFound(_("Un des contacts cochés n'existe plus, ou n'est pas ouvert à votre profil."))
    return _Picked(state, found)


def _nobody(found: _Picked) -> ResponseReturnValue:
    flash(_("Cochez au moins un contact, puis choisissez l'action."), "warning")
    return redirect(found.state.here())


def _undefined(found: _Picked, what: str, text: str) -> ResponseReturnValue:
    where = _("Services, «\u202fContacts\u202f: catégories, étiquettes, champs\u202f»")
    flash(f"{text} {_('Un administrateur les définit dans %(where)s.', where=where)}", "warning")
    return redirect(found.state.here())


def _done(found: _Picked, command: str, payload: Mapping[str, Any], said: str, *, changed: bool) -> ResponseReturnValue:
    if changed:
        token = undo.offer(db_session(), adviser(), command, f"cabinet:{db_session().require_cabinet()}", payload)
        db_session().commit()
        undo.say(said, token)
    else:
        flash(said, "info")
    return redirect(found.state.here(), 303)


def _page(
    found: _Picked, schema: Form, typed: Mapping[str, Any], errors: Mapping[str, str], what: str,
    options: Mapping[str, Mapping[str, Any]] | None = None,
) -> ResponseReturnValue:  # fmt: skip
    count = len(found.lines)
    titles = {
        "categorise": (
            _("Changer de catégorie"),
            ngettext("Changer la catégorie de %(num)s contact", "Changer la catégorie de %(num)s contacts", count),
        ),
        "label": (_("Étiqueter"), ngettext("Étiqueter %(num)s contact", "Étiqueter %(num)s contacts", count)),
    }
    act, title = titles[what]
    dossiers = contacts.labels.of_contacts(db_session(), found.ids)
    paths = contacts.categories.paths(db_session(), found.ids)
    page = render_template(
        "contacts/sorting.html", lines=found.lines, form=forms.view(schema, typed, errors, options=options), act=act, title=title,
        back=found.state.here(), carried=found.state.carried(), what=what, labels=dossiers, paths=paths,
        crumbs=[(_("Contacts"), url_for("p_contacts.index")), (act, None)],
    )  # fmt: skip
    return page, 422 if errors else 200


def _fault(error: DomainError) -> dict[str, str]:
    db_session().rollback()
    if error.field is None:
        raise error
    return forms.refused(error)
