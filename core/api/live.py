"""Open pages that show a part which has changed fetch it anew, at once. Since 1.0.

The part is an element with `data-live-part` (its name) and `data-live-src` (the address that answers it alone).
"""

from __future__ import annotations

from core.db import current
from core.live import events

__all__ = ["changed"]


def changed(part: str, *, about: tuple[str, str]) -> None:
    """Tell it once the transaction at hand is committed. `about`: («contact», id): only who sees that is told."""
    events.publish(current.session(), "part", {"part": part}, about=about)
