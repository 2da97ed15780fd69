"""`/p/conformite/country-lists`: the lists of countries, for programs (CO-05)."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from core.api.db import today
from core.api.rest import Call
from core.api.rest import Reply
from core.api.rest import Resource
from core.api.rest import Slice
from core.api.web import own_context
from plugins.conformite import frames
from plugins.conformite.vigilance import lists
from plugins.conformite.vigilance import schemas as shapes
from plugins.conformite.vigilance.resources import READ
from plugins.conformite.vigilance.resources import VALIDATE

LISTS = Resource(
    "conformite_country_lists", _l("Listes de pays"), _l("Listes que le cabinet importe, avec leur date et leur source."),
    plugin="conformite",
)  # fmt: skip
_BASE = "/p/conformite/country-lists"


@LISTS.get(_BASE, _l("Lister les imports de listes de pays"), shapes.ListOut, paged=True, scope=READ)
def listed(call: Call) -> Slice[Any]:
    """All of them; `current` says which are in force."""
    found = call.among(lists.history(call.session), lambda one: one.id)
    force = {one.id for one in lists.current(call.session).values()}
    return Slice(tuple(_shown(one, force) for one in found.items), found.last)


@LISTS.get(f"{_BASE}/{{list_id}}", _l("Lire une liste de pays"), shapes.ListOut, scope=READ)
def show(call: Call, list_id: str) -> dict[str, Any]:
    """One import."""
    return _shown(lists.get(call.session, list_id), {one.id for one in lists.current(call.session).values()})


@LISTS.post(_BASE, _l("Importer une liste de pays"), shapes.ListOut, takes=shapes.ListNew, status=201, scope=VALIDATE)
def create(call: Call) -> Reply:
    """As the page; a list that cannot be read is refused whole, with the line."""
    taken = call.taken
    made = lists.bring(
        call.session, call.adviser, taken["code"], dated_on=taken["dated_on"], source=taken["source"], text=taken["text"],
        list_id=call.once or None,
    )  # fmt: skip
    return Reply(show(call, made), f"{_BASE}/{made}")


def _shown(found: lists.Imported, force: set[str]) -> dict[str, Any]:
    names = ("id", "code", "label", "dated_on", "source", "countries", "imported_by")
    months = int(own_context(frames.PLUGIN).settings["list_months"])
    return {
        **{name: getattr(found, name) for name in names}, "imported_at": found.created_at, "current": found.id in force,
        "old": found.old(today(), months),
    }  # fmt: skip
