"""The database for plugins: their own tables' base, the session at hand, exact columns. Since 1.0."""

from __future__ import annotations

from core.db.clock import day_of
from core.db.clock import now
from core.db.clock import today
from core.db.current import session
from core.db.errors import Conflict
from core.db.errors import DomainError
from core.db.errors import Forbidden
from core.db.errors import NotFound
from core.db.model import Model
from core.db.model import belongs
from core.db.model import of_cabinet
from core.db.session import TenantSession
from core.db.types import Money
from core.db.types import Quantity
from core.db.types import Ratio

__all__ = [
    "Conflict", "DomainError", "Forbidden", "Model", "Money", "NotFound", "Quantity", "Ratio", "TenantSession", "belongs",
    "day_of", "now", "of_cabinet", "session", "today",
]  # fmt: skip
