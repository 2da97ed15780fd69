"""One application over one database that is put back to its beginning between tests: milliseconds instead of migrations."""

from __future__ import annotations

from pathlib import Path

from core.app import create_app
from core.extensions import db
from core.hooks.hub import Hub
from tests import databases
from tests.conftest import make_config
from tests.usual import adopt
from tests.usual import leave


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
