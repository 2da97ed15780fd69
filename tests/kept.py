"""One application over one database that is put back to its beginning between tests: milliseconds instead of migrations."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from core import config as configuration
from core.app import create_app
from core.cabinets import vault
from core.config import Config
from core.documents import services as documents
from core.extensions import db
from core.hooks import telling
from core.hooks.hub import Hub
from tests import databases
from tests.conftest import make_config


class Kept:
    """Make it, fill its database, `keep()`; then `enter()` at the beginning of each test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = make_config(folder)
        databases.ready(self.config.database_url)
        self.app = create_app(self.config)
        self.hub: Hub = self.app.extensions["encours_hub"]

    def keep(self) -> None:
        """What `enter` comes back to."""
        databases.keep(self.config.database_url)

    def enter(self) -> None:
        """This process's application again, its database as it was kept."""
        leave()
        databases.renew(self.config.database_url)
        adopt(self.app, self.config)

    def close(self) -> None:
        self.hub.close()
        db.close()
        databases.give_back(self.folder)


def leave() -> None:
    """Close the database that was this process's, once nothing is written to it any more."""
    if telling.ready():
        telling.hub().close()
    db.close()


def adopt(app: Flask, config: Config) -> None:
    """Make an application this process's own again, after others were made."""
    leave()
    configuration.use(config)
    vault.configure(config.kek)
    documents.configure(config.var_dir)
    db.open(config.database_url, check=True)
    telling.use(app.extensions["encours_hub"])
