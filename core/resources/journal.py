"""`/journal`: the cabinet's journal, a line of it, whether its chain holds (US-02)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask_babel import lazy_gettext as _l

from core import config
from core.admin import journal
from core.admin import journal_content
from core.cabinets import anchors
from core.cabinets import profiles
from core.resources import admin_schemas as shapes
from core.rest.operations import Call
from core.rest.operations import Resource
from core.rest.operations import Slice
from core.shell.gate import hub

JOURNAL = Resource("journal", _l("Journal"), _l("Qui a fait quoi, quand\u202f: une chaîne que rien n'efface."))
READ = "administration:read"


@JOURNAL.get(
    "/journal", _l("Lister le journal"), shapes.EntryOut, asks=shapes.JournalQuery, paged=True, scope=READ,
    about=_l("Les plus récentes d'abord. Les noms des clients sont dits aussi loin que vont vos droits."),
)  # fmt: skip
def listed(call: Call) -> Slice[Any]:
    """The newest first."""
    asked = call.asked
    wanted = journal.Asked(
        asked.get("since"), asked.get("until"), asked.get("actor"), asked.get("action"), asked.get("kind"), asked.get("q", "")
    )
    edge = call.after[0] if call.after else None
    rows = journal.before_seq(call.session, call.adviser, wanted, _titles(), edge, size=call.more)
    return call.page(rows, lambda one: (one.seq,))


@JOURNAL.get("/journal/verification", _l("Vérifier la chaîne"), shapes.CheckOut, scope=READ)
def check(call: Call) -> dict[str, Any]:
    """As `encours verify-audit` does."""
    found = anchors.verify(call.session, Path(config.current().var_dir))
    return {"ok": found.fault is None, "entries": found.entries, "purged": found.purged, "fault": found.fault}


@JOURNAL.get("/journal/{entry_id}", _l("Lire une entrée du journal"), shapes.EntryFileOut, scope=READ)
def show(call: Call, entry_id: str) -> dict[str, Any]:
    """One line whole."""
    found = journal.entry(call.session, call.adviser, entry_id, _titles())
    names = journal.people(call.session) | profiles.labels(call.session)
    rows = journal_content.rows(found.code, found.payload, names) if found.payload is not None else []
    return {
        "line": found.line, "code": found.code, "rows": rows, "shown": found.payload is not None, "purged": found.purged,
        "hash": found.hash, "previous": found.previous,
    }  # fmt: skip


def _titles() -> dict[str, str]:
    return {name: one.title for name, one in hub().registry.plugins.items()}
