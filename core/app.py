"""The application factory: reads as a table of contents."""

from __future__ import annotations

import logging

from flask import Flask

from core import config as configuration
from core.admin import agency_views as _agency_views
from core.admin import appearance_views as _appearance_views
from core.admin import frame as admin
from core.admin import identity_views as _identity_views
from core.admin import journal_views as _journal_views
from core.admin import key_views as _key_views
from core.admin import logo_views as _logo_views
from core.admin import module_views as _module_views
from core.admin import people_views as _people_views
from core.admin import person_views as _person_views
from core.admin import profile_views as _rights_views
from core.admin import security_views as _security_views
from core.admin import services_views
from core.admin import statement_views as _statement_views
from core.admin import subscription_views
from core.auth import account_views
from core.auth import invitations as _invitations
from core.auth import jobs as _auth_jobs
from core.auth import people as _people
from core.auth import profile_views
from core.auth import reset_views
from core.auth import sessions
from core.auth import step_views
from core.auth import token_views
from core.auth import views as auth_views
from core.cabinets import vault
from core.config import Config
from core.documents import services as documents
from core.extensions import babel
from core.extensions import csrf
from core.extensions import db
from core.extensions import login
from core.files import photo_views
from core.files import preview_views
from core.files import upload_views
from core.help import views as help_views
from core.hooks import context
from core.hooks import settings
from core.hooks import telling
from core.hooks import work as _plugin_work
from core.hooks.health import Health
from core.hooks.hub import Hub
from core.hooks.registry import Registry
from core.imports import views as import_views
from core.imports import work as _import_work
from core.jobs import journal as _journal
from core.journeys import clock as _journey_clock
from core.journeys import sending as _sending
from core.journeys import views as journey_views
from core.links import jobs as _link_jobs
from core.links import state
from core.links import views as link_views
from core.live import views as live_views
from core.messages import sending as _message_sending
from core.privacy import views as privacy_views
from core.proofs import views as proof_views
from core.resources.all import RESOURCES
from core.rest import jobs as _api_jobs
from core.rest import plugged
from core.rest import serve as api
from core.rest import views as api_docs
from core.shell import frame
from core.shell import gate
from core.shell import health as health_page
from core.shell import look
from core.shell import metrics as metrics_page
from core.shell import notices
from core.shell import notifications
from core.shell import reading
from core.shell import sealed
from core.shell import search
from core.shell import security as _security
from core.shell import styleguide
from core.shell import undo_views
from core.signing import clock as _signing_clock
from core.signing import closing as _signing_closing
from core.signing import list_views as signing_list_views
from core.signing import public_views as signature_views
from core.signing import views as signing_views
from core.web import assets
from core.web import compiled
from core.web import csp
from core.web import errors
from core.web import formats
from core.web import looks
from core.web import proxies
from core.web import request as work
from core.web import watch
from core.web import words

#: Modules imported for what they register: the user loader, the job handlers.
REGISTERED = (
    _agency_views, _identity_views, _journal_views, _key_views, _module_views, _people_views, _person_views, _rights_views,
    _security_views, _people, _invitations, _auth_jobs, _journal, _link_jobs, _plugin_work, _security, _api_jobs,
    _appearance_views, _logo_views, _statement_views, _journey_clock, _sending, _import_work,
    _message_sending, _signing_clock, _signing_closing,
)  # fmt: skip


def create_app(config: Config | None = None) -> Flask:
    """A new application. Raises `ConfigError` where the configuration is missing or unsafe."""
    chosen = config or configuration.load()
    app = Flask(__name__, static_folder=None, template_folder="templates")
    configure(app, chosen)
    watch.install(app)  # before the gates: what they turn away is told too
    extensions(app, chosen)
    hub = plugins(app, chosen)
    blueprints(app, hub)
    shell(app)
    outside(app, chosen)
    return app


def configure(app: Flask, config: Config) -> None:
    """Our configuration, and the few keys that Flask and its extensions read."""
    configuration.use(config)
    vault.configure(config.kek, config.kek_old)
    documents.configure(config.var_dir)
    app.config.update(
        SECRET_KEY=config.secret_key, TESTING=config.testing, MAX_CONTENT_LENGTH=30 * 1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=config.secure, BABEL_DEFAULT_LOCALE="fr",
        BABEL_DEFAULT_TIMEZONE="Europe/Paris", PREFERRED_URL_SCHEME="https" if config.secure else "http",
    )  # fmt: skip
    compiled.install(app)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    logging.getLogger("encours").setLevel(logging.INFO)


def extensions(app: Flask, config: Config) -> None:
    """Database, sessions, sign-in, CSRF, translations."""
    db.open(config.database_url, check=config.check_statements)
    app.session_interface = sessions.Sessions(config)
    login.init_app(app)
    gate.install(app)  # before CSRF: an ended session is said as such, not as a bad form
    csrf.init_app(app)
    babel.init_app(app)
    words.install(app)


def plugins(app: Flask, config: Config) -> Hub:
    """Discover plugins and make the hub, the only caller of them."""
    registry = Registry()
    registry.discover(frozenset(filter(None, config.plugins_allowed.split(","))))
    hub = Hub(db, registry, Health(db, notifications.plugin_paused), context.prepare)
    context.partner_states(state.partner_states)
    app.extensions["encours_hub"] = hub
    telling.use(hub)
    for name, given in config.plugins.items():
        known = registry.plugins.get(name)
        wrong = settings.faults(known) if known is not None else dict.fromkeys(given, "ce module n'est pas installé")
        for key, text in wrong.items():
            logging.getLogger("encours.plugins").error("[plugins.%s] %s: %s", name, key, text)
    return hub


def blueprints(app: Flask, hub: Hub) -> None:
    """Core's pages, then each plugin's under `/p/<name>`; a blueprint that fails breaks its plugin only."""
    ours = (
        frame.blueprint, notices.blueprint, undo_views.blueprint, search.blueprint, styleguide.blueprint,
        auth_views.blueprint, step_views.blueprint, reset_views.blueprint, account_views.blueprint, profile_views.blueprint,
        help_views.blueprint, upload_views.blueprint, preview_views.blueprint, photo_views.blueprint,
        signing_views.blueprint, signing_list_views.blueprint, signature_views.blueprint, proof_views.blueprint,
        privacy_views.blueprint,
        link_views.blueprint, link_views.plp, journey_views.blueprint, import_views.blueprint, look.blueprint, admin.blueprint,
        services_views.blueprint, subscription_views.blueprint, token_views.blueprint, api_docs.blueprint,
    )  # fmt: skip
    for blueprint in ours:
        app.register_blueprint(blueprint)
    live_views.register(app)
    health_page.register(app)
    metrics_page.register(app)
    served = list(RESOURCES)
    for name, plugin in list(hub.registry.plugins.items()):
        try:
            theirs = plugged.resources(plugin)
            pages = plugin.blueprint()
            if pages is not None:
                if pages.name != f"p_{name}":  # the gates know a plugin's pages by this name
                    raise ValueError(f"le blueprint doit s'appeler p_{name}, non {pages.name}")
                app.register_blueprint(pages, url_prefix=f"/p/{name}")
            served += theirs
        except BaseException as error:
            hub.registry.break_down(name, error)
    api.register(app, served)


def shell(app: Flask) -> None:
    """What every page has: assets, formats, frame, headers, error pages."""
    work.install(app)
    assets.install(app)
    looks.install(app, look.of_request)
    formats.install(app)
    frame.install(app)
    reading.install(app)
    csp.install(app)
    errors.install(app)
    sealed.install(app)


def outside(app: Flask, config: Config) -> None:
    """The layers around: who is believed about the client's address."""
    proxies.install(app, config.proxies)
