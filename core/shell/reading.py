"""Notes who read which client's file: one rule over all routes, so that no page is forgotten."""

from __future__ import annotations

from flask import Flask
from flask import Response
from flask import g
from flask import request
from flask_login import current_user

from core.cabinets import access_log
from core.web.request import acting

#: Argument of a URL that names something of a client's file → its kind.
SUBJECTS: dict[str, str] = {
    "contact_id": "contact", "account_id": "account", "transaction_id": "transaction", "document_id": "document",
    "typed_id": "transaction", "paper_id": "document",
}  # fmt: skip
#: Types in which a list leaves the house: an export is noted, also where it names nobody.
TABLES = frozenset({"text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"})


def install(app: Flask) -> None:
    """Look at every answer."""
    app.after_request(_note)


def also(kind: str, ref: str) -> None:
    """For a view that shows a client's file which its URL does not name: note it too."""
    g.setdefault("reads", []).append((kind, ref))


def _note(response: Response) -> Response:
    if response.status_code != 200 or request.endpoint is None or "work" not in g:
        return response
    export = response.mimetype in TABLES
    if request.method != "GET" and not export:
        return response
    named = request.view_args or {}
    found = [(kind, str(named[name])) for name, kind in SUBJECTS.items() if name in named] + g.get("reads", [])
    if export and not found:
        found = [("list", request.endpoint)]
    # asked last: most answers name nobody, and a public page looks for no session
    if found and (who := acting() or (current_user.adviser if current_user.is_authenticated else None)) is not None:
        for kind, ref in found:
            access_log.note(who.cabinet_id, who.user_id, "export" if export else "read", kind, ref)
    return response
