from __future__ import annotations
from dataclasses import dataclass
@dataclass
class Blocked:
    reason: str
    text: str
    remedy: str
    url: str | None = None
def usable(session, plugin, user_id): return Blocked("mandate_inactive","Pas de mandat.","Demandez.")
def due_on(session, plugin): return None
def apply_view(*a): ...
def activate_by_hand(*a, **k): ...
