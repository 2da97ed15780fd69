"""Notes of suspicion on a client: read and written by whoever holds the right, on this page and nowhere else (CO-05)."""

from __future__ import annotations

from flask import Blueprint
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.api import forms
from core.api.db import DomainError
from core.api.db import NotFound
from core.api.web import adviser
from core.api.web import db_session
from core.api.web import permission
from plugins.conformite import frames
from plugins.conformite.vigilance import forms as own
from plugins.conformite.vigilance import suspicions
from plugins.conformite.vigilance.client_views import SECTION


def register(made: Blueprint) -> None:
    """The routes."""
    made.add_url_rule("/contacts/<contact_id>/vigilance/soupcons", "suspicions", index, methods=["GET", "POST"])


@permission(suspicions.RIGHT)
def index(contact_id: str) -> ResponseReturnValue:
    """The notes, the newest first, and the form of the next one."""
    frame = frames.of(contact_id, SECTION)
    if frame["household"]:
        raise NotFound(_("Une note de soupçon porte sur une personne ou une société, pas sur un foyer."))
    schema, errors, values, key = own.NoteForm(), dict[str, str](), dict[str, str](), forms.token()
    if request.method == "POST":
        key = forms.once(request.form.get("once", ""))
        values = forms.typed(schema, request.form)
        checked = forms.check(schema, values)
        errors = dict(checked.errors)
        if not errors:
            try:
                suspicions.write(db_session(), adviser(), contact_id, checked.values["text"], note_id=key)
                db_session().commit()
                flash(_("La note est gardée, chiffrée."), "success")
                return redirect(url_for("p_conformite.suspicions", contact_id=contact_id), 303)
            except DomainError as error:
                db_session().rollback()
                errors = forms.refused(error)
    page = render_template(
        "conformite/vigilance/suspicions.html", **frame, form=forms.view(schema, values, errors), once=key,
        notes=suspicions.of_contact(db_session(), adviser(), contact_id),
        back=url_for("p_conformite.vigilance", contact_id=contact_id),
    )  # fmt: skip
    return page, 422 if errors else 200
