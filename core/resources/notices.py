"""`/notifications` and `/search`: what one should know, what one looks for (AL-01, RE-01)."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from core.db.errors import DomainError
from core.rest import schemas
from core.rest.operations import Call
from core.rest.operations import Resource
from core.rest.operations import Slice
from core.rest.schemas import Asked
from core.rest.schemas import Given
from core.rest.schemas import Taken
from core.shell import notifications
from core.shell import search
from core.shell.notices import SORTS

NOTIFICATIONS = Resource("notifications", _l("Notifications"), _l("Ce que le titulaire du jeton doit savoir."))
SEARCH = Resource("search", _l("Recherche"), _l("La recherche rapide, groupe par groupe."))
READ, WRITE = "notifications:read", "notifications:write"


class NotificationQuery(Asked):
    """The page's filters."""

    unread = schemas.ask_switch(_l("Les non lues seulement"))
    sort = schemas.ask_code(_l("Type"), {key: one.label for key, one in SORTS.items()})


class NotificationOut(Given):
    """Something to know."""

    id = schemas.string()
    kind = schemas.string()
    title = schemas.string()
    text = schemas.string()
    url = schemas.string(_l("La page qui en traite"), null=True)
    created_at = schemas.moment(null=False)
    read_at = schemas.moment()


class These(Taken):
    """Some of them."""

    ids = schemas.ask_texts(_l("Leurs ids"), missing=_l("Nommez au moins une notification."))


class MarkedIn(Taken):
    """Some of them, or all."""

    ids = schemas.ask_texts(_l("Leurs ids\u202f; toutes s'ils manquent"))


class MarkedOut(Given):
    """How many changed, how many are not read."""

    changed = schemas.whole(_l("Combien ont changé"))
    unread = schemas.whole(_l("Combien restent non lues"))


@NOTIFICATIONS.get(
    "/notifications", _l("Lister ses notifications"), NotificationOut, asks=NotificationQuery, paged=True, scope=READ,
    about=_l("Les plus récentes d'abord."),
)  # fmt: skip
def listed(call: Call) -> Slice[Any]:
    """One's own."""
    kinds = SORTS[call.asked["sort"]].kinds if call.asked.get("sort") else ()
    edge = call.after[0] if call.after else None
    unread = bool(call.asked.get("unread"))
    rows = notifications.before_id(call.session, call.adviser, edge, unread_only=unread, kinds=kinds, size=call.more)
    return call.page(rows, lambda one: (one.id,))


@NOTIFICATIONS.post("/notifications/read", _l("Marquer comme lues"), MarkedOut, takes=MarkedIn, scope=WRITE)
def read(call: Call) -> dict[str, int]:
    """Some, or all."""
    done = notifications.mark_read(call.session, call.adviser, call.taken.get("ids"))
    return {"changed": done.count, "unread": notifications.unread(call.session, call.adviser)}


@NOTIFICATIONS.post("/notifications/dismiss", _l("Écarter des notifications"), MarkedOut, takes=These, scope=WRITE)
def dismiss(call: Call) -> dict[str, int]:
    """They are shown no more."""
    if not call.taken["ids"]:
        raise DomainError("Nommez au moins une notification.", field="ids")
    done = notifications.dismiss(call.session, call.adviser, call.taken["ids"])
    return {"changed": done.count, "unread": notifications.unread(call.session, call.adviser)}


class SearchQuery(Asked):
    """What is looked for."""

    q = schemas.ask_text(_l("Un ou plusieurs mots"), search.LONGEST, missing=_l("Donnez un mot à chercher."))


class HitOut(Given):
    """Something that was found."""

    id = schemas.string(source="hit.key")
    title = schemas.string(source="hit.title")
    detail = schemas.string(source="hit.detail")
    note = schemas.string(source="hit.note")
    url = schemas.string(_l("Sa page"))


class GroupOut(Given):
    """One group's answer."""

    key = schemas.string()
    label = schemas.string()
    state = schemas.string(codes=("found", "none", "failed"))
    near = schemas.string(_l("Les mots pris à la place de ceux qui ont été donnés"))
    say = schemas.string()
    hits = schemas.many(HitOut, source="lines")


class FoundOut(Given):
    """All groups."""

    items = schemas.many(GroupOut)


@SEARCH.get("/search", _l("Chercher"), FoundOut, asks=SearchQuery, scope=None, about=_l("Dans ce que ce jeton permet de lire."))
def found(call: Call) -> dict[str, Any]:
    """Ten lines a group."""
    return {"items": search.answers(call.asked["q"], search.SHOWN * 2)}
