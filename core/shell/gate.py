"""The door of every request: its declared policy, the plugin's gates, the cabinet of its session."""

from __future__ import annotations

from flask import Flask
from flask import abort
from flask import current_app
from flask import g
from flask import redirect
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.auth import sessions
from core.hooks import context
from core.hooks import gates
from core.hooks.hub import Hub
from core.hooks.types import Context
from core.live import events
from core.web import request as work
from core.web.errors import page
from core.web.policy import policy_of

#: `Sec-Fetch-Site` values under which a change is accepted; browsers too old to send it are held by the token.
OWN_SITE = ("same-origin", "none")


def install(app: Flask) -> None:
    """Put the door in front of every view."""
    app.before_request(_enter)


def hub() -> Hub:
    """The application's hub."""
    found: Hub = current_app.extensions["encours_hub"]
    return found


def current_context() -> Context:
    """The context of the request, made once: principal, cabinet, enabled plugins."""
    found: Context | None = g.get("context")
    if found is None:
        signed = sessions.current()
        found = context.make(
            work.db_session(), hub().registry, principal=current_user.adviser,
            sid_hash=signed.sid_hash if signed else "", slug=current_user.cabinet_slug,
        )  # fmt: skip
        g.context = found
    return found


def own_context(plugin: str) -> Context:
    """The same as a plugin's hooks get it, with its settings for the person: for the plugin's own pages."""
    return context.prepare(current_context(), hub().registry.plugins[plugin])


def _enter() -> ResponseReturnValue | None:
    if request.endpoint is None:
        work.begin(None)
        return None
    if any("\0" in str(value) for value in (request.view_args or {}).values()):
        abort(404)  # nothing has such a name, and PostgreSQL refuses to look for it
    declared = policy_of(current_app.view_functions[request.endpoint])
    if declared is None:
        abort(404)
    if declared.kind in ("machine", "public"):
        work.begin(None)
        return _cross_site() if declared.kind == "public" else None
    if not current_user.is_authenticated:
        work.begin(None)
        return _sign_in_first()
    work.begin(current_user.cabinet_id)
    if request.method == "GET" and "X-Fragment" not in request.headers and request.accept_mimetypes.accept_html:
        g.live_after = events.position(work.db_session())  # read first: what happens while the page is made is not lost
    if (refused := _cross_site()) is not None:
        return refused
    plugin = _plugin_of(request.blueprint)
    if plugin is not None and gates.shut(hub().registry, plugin, current_context().enabled) is not None:
        abort(404)
    if declared.kind == "permission" and not current_user.adviser.can(declared.permission or ""):
        abort(403)
    return None


def _plugin_of(blueprint: str | None) -> str | None:
    name = (blueprint or "").split(".")[0]
    return name.removeprefix("p_") if name.startswith("p_") else None


def _cross_site() -> ResponseReturnValue | None:
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    if request.method not in work.READS and site not in OWN_SITE:
        return page(
            400, title="Demande venue d'un autre site",
            text="Une autre page que les nôtres a tenté cette action\u202f; elle n'a pas été exécutée.",
        )  # fmt: skip
    return None


def _sign_in_first() -> ResponseReturnValue:
    plain = request.method in work.READS and "X-Fragment" not in request.headers
    if plain and request.accept_mimetypes.accept_html:
        return redirect(url_for("auth.sign_in", next=request.full_path.rstrip("?")))
    text = "Votre session a pris fin\u202f; rien de ce que vous venez de demander n'a été exécuté."
    rule = request.url_rule
    if rule is not None and "GET" in (rule.methods or ()) and "X-Fragment" not in request.headers:
        # a form that is sent to its own page: one comes back to it, and js/draft.js has kept what was typed
        return page(
            401, text=text, todo="Reconnectez-vous\u202f: vous reviendrez à votre saisie.",
            back=(url_for("auth.sign_in", next=request.full_path.rstrip("?")), "Se reconnecter"),
        )  # fmt: skip
    return page(401, text=text, todo="Reconnectez-vous dans un autre onglet, puis recommencez ici.")
