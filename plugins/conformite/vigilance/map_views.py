"""Conformité > Cartographie des vigilances: levels by age of review; each number opens the list that it counts (CO-05, NX-01)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.api import contacts
from core.api import queries
from core.api.db import today
from core.api.web import adviser
from core.api.web import current_context
from core.api.web import db_session
from core.api.web import hub
from core.api.web import own_context
from core.api.web import permission
from plugins.conformite import frames
from plugins.conformite import profile_views
from plugins.conformite.vigilance import assessments
from plugins.conformite.vigilance import cartography
from plugins.conformite.vigilance import client_views
from plugins.conformite.vigilance import lists
from plugins.conformite.vigilance import ruleset

SIZE = 25
#: Operations that wait which the page shows.
_WAITING = 20


def register(made: Blueprint) -> None:
    """The routes."""
    made.add_url_rule("/vigilance", "vigilance_map", index)


def standing_lists() -> list[dict[str, Any]]:
    """Each list of the rules, with the import in force, and whether it is old."""
    known, months = lists.current(db_session()), int(own_context(frames.PLUGIN).settings["list_months"])
    return [
        {"list": one, "known": known.get(one.code), "old": one.code in known and known[one.code].old(today(), months)}
        for one in ruleset.load().lists
    ]


@permission("contacts.view")
def index() -> ResponseReturnValue:
    """The map, and the clients of the cell or the view that is open: the reinforced ones unless another is asked for."""
    on, session, by = today(), db_session(), adviser()
    fields = queries.registry(hub(), current_context(), by)
    found = cartography.counted(session, by, on)
    level, age = request.args.get("niveau", ""), request.args.get("age", "")
    view = request.args.get("vue", "")
    if level in ruleset.LEVELS and age in cartography.AGES:
        view = ""
        asked, count = cartography.of_cell(level, age, on, fields), found.cells[level, age]
        title = _("Vigilance %(level)s, évaluée il y a %(age)s", level=ruleset.LEVELS[level].lower(), age=_aged(age))
    else:
        level, age = "", ""
        view = view if view in cartography.VIEWS else next((one for one in cartography.VIEWS if found.views[one]), "RENFORCEE")
        asked, count = cartography.of_view(view, on, fields), found.views[view]
        title = cartography.VIEWS[view]
    number = request.args.get("page", "")
    page = queries.contacts.page(
        session, by, asked, size=SIZE, number=int(number) if number.isascii() and number.isdigit() and len(number) < 7 else 1
    )
    ids = [one.id for one in page.items]
    at: dict[str, Any] = {"niveau": level, "age": age} if level else {"vue": view}
    return render_template(
        "conformite/vigilance/map.html", found=found, page=page, title=title, count=count, level=level, age=age, view=view,
        views=cartography.VIEWS, ages=cartography.AGE_LABELS, known=assessments.current(session, by, ids), on=on,
        notice=profile_views.notice(), words=client_views.words(), rules=ruleset.load(), lists=standing_lists(),
        waiting=assessments.operations_to_validate(session, by, _WAITING),
        pager=contacts.pager(page, lambda place: url_for("p_conformite.vigilance_map", **at, page=place)),
    )  # fmt: skip


def _aged(age: str) -> str:
    return cartography.AGE_LABELS[age].lower()
