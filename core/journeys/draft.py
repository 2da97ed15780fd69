"""What is typed in a journey: encrypted in the vault while it is needed, then forgotten."""

from __future__ import annotations

import json
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from core.cabinets import vault
from core.db.session import TenantSession

FIELD = "draft"


@dataclass
class Draft:
    """`typed`: step → field → what was typed, as text. `files`: slot → the file that waits. `errors`, `said`: the partner's
    refusal, by field or slot, and as a whole; what was corrected since is taken out."""

    typed: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    said: str = ""


def read(session: TenantSession, journey_id: str) -> Draft:
    """The draft; an empty one where nothing was typed yet, or all is forgotten."""
    kept = vault.unseal(session, _owner(journey_id), FIELD)
    return Draft(**json.loads(kept)) if kept is not None else Draft()


def keep(session: TenantSession, journey_id: str, draft: Draft) -> None:
    """Keep it in the caller's transaction."""
    vault.seal(session, _owner(journey_id), FIELD, json.dumps(asdict(draft), ensure_ascii=False).encode())


def forget(session: TenantSession, journey_id: str) -> None:
    """Nothing of what was typed is kept."""
    vault.forget(session, _owner(journey_id))


def _owner(journey_id: str) -> str:
    return f"journey:{journey_id}"
