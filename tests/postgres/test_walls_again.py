"""The first wall of tenancy, again on PostgreSQL: the same tests, another engine."""

from tests.core.db.test_walls import *  # noqa: F403
