"""Portefeuille > Relevés: a statement of a person or a household on any day, as a file or kept in the file (PF-02, NX-06)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from flask import Response
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.api import contacts
from core.api import files
from core.api import messages
from core.api import pdf
from core.api.db import DomainError
from core.api.db import Forbidden
from core.api.db import today
from core.api.forms import FormView
from core.api.web import adviser
from core.api.web import attach
from core.api.web import current_context
from core.api.web import db_session
from core.api.web import own_context
from core.api.web import permission
from plugins.portefeuille import frames
from plugins.portefeuille.statements import asking
from plugins.portefeuille.statements import figures
from plugins.portefeuille.statements import keeping
from plugins.portefeuille.statements.words import period_said

SECTION = "releve"
VIEW = "accounts.view"


def register(made: Blueprint) -> None:
    """The routes."""
    made.add_url_rule("/contacts/<contact_id>/releve", "statement", statement)
    made.add_url_rule("/contacts/<contact_id>/releve/fichier", "statement_file", file)
    made.add_url_rule("/contacts/<contact_id>/releve/garder", "statement_keep", keep, methods=["POST"])


@permission(VIEW)
def statement(contact_id: str) -> ResponseReturnValue:
    """What the statement that is asked for would say, how to have it, and those that were kept."""
    asked = asking.asked(request.args)
    found, form = _found(contact_id, asked)
    return _page(contact_id, asked, found, form)


@permission(VIEW)
def file(contact_id: str) -> ResponseReturnValue:
    """The statement as a file, without keeping it: the workbook, or the PDF where that is asked (`format`)."""
    asked = asking.asked(request.args)
    found, form = _found(contact_id, asked)
    if found is None:
        return _page(contact_id, asked, found, form)
    kind = "pdf" if request.args.get("format") == "pdf" else "xlsx"
    try:
        made = keeping.written(db_session(), found, kind)
    except pdf.PdfError:
        return _late(contact_id, asked, found, form)
    return attach(Response(made.data, mimetype=made.media_type), made.filename)


@permission(keeping.EDIT)
def keep(contact_id: str) -> ResponseReturnValue:
    """Write it and put it among the contact's documents, where it is then shown."""
    session, who = db_session(), adviser()
    contacts.get_contact(session, who, contact_id)
    if not current_context().can(VIEW) or not keeping.may_keep(session, who, contact_id):
        raise Forbidden(_("Votre profil ne permet pas de garder un relevé dans ce dossier."))
    asked = asking.asked(request.form)
    found, form = _found(contact_id, asked)
    kind = request.form.get("format", "")
    if found is None or kind not in keeping.FORMATS:
        form = form if found is None else asked.refused(_("Choisissez le format du relevé."), "")
        return _page(contact_id, asked, found, form)
    session.rollback()  # others may write while it is drawn
    try:
        made = keeping.written(session, found, kind)
    except pdf.PdfError:
        return _late(contact_id, asked, found, form)
    document = keeping.keep(session, who, found, made)
    document_id = document.id
    session.commit()
    flash(_("Le relevé est enregistré dans le dossier."), "success")
    back = url_for("p_portefeuille.statement", contact_id=contact_id, **asked.values)
    return redirect(files.address(document_id, back=back) if kind == "pdf" else back, 303)


def _found(contact_id: str, asked: asking.Asked) -> tuple[figures.Statement | None, FormView]:
    """The figures, or the form with why there are none."""
    if asked.wanted is None:
        return None, asked.form
    try:
        return figures.statement(db_session(), adviser(), contact_id, asked.wanted), asked.form
    except DomainError as error:
        if error.field is None:
            raise
        return None, asked.refused(error.text)


def _late(contact_id: str, asked: asking.Asked, found: figures.Statement, form: FormView) -> ResponseReturnValue:
    flash(_("Le PDF n'a pas pu être dessiné à temps\u202f: rien n'est enregistré. Recommencez dans un instant."), "warning")
    page, _status = _page(contact_id, asked, found, form)
    return page, 503


def _page(
    contact_id: str, asked: asking.Asked, found: figures.Statement | None, form: FormView
) -> tuple[str, int]:
    session, who = db_session(), adviser()
    contact = contacts.get_contact(session, who, contact_id)
    frame, failures = frames.file_frame(contact_id, SECTION)
    sees = current_context().can("documents.view")
    names = {one.user_id: one.name for one in contacts.advisers(session)}
    kept = keeping.kept(session, who, contact_id) if sees else []
    sent = messages.of_documents(session, [one.id for one in kept])
    may_keep, able = keeping.may_keep(session, who, contact_id), bool(messages.modules(own_context("portefeuille")))
    page = render_template(
        "portefeuille/statement.html", contact=contact, frame=frame, failures=failures, age=contact.age(today()), form=form,
        found=found, period=period_said(found) if found else "", asked=asked.values, formats=keeping.FORMATS,
        may_keep=may_keep, sees=sees, homes=_homes(contact, asked), able=able, may_send=may_keep and able, sent_any=bool(sent),
        kept=[{**_row(one, names, contact_id), "sent": next(iter(sent.get(one.id, ())), None)} for one in kept],
    )  # fmt: skip
    return page, 422 if form.errors or found is None else 200


def _row(one: Any, names: dict[str, str], contact_id: str) -> dict[str, Any]:
    """A kept statement as the page lists it."""
    return {
        "id": one.id, "title": one.title, "at": one.created_at, "by": names.get(one.created_by or "", ""),
        "format": keeping.FORMATS[keeping.format_of(one.media_type)][1],
        "url": files.address(one.id, back=url_for("p_portefeuille.statement", contact_id=contact_id)),
        "file": url_for("documents.download", document_id=one.id),
    }  # fmt: skip


def _homes(contact: contacts.ContactCard, asked: asking.Asked) -> list[tuple[str, str]]:
    """The households of a person: theirs is a statement of the whole."""
    return [
        (one.name, url_for("p_portefeuille.statement", contact_id=one.id, **asked.values)) for one in contact.households
    ]
