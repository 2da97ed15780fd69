"""Autres > Documents (GED): the documents of a contact's file, one of them, several in one archive (AU-03)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint
from flask import Response
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from core.api import contacts
from core.api import documents
from core.api import files
from core.api import lists
from core.api.types import AccountRef
from core.api.web import adviser
from core.api.web import also_reads
from core.api.web import attach
from core.api.web import db_session
from core.api.web import permission
from plugins.ged import archives
from plugins.ged import frames
from plugins.ged import owners

VIEW = "documents.view"
SIZE = 50


def register(made: Blueprint) -> None:
    """The routes."""
    base = "/contacts/<contact_id>/documents"
    made.add_url_rule(base, "documents", index)
    made.add_url_rule(f"{base}/archive", "documents_archive", archive)
    made.add_url_rule(f"{base}/<paper_id>", "document", show)


@permission(VIEW)
def index(contact_id: str) -> ResponseReturnValue:
    """The documents of the person or the household, and of their accounts, the newest first."""
    frame = frames.of(contact_id)
    whose, account = _whose(contact_id)
    asked, number = wanted(whose), max(request.args.get("page", 1, type=int), 1)
    kept = {**values(asked), **({"compte": account.id} if account else {})}
    found = documents.finding.page(db_session(), adviser(), asked, number=number, size=SIZE)
    names = owners.names(db_session(), adviser(), found.rows)
    page = lists.Page(found.rows, found.total, number, SIZE)
    return render_template(
        "ged/documents.html", **frame, asked=asked, page=page, may_file=_may(contact_id), options=options(), account=account,
        lines=frames.lines(found, names, contact_id, alone=frame["contact"].name),
        pager=lists.pager(page, lambda n: url_for("p_ged.documents", contact_id=contact_id, **kept, page=n)),
        asked_any=bool(kept), states=documents.finding.STATES, most=archives.MOST,
    )  # fmt: skip


@permission(VIEW)
def show(contact_id: str, paper_id: str) -> ResponseReturnValue:
    """What is known of a document: where it is filed, until when it counts, its versions, who sent it."""
    row = frames.paper(contact_id, paper_id)
    versions = documents.filing.chain(db_session(), row)
    people = {one.user_id: one.name for one in contacts.advisers(db_session())}
    here = url_for("p_ged.document", contact_id=contact_id, paper_id=paper_id)
    names = owners.names(db_session(), adviser(), [row])
    latest = next((one for one in versions if one.current), row)
    return render_template(
        "ged/document.html", **frames.of(contact_id, (_("Documents"), _home(contact_id)), (row.title, None)), row=row,
        category=documents.categories.path(row.category), owner=names.get((row.owner_kind, row.owner_id), ""),
        versions=versions, latest=latest, people=people, preview=lambda one: files.address(one.id, back=here),
        expired=owners.expired(row), soon=owners.soon(row), text=text_state(row), beside=files.beside(row),
        may_edit=row.current and documents.filing.may(db_session(), adviser(), row.owner_kind, row.owner_id),
    )  # fmt: skip


@permission(VIEW)
def archive(contact_id: str) -> ResponseReturnValue:
    """Those that were ticked, or all that the filters leave, in one archive."""
    frames.of(contact_id)
    whose, account = _whose(contact_id)
    asked, ids = wanted(whose), request.args.getlist("ids")
    rows = archives.chosen(db_session(), adviser(), asked, ids)
    problem = archives.problem(rows)
    if problem:
        flash(problem, "warning")
        kept = {**values(asked), **({"compte": account.id} if account else {})}
        return redirect(url_for("p_ged.documents", contact_id=contact_id, **kept), 303)
    for one in rows:
        also_reads("document", one.id)
    made = archives.written(db_session(), rows, owners.names(db_session(), adviser(), rows))
    name = ngettext("%(num)s document", "%(num)s documents", len(rows))
    return attach(Response(archives.pieces(made), mimetype="application/zip"), f"{name}.zip")


def wanted(whose: Mapping[str, Any] | None) -> documents.finding.Wanted:
    """What the address asks for; a code that is none asks for nothing."""
    state, category = request.args.get("etat", ""), request.args.get("categorie", "")
    return documents.finding.Wanted(
        request.args.get("q", "")[:200], category if category in documents.categories.CATEGORIES else "",
        state if state in documents.finding.STATES else "", request.args.get("mot", "")[:40], whose,
    )  # fmt: skip


def values(asked: documents.finding.Wanted) -> dict[str, Any]:
    """The same as parameters of an address."""
    told = {"q": asked.text, "categorie": asked.category, "etat": asked.state, "mot": asked.tag}
    return {name: value for name, value in told.items() if value}


def options() -> list[tuple[str, str]]:
    """The categories, for a filter."""
    return list(documents.categories.options().items())


def text_state(row: documents.Document) -> str:
    """What became of the document's text, as a sentence; it waits for the worker at first."""
    found = documents.finding.text_state(db_session(), row.id)
    return documents.TEXT_STATES[found] if found else str(_("Texte en attente de lecture"))


def _whose(contact_id: str) -> tuple[dict[str, tuple[str, ...]], AccountRef | None]:
    """Owners of what the page shows: all of the file, or the one account of it that is asked (`compte`)."""
    whose, held = owners.of_file(db_session(), adviser(), contact_id)
    account = next((one for one in held if one.id == request.args.get("compte")), None)
    return ({"account": (account.id,)} if account else whose), account


def _may(contact_id: str) -> bool:
    return documents.filing.may(db_session(), adviser(), "contact", contact_id)


def _home(contact_id: str) -> str:
    return url_for("p_ged.documents", contact_id=contact_id)
