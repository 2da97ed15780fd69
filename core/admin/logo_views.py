"""The cabinet's logo, one for light grounds and one for dark: sent, drawn anew, taken away (PL-06)."""

from __future__ import annotations

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.admin import appearance_views
from core.admin import logos
from core.admin.appearance import RULE
from core.admin.frame import PEOPLE
from core.admin.frame import adviser
from core.admin.frame import blueprint
from core.cabinets import brand
from core.cabinets.brand import Shade
from core.db.errors import DomainError
from core.files.received import received
from core.web.policy import policy
from core.web.request import db_session


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
    error = None
    try:
        drawn = logos.drawn(sent.files[0])
    except DomainError as refused:
        error = refused.text
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
