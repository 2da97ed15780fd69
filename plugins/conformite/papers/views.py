"""Conformité > Espace documents: where each document stands, produce one, file one that was signed by hand (CO-01)."""

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

from core.api import files
from core.api import forms
from core.api import pdf
from core.api import rights
from core.api import signing
from core.api.db import DomainError
from core.api.db import NotFound
from core.api.db import today
from core.api.web import adviser
from core.api.web import db_session
from core.api.web import own_context
from core.api.web import permission
from plugins.conformite import frames
from plugins.conformite.papers import kinds
from plugins.conformite.papers import making
from plugins.conformite.papers import status
from plugins.conformite.papers import templates
from plugins.conformite.papers.forms import PAPERS
from plugins.conformite.papers.forms import SCAN
from plugins.conformite.papers.forms import FiledForm

SECTION = "documents"


def register(made: Blueprint) -> None:
    """The routes."""
    base = "/contacts/<contact_id>/documents"
    made.add_url_rule(base, "papers", papers)
    made.add_url_rule(f"{base}/<paper>", "paper_make", make, methods=["GET", "POST"])
    made.add_url_rule(f"{base}/<paper>/signe", "paper_file", file, methods=["GET", "POST"])


@permission(making.VIEW)
def papers(contact_id: str) -> ResponseReturnValue:
    """The five documents of a person or a company; of a household, those of its members."""
    frame, who = frames.of(contact_id, SECTION), adviser()
    names = {one.id: one.name for one in frame["contact"].members} if frame["household"] else {}
    known = status.among(db_session(), who, list(names) or [contact_id], today())
    mine = known.get(contact_id, {}) if not frame["household"] else {}
    people = [(key, name, known[key]) for key, name in names.items()]
    return render_template(
        "conformite/papers.html", **frame, lines=list(mine.values()), people=people,
        kinds=kinds.KINDS, states=status.STATES, on=today(), notice=int(own_context(frames.PLUGIN).settings["notice"]),
        may=rights.sees(db_session(), who, "contact", contact_id, making.EDIT), early=status.early(mine),
        ask=signing.ask_address, follow=signing.request_address, back=url_for("p_conformite.papers", contact_id=contact_id),
        shown=files.address,
    )  # fmt: skip


@permission(making.EDIT)
def make(contact_id: str, paper: str) -> ResponseReturnValue:
    """What lacks, what the adviser types, then the document; on to its pages, from where it is signed."""
    known, session, who, ctx = templates.known(paper), db_session(), adviser(), own_context(frames.PLUGIN)
    making.owner(session, who, contact_id)
    schema = PAPERS[paper]()
    if request.method == "GET":
        return _making(contact_id, known, schema, _before(contact_id, paper), {}, once=forms.token())
    key, typed = forms.once(request.form.get("once", "")), forms.typed(schema, request.form)
    checked = forms.check(schema, typed)
    errors = dict(checked.errors)
    if not errors:
        try:
            texts = making.checked(paper, checked.values)
            making.free(session, who, contact_id, paper)
            what, head = making.prepared(session, who, ctx, contact_id, paper, texts, frames.worth), pdf.head()
            session.rollback()  # others may write while it is drawn
            data = making.drawn(what, head)
            row = making.keep(session, who, ctx, what, texts, data, key=key)
            document_id = row.document_id
            session.commit()
            flash(_("Le document est produit et gardé au dossier\u202f: relisez-le, puis faites-le signer."), "success")
            back = url_for("p_conformite.papers", contact_id=contact_id)
            return redirect(files.address(document_id, back=back), 303)
        except pdf.PdfError:
            flash(_("Le PDF n'a pas pu être dessiné à temps\u202f: rien n'est gardé. Recommencez dans un instant."), "warning")
            page, _status = _making(contact_id, known, schema, typed, {}, once=key)
            return page, 503
        except DomainError as error:
            session.rollback()
            errors = forms.refused(error)
    return _making(contact_id, known, schema, typed, errors, once=key)


@permission(making.EDIT)
def file(contact_id: str, paper: str) -> ResponseReturnValue:
    """A document that was signed by hand counts once it is filed."""
    known, session, who = templates.known(paper), db_session(), adviser()
    making.owner(session, who, contact_id)
    schema = FiledForm()
    if request.method == "GET":
        return _filing(contact_id, known, schema, {}, {}, once=forms.token())
    key, typed = forms.once(request.form.get("once", "")), forms.typed(schema, request.form)
    checked = forms.check(schema, typed)
    errors = dict(checked.errors)
    sent = files.received(SCAN, missing=_("Joignez le document signé."))
    if sent.error:
        errors["file"] = sent.error
    if not errors:
        try:
            making.file(
                session, who, own_context(frames.PLUGIN), contact_id, paper, sent.files[0], checked.values["on"], key=key
            )  # fmt: skip
            sent.spend()
            session.commit()
            flash(_("Le document signé est au dossier."), "success")
            return redirect(url_for("p_conformite.papers", contact_id=contact_id), 303)
        except DomainError as error:
            session.rollback()
            errors = forms.refused(error)
    return _filing(contact_id, known, schema, {**typed, "file": sent.waiting}, errors, once=key)


def _before(contact_id: str, kind: str) -> dict[str, Any]:
    """What the last document of the kind says, to be read again; of the first, nothing."""
    last = status.texts(db_session(), adviser(), contact_id, kind)
    return {ask.key: last.get(ask.key, "") for ask in kinds.KINDS[kind].asks} if last else {}


def _making(
    contact_id: str, known: kinds.Kind, schema: forms.Form, values: Mapping[str, Any], errors: Mapping[str, str], *, once: str
) -> tuple[str, int]:  # fmt: skip
    session, who, ctx = db_session(), adviser(), own_context(frames.PLUGIN)
    frame, mine = frames.of(contact_id, SECTION), status.standing(session, who, contact_id, today())
    try:
        told = {key: value for key, value in values.items() if isinstance(value, str)}
        what = making.prepared(session, who, ctx, contact_id, known.code, told, frames.worth)
    except NotFound:
        raise
    except DomainError as error:
        if error.code != "profile-missing":
            raise
        what = None
    asked = {str(ask.label) for ask in known.asks}
    page = render_template(
        "conformite/paper_make.html", **frame, known=known, standing=mine[known.code], early=status.early(mine).get(known.code),
        form=forms.view(schema, values, errors), once=once, template=templates.current(session, known.code), what=what,
        lacking=[one for one in what.lacking if one not in asked] if what else [], follow=signing.request_address,
        back=url_for("p_conformite.papers", contact_id=contact_id), on=today(),
    )  # fmt: skip
    return page, 422 if errors else 200


def _filing(
    contact_id: str, known: kinds.Kind, schema: forms.Form, values: Mapping[str, Any], errors: Mapping[str, str], *, once: str
) -> tuple[str, int]:  # fmt: skip
    frame = frames.of(contact_id, SECTION)
    page = render_template(
        "conformite/paper_file.html", **frame, known=known, form=forms.view(schema, values, errors), once=once,
        back=url_for("p_conformite.papers", contact_id=contact_id),
    )  # fmt: skip
    return page, 422 if errors else 200
