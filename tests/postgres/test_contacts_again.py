"""Contacts, notifications, live events, transactions' notices and guards, again on PostgreSQL."""

from tests.core.accounts.book import book
from tests.core.accounts.book import statements
from tests.core.contacts.test_contacts import *  # noqa: F403
from tests.core.contacts.test_lists import *  # noqa: F403
from tests.core.live.test_events import *  # noqa: F403
from tests.core.shell.test_notifications import *  # noqa: F403
from tests.core.shell.test_saved_views import *  # noqa: F403
from tests.plugins.portefeuille.conftest import portfolio
from tests.plugins.portefeuille.test_guards import *  # noqa: F403
from tests.plugins.portefeuille.test_notices import *  # noqa: F403

__all__ = ["book", "portfolio", "statements"]
