"""«Optimiser»: weights of a model sought on past prices, read, and made a version by a person (PF-09)."""

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

from core.api import forms
from core.api.db import Conflict
from core.api.db import DomainError
from core.api.web import adviser
from core.api.web import current_context
from core.api.web import db_session
from core.api.web import own_context
from core.api.web import permission
from plugins.outils.optimising import book
from plugins.outils.optimising import drawings
from plugins.outils.optimising import forms as typing
from plugins.outils.optimising import shapes
from plugins.outils.optimising import solver
from plugins.outils.optimising import words
from plugins.outils.portfolios import book as models
from plugins.outils.portfolios import forms as model_forms
from plugins.outils.portfolios import views as model_views

EDIT = models.EDIT
_MODEL, _ONE = "/modeles/<model_id>", "/optimisations/<optimisation_id>"


def register(made: Blueprint) -> None:
    """The routes."""
    made.add_url_rule(f"{_MODEL}/optimisations", "optimisations", index)
    made.add_url_rule(f"{_MODEL}/optimiser", "optimisation_new", new, methods=["GET", "POST"])
    made.add_url_rule(_ONE, "optimisation", show)
    made.add_url_rule(f"{_ONE}/etat", "optimisation_status", status)
    made.add_url_rule(f"{_ONE}/version", "optimisation_version", version, methods=["GET", "POST"])


@permission("accounts.view")
def index(model_id: str) -> ResponseReturnValue:
    """The last optimisations of a model."""
    model = models.get(db_session(), model_id)
    return render_template(
        "outils/optimising/index.html", model=model, rows=book.listed(db_session(), model_id), goals=shapes.GOALS,
        can_edit=_may_ask(model), crumbs=[*model_views.trail(model), (_("Optimisations"), None)],
    )  # fmt: skip


@permission(EDIT)
def new(model_id: str) -> ResponseReturnValue:
    """Say what is sought, among which supports; the worker does the rest. `depuis`: another one, to ask one like it."""
    model = models.get(db_session(), model_id)
    key = forms.once(request.form.get("once", "")) if request.method == "POST" else forms.token()
    form, errors, rows, bare = typing.WishForm(), dict[str, str](), 0, list[str]()
    again = False
    if request.method == "POST":
        values, again = forms.typed(form, request.form), True
        rows = min(typing.ROWS.room, request.form.get("rows", 0, type=int))
        moved = typing.ROWS.pressed(values, request.form.get("do", ""), rows)
        if moved is not None:
            values, rows = dict(moved[0]), moved[1]
        else:
            errors, made = _asked(form, values, model_id, key)
            if made is not None:
                return redirect(url_for("p_outils.optimisation", optimisation_id=made), 303)
            db_session().rollback()
    elif since := request.args.get("depuis", ""):
        values = typing.again(book.get(db_session(), since))
    else:
        priced, bare = book.begun(db_session(), model_id, typing.USUAL)
        values = typing.begun(model, priced)
    page = render_template(
        "outils/optimising/form.html", model=model, once=key, form=forms.view(form, values, errors), again=again, bare=bare,
        rows=typing.ROWS.used(values, rows), parts=typing.ROWS.names, room=typing.ROWS.room, installed=solver.available(),
        extra=solver.EXTRA, back=url_for("p_outils.model", model_id=model_id),
        crumbs=[*model_views.trail(model), (_("Optimiser"), None)],
    )  # fmt: skip
    return page, 422 if errors else 200


def _asked(
    form: forms.Form, values: Mapping[str, Any], model_id: str, key: str | None
) -> tuple[dict[str, str], str | None]:
    """What is wrong, by field; or the optimisation that was asked."""
    checked = forms.check(form, values)
    if checked.errors:
        return dict(checked.errors), None
    wish, rows, errors = typing.read(db_session(), checked.values, adviser().user_id)
    if errors:
        return errors, None
    try:
        made = book.ask(own_context("outils"), db_session(), adviser(), model_id, wish, new_id=key)
    except DomainError as error:
        if error.status not in (409, 422):
            raise
        return {typing.ROWS.placed(error.field, rows): error.text}, None
    db_session().commit()
    return {}, made


@permission("accounts.view")
def show(optimisation_id: str) -> ResponseReturnValue:
    """How far it is; what was found, on which prices."""
    found = book.get(db_session(), optimisation_id)
    model = models.get(db_session(), found.model_id)
    return render_template(
        "outils/optimising/show.html", **_shown(found), model=model, can_edit=_may_ask(model),
        crumbs=[
            *model_views.trail(model), (_("Optimisations"), url_for("p_outils.optimisations", model_id=model.id)),
            (_("Optimisation"), None),
        ],
    )  # fmt: skip


@permission("accounts.view")
def status(optimisation_id: str) -> ResponseReturnValue:
    """The part of the page that its live update fetches."""
    return render_template("outils/optimising/status.html", **_shown(book.get(db_session(), optimisation_id)))


@permission(EDIT)
def version(optimisation_id: str) -> ResponseReturnValue:
    """The model's own form with the weights that were found: nothing is written before a person saves it."""
    found = book.get(db_session(), optimisation_id)
    model = models.get(db_session(), found.model_id)
    if found.result is None:
        raise Conflict(_("Cette optimisation n'a pas de résultat\u202f: il n'y a pas de version à en faire."))
    lines = words.version(found, found.result)
    if len(lines) > model_forms.ROWS.room:
        raise Conflict(_(
            "Ce résultat fait %(count)s lignes, et un modèle en compte %(most)s au plus\u202f: relancez avec moins de supports.",
            count=len(lines), most=model_forms.ROWS.room,
        ))  # fmt: skip
    return model_views.typed(None, model, begun=words.form(found, model, lines))


def _shown(found: shapes.Optimisation) -> dict[str, Any]:
    result = found.result
    told: dict[str, Any] = {
        "found": found, "result": result, "part": book.part(found.id), "goals": shapes.GOALS, "room": model_forms.ROWS.room,
    }  # fmt: skip
    if result is not None:
        told |= {
            "frontier": drawings.frontier(result), "trial": drawings.trial(found, result), "shares": words.shares(found, result),
            "binding": words.binding(found, result), "lines": words.version(found, result),
        }  # fmt: skip
    return told


def _may_ask(model: Any) -> bool:
    return current_context().can(EDIT) and model.archived_at is None
