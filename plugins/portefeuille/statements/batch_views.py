"""Statements of several contacts: those ticked in a list, or all that a request finds; how far the batch is (PF-02)."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint
from flask import Response
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.api import forms
from core.api import queries
from core.api.db import DomainError
from core.api.db import Forbidden
from core.api.web import adviser
from core.api.web import also_reads
from core.api.web import attach
from core.api.web import current_context
from core.api.web import db_session
from core.api.web import own_context
from core.api.web import permission
from plugins.portefeuille.statements import asking
from plugins.portefeuille.statements import batches
from plugins.portefeuille.statements import keeping
from plugins.portefeuille.statements import sending

#: Ids that a form brings at most, and signs of a request.
MOST_IDS, LONGEST = 1000, 8000
#: What asks for those alone to whom nothing went.
FAILED = "echecs"
#: Names that the page shows before it says how many more there are.
SHOWN = 12


def register(made: Blueprint) -> None:
    """The routes."""
    made.add_url_rule("/releves", "statement_batches", index)
    made.add_url_rule("/releves/nouveau", "statement_batch_new", new, methods=["GET", "POST"])
    made.add_url_rule("/releves/<batch_id>", "statement_batch", show)
    made.add_url_rule("/releves/<batch_id>/etat", "statement_batch_status", status)
    made.add_url_rule("/releves/<batch_id>/releves.zip", "statement_batch_file", file)


@permission(keeping.EDIT)
def index() -> ResponseReturnValue:
    """The last batches that one asked for."""
    found = batches.mine(db_session(), adviser())
    return render_template(
        "portefeuille/statement_batches.html", batches=found, formats=keeping.FORMATS, crumbs=[(_("Lots de relevés"), None)]
    )


@permission(keeping.EDIT)
def new() -> ResponseReturnValue:
    """Say what is wanted of the contacts that were chosen; a POST that confirms begins."""
    if not current_context().can("accounts.view"):
        raise Forbidden(_("Votre profil ne permet pas de voir les comptes."))
    ids = list(dict.fromkeys(request.values.getlist("ids")))[:MOST_IDS]
    query = request.values.get("requete", "")[:LONGEST]
    begins = request.method == "POST" and "confirme" in request.form
    asked = asking.asked(request.form if begins else request.args)
    form = asked.form
    chosen: list[Any] = []
    try:
        chosen = batches.chosen(db_session(), adviser(), _request(ids, query))
        if begins and not chosen:
            raise DomainError(_("Choisissez au moins un contact."))
    except DomainError as error:
        if error.status != 422:
            raise
        form = asked.refused(error.text, "")
    kind = request.form.get("format", "pdf")
    if begins and not form.errors and kind not in keeping.FORMATS:
        form = asked.refused(_("Choisissez le format des relevés."), "")
    if begins and asked.wanted is not None and not form.errors:
        batch_id = batches.begin(
            own_context("portefeuille"), db_session(), adviser(), [one.id for one in chosen], asked.wanted, kind,
            batch_id=forms.once(request.form.get("once", "")),
        )  # fmt: skip
        db_session().commit()
        return redirect(url_for("p_portefeuille.statement_batch", batch_id=batch_id), 303)
    page = render_template(
        "portefeuille/statement_batch_new.html", form=form, chosen=chosen, shown=SHOWN, ids=ids, query=query, kind=kind,
        formats=keeping.FORMATS, once=forms.once(request.form.get("once", "")), crumbs=_crumbs(_("Nouveau lot")),
    )  # fmt: skip
    return page, 422 if form.errors else 200


def _request(ids: list[str], query: str) -> queries.Asked:
    """The contacts that were ticked, or those of a request. Raises `DomainError` where it makes no sense."""
    if not query:
        return queries.Asked(only=tuple(ids))
    try:
        return queries.Asked(queries.read(json.loads(query)))
    except (ValueError, RecursionError) as error:
        raise DomainError(_("La recherche n'a pas pu être relue\u202f: revenez à la liste des contacts.")) from error


@permission(keeping.EDIT)
def show(batch_id: str) -> ResponseReturnValue:
    """How far a batch is, with what was made and what was not, and why."""
    return render_template(
        "portefeuille/statement_batch.html", **_shown(batch_id), crumbs=_crumbs(_("Lot de relevés"))
    )


@permission(keeping.EDIT)
def status(batch_id: str) -> ResponseReturnValue:
    """The live part of the page."""
    return render_template("portefeuille/statement_batch_status.html", **_shown(batch_id))


@permission(keeping.EDIT)
def file(batch_id: str) -> ResponseReturnValue:
    """All statements that are ready, in one ZIP."""
    found = batches.of(db_session(), adviser(), batch_id)
    data = batches.archive(db_session(), adviser(), batch_id)
    for one in batches.lines(db_session(), adviser(), batch_id):
        if one.document_id and one.name:
            also_reads("contact", one.contact_id)
    return attach(Response(data, mimetype="application/zip"), f"releves-{found.wanted.on:%Y-%m-%d}.zip")


def _shown(batch_id: str) -> dict[str, Any]:
    found = batches.of(db_session(), adviser(), batch_id)
    lines = sending.told(db_session(), adviser(), batch_id)
    apart = request.args.get("envoi") == FAILED
    return {
        "batch": found, "lines": [one for one in lines if one.missed] if apart else lines, "part": batches.part(batch_id),
        "formats": keeping.FORMATS, "only": FAILED if apart else None, "tally": sending.tally(own_context("portefeuille"), lines),
    }  # fmt: skip


def _crumbs(last: str) -> list[tuple[str, str | None]]:
    return [(_("Lots de relevés"), url_for("p_portefeuille.statement_batches")), (last, None)]
