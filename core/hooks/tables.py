"""Whether plugins' tables are those of their code: one whose migration failed, or was not run yet, is held back for all.

Its code would fail on every page; nothing of it is called instead, and it comes back by itself once `encours db upgrade`
went well (PL-05). Asked at the first need, never while an application is made: the database may not be there yet.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping

from sqlalchemy.exc import SQLAlchemyError

from core.db import migrate
from core.extensions import db
from core.hooks.specs import Plugin

#: Seconds after which what was behind is looked at again.
AGAIN = 5.0


class Tables:
    """The plugins of one registry that are held back. What is up to date is not asked again: code changes at a start."""

    def __init__(self) -> None:
        self._behind: frozenset[str] | None = None
        self._asked = 0.0
        self._lock = threading.Lock()

    def behind(self, plugins: Mapping[str, Plugin]) -> frozenset[str]:
        """Names of those whose tables are not of this version; all that own tables where the database does not answer."""
        known = self._behind
        if known is not None and (not known or time.monotonic() - self._asked < AGAIN):
            return known
        with self._lock:
            if self._behind is known:
                self._behind, self._asked = _found(plugins), time.monotonic()
        return self._behind or frozenset()

    def forget(self) -> None:
        """Look again at the next need: tables were made, or a plugin came."""
        self._behind = None


def _found(plugins: Mapping[str, Plugin]) -> frozenset[str]:
    owners = [(name, plugin.migrations) for name, plugin in plugins.items() if plugin.migrations is not None]
    try:
        return frozenset(name for name, folder in owners if migrate.is_behind(db, name, folder))
    except SQLAlchemyError:
        return frozenset(name for name, _folder in owners)
