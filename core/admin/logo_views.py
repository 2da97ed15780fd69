"""The cabinet's logo, one for light grounds and one for dark: sent, drawn anew, taken away (PL-06)."""

from __future__ import annotations

import re
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core import pdf
from core.admin import appearance_views
from core.admin.appearance import RULE
from core.admin.frame import PEOPLE
from core.admin.frame import adviser
from core.admin.frame import blueprint
from core.cabinets import brand
from core.cabinets.brand import Shade
from core.db.errors import DomainError
from core.files.received import received
from core.themes.folder import svg_fault
from core.web.policy import policy
from core.web.request import db_session

#: A document type without rules of its own, which drawing programs write: nothing is read of it.
_DOCTYPE = re.compile(rb"<!DOCTYPE[^>\[]*>", re.I)
_WHY: dict[str, Any] = {
    "empty": _l("Rien n'est dessiné dans cette image\u202f: choisissez-en une autre."),
    "small": _l("Cette image est trop petite\u202f: 12 pixels de côté au moins, 96 de haut pour être nette."),
    "long": _l("Cette image est trop allongée pour être lue dans la barre\u202f: dix fois plus large que haute au plus."),
}


@blueprint.post("/apparence/logo")
@policy("permission", PEOPLE)
def appearance_logo() -> ResponseReturnValue:
    """Keep a logo: a small PNG that we draw ourselves, of which nothing runs."""
    shade = _shade()
    field = f"logo_{shade}"
    sent = received(RULE, field, missing=_("Choisissez une image, en SVG, en PNG ou en JPEG."))
    db_session().commit()  # drawing it is slow work
    if sent.error:
        return _again(field, sent.waiting, sent.error)
    data = _DOCTYPE.sub(b"", sent.files[0].data, count=1)
    error = None
    try:
        if sent.files[0].media_type == "image/svg+xml" and (why := svg_fault(data.decode("utf-8", "replace"))):
            error = _("Cette image n'est pas acceptée\u202f: %(why)s. Exportez-la en PNG, ou en SVG simple.", why=why)
        else:
            drawn = pdf.logo(data)
    except ValueError as refused:
        error = str(_WHY[str(refused)])
    except pdf.PdfError as failed:
        error = (
            _("Cette image demande trop de calcul\u202f: réduisez-la, puis choisissez-la à nouveau.") if failed.late
            else _("Cette image ne peut pas être lue\u202f: enregistrez-la à nouveau en PNG, puis choisissez-la.")
        )  # fmt: skip
    sent.spend()
    if error:
        db_session().commit()  # it will not be drawn at the next try either: it waits no longer
        return _again(field, (), error)
    before = brand.keep_logo(
        db_session(), adviser().user_id, shade, paper=drawn.paper, screen=drawn.screen, size=(drawn.width, drawn.height)
    )
    return appearance_views.told(_("Le logo est enregistré."), before, anchor="logo")


@blueprint.post("/apparence/logo/retirer")
@policy("permission", PEOPLE)
def appearance_logo_remove() -> ResponseReturnValue:
    """Take it away."""
    return appearance_views.keep(_("Le logo est retiré."), anchor="logo", **{_shade(): None})


def _shade() -> Shade:
    found = next((one for one in brand.SHADES if one == request.form.get("fond")), None)
    if found is None:
        raise DomainError(_("Dites pour quel fond est ce logo."))
    return found


def _again(field: str, waiting: Any, error: str) -> ResponseReturnValue:
    return appearance_views.page(logos={"waiting": {field: waiting}, "errors": {field: error}}), 422
