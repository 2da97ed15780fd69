"""What every page shows around itself: modules, notifications, the person; and the shell's own pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint
from flask import Flask
from flask import g
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.routing import BuildError

from core import config
from core.auth import sessions
from core.hooks.results import Failure
from core.hooks.specs import Plugin
from core.shell import notifications
from core.shell.addresses import reached
from core.shell.gate import current_context
from core.shell.gate import hub
from core.shell.search import Place
from core.shell.search import places
from core.web.policy import policy
from core.web.request import begin
from core.web.request import db_session

blueprint = Blueprint("shell", __name__)
#: The module that is the home page; the bar shows it as an icon (MB-01).
HOME = "accueil"


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the module bar."""

    key: str
    label: str
    url: str
    icon: str | None
    active: bool
    css: str


@dataclass(frozen=True, slots=True)
class Act:
    """An entry of the quick menu and of the palette."""

    label: str
    url: str
    icon: str


@dataclass(frozen=True, slots=True)
class Shell:
    """The frame of one page."""

    modules: tuple[Entry, ...] = ()
    unread: int = 0
    failures: tuple[Failure, ...] = ()
    #: The last live update that this page already shows; None where it was not read.
    live_after: int | None = None
    search: tuple[Place, ...] = ()
    actions: tuple[Act, ...] = ()
    #: Pages of the shell that the palette leads to as well.
    pages: tuple[Act, ...] = ()
    #: How long the person's session still lasts.
    session_left: sessions.Left | None = None


@dataclass(frozen=True, slots=True)
class CabinetView:
    """The cabinet as templates see it."""

    name: str
    slug: str


def install(app: Flask) -> None:
    """Give templates the frame."""

    @app.context_processor
    def frame() -> dict[str, Any]:
        if not current_user.is_authenticated or "work" not in g or g.get("frameless"):
            return {"shell": Shell(), "cabinet": None}
        cabinet = CabinetView(current_user.cabinet_name, current_user.cabinet_slug)
        try:
            if db_session().cabinet_id is None:  # the error page of an address that no view answers, or of a public one
                begin(current_user.cabinet_id)
            return {"shell": _shell(), "cabinet": cabinet}
        except Exception:  # an error page must show even when what it frames is what fails
            app.logger.exception("the frame could not be made")
            return {"shell": Shell(), "cabinet": cabinet}


def _shell() -> Shell:
    ctx = current_context()
    found = reached(hub().collect(Plugin.modules, ctx), Plugin.modules)
    entries = tuple(
        Entry(
            item.item.key, item.item.label, url, item.item.icon,
            request.blueprint == f"p_{item.plugin}" or g.get("module") == item.item.key, item.item.key,
        )
        for item, url in found.found
        if item.item.permission is None or ctx.can(item.item.permission)
    )  # fmt: skip
    if not any(entry.key == HOME for entry in entries):  # no module is the home page: the way there stays in its place
        here = request.endpoint == "shell.home"
        entries = (Entry(HOME, _("Accueil"), url_for("shell.home"), "home", here, HOME), *entries)
    return Shell(
        entries, notifications.unread(db_session(), current_user.adviser), found.failures, g.get("live_after"), places(),
        _actions(), _pages(), sessions.left(config.current()),
    )  # fmt: skip


def _actions() -> tuple[Act, ...]:
    """What the quick menu offers this person; a plugin whose entry leads nowhere is blamed for it (QM-01)."""
    ctx, made = current_context(), []
    for one in hub().collect(Plugin.quick_actions, ctx).items:
        if one.item.permission is not None and not ctx.can(one.item.permission):
            continue
        try:
            made.append(Act(one.item.label, url_for(one.item.endpoint, **dict[str, Any](one.item.values)), one.item.icon))
        except (BuildError, ValueError) as error:
            hub().blame(one.plugin, Plugin.quick_actions, ctx, error)
    return tuple(made)


def _pages() -> tuple[Act, ...]:
    return (
        Act(_("Services (réglages)"), url_for("services.index"), "tools"),
        Act(_("Espace abonnement (modules)"), url_for("subscription.index"), "layout-grid"),
    )


@blueprint.get("/")
@policy("session")
def home() -> ResponseReturnValue:
    """The home module, else the first one; with none installed, the frame alone and why it is empty (PL-01)."""
    own = url_for("shell.home")
    modules = sorted((entry for entry in _shell().modules if entry.url != own), key=lambda entry: entry.key != HOME)
    if modules:
        return redirect(modules[0].url)
    return render_template("shell/empty.html")
