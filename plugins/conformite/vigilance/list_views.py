"""Conformité > Listes de pays: what was imported, when, from where; the import of a list (CO-05)."""

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

from core.api import files
from core.api import forms
from core.api.db import DomainError
from core.api.web import adviser
from core.api.web import current_context
from core.api.web import db_session
from core.api.web import permission
from plugins.conformite.vigilance import forms as own
from plugins.conformite.vigilance import lists
from plugins.conformite.vigilance import map_views


def register(made: Blueprint) -> None:
    """The routes."""
    made.add_url_rule("/vigilance/listes", "country_lists", index)
    made.add_url_rule("/vigilance/listes/importer", "country_list_new", new, methods=["GET", "POST"])


@permission("contacts.view")
def index() -> ResponseReturnValue:
    """Each list, the import in force, those before."""
    every = lists.history(db_session())
    return render_template(
        "conformite/vigilance/lists.html", lists=map_views.standing_lists(), every=every,
        manages=current_context().can(lists.MANAGE), crumbs=_trail(None),
    )  # fmt: skip


@permission(lists.MANAGE)
def new() -> ResponseReturnValue:
    """Import one: pasted, or a file."""
    schema = own.ListForm()
    if request.method == "GET":
        return _form(schema, {"code": request.args.get("liste", "")}, {}, forms.token())
    key = forms.once(request.form.get("once", ""))
    sent = files.received(own.RULE, "file")
    typed = forms.typed(schema, request.form)
    checked = forms.check(schema, typed)
    errors = dict(checked.errors)
    if sent.error:
        errors["file"] = sent.error
    elif sent.files and (typed.get("text") or "").strip():
        errors["text"] = _("Collez la liste ou joignez un fichier, pas les deux.")
    if not errors:
        given = checked.values
        try:
            text = _read(sent.files[0].data) if sent.files else given.get("text") or ""
            lists.bring(
                db_session(), adviser(), given["code"], dated_on=given["dated_on"], source=given["source"], text=text, list_id=key
            )
            sent.spend()
            db_session().commit()
            flash(_("La liste est importée."), "success")
            return redirect(url_for("p_conformite.country_lists"), 303)
        except DomainError as error:
            db_session().rollback()
            errors = {"file" if sent.files and error.field == "text" else error.field or "": error.text}
    return _form(schema, {**typed, "file": sent.waiting}, errors, key)


def _read(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _form(schema: forms.Form, values: Mapping[str, Any], errors: Mapping[str, str], once: str) -> ResponseReturnValue:
    page = render_template(
        "conformite/vigilance/list_new.html", form=forms.view(schema, values, errors), once=once, crumbs=_trail(_("Importer")),
        back=url_for("p_conformite.country_lists"),
    )  # fmt: skip
    return page, 422 if errors else 200


def _trail(last: str | None) -> list[tuple[str, str | None]]:
    own_page = url_for("p_conformite.country_lists") if last else None
    trail: list[tuple[str, str | None]] = [
        (_("Conformité"), url_for("p_conformite.index")),
        (_("Cartographie des vigilances"), url_for("p_conformite.vigilance_map")), (_("Listes de pays"), own_page),
    ]  # fmt: skip
    return [*trail, (last, None)] if last else trail
