"""The photo of a person of the cabinet (US-01): sent, made anew, shown to colleagues, taken away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint
from flask import Response
from flask import abort
from flask import flash
from flask import g
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from core import pdf
from core.cabinets import services
from core.documents import uploads
from core.extensions import db
from core.files.received import Received
from core.files.received import received
from core.web import fields
from core.web import forms
from core.web.policy import policy
from core.web.request import db_session

blueprint = Blueprint("photos", __name__)
RULE = uploads.rule("files.photo", types=("image/png", "image/jpeg"), max_bytes=8 * 1024 * 1024)


class PhotoForm(forms.Form):
    """«Photo»."""

    photo = fields.file(
        _l("Photo"), help=_l("Un portrait de face\u202f: il est recadré en carré, sans les données de l'appareil."), rule=RULE
    )


@blueprint.app_template_global()
def photo_url(user_id: str) -> str | None:
    """Where a colleague's photo is; None for whoever has none. One query for all of a page's."""
    if "photos" not in g:
        with db.session(None, write=False) as reader:
            g.photos = services.photos(reader, current_user.cabinet_id)
    version = g.photos.get(user_id)
    return _address(user_id, version) if version else None


@blueprint.app_template_global()
def own_photo_url() -> str | None:
    """Where one's own is: no query, the session's person says it."""
    return _address(current_user.id, current_user.photo_id) if current_user.photo_id else None


@blueprint.get("/mon-compte/fiche/photo")
@policy("session")
def edit() -> ResponseReturnValue:
    """One's own photo, and the form of another."""
    return _shown({}, {})


@blueprint.post("/mon-compte/fiche/photo")
@policy("session")
def save() -> ResponseReturnValue:
    """Keep it: a small square that we draw ourselves; nothing else of the file is kept."""
    sent = received(RULE, "photo", missing=_("Choisissez une photo, en JPEG ou en PNG."))
    db_session().commit()  # drawing it is slow work
    if sent.error:
        return _shown({"photo": sent.waiting}, {"photo": sent.error}), 422
    try:
        image = pdf.portrait(sent.files[0].data)
    except pdf.PdfError as error:
        return _shown({"photo": _given_up(sent)}, {"photo": _unreadable(late=error.late)}), 422
    services.set_photo(db_session(), current_user.id, image)
    sent.spend()
    db_session().commit()
    flash(_("Votre photo est enregistrée."), "success")
    return redirect(url_for("profile.index"), 303)


@blueprint.post("/mon-compte/fiche/photo/retirer")
@policy("session")
def remove() -> ResponseReturnValue:
    """Take it away: the initials stand again."""
    gone = services.set_photo(db_session(), current_user.id, None)
    db_session().commit()
    if gone:
        flash(_("Votre photo est retirée\u202f: vos initiales la remplacent."), "success")
    else:
        flash(_("Vous n'aviez pas de photo."), "info")
    return redirect(url_for("profile.index"), 303)


@blueprint.get("/equipe/<user_id>/photo")
@policy("session")
def show(user_id: str) -> ResponseReturnValue:
    """A colleague's photo. Its address names its version: the browser may keep it for itself."""
    image = services.photo(db_session(), user_id)
    if image is None:
        abort(404)
    answer = Response(image, mimetype="image/jpeg")
    answer.headers["Cache-Control"] = "private, max-age=86400" if request.args.get("version") else "private, no-cache"
    return answer


def _given_up(sent: Received) -> tuple[uploads.Waiting, ...]:
    """A picture that cannot be drawn will not be at the next try: it waits no longer."""
    sent.spend()
    db_session().commit()
    return ()


def _unreadable(*, late: bool) -> str:
    if late:
        return str(_("Cette image demande trop de calcul\u202f: réduisez-la, puis choisissez-la à nouveau."))
    return str(_("Cette image ne peut pas être lue\u202f: enregistrez-la à nouveau en JPEG, puis choisissez-la."))


def _shown(values: Mapping[str, Any], errors: Mapping[str, str]) -> str:
    return render_template("account/photo.html", form=forms.view(PhotoForm(), values, errors))


def _address(user_id: str, version: str) -> str:
    return url_for("photos.show", user_id=user_id, version=version)
