"""«Documents des supports, produits et compagnies»: which have some, and where to file more (OU-03, OU-07)."""

from __future__ import annotations

from flask import Blueprint
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.api import lists
from core.api.web import adviser
from core.api.web import db_session
from core.api.web import permission
from plugins.ged import list_views
from plugins.ged import places
from plugins.ged import shelves


def register(made: Blueprint) -> None:
    """The route."""
    made.add_url_rule("/references", "shelves", index)


@permission(list_views.VIEW)
def index() -> ResponseReturnValue:
    """One kind at a time (`type`), those that have documents first."""
    kind, text = request.args.get("type", ""), request.args.get("q", "").strip()[:100]
    kind = kind if kind in places.CALLED else "company"
    page = shelves.listed(db_session(), adviser(), kind, text, number=max(request.args.get("page", 1, type=int), 1))
    slug = next(one for one, code in places.SHELVES.items() if code == kind)
    return render_template(
        "ged/shelves.html", page=page, kind=kind, text=text, kinds=places.CALLED, shelf=slug,
        pager=lists.pager(page, lambda n: url_for("p_ged.shelves", type=kind, q=text or None, page=n)),
        crumbs=[(_("Documents des supports et des compagnies"), None)],
    )  # fmt: skip
