"""Tell people something, each fact once. Since 1.0."""

from __future__ import annotations

from core.shell.notifications import notify
from core.shell.notifications import notify_administrators
from core.shell.notifications import notify_holders
from core.shell.notifications import settled

__all__ = ["notify", "notify_administrators", "notify_holders", "settled"]
