"""One application over one database that is put back to its beginning between tests: milliseconds instead of migrations."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from flask import Flask

from core import config as configuration
from core.app import create_app
from core.cabinets import vault
from core.config import Config
from core.db import migrate
from core.documents import services as documents
from core.extensions import db
from core.hooks import telling
from core.hooks.hub import Hub
from tests.conftest import make_config


class Kept:
    """Make it, fill its database, `keep()`; then `enter()` at the beginning of each test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = make_config(folder)
        self.app = create_app(self.config)
        self.hub: Hub = self.app.extensions["encours_hub"]
        migrate.upgrade(db)

    def keep(self) -> None:
        """What `enter` comes back to."""
        copied(self.folder / "encours.sqlite", self.folder / "encours.kept")

    def enter(self) -> None:
        """This process's application again, its database as it was kept."""
        adopt(self.app, self.config)
        copied(self.folder / "encours.kept", self.folder / "encours.sqlite")

    def close(self) -> None:
        self.hub.close()
        db.close()


def adopt(app: Flask, config: Config) -> None:
    """Make an application this process's own again, after others were made."""
    db.close()
    configuration.use(config)
    vault.configure(config.kek)
    documents.configure(config.var_dir)
    db.open(config.database_url, check=True)
    telling.use(app.extensions["encours_hub"])


def copied(source: Path, target: Path) -> None:
    """One SQLite file over another, while others have it open."""
    one, other = sqlite3.connect(source, timeout=15), sqlite3.connect(target, timeout=15)
    one.backup(other)
    one.close()
    other.close()
