"""«Modèles»: the cabinet's model portfolios: read, made, changed by a new version, compared, put away (OU-01)."""

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

from core.api import forms
from core.api import supports
from core.api import undo
from core.api.db import DomainError
from core.api.db import TenantSession
from core.api.types import Adviser
from core.api.web import adviser
from core.api.web import current_context
from core.api.web import db_session
from core.api.web import permission
from plugins.outils.portfolios import book
from plugins.outils.portfolios import forms as typing
from plugins.outils.portfolios import shapes

EDIT = book.EDIT
_ONE = "/modeles/<model_id>"


def register(made: Blueprint) -> None:
    """The routes."""
    made.add_url_rule("/modeles", "models", index)
    made.add_url_rule("/modeles/nouveau", "model_new", new, methods=["GET", "POST"])
    made.add_url_rule(_ONE, "model", show)
    made.add_url_rule(f"{_ONE}/modifier", "model_edit", edit, methods=["GET", "POST"])
    made.add_url_rule(f"{_ONE}/versions", "model_versions", versions)
    made.add_url_rule(f"{_ONE}/archiver", "model_archive", archive, methods=["POST"])
    made.add_url_rule(f"{_ONE}/desarchiver", "model_restore", restore, methods=["POST"])


@permission("accounts.view")
def index() -> ResponseReturnValue:
    """The cabinet's models; those that were put away, beneath."""
    every = book.listed(db_session())
    return render_template(
        "outils/models/index.html", rows=[one for one in every if one.archived_at is None],
        past=[one for one in every if one.archived_at], can_edit=current_context().can(EDIT), profiles=shapes.PROFILES,
        crumbs=[*trail()[:1], (_("Modèles"), None)],
    )  # fmt: skip


@permission("accounts.view")
def show(model_id: str) -> ResponseReturnValue:
    """A model: the version that holds, its risk and its costs."""
    found = book.get(db_session(), model_id)
    return render_template(
        "outils/models/model.html", found=found, version=found.version, can_edit=current_context().can(EDIT),
        profiles=shapes.PROFILES, types=supports.TYPE_LABELS, crumbs=[*trail(), (found.name, None)],
    )  # fmt: skip


@permission("accounts.view")
def versions(model_id: str) -> ResponseReturnValue:
    """All versions, each with what it changed."""
    found = book.get(db_session(), model_id)
    every = book.versions(db_session(), model_id)
    pairs = [
        (one, every[at + 1] if at + 1 < len(every) else None, shapes.changes(one, every[at + 1] if at + 1 < len(every) else None))
        for at, one in enumerate(every)
    ]  # fmt: skip
    return render_template(
        "outils/models/versions.html", found=found, pairs=pairs, profiles=shapes.PROFILES,
        crumbs=[*trail(found), (_("Versions"), None)],
    )  # fmt: skip


@permission(EDIT)
def new() -> ResponseReturnValue:
    """Make one. The form's key makes that a second arrival makes nothing."""
    key = forms.once(request.form.get("once", "")) if request.method == "POST" else forms.token()
    return typed(key, None)


@permission(EDIT)
def edit(model_id: str) -> ResponseReturnValue:
    """Change one: what was becomes a version that is kept; what somebody else changed meanwhile is shown."""
    return typed(None, book.get(db_session(), model_id))


@permission(EDIT)
def archive(model_id: str) -> ResponseReturnValue:
    """Put it away."""
    where = url_for("p_outils.model", model_id=model_id)
    if not book.archive(db_session(), adviser(), model_id):
        return redirect(where, 303)
    token = undo.offer(db_session(), adviser(), "outils.model_archived", f"outils-model:{model_id}", {"model": model_id})
    db_session().commit()
    undo.say(_("Le modèle est archivé\u202f: les comptes qui le suivent le suivent encore."), token)
    return redirect(where, 303)


@permission(EDIT)
def restore(model_id: str) -> ResponseReturnValue:
    """Take it back."""
    book.restore(db_session(), adviser(), model_id)
    db_session().commit()
    flash(_("Le modèle est sorti des archives."), "success")
    return redirect(url_for("p_outils.model", model_id=model_id), 303)


@undo.command("outils.model_archived", permission=EDIT)
def archived_back(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of `archive`."""
    book.restore(session, by, payload["model"])
    return str(_("Le modèle est sorti des archives."))


def typed(
    key: str | None, found: shapes.Portfolio | None, begun: Mapping[str, Any] | None = None
) -> ResponseReturnValue:
    """The form of a model, made or changed. `begun`: what it opens with in place of what is stored."""
    form = typing.ModelForm()
    stored = typing.shown(found) if found else {}
    values: Mapping[str, Any] = stored if begun is None else begun
    errors: dict[str, str] = {}
    clash, rows, again = None, 0, False
    if request.method == "POST":
        values, again = forms.typed(form, request.form), True
        rows = min(typing.ROWS.room, request.form.get("rows", 0, type=int))
        moved = typing.ROWS.pressed(values, request.form.get("do", ""), rows)
        if moved is not None:
            values, rows = moved
        else:
            clash = forms.clash(form, request.form.get("seen", ""), stored, values) if found else None
            if clash is None:
                errors, made = _saved(form, values, key, found)
                if made is not None:
                    return made
                db_session().rollback()
            else:
                values = clash.typed
    title = _("Modifier le modèle") if found else _("Nouveau modèle")
    stamp = forms.stamp(form, stored) if clash is not None or not request.form.get("seen") else request.form["seen"]
    back = url_for("p_outils.model", model_id=found.id) if found else url_for("p_outils.models")
    page = render_template(
        "outils/models/form.html", title=title, found=found, once=key, back=back, rows=typing.ROWS.used(values, rows),
        form=forms.view(form, values, errors, stamp=stamp if found else "", clash=clash), again=again, parts=typing.ROWS.names,
        room=typing.ROWS.room, crumbs=[*trail(found), (title, None)],
    )  # fmt: skip
    return page, 422 if errors else 409 if clash else 200


def _saved(
    form: forms.Form, typed: Mapping[str, Any], key: str | None, found: shapes.Portfolio | None
) -> tuple[dict[str, str], ResponseReturnValue | None]:  # fmt: skip
    """What is wrong, by field; or where one goes once it is written."""
    checked = forms.check(form, typed)
    if checked.errors:
        return dict(checked.errors), None
    terms, rows, errors = typing.read(db_session(), checked.values, adviser().user_id)
    if errors:
        return errors, None
    try:
        made = book.save(db_session(), adviser(), terms, model_id=found.id if found else None, new_id=key)
    except DomainError as error:
        return {typing.ROWS.placed(error.field, rows): error.text}, None
    db_session().commit()
    flash(_("Les modifications sont enregistrées.") if found else _("Le modèle est enregistré."), "success")
    return {}, redirect(url_for("p_outils.model", model_id=made), 303)


def trail(found: shapes.Portfolio | None = None) -> list[tuple[str, str | None]]:
    """The way here: from supports by the models, and by one of them."""
    made: list[tuple[str, str | None]] = [
        (_("Supports"), url_for("p_outils.index")), (_("Modèles"), url_for("p_outils.models")),
    ]  # fmt: skip
    return [*made, (found.name, url_for("p_outils.model", model_id=found.id))] if found else made
