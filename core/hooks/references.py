"""Which columns name a row of the book of record: core's own tables declare theirs here, plugins by `Plugin.references`.

A merge, an erasure, an export go by this one list. A noun of core declares its tables beside its models, in one line:
`references.declare(Ref("account_role", "contact_id", to="contact", on_conflict="drop"))`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.db.errors import Conflict
from core.db.session import TenantSession
from core.hooks import telling
from core.hooks.declared import Ref

_own: dict[tuple[str, str], Ref] = {}


@dataclass(frozen=True, slots=True)
class Dropped:
    """A row that a merge takes away, because the kept contact has one that says the same."""

    table: str
    row: Any
    twin: Any | None


#: What a noun does besides, in the merge's transaction, before the rows that go are deleted. It writes by `write(row, name,
#: value)`, so that the merge can be taken back. Arguments: session, the kept contact's id, the dropped rows, `write`.
Write = Callable[[Any, str, Any], None]
Settle = Callable[[TenantSession, str, tuple[Dropped, ...], Write], None]
_settling: list[Settle] = []


def declare(*refs: Ref) -> None:
    """Make columns of core's own tables known."""
    _own.update({(ref.table, ref.column): ref for ref in refs})


def settling(function: Settle) -> Settle:
    """Register what a noun sets right when two contacts become one."""
    if function not in _settling:
        _settling.append(function)
    return function


#: What is reckoned anew once two contacts are one, or are two again: session, the contacts that are there.
Afterwards = Callable[..., None]
_afterwards: list[Afterwards] = []


def afterwards(function: Afterwards) -> Afterwards:
    """Register what reckons anew at the end of a merge, and of its undoing, in its transaction: `(session, *contact_ids)`."""
    if function not in _afterwards:
        _afterwards.append(function)
    return function


def reckon(session: TenantSession, *contact_ids: str) -> None:
    """All that was registered, of these contacts."""
    for function in _afterwards:
        function(session, *contact_ids)


def settlers() -> tuple[Settle, ...]:
    """All that were registered."""
    return tuple(_settling)


def own(to: str) -> tuple[Ref, ...]:
    """Core's columns that name this noun."""
    return tuple(ref for ref in _own.values() if ref.to == to)


def every(to: str) -> tuple[Ref, ...]:
    """Core's, and those of every plugin that is installed, whether the cabinet has it on or not: its rows are there.

    Raises `Conflict` where a plugin that has some waits for its tables.
    """
    found = list(own(to))
    if not telling.ready():
        return tuple(found)
    registry = telling.hub().registry
    behind = registry.tables.behind(registry.plugins)
    for name, plugin in registry.plugins.items():
        named = [ref for ref in plugin.references if ref.to == to]
        if named and name in behind:
            raise Conflict(
                f"Le module «\u202f{plugin.title}\u202f» attend la mise à jour de ses tables\u202f: rien n'a été modifié. "
                "Réessayez quand elle sera faite, ou prévenez votre administrateur."
            )
        found += named
    return tuple(found)
