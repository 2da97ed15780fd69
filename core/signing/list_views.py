"""«Signatures»: the requests about documents that one may see, those that end soonest first (CO-01)."""

from __future__ import annotations

from flask import Blueprint
from flask import render_template
from flask import request
from flask import url_for
from flask_babel import gettext as _

from core.db.paging import Page
from core.db.paging import pager
from core.hooks.types import Adviser
from core.shell.gate import current_context
from core.signing import owners
from core.signing import reading
from core.signing import states
from core.web.policy import policy
from core.web.request import db_session

SIZE = 25
blueprint = Blueprint("signatures", __name__)


@blueprint.get("/signatures")
@policy("permission", "documents.view")
def index() -> str:
    """A shelf of them."""
    session, adviser = db_session(), _adviser()
    counts = reading.counts(session, adviser)
    shelf = request.args.get("etat", "")
    if shelf not in counts:
        shelf = next((one for one in counts if counts[one]), "en-cours")
    asked = request.args.get("page", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
    number = max(1, min(number, -(-counts[shelf] // SIZE) or 1))
    page = Page(reading.page(session, adviser, shelf, number, size=SIZE), counts[shelf], number, SIZE)
    return render_template(
        "signing/index.html", page=page, shelf=shelf, counts=counts, states=states, names=owners.names(session, page.items),
        pager=pager(page, lambda number: url_for(".index", etat=shelf, page=number)), crumbs=[(_("Signatures"), None)],
    )  # fmt: skip


def _adviser() -> Adviser:
    adviser = current_context().principal
    assert adviser is not None, "the gate lets nobody in without a principal"
    return adviser
