"""Double submits: a form that creates carries the key of what it will create, so that a second arrival finds it made."""

from __future__ import annotations

import re

from core.db.model import new_id


def token() -> str:
    """A key for a new form."""
    return new_id()


def once(sent: str) -> str:
    """The key that a form came with; a new one where it bears none that could be ours."""
    return sent if re.fullmatch(r"[0-9a-hjkmnp-tv-z]{26}", sent) else new_id()
