"""The bell and the page of notifications: latest ones, filters, marking as read. Without scripts the bell is a link (AL-01)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from core.db.paging import pager
from core.shell import notifications
from core.shell import undo
from core.web.policy import policy
from core.web.request import db_session

blueprint = Blueprint("notifications", __name__)
#: More than one page of them is never sent at once.
MOST = 200


@dataclass(frozen=True, slots=True)
class Sort:
    """Notifications that one filters and shows alike. `kinds`: as their writers name them."""

    label: Any
    icon: str
    look: str
    kinds: tuple[str, ...]


#: Key in the address → what it gathers. What no one names here is shown as information.
SORTS = {
    "a-traiter": Sort(_l("À traiter"), "alert-triangle", "danger", ("danger",)),
    "a-verifier": Sort(_l("À vérifier"), "alert-triangle", "warning", ("warning",)),
    "abouti": Sort(_l("Abouti"), "circle-check", "success", ("success",)),
    "securite": Sort(_l("Sécurité"), "shield-lock", "warning", ("security",)),
    "mandats": Sort(_l("Mandats et partenaires"), "signature", "info", ("mandate", "partner")),
    "modules": Sort(_l("Modules"), "plug-connected-x", "warning", ("plugin",)),
    "informations": Sort(_l("Informations"), "bell", "info", ("info",)),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page was asked for: `state` is empty or «non-lues», `sort` a key of `SORTS` or empty."""

    state: str
    sort: str
    number: int

    def url(self, **changes: Any) -> str:
        """The page with something else asked of it."""
        values = {"etat": self.state, "type": self.sort, "page": self.number, **changes}
        if values["page"] == 1:
            values["page"] = None
        return url_for("notifications.index", **{name: value or None for name, value in values.items()})


@blueprint.app_template_global()
def notice_sort(kind: str) -> Sort:
    """How a notification is shown."""
    return next((one for one in SORTS.values() if kind in one.kinds), SORTS["informations"])


@blueprint.get("/notifications")
@policy("session")
def index() -> ResponseReturnValue:
    """The person's notifications, newest first."""
    session, asked = db_session(), _asked(request.args)
    page = notifications.listed(session, current_user.adviser, unread_only=asked.state == "non-lues", number=asked.number,
        kinds=SORTS[asked.sort].kinds if asked.sort else (),
    )  # fmt: skip
    present = notifications.kinds_of(session, current_user.adviser)
    sorts = [(key, one.label) for key, one in SORTS.items() if key == asked.sort or present & set(one.kinds)]
    return render_template(
        "notifications/index.html", page=page, asked=asked, sorts=sorts, pager=pager(page, lambda number: asked.url(page=number)),
        unread=notifications.unread(session, current_user.adviser), sort_label=SORTS[asked.sort].label if asked.sort else "",
    )  # fmt: skip


@blueprint.get("/notifications/dernieres")
@policy("session")
def latest() -> ResponseReturnValue:
    """What the bell opens, as a fragment."""
    return _latest()


@blueprint.post("/notifications/lues")
@policy("session")
def mark_all_read() -> ResponseReturnValue:
    """All of them are read."""
    return _marked(notifications.mark_read(db_session(), current_user.adviser))


@blueprint.post("/notifications/lue")
@policy("session")
def mark_some_read() -> ResponseReturnValue:
    """Those that were ticked are read: one's own only, whatever is sent."""
    return _marked(notifications.mark_read(db_session(), current_user.adviser, _ticked()))


@blueprint.post("/notifications/ecartees")
@policy("session")
def dismiss_some() -> ResponseReturnValue:
    """Those that were ticked are shown no more."""
    done = notifications.dismiss(db_session(), current_user.adviser, _ticked())
    said = ngettext("%(num)s notification écartée.", "%(num)s notifications écartées.", done.count)
    return _done(done, said, "shell.notifications_dismissed", _("Aucune notification n’était cochée."))


def _ticked() -> list[str]:
    return [one for one in request.form.getlist("notification") if len(one) == 26][:MOST]


def _marked(done: notifications.Marked) -> ResponseReturnValue:
    said = ngettext("%(num)s notification marquée comme lue.", "%(num)s notifications marquées comme lues.", done.count)
    return _done(done, said, "shell.notifications_read", _("Aucune notification n’était à marquer."))


def _done(done: notifications.Marked, said: str, command: str, nothing: str) -> ResponseReturnValue:
    """Say it with «Annuler», and come back to the page with what it asked for."""
    token = None
    if done.count and "X-Fragment" not in request.headers:
        payload, subject = {"at": done.at.isoformat()}, f"user:{current_user.id}"
        token = undo.offer(db_session(), current_user.adviser, command, subject, payload)
    db_session().commit()
    if "X-Fragment" in request.headers:
        return _latest()
    if token:
        undo.say(said, token)
    else:
        flash(nothing, "info")
    return redirect(_asked(request.form).url(), 303)


def _latest() -> str:
    session = db_session()
    return render_template(
        "notifications/latest.html", lines=notifications.latest(session, current_user.adviser),
        unread=notifications.unread(session, current_user.adviser),
    )  # fmt: skip


def _asked(sent: MultiDict[str, str]) -> Asked:
    """What the address, or the form's hidden fields, ask for; nonsense is the whole list."""
    sort = sent.get("type", "")
    number = sent.get("page", 1, type=int)
    state = "non-lues" if sent.get("etat") == "non-lues" else ""
    return Asked(state, sort if sort in SORTS else "", min(max(1, number), 10**6))
