"""`/p/ged/documents`: documents filed, found by what they say, described, replaced, deleted by programs (AU-03)."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import asdict
from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _l

from core.api import accounts
from core.api import contacts
from core.api import documents
from core.api import supports
from core.api.rest import Call
from core.api.rest import Reply
from core.api.rest import Resource
from core.api.rest import Slice
from core.api.web import also_reads
from plugins.ged import forms
from plugins.ged import owners
from plugins.ged import schemas as shapes
from plugins.ged import shelves

READ, WRITE = "documents:read", "documents:write"
DOCUMENTS = Resource(
    "ged_documents", _l("Documents (GED)"),
    _l("Documents des clients et de leurs comptes\u202f: classement, versions, recherche."), plugin="ged",
)  # fmt: skip
_BASE = "/p/ged/documents"
_ONE = f"{_BASE}/{{paper_id}}"


@DOCUMENTS.get(
    _BASE, _l("Lister ou chercher des documents"), shapes.FoundOut, asks=shapes.PaperQuery, paged=True, scope=READ,
    about=_l("En vigueur, les plus récents d'abord\u202f; la recherche ignore accents et pluriels."),
)  # fmt: skip
def listed(call: Call) -> Slice[Any]:
    """Those of a file, or of all clients that the owner sees."""
    asked = call.asked
    whose: Mapping[str, Sequence[str]] | None = None
    if asked.get("contact"):
        whose = owners.of_file(call.session, call.adviser, asked["contact"])[0]
    elif asked.get("owner"):
        whose = dict.fromkeys(shapes.OWNERS, (asked["owner"],))
    wanted = documents.finding.Wanted(
        asked.get("q", ""), asked.get("category", ""), asked.get("state", ""), asked.get("tag", ""), whose
    )
    found = documents.finding.following(call.session, call.adviser, wanted, call.after[0] if call.after else None, size=call.more)
    page = call.page(found.rows, lambda one: (one.id,))
    return Slice(tuple(_found(one, found) for one in page.items), page.last)


@DOCUMENTS.post(
    _BASE, _l("Déposer un document"), shapes.PaperOut, takes=shapes.PaperNew, status=201, scope=WRITE,
    about=_l("Un fichier que le dossier contient déjà n'est pas doublé\u202f: c'est ce document qui est répondu."),
)  # fmt: skip
def create(call: Call) -> Reply:
    """As «Ajouter»."""
    sent = call.taken
    owner = (sent["owner_kind"], sent["owner"])
    if owner[0] == "contact":
        contacts.get_contact(call.session, call.adviser, owner[1])
    elif owner[0] == "account":
        accounts.get_ref(call.session, call.adviser, owner[1])
    else:
        supports.directory.get(call.session, call.adviser, *owner)
    filed = documents.filing.add(call.session, call.adviser, owner, forms.read(sent), [sent["file"]], key=call.once or None)
    made = filed.made[0] if filed.made else filed.twins[0][1]
    return Reply(show(call, made.id), f"{_BASE}/{made.id}")


@DOCUMENTS.get(_ONE, _l("Lire la fiche d'un document"), shapes.PaperOut, scope=READ)
def show(call: Call, paper_id: str) -> Any:
    """What is known of it; its file is at `/documents/{document_id}/content`."""
    row = documents.get(call.session, call.adviser, paper_id)
    also_reads(row.owner_kind, row.owner_id)
    return row


@DOCUMENTS.patch(
    _ONE, _l("Modifier la fiche d'un document"), shapes.PaperOut, takes=shapes.PaperPatch, scope=WRITE,
    same="ged_documents_show",
)  # fmt: skip
def change(call: Call, paper_id: str) -> Any:
    """What was sent, and nothing else."""
    row = documents.filing.editable(call.session, call.adviser, paper_id)
    known = forms.read(forms.shown(row))
    documents.filing.change(call.session, call.adviser, paper_id, replace(known, **call.taken))
    return show(call, paper_id)


@DOCUMENTS.delete(_ONE, _l("Supprimer un document"), scope=WRITE, same="ged_documents_show")
def remove(call: Call, paper_id: str) -> None:
    """With its versions; it can be brought back."""
    documents.filing.remove(call.session, call.adviser, paper_id)


@DOCUMENTS.post(f"{_ONE}/restore", _l("Rétablir un document supprimé"), shapes.PaperOut, scope=WRITE)
def restore(call: Call, paper_id: str) -> Any:
    """As it was."""
    documents.filing.restore(call.session, call.adviser, paper_id)
    return show(call, paper_id)


@DOCUMENTS.get(f"{_ONE}/versions", _l("Lister les versions d'un document"), shapes.VersionsOut, scope=READ)
def versions(call: Call, paper_id: str) -> dict[str, Any]:
    """Each with its hash; each stays at its address."""
    return {"items": documents.filing.chain(call.session, show(call, paper_id))}


@DOCUMENTS.post(
    f"{_ONE}/versions", _l("Déposer une nouvelle version"), shapes.PaperOut, takes=shapes.VersionNew, status=201, scope=WRITE
)
def version_add(call: Call, paper_id: str) -> Reply:
    """It is in force from now on."""
    made = documents.filing.add_version(
        call.session, call.adviser, paper_id, call.taken["file"], expires_on=call.taken.get("expires_on"), key=call.once or None
    )
    return Reply(show(call, made.id), f"{_BASE}/{made.id}")


@DOCUMENTS.get(
    "/p/ged/references", _l("Lister supports, produits ou compagnies, et compter leurs documents"), shapes.ShelfOut,
    asks=shapes.ShelfQuery, paged=True, scope=READ, about=_l("Les plus documentés d'abord."),
)  # fmt: skip
def references(call: Call) -> Slice[Any]:
    """As «Documents des supports et des compagnies»: a page goes on from the number of those before it."""
    asked = call.asked
    first = int(call.after[0]) if call.after else 0
    kind, text = asked.get("kind") or "company", asked.get("q", "")
    rows = shelves.ordered(call.session, call.adviser, kind, text, start=first, size=call.more)
    page = call.page(rows, lambda one: (str(first + rows.index(one) + 1),))
    return Slice(tuple({**asdict(one.entry), "documents": one.count} for one in page.items), page.last)


def _found(row: documents.Document, found: documents.finding.Found) -> dict[str, Any]:
    names = (
        "id", "owner_kind", "owner_id", "category", "title", "filename", "media_type", "size", "sha256", "number", "current",
        "expires_on", "labels", "note", "hold", "created_at", "deleted_at",
    )  # fmt: skip
    said = found.excerpts.get(row.id)
    return {
        **{name: getattr(row, name) for name in names}, "text": found.texts.get(row.id, shapes.WAITING),
        "excerpt": f"{said.before}{said.met}{said.after}" if said else "",
    }  # fmt: skip
