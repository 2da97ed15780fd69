"""Projects: added, changed, put away with a way back (CO-04)."""

from __future__ import annotations

from collections.abc import Callable
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

from core.api import contacts
from core.api import forms
from core.api import undo
from core.api import wealth
from core.api.db import DomainError
from core.api.db import TenantSession
from core.api.db import today
from core.api.types import Adviser
from core.api.web import adviser
from core.api.web import current_context
from core.api.web import db_session
from core.api.web import permission
from plugins.conformite import frames
from plugins.conformite.projects import forms as typing
from plugins.conformite.projects import kinds
from plugins.conformite.projects import views
from plugins.conformite.projects import writing
from plugins.conformite.projects.shapes import Project
from plugins.conformite.projects.shapes import Terms

EDIT = writing.EDIT


def register(made: Blueprint) -> None:
    """The routes."""
    base = "/contacts/<contact_id>/projets"
    made.add_url_rule(f"{base}/nouveau", "project_new", new, methods=["GET", "POST"])
    made.add_url_rule(f"{base}/<project_id>/modifier", "project_edit", edit, methods=["GET", "POST"])
    made.add_url_rule(f"{base}/<project_id>/archiver", "project_archive", archive, methods=["POST"])
    made.add_url_rule(f"{base}/<project_id>/desarchiver", "project_restore", restore, methods=["POST"])


@permission(EDIT)
def new(contact_id: str) -> ResponseReturnValue:
    """Add one. The form's key makes that a second arrival adds nothing."""
    writing.owner(db_session(), adviser(), contact_id)
    schema = typing.ProjectForm()
    if request.method == "GET":
        values = {"kind": kinds.PLACED, "starts_on": today(), "allocation": kinds.BY_PROFILE}
        return _form(contact_id, schema, values, {}, once=forms.token())
    key = forms.once(request.form.get("once", ""))

    def write(terms: Terms) -> str:
        return writing.create(db_session(), adviser(), contact_id, terms, project_id=key)

    return _taken(contact_id, schema, write, _("Le projet est créé."), once=key)


@permission(EDIT)
def edit(contact_id: str, project_id: str) -> ResponseReturnValue:
    """Change one; what somebody else changed meanwhile is shown."""
    views.of_file(contact_id, project_id)
    found = writing.editable(db_session(), adviser(), project_id)
    schema = typing.ProjectForm()
    values = typing.shown(found)
    if request.method == "GET":
        return _form(contact_id, schema, values, {}, found=found, stamp=forms.stamp(schema, values))
    typed = forms.typed(schema, request.form)
    if clash := forms.clash(schema, request.form.get("seen", ""), values, typed):
        return _form(contact_id, schema, clash.typed, {}, found=found, stamp=forms.stamp(schema, values), clash=clash)

    def write(terms: Terms) -> str:
        writing.change(db_session(), adviser(), project_id, terms)
        return project_id

    return _taken(contact_id, schema, write, _("Les modifications sont enregistrées."), found=found)


@permission(EDIT)
def archive(contact_id: str, project_id: str) -> ResponseReturnValue:
    """Put it away, and offer to take it back."""
    found = views.of_file(contact_id, project_id)
    where = url_for("p_conformite.project", contact_id=contact_id, project_id=project_id)
    if not writing.archive(db_session(), adviser(), project_id):
        return redirect(where, 303)
    token = undo.offer(
        db_session(), adviser(), "conformite.project_archived", f"contact:{contact_id}", {"project": project_id}
    )
    db_session().commit()
    undo.say(_("«\u202f%(title)s\u202f» est archivé.", title=found.terms.title), token)
    return redirect(url_for("p_conformite.projects", contact_id=contact_id), 303)


@permission(EDIT)
def restore(contact_id: str, project_id: str) -> ResponseReturnValue:
    """Take it back."""
    views.of_file(contact_id, project_id)
    writing.restore(db_session(), adviser(), project_id)
    db_session().commit()
    flash(_("Le projet est sorti des archives."), "success")
    return redirect(url_for("p_conformite.project", contact_id=contact_id, project_id=project_id), 303)


@undo.command("conformite.project_archived", permission=EDIT)
def archived_back(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of `archive`."""
    writing.restore(session, by, payload["project"])
    return str(_("Le projet est sorti des archives."))


def _taken(
    contact_id: str, schema: forms.Form, write: Callable[[Terms], str], done: str, *, once: str | None = None,
    found: Project | None = None,
) -> ResponseReturnValue:  # fmt: skip
    """What was typed is checked and written, or shown again with what is wrong."""
    typed = forms.typed(schema, request.form)
    checked = forms.check(schema, typed)
    errors = dict(checked.errors)
    for name, known in _options(contact_id, found).items():
        if typed.get(name) and typed[name] not in known:
            errors.setdefault(name, _("Choisissez une valeur de la liste."))
    if not errors:
        terms, rows, errors = typing.read(db_session(), checked.values, adviser().user_id)
        if not errors:
            try:
                made = write(terms)
                db_session().commit()
                flash(done, "success")
                return redirect(url_for("p_conformite.project", contact_id=contact_id, project_id=made), 303)
            except DomainError as error:
                if error.field is None:
                    raise
                errors = {typing.placed(error.field, rows): error.text}
        db_session().rollback()
    stamp = request.form.get("seen", "") if found else ""
    return _form(contact_id, schema, typed, errors, once=once, found=found, stamp=stamp)


def _form(
    contact_id: str, schema: forms.Form, values: Mapping[str, Any], errors: Mapping[str, str], *, once: str | None = None,
    found: Project | None = None, stamp: str = "", clash: forms.Clash | None = None,
) -> ResponseReturnValue:  # fmt: skip
    frame, options = frames.of(contact_id, views.SECTION), _options(contact_id, found)
    title = _("Modifier le projet") if found else _("Nouveau projet")
    back = (
        url_for("p_conformite.project", contact_id=contact_id, project_id=found.id) if found
        else url_for("p_conformite.projects", contact_id=contact_id)
    )  # fmt: skip
    page = render_template(
        "conformite/projects/form.html", **frame, title=title, once=once, back=back,
        form=forms.view(schema, values, errors, options=options, stamp=stamp, clash=clash),
    )  # fmt: skip
    return page, 409 if clash else 422 if errors else 200


def _options(contact_id: str, found: Project | None) -> dict[str, dict[str, str]]:
    """What only the view knows: the accounts, and who could invest with the contact."""
    others = frames.beside(contacts.get_contact(db_session(), adviser(), contact_id))
    if found and found.terms.co_contact_id:
        others.setdefault(found.terms.co_contact_id, found.co_investor or _("Co-investisseur actuel"))
    return {"account_id": _accounts(contact_id, others, found), "co_contact_id": others}


def _accounts(contact_id: str, others: Mapping[str, str], found: Project | None) -> dict[str, str]:
    """The open accounts of the person and of those who could invest with him; the one that the project has."""
    made = dict[str, str]()
    if current_context().can("accounts.view"):
        for key in (contact_id, *others):
            made |= {one.id: one.label for one in wealth.open_accounts(db_session(), adviser(), key, today())}
    if found and found.terms.account_id:
        made.setdefault(found.terms.account_id, found.account.label if found.account else _("Contrat actuel"))
    return made
