"""From one file to the next of the list that it was opened from: its neighbours, and the way back to its line (CT-01)."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl
from urllib.parse import urlencode

from flask import request
from flask import url_for
from werkzeug.datastructures import MultiDict

from core.api import lists
from core.api import queries
from core.api.web import adviser
from core.api.web import db_session
from plugins.contacts import listing


@dataclass(frozen=True, slots=True)
class Steps:
    """Where a file stands in its list; `along`: what an address of the same file carries to keep it."""

    back_url: str
    before_url: str | None
    after_url: str | None
    place: int | None
    total: int
    along: str


def of(contact_id: str, endpoint: str) -> Steps | None:
    """The steps that the address asks for; None for a file that was not opened from a list.

    `endpoint`: the page of the neighbours' files that is opened, the one at hand.
    """
    rank = request.args.get("rang", "")
    if not rank.isascii() or not rank.isdigit() or len(rank) > 8 or int(rank) < 1:
        return None
    state = listing.read(MultiDict(parse_qsl(request.args.get("liste", "")[:4000])))
    found = queries.contacts.neighbours(db_session(), adviser(), listing.wanted(state), contact_id, int(rank))
    place = found.place or int(rank)

    def step(other: str | None, at: int) -> str | None:
        if other is None:
            return None
        return url_for(f"p_contacts.{endpoint}", contact_id=other, liste=state.carried() or None, rang=at)

    carried = {"liste": state.carried(), "rang": str(place)} if state.carried() else {"rang": str(place)}
    return Steps(
        _back(state, place, contact_id), step(found.before, place - 1), step(found.after, place + 1), found.place, found.total,
        urlencode(carried),
    )  # fmt: skip


def _back(state: lists.ListState, place: int, contact_id: str) -> str:
    """The page of the list on which the file's line is, at that line."""
    number = (place - 1) // state.size + 1
    return f"{state.url(page=number if number > 1 else None, vue=state.view or lists.NO_VIEW)}#c-{contact_id}"
