"""«Rechercher dans les documents»: by what they say, over all clients that one sees (AU-03)."""

from __future__ import annotations

from flask import Blueprint
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.api import documents
from core.api import lists
from core.api.web import adviser
from core.api.web import db_session
from core.api.web import permission
from plugins.ged import frames
from plugins.ged import list_views
from plugins.ged import owners

#: Results of a page: each shows where its words stand.
SIZE = 25


def register(made: Blueprint) -> None:
    """The route."""
    made.add_url_rule("/recherche", "search", search)


@permission(list_views.VIEW)
def search() -> ResponseReturnValue:
    """Documents in force whose title, tags, remarks or text have all the words that are typed, the newest first."""
    asked, number = list_views.wanted(None), max(request.args.get("page", 1, type=int), 1)
    values = list_views.values(asked)
    looked = bool(values)
    found = (
        documents.finding.page(db_session(), adviser(), asked, number=number, size=SIZE) if looked
        else documents.finding.Found((), 0, {}, {})
    )  # fmt: skip
    names = owners.names(db_session(), adviser(), found.rows)
    page = lists.Page(found.rows, found.total, number, SIZE)
    return render_template(
        "ged/search.html", asked=asked, page=page, lines=frames.lines(found, names), looked=looked,
        pager=lists.pager(page, lambda n: url_for("p_ged.search", **values, page=n)), options=list_views.options(),
        states=documents.finding.STATES, crumbs=[(_("Recherche dans les documents"), None)],
    )  # fmt: skip
