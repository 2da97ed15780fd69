"""The documents of a client's file (AU-03) or of a support, product or company (OU-07): one of them, several in one archive."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint
from flask import Response
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from core.api import accounts
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
from plugins.ged import places

VIEW = "documents.view"
SIZE = 50
#: Documents of the supports that an account holds: a list has no more than can be looked through.
OF_SUPPORTS = 200


def register(made: Blueprint) -> None:
    """The routes."""
    for base, prefix, one in places.ROUTES:
        made.add_url_rule(base, f"{prefix}documents", index)
        made.add_url_rule(f"{base}/archive", f"{prefix}documents_archive", archive)
        made.add_url_rule(one, f"{prefix}document", show)


@permission(VIEW)
def index(**at: str) -> ResponseReturnValue:
    """The documents of the place, the newest first: of a file, the person or the household and their accounts.

    Below those of an account (`compte`), those of the supports that it holds."""
    place = places.of(**at)
    account = _account(place)
    asked, number = wanted({"account": (account.id,)} if account else place.whose), max(request.args.get("page", 1, type=int), 1)
    kept = {**values(asked), **({"compte": account.id} if account else {})}
    found = documents.finding.page(db_session(), adviser(), asked, number=number, size=SIZE)
    names = owners.names(db_session(), adviser(), found.rows)
    page = lists.Page(found.rows, found.total, number, SIZE)
    return render_template(
        "ged/documents.html", **place.frame(), asked=asked, page=page, may_file=place.may_file(), options=options(),
        account=account, lines=frames.lines(found, names, place), pager=lists.pager(page, lambda n: place.url(**kept, page=n)),
        asked_any=bool(kept), states=documents.finding.STATES, of_supports=_of_supports(account) if account else [],
    )  # fmt: skip


@permission(VIEW)
def show(**at: str) -> ResponseReturnValue:
    """What is known of a document: where it is filed, until when it counts, its versions, who sent it."""
    place, paper_id = places.of_paper(**at)
    row = place.paper(paper_id)
    versions = documents.filing.chain(db_session(), row)
    people = {one.user_id: one.name for one in contacts.advisers(db_session())}
    here, names = place.page(paper_id), owners.names(db_session(), adviser(), [row])
    latest = next((one for one in versions if one.current), row)
    return render_template(
        "ged/document.html", **place.frame((_("Documents"), place.url()), (row.title, None)), row=row,
        category=documents.categories.tree(db_session()).path(row.category), owner=names.get((row.owner_kind, row.owner_id), ""),
        versions=versions, latest=latest, people=people, preview=lambda one: files.address(one.id, back=here),
        expired=owners.expired(row), soon=owners.soon(row), text=text_state(row), beside=files.beside(row),
        may_edit=row.current and documents.filing.may(db_session(), adviser(), row.owner_kind, row.owner_id),
    )  # fmt: skip


@permission(VIEW)
def archive(**at: str) -> ResponseReturnValue:
    """Those that were ticked, or all that the filters leave, in one archive."""
    place = places.of(**at)
    account = _account(place)
    asked, ids = wanted({"account": (account.id,)} if account else place.whose), request.args.getlist("ids")
    rows = archives.chosen(db_session(), adviser(), asked, ids)
    problem = archives.problem(rows)
    if problem:
        flash(problem, "warning")
        kept = {**values(asked), **({"compte": account.id} if account else {})}
        return redirect(place.url(**kept), 303)
    for one in rows:
        also_reads("document", one.id)
    made = archives.written(db_session(), rows, owners.names(db_session(), adviser(), rows))
    name = ngettext("%(num)s document", "%(num)s documents", len(rows))
    return attach(Response(archives.pieces(made), mimetype="application/zip"), f"{name}.zip")


def wanted(whose: Mapping[str, Any] | None) -> documents.finding.Wanted:
    """What the address asks for; a code that is none asks for nothing."""
    state, category = request.args.get("etat", ""), request.args.get("categorie", "")
    known = documents.categories.tree(db_session()).options(closed=True)
    return documents.finding.Wanted(
        request.args.get("q", "")[:200], category if category in known else "",
        state if state in documents.finding.STATES else "", request.args.get("mot", "")[:40], whose,
    )  # fmt: skip


def values(asked: documents.finding.Wanted) -> dict[str, Any]:
    """The same as parameters of an address."""
    told = {"q": asked.text, "categorie": asked.category, "etat": asked.state, "mot": asked.tag}
    return {name: value for name, value in told.items() if value}


def options() -> list[tuple[str, str]]:
    """The categories, for a filter."""
    return list(documents.categories.tree(db_session()).options(closed=True).items())


def text_state(row: documents.Document) -> str:
    """What became of the document's text, as a sentence; it waits for the worker at first."""
    found = documents.finding.text_state(db_session(), row.id)
    if found in documents.RECOGNISED and row.media_type in documents.PICTURED:
        return (
            str(_("Reconnaissance de caractères en attente")) if documents.recognises()
            else str(_("Texte non lu\u202f: la reconnaissance de caractères n'est pas installée sur ce serveur."))
        )  # fmt: skip
    return documents.TEXT_STATES[found] if found else str(_("Texte en attente de lecture"))


def _account(place: places.Place) -> AccountRef | None:
    """The one account of the file that is asked (`compte`)."""
    return next((one for one in place.held if one.id == request.args.get("compte")), None)


def _of_supports(account: AccountRef) -> list[frames.Line]:
    """Documents in force of the supports that the account holds: they are read here, and filed at their own place."""
    held = tuple({line.support_id for line in accounts.positions(db_session(), account.id).lines})
    asked = documents.finding.Wanted(owners={"support": held})
    found = documents.finding.page(db_session(), adviser(), asked, size=OF_SUPPORTS)
    return frames.lines(found, owners.names(db_session(), adviser(), found.rows))
