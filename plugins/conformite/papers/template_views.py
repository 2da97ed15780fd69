"""Conformité > Modèles: the templates in force, their versions, a preview with a fictitious client, a version of one's own."""

from __future__ import annotations

from collections.abc import Mapping
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

from core.api import forms
from core.api import pdf
from core.api.db import DomainError
from core.api.db import today
from core.api.web import adviser
from core.api.web import attach
from core.api.web import current_context
from core.api.web import db_session
from core.api.web import permission
from plugins.conformite.papers import examples
from plugins.conformite.papers import kinds
from plugins.conformite.papers import markup
from plugins.conformite.papers import templates
from plugins.conformite.papers import words
from plugins.conformite.papers.forms import TemplateForm


def register(made: Blueprint) -> None:
    """The routes."""
    made.add_url_rule("/modeles", "templates", index)
    made.add_url_rule("/modeles/<paper>", "template", show)
    made.add_url_rule("/modeles/<paper>/nouveau", "template_new", new, methods=["GET", "POST"])
    made.add_url_rule("/modeles/<paper>/apercu", "template_preview", preview)


@permission("contacts.view")
def index() -> ResponseReturnValue:
    """The five, each with the version in force."""
    every = templates.every(db_session(), kinds.KINDS)
    found = [(one, every[one.code]) for one in kinds.KINDS.values()]
    return render_template(
        "conformite/templates.html", found=found, crumbs=[(_("Conformité"), url_for("p_conformite.index")), (_("Modèles"), None)]
    )  # fmt: skip


@permission("contacts.view")
def show(paper: str) -> ResponseReturnValue:
    """One version, the one in force unless another is asked for; the others."""
    known, every = templates.known(paper), templates.versions(db_session(), paper)
    ref = request.args.get("version", "")
    found = templates.get(db_session(), paper, ref) if ref else every[0]
    return render_template(
        "conformite/template.html", known=known, found=found, every=every, can=current_context().can(templates.EDIT),
        blocks=markup.blocks(found.text),
        words=[words.of_kind(paper)[key] for key in markup.used(found.text)], crumbs=_crumbs(known, None),
    )  # fmt: skip


@permission("contacts.view")
def preview(paper: str) -> ResponseReturnValue:
    """A version as a PDF, with a fictitious client."""
    known = templates.known(paper)
    ref = request.args.get("version", "")
    found = templates.get(db_session(), paper, ref) if ref else templates.current(db_session(), paper)
    head = pdf.head()
    db_session().rollback()
    try:
        data = examples.drawn(found, head, today())
    except pdf.PdfError:
        flash(_("L'aperçu n'a pas pu être dessiné à temps\u202f: recommencez dans un instant."), "warning")
        return redirect(url_for("p_conformite.template", paper=paper, version=ref or None), 303)
    return attach(Response(data, mimetype="application/pdf"), f"{known.label} {found.ref} (fictif).pdf")


@permission(templates.EDIT)
def new(paper: str) -> ResponseReturnValue:
    """Write the cabinet's own, beginning with the version in force, or another that is asked for."""
    known, schema = templates.known(paper), TemplateForm()
    if request.method == "GET":
        ref = request.args.get("version", "")
        base = templates.get(db_session(), paper, ref) if ref else templates.current(db_session(), paper)
        return _form(known, schema, {"title": base.title, "text": base.text}, {}, once=forms.token())
    key, typed = forms.once(request.form.get("once", "")), forms.typed(schema, request.form)
    checked = forms.check(schema, typed)
    errors = dict(checked.errors)
    if not errors:
        given = checked.values
        try:
            made = templates.write(
                db_session(), adviser(), paper, title=given["title"], text=given["text"], why=given.get("why") or "", key=key
            )  # fmt: skip
            db_session().commit()
            said = _("La version %(n)s du modèle est en vigueur\u202f: les documents produits ne changent pas.", n=made.ref[1:])
            flash(said, "success")
            return redirect(url_for("p_conformite.template", paper=paper), 303)
        except DomainError as error:
            db_session().rollback()
            errors = forms.refused(error)
    return _form(known, schema, typed, errors, once=key)


def _crumbs(known: kinds.Kind, last: str | None) -> list[tuple[str, str | None]]:
    trail: list[tuple[str, str | None]] = [
        (_("Conformité"), url_for("p_conformite.index")), (_("Modèles"), url_for("p_conformite.templates")),
    ]  # fmt: skip
    if last is None:
        return [*trail, (known.label, None)]
    return [*trail, (known.label, url_for("p_conformite.template", paper=known.code)), (last, None)]


def _form(
    known: kinds.Kind, schema: forms.Form, values: Mapping[str, Any], errors: Mapping[str, str], *, once: str
) -> ResponseReturnValue:  # fmt: skip
    page = render_template(
        "conformite/template_form.html", known=known, form=forms.view(schema, values, errors), once=once,
        words=words.of_kind(known.code).values(), back=url_for("p_conformite.template", paper=known.code),
        crumbs=_crumbs(known, _("Nouvelle version")),
    )  # fmt: skip
    return page, 422 if errors else 200
