"""Where the company serves its portfolios: `GET /portfolio/v1/contracts`, asked by signed requests (PLP §3)."""

from __future__ import annotations

from flask import Blueprint
from flask import Response
from flask import request

from . import api
from . import feed
from . import gate
from . import portfolio
from . import wire
from .context import world
from .fault_answers import faulty

PREFIX = "/portfolio/v1/"
blueprint = Blueprint("portfolio", __name__, url_prefix=PREFIX.rstrip("/"))


@blueprint.get("/contracts")
@faulty("portfolio")
def contracts() -> Response:
    """One page, with the mark of the whole; 304 where a first page is asked for and the whole is marked so still."""
    came = api.incoming("", world().settings.url)
    gate.check_envelope(came)
    mandate = gate.check_mandate(world(), gate.authenticate(world(), came), "status", ledger=False, cabinet=True)
    cursor, since = api.single("cursor"), portfolio.read_since(api.single("since"))
    limit = feed.read_limit(api.single("limit"))
    with world().store.read() as connection:
        told, mark = portfolio.page(
            connection, mandate.mandate, mandate.broker_code, limit=limit, cursor=cursor, since=since,
            today=world().clock.today(), now=world().clock.now(),
        )  # fmt: skip
    known = cursor is None and request.headers.get("If-None-Match") == mark
    answer = Response("" if known else wire.dump(told), 304 if known else 200, mimetype="application/json")
    answer.headers["ETag"] = mark
    return answer
