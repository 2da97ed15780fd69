"""An address that names something which lives on under another name leads there; a program is told so (CT-02).

A noun says by `follow` which argument of addresses names it, and where it went. A page answers 302 to the same page of
the other; the API answers 410 with the problem `merged`, whose members `merged_into` and `location` say where.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from flask import redirect
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.db.session import TenantSession
from core.extensions import db
from core.hooks.types import Adviser
from core.web import errors
from core.web import problems
from core.web.request import acting

#: (session, person, id) → the id under which the thing lives on, where there is one that the person may see.
Led = Callable[[TenantSession, Adviser, str], str | None]
_follows: dict[str, Led] = {}


def follow(argument: str, led: Led) -> None:
    """Make known where what an argument of addresses names may have gone."""
    _follows[argument] = led


@errors.forward
def elsewhere() -> ResponseReturnValue | None:
    """The answer for an address of something that went elsewhere; None for all others."""
    named = {name: str(value) for name, value in (request.view_args or {}).items() if name in _follows}
    if not named or request.endpoint is None:
        return None
    api = problems.is_api(request.path)
    if not api and request.method not in ("GET", "HEAD"):
        return None
    who = acting() or (current_user.adviser if current_user.is_authenticated else None)
    if who is None:
        return None
    for name, ref in named.items():
        with db.session(who.cabinet_id, write=False) as session:  # the request's own may be over, with what it rolled back
            kept = _follows[name](session, who, ref)
        if kept is None:
            continue
        if api:
            path = request.path.replace(quote(ref), kept)
            text = "Ce dossier a été fusionné\u202f: ce qu'il contenait se trouve dans un autre."
            view = problems.View(410, "merged", "Dossier fusionné", text, more={"merged_into": kept, "location": path})
            return problems.response(view)
        values = {**(request.view_args or {}), name: kept}
        return redirect(url_for(request.endpoint, **values, **request.args.to_dict(flat=False)))  # type: ignore[arg-type]
    return None
