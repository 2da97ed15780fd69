"""How the cabinet's statements look on paper, tried as a real PDF before it is kept (PL-06)."""

from __future__ import annotations

from functools import lru_cache

from flask import Response
from flask import abort
from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import pdf
from core.admin import appearance
from core.admin import appearance_views
from core.admin.appearance import StatementForm
from core.admin.frame import PEOPLE
from core.admin.frame import blueprint
from core.shell import letterhead
from core.shell.letterhead import Letterhead
from core.web import forms
from core.web import looks
from core.web.policy import policy
from core.web.request import db_session


@blueprint.post("/apparence/etats")
@policy("permission", PEOPLE)
def appearance_statement() -> ResponseReturnValue:
    """Keep the layout, or show the PDF that it would give («Aperçu»)."""
    typed = forms.typed(StatementForm(), request.form)
    checked = forms.check(StatementForm(), typed)
    if checked.errors:
        return appearance_views.page(statement=(typed, checked.errors)), 422
    values = {name: checked.values[name] or ("" if name != "layout" else None) for name in ("layout", "foot", "legal")}
    if request.form.get("acte") != "apercu":
        return appearance_views.keep(_("La présentation des états est enregistrée."), anchor="etats", **values)
    head = letterhead.of(db_session(), looks.themes()).tried(
        layout=values["layout"], foot=values["foot"] or "", legal=values["legal"] or ""
    )
    db_session().commit()  # nothing is held while it is drawn
    answer = Response(_drawn(head), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = 'inline; filename="apercu.pdf"'
    return answer


@blueprint.get("/apparence/etat.png")
@policy("permission", PEOPLE)
def appearance_sheet() -> ResponseReturnValue:
    """The first page of the sample, as it is kept: an image of the real PDF."""
    head = letterhead.of(db_session(), looks.themes())
    db_session().commit()
    try:
        answer = Response(_image(_page(head)), mimetype="image/png")
    except pdf.PdfError:
        abort(503)
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _drawn(head: Letterhead) -> bytes:
    try:
        return pdf.render(_page(head), seconds=pdf.preview.SECONDS)
    except pdf.PdfError:
        abort(503)


def _page(head: Letterhead) -> str:
    title, on, body = appearance.sample()
    return letterhead.page(head, title=title, on=on, body=body)


@lru_cache(maxsize=16)
def _image(html: str) -> bytes:
    return pdf.page_image(pdf.render(html), 1, 900)
