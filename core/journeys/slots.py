"""Document slots: what each accepts is an upload rule. All that a slot can ask for is registered at the start, since the
file may reach another process than the one that drew the page."""

from __future__ import annotations

from itertools import combinations
from typing import get_args
from typing import get_type_hints

from core.documents import uploads
from core.documents.uploads import Held
from core.documents.uploads import Rule
from core.hooks.errors import ProtocolError
from core.hooks.journeys import KINDS
from core.hooks.journeys import Attached
from core.hooks.journeys import DocumentSlot

INITIATE = "transactions.initiate"
SIZES: tuple[int, ...] = get_args(get_type_hints(DocumentSlot)["most"])
_MIB = 1024 * 1024
_MEDIA = {"pdf": "application/pdf", "jpeg": "image/jpeg", "png": "image/png"}


def _name(kinds: tuple[str, ...], most: int) -> str:
    return f"journeys.{'-'.join(kinds)}.{most}"


for _count in range(1, len(KINDS) + 1):
    for _kinds in combinations(KINDS, _count):
        for _most in SIZES:
            uploads.rule(
                _name(_kinds, _most), permission=INITIATE, types=tuple(_MEDIA[one] for one in _kinds), max_bytes=_most * _MIB
            )


def rule(slot: DocumentSlot) -> Rule:
    """What the slot accepts. Raises `ProtocolError` for kinds that nothing can tell."""
    kinds = tuple(one for one in KINDS if one in slot.accepts)
    found = uploads.RULES.get(_name(kinds, slot.most))
    if found is None or set(slot.accepts) - set(KINDS):
        raise ProtocolError(f"Le module demande un document d'un format inconnu («{slot.label}»).")
    return found


def attached(slot: DocumentSlot, held: Held) -> Attached:
    """The file as the plugin gets it."""
    return Attached(slot.key, held.filename, held.media_type, held.size, held.sha256, held.read)
