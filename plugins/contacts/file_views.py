"""Dossier > Général, small acts: client numbers added and taken away, the file put away and taken back (DO-01)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.api import contacts
from core.api import forms
from core.api import undo
from core.api.db import DomainError
from core.api.db import TenantSession
from core.api.forms import Form
from core.api.forms import fields
from core.api.types import Adviser
from core.api.web import adviser
from core.api.web import db_session
from core.api.web import permission
from plugins.contacts import frames

NUMBER_REMOVED, ARCHIVED, RESTORED = "contacts.number_removed", "contacts.archived", "contacts.restored"


class NumberForm(Form):
    """The number by which a company or a partner knows the contact."""

    company = fields.line(
        _l("Compagnie ou partenaire"), contacts.numbers.COMPANY, missing=_l("Saisissez le nom de la compagnie."),
        help=_l("Par exemple Generali Patrimoine."), autocomplete="off",
    )  # fmt: skip
    number = fields.line(
        _l("Numéro client"), contacts.numbers.NUMBER, missing=_l("Saisissez le numéro."), autocomplete="off"
    )


class ArchiveForm(Form):
    """Why a file is put away."""

    reason = fields.line(_l("Raison"), contacts.archive.REASON, help=_l("Par exemple\u202f: parti à l'étranger, sans suite."))


def register(made: Blueprint) -> None:
    """The routes."""
    made.add_url_rule("/<contact_id>/numeros/ajouter", "number_add", number_add, methods=["GET", "POST"])
    made.add_url_rule("/<contact_id>/numeros/<number_id>/retirer", "number_remove", number_remove, methods=["POST"])
    made.add_url_rule("/<contact_id>/archiver", "archive", archive, methods=["GET", "POST"])
    made.add_url_rule("/<contact_id>/desarchiver", "unarchive", unarchive, methods=["POST"])


@permission(frames.EDIT)
def number_add(contact_id: str) -> ResponseReturnValue:
    """Add one. The form's key makes that a second arrival adds nothing."""
    frames.editable(contact_id)
    schema = NumberForm()
    if request.method == "GET":
        return _number_form(contact_id, schema, {}, {}, forms.token())
    key, typed = forms.once(request.form.get("once", "")), forms.typed(schema, request.form)
    checked = forms.check(schema, typed)
    errors = checked.errors
    if not errors:
        try:
            contacts.numbers.add(db_session(), adviser(), contact_id, checked.values, number_id=key)
        except DomainError as error:
            errors = _fault(error)
    if errors:
        return _number_form(contact_id, schema, typed, errors, key)
    db_session().commit()
    return _home(contact_id)


@permission(frames.EDIT)
def number_remove(contact_id: str, number_id: str) -> ResponseReturnValue:
    """Take one away at once, and offer to put it back."""
    frames.editable(contact_id)
    kept = contacts.numbers.remove(db_session(), adviser(), contact_id, number_id)
    token = undo.offer(db_session(), adviser(), NUMBER_REMOVED, f"contact:{contact_id}", {"contact": contact_id, "kept": kept})
    db_session().commit()
    undo.say(_("Le numéro client est retiré. L'historique le garde."), token)
    return _home(contact_id)


@undo.command(NUMBER_REMOVED, permission=frames.EDIT)
def number_again(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of `number_remove`."""
    contacts.numbers.add(session, by, payload["contact"], payload["kept"])
    return str(_("Le numéro client est de retour dans le dossier."))


@permission(frames.EDIT)
def archive(contact_id: str) -> ResponseReturnValue:
    """Put the file away: why is asked, not required."""
    frames.editable(contact_id)
    schema = ArchiveForm()
    typed = forms.typed(schema, request.form) if request.method == "POST" else {}
    checked = forms.check(schema, typed)
    errors = checked.errors
    if request.method == "POST" and not errors:
        try:
            return _put_away(contact_id, checked.values["reason"])
        except DomainError as error:
            errors = _fault(error)
    page = _small(
        contact_id, _("Archiver le dossier"), forms.view(schema, typed, errors), "archive", label=_("Archiver"),
        about=_("Le dossier reste lisible et modifiable\u202f; il ne paraît plus dans les listes courantes. C'est réversible."),
    )  # fmt: skip
    return page, 422 if errors else 200


def _put_away(contact_id: str, reason: str | None) -> ResponseReturnValue:
    if contacts.archive.archive(db_session(), adviser(), contact_id, reason):
        token = undo.offer(db_session(), adviser(), ARCHIVED, f"contact:{contact_id}", {"contact": contact_id})
        db_session().commit()
        undo.say(_("Le dossier est archivé."), token)
    return _home(contact_id)


@permission(frames.EDIT)
def unarchive(contact_id: str) -> ResponseReturnValue:
    """Take the file back."""
    card = frames.editable(contact_id)
    payload = {"contact": contact_id, "reason": card.archived_reason}
    if contacts.archive.restore(db_session(), adviser(), contact_id):
        token = undo.offer(db_session(), adviser(), RESTORED, f"contact:{contact_id}", payload)
        db_session().commit()
        undo.say(_("Le dossier est sorti des archives."), token)
    return _home(contact_id)


@undo.command(ARCHIVED, permission=frames.EDIT)
def taken_back(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of `archive`."""
    contacts.archive.restore(session, by, payload["contact"])
    return str(_("Le dossier est sorti des archives."))


@undo.command(RESTORED, permission=frames.EDIT)
def put_back(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of `unarchive`."""
    contacts.archive.archive(session, by, payload["contact"], payload["reason"])
    return str(_("Le dossier est de nouveau archivé."))


def _number_form(
    contact_id: str, schema: Form, values: Mapping[str, Any], errors: Mapping[str, str], key: str
) -> ResponseReturnValue:
    page = _small(
        contact_id, _("Ajouter un numéro client"), forms.view(schema, values, errors), "number_add", label=_("Ajouter"), once=key,
        proposed=contacts.numbers.companies(db_session())[:12],
    )  # fmt: skip
    return page, 422 if errors else 200


def _small(contact_id: str, heading: str, form: forms.FormView, endpoint: str, **more: Any) -> str:
    action = url_for(f"p_contacts.{endpoint}", contact_id=contact_id)
    return render_template(
        "contacts/small_form.html", **frames.of(contact_id, "general", heading), heading=heading, form=form, action=action, **more
    )


def _fault(error: DomainError) -> dict[str, str]:
    db_session().rollback()
    if error.field is None:
        raise error
    return forms.refused(error)


def _home(contact_id: str) -> ResponseReturnValue:
    return redirect(url_for("p_contacts.contact", contact_id=contact_id), 303)
