"""`/p/outils/followers`: accounts beside the model that they follow, for programs (OU-01)."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.api.db import NotFound
from core.api.rest import Call
from core.api.rest import Resource
from core.api.rest import Slice
from plugins.outils.portfolios import follow_schemas as made
from plugins.outils.portfolios import followers

READ, WRITE = "accounts:read", "accounts:write"
FOLLOWERS = Resource(
    "outils_followers", _l("Comptes suivis"), _l("Comptes qui suivent un modèle, chacun avec son écart."), plugin="outils"
)
_BASE = "/p/outils/followers"
_ONE = f"{_BASE}/{{account_id}}"


@FOLLOWERS.get(
    _BASE, _l("Lister les comptes qui suivent un modèle"), made.FollowerOut, asks=made.FollowersAsked, paged=True, scope=READ,
)  # fmt: skip
def listed(call: Call) -> Slice[Any]:
    """By id, with the drift of each."""
    rows = followers.listed(call.session, call.adviser, model_id=call.asked.get("model") or "")
    state = call.asked.get("state")
    return call.among([row for row in rows if not state or row.drift.state == state], lambda row: row.account.id)


@FOLLOWERS.get(_ONE, _l("Lire l'écart d'un compte à son modèle"), made.FollowerOut, scope=READ)
def show(call: Call, account_id: str) -> followers.Followed:
    """One account, line by line."""
    found = followers.of_account(call.session, call.adviser, account_id)
    if found is None:
        raise NotFound(_("Ce compte ne suit aucun modèle."))
    return found


@FOLLOWERS.post(
    "/p/outils/models/{model_id}/followers", _l("Faire suivre un modèle à des comptes"), made.DoneOut, takes=made.FollowIn,
    scope=WRITE, about=_l("Un compte suit un modèle à la fois\u202f: celui qu'il suivait est remplacé."),
)  # fmt: skip
def follow(call: Call, model_id: str) -> dict[str, Any]:
    """As «Rattacher»."""
    return {"count": followers.follow(call.session, call.adviser, model_id, call.taken["accounts"])}


@FOLLOWERS.delete(_ONE, _l("Cesser de faire suivre un modèle à un compte"), scope=WRITE)
def leave(call: Call, account_id: str) -> None:
    """No longer."""
    followers.leave(call.session, call.adviser, [account_id])
