"""The receiver of hooks, again on PostgreSQL."""

from collections.abc import Iterator

import pytest

from tests.core.links.conftest import here
from tests.core.links.conftest import sent
from tests.core.links.receiving import World
from tests.core.links.test_callback_order import *  # noqa: F403
from tests.core.links.test_callbacks import *  # noqa: F403
from tests.postgres.cluster import Cluster
from tests.postgres.kept import KeptOnPostgres

__all__ = ["here", "sent"]

pytestmark = pytest.mark.xdist_group("postgres")  # in place of the one that came along


@pytest.fixture(scope="module")
def world(cluster: Cluster, migrated: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The receiver's world, in a database of the cluster."""
    made = World(KeptOnPostgres(tmp_path_factory.mktemp("callbacks"), cluster, migrated))
    yield made
    made.kept.close()
