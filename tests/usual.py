"""The application that most tests ask for: made once a process, over another database for each test.

Making one takes a tenth of a second, as much as many a test. One that a test has changed (a route, a plugin, a setting of
Flask's) is not lent again; nor is it lent while other plugins are installed than when it was made.
"""

from __future__ import annotations

import sys
from dataclasses import replace

from flask import Flask

from core import config as configuration
from core.app import create_app
from core.cabinets import vault
from core.config import Config
from core.documents import services as documents
from core.extensions import db
from core.hooks import telling

_kept: list[tuple[Flask, Config, tuple[object, ...]]] = []


def leave() -> None:
    """Close the database that was this process's, once nothing is written to it any more."""
    if telling.ready():
        telling.hub().close()
    db.close()


def adopt(app: Flask, config: Config) -> None:
    """Make an application this process's own again, after others were made.

    What its hub still writes of the test before is written first: a thread's connection would be left open with its database.
    """
    app.extensions["encours_hub"].close()
    leave()
    configuration.use(config)
    vault.configure(config.kek)
    documents.configure(config.var_dir)
    db.open(config.database_url, check=True)
    telling.use(app.extensions["encours_hub"])


def lent(config: Config) -> Flask:
    """An application over this configuration's database."""
    if _kept and same(_kept[0][1], config) and shape(_kept[0][0]) == _kept[0][2]:
        app = _kept[0][0]
        adopt(app, config)
        app.session_interface.config = config  # type: ignore[attr-defined]
        app._got_first_request = False  # a test may add a route: it is not lent again then
        return app
    app = create_app(config)
    _kept[:] = [(app, config, shape(app))]
    return app


def same(one: Config, other: Config) -> bool:
    """But for where they keep what they write."""
    return replace(one, database_url="", var_dir="") == replace(other, database_url="", var_dir="")


def shape(app: Flask) -> tuple[object, ...]:
    """What a test might change of an application, or beside it."""
    hub = app.extensions["encours_hub"]
    kept = (app.view_functions, app.extensions, app.jinja_env.globals, app.jinja_env.filters, hub.registry.plugins)
    asked = (app.before_request_funcs, app.after_request_funcs, app.teardown_request_funcs, app.template_context_processors)
    return (
        tuple(sys.path), id(hub), repr(sorted(app.config.items())), len(hub.registry.broken), sorted(hub.registry.barred),
        *({key: id(one) for key, one in each.items()} for each in kept),
        *({key: [id(one) for one in functions] for key, functions in each.items()} for each in asked),
    )
