"""Which partner link serves which account. Since 1.0."""

from __future__ import annotations

from core.links.account_links import attach
from core.links.account_links import linked

__all__ = ["attach", "linked"]
