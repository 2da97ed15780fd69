"""Accounts and supports, their lists and exact sums, again on PostgreSQL."""

from tests.core.accounts.book import book
from tests.core.accounts.book import statements
from tests.core.accounts.test_holders import *  # noqa: F403
from tests.core.accounts.test_lists import *  # noqa: F403
from tests.core.accounts.test_writes import *  # noqa: F403
from tests.core.supports.test_lists import *  # noqa: F403
from tests.core.supports.test_supports import *  # noqa: F403

__all__ = ["book", "statements"]
