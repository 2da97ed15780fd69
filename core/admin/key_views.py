"""The keys with which the cabinet signs what it asks of partners: renewed, or taken away at once (PLP-020), on «Sécurité»."""

from __future__ import annotations

from typing import Any

from flask import flash
from flask import redirect
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_datetime
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.admin.frame import PARTNERS
from core.admin.frame import adviser
from core.admin.frame import blueprint
from core.links import key_rotation
from core.web.policy import policy
from core.web.request import db_session

#: State of a key → its word, and the kind of its badge.
WORDS: dict[str, tuple[Any, str]] = {
    "next": (_l("À venir"), "info"), "used": (_l("En service"), "success"), "old": (_l("Encore reconnue"), "neutral"),
    "withdrawn": (_l("Retirée"), "danger"), "gone": (_l("Terminée"), "neutral"),
}  # fmt: skip


@blueprint.post("/securite/cles")
@policy("permission", PARTNERS)
def keys_renew() -> ResponseReturnValue:
    """The next key is made and stated to every partner; nobody has anything else to do."""
    at = key_rotation.begin(db_session(), actor=adviser().user_id)
    db_session().commit()
    day = format_datetime(at, "short")
    flash(_("La nouvelle clé est annoncée aux partenaires\u202f; elle servira à partir du %(at)s.", at=day), "success")
    return redirect(url_for("administration.security"), 303)


@blueprint.post("/securite/cles/retirer")
@policy("permission", PARTNERS)
def keys_withdraw() -> ResponseReturnValue:
    """A key that somebody else may have: no partner believes it from now on."""
    key_rotation.withdraw(db_session(), request.form.get("cle", ""), actor=adviser().user_id)
    db_session().commit()
    flash(_("La clé est retirée\u202f: les partenaires en sont avertis, et ne la reconnaissent plus."), "success")
    return redirect(url_for("administration.security"), 303)
