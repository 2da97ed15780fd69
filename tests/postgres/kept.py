"""`tests.kept.Kept` on PostgreSQL: the rows of a database of its own are put back between tests."""

from __future__ import annotations

from pathlib import Path

from core.app import create_app
from core.extensions import db
from core.hooks.hub import Hub
from tests.conftest import make_config
from tests.kept import Kept
from tests.kept import adopt
from tests.postgres.cluster import Cluster


class KeptOnPostgres(Kept):
    """The same, with a database of the cluster in place of a file; `migrated`: the template of an empty one."""

    def __init__(self, folder: Path, cluster: Cluster, migrated: str) -> None:
        self.folder = folder
        self.cluster = cluster
        self.name = cluster.create(migrated)
        self.config = make_config(folder, database_url=cluster.url(self.name))
        self.app = create_app(self.config)
        self.hub: Hub = self.app.extensions["encours_hub"]

    def keep(self) -> None:
        """What `enter` comes back to."""
        db.close()
        self.cluster.keep(self.name)

    def enter(self) -> None:
        """This process's application again, its database as it was kept."""
        db.close()
        self.cluster.renew(self.name)
        adopt(self.app, self.config)

    def close(self) -> None:
        super().close()
        self.cluster.drop(self.name)
