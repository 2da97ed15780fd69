"""What the forms of every place share: the page, the next version, the deletion with its way back."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from typing import Any

from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.api import documents
from core.api import files
from core.api import forms
from core.api import undo
from core.api.db import DomainError
from core.api.web import adviser
from core.api.web import db_session
from plugins.ged import forms as own
from plugins.ged import places


def page(
    place: places.Place, schema: forms.Form, values: Mapping[str, Any], errors: Mapping[str, str], title: str, *,
    options: Mapping[str, Mapping[str, Any]] | None = None, once: str | None = None, stamp: str = "",
    clash: forms.Clash | None = None, paper: documents.Document | None = None,
) -> ResponseReturnValue:  # fmt: skip
    """A form of a place; 409 where somebody else was faster, 422 where something is to be corrected."""
    view = forms.view(schema, values, errors, options=options or {}, stamp=stamp, clash=clash)
    home: list[places.Trail] = [] if place.prefix == "internal_" else [(_("Documents"), place.url())]
    trail = [*home, *([(paper.title, place.page(paper.id))] if paper is not None else []), (title, None)]
    shown = render_template(
        "ged/form.html", **place.frame(*trail), form=view, title=title, once=once, paper=paper,
        back=place.page(paper.id) if paper is not None else place.url(),
    )  # fmt: skip
    return shown, 409 if clash else 422 if errors else 200


def next_version(place: places.Place, found: Callable[[], documents.Document]) -> ResponseReturnValue:
    """The form of a new version, and what becomes of it. `found`: the document in force, or what it raises."""
    row, title, schema = found(), _("Nouvelle version"), own.VersionForm()
    if request.method == "GET":
        return page(place, schema, {}, {}, title, once=forms.token(), paper=row)
    key, values = forms.once(request.form.get("once", "")), forms.typed(schema, request.form)
    checked = forms.check(schema, values)
    errors = dict(checked.errors)
    sent = files.received(own.ONE, "file", missing=_("Choisissez le fichier de la nouvelle version."))
    if sent.error:
        errors["file"] = sent.error
    if not errors:
        try:
            until = checked.values.get("expires_on")
            made = documents.filing.add_version(db_session(), adviser(), row.id, sent.files[0], expires_on=until, key=key)
            sent.spend()
            number, made_id = made.number, made.id
            db_session().commit()
            flash(_("La version %(number)s est en vigueur\u202f: la précédente reste consultable.", number=number), "success")
            return redirect(place.page(made_id), 303)
        except DomainError as error:
            errors = fault(error)
            row = found()
    return page(place, schema, {**values, "file": sent.waiting}, errors, title, once=key, paper=row)


def removed(place: places.Place, row: documents.Document) -> ResponseReturnValue:
    """Delete a document with its versions, or say why it is kept; a press brings it back."""
    paper_id, title, about = row.id, row.title, f"{row.owner_kind}:{row.owner_id}"
    try:
        documents.filing.remove(db_session(), adviser(), paper_id)
    except DomainError as error:
        db_session().rollback()
        flash(error.text, "warning")
        return redirect(place.page(paper_id), 303)
    token = undo.offer(db_session(), adviser(), "ged.document_removed", about, {"document": paper_id})
    db_session().commit()
    undo.say(_("«\u202f%(title)s\u202f» est supprimé.", title=title), token)
    return redirect(place.url(), 303)


def fault(error: DomainError) -> dict[str, str]:
    """What is wrong, by field; nothing is half-written. Raises what no field says."""
    db_session().rollback()
    if error.field is None:
        raise error
    return forms.refused(error)
