"""`/imports`: a file received, mapped, counted, written, followed, undone (AC-02)."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from core.db.errors import DomainError
from core.imports import services
from core.imports import states
from core.imports import targets
from core.imports.models import ImportRun
from core.resources import import_schemas as shapes
from core.rest.operations import Call
from core.rest.operations import Reply
from core.rest.operations import Resource
from core.rest.operations import Slice
from core.shell.gate import current_context
from core.shell.gate import own_context

IMPORTS = Resource("imports", _l("Imports"), _l("Un fichier CSV, Excel ou vCard qui devient des fiches, et se laisse annuler."))
WRITE = "contacts:write"


@IMPORTS.get("/imports", _l("Lister les imports"), shapes.ImportOut, paged=True, scope=WRITE)
def listed(call: Call) -> Slice[Any]:
    """One's own, the newest first; everybody's for an administrator."""
    keys = [one.target.key for one in targets.every(current_context().enabled) if call.adviser.can(one.target.permission)]
    rows = services.listed(call.session, call.adviser, limit=call.more, after=call.after, targets=keys)
    found = call.page(rows, lambda one: (one.id,))
    return Slice(tuple(_told(row) for row in found.items), found.last)


@IMPORTS.post(
    "/imports", _l("Envoyer un fichier"), shapes.ImportOut, takes=shapes.ImportNew, scope=WRITE, status=201,
    about=_l("Rien n'est écrit\u202f: associez les colonnes, lisez l'aperçu, puis lancez."),
)  # fmt: skip
def receive(call: Call) -> Reply:
    """The columns are mapped as the same heads were before, else by their heads."""
    known = targets.find(str(call.taken["target"]), current_context().enabled, call.adviser)
    sent = call.taken["file"]
    call.session.rollback()  # reading it is slow work: nothing is held meanwhile
    found = services.opened(sent.filename, sent.data)
    row = services.receive(call.session, call.adviser, known, found, import_id=call.once)
    return Reply(_told(row), location=f"/imports/{row.id}")


@IMPORTS.get("/imports/{import_id}", _l("Lire un import"), shapes.ImportOut, scope=WRITE)
def show(call: Call, import_id: str) -> dict[str, Any]:
    """Where it stands."""
    return _told(_row(call, import_id))


@IMPORTS.post(
    "/imports/{import_id}/mapping", _l("Associer les colonnes et vérifier"), shapes.ImportOut, takes=shapes.MappingTaken,
    scope=WRITE, about=_l("La vérification se fait en arrière-plan\u202f: lisez l'import jusqu'à l'état checked."),
)  # fmt: skip
def choose(call: Call, import_id: str) -> dict[str, Any]:
    """Which column fills which field; remembered for the source."""
    row = _row(call, import_id)
    known = targets.find(row.target, current_context().enabled, call.adviser)
    heads = {head: place for place, head in enumerate(row.settings["read"]["heads"])}
    chosen: dict[str, int] = {}
    for one in call.taken["columns"]:
        if one["head"] not in heads:
            raise DomainError(f"Le fichier n'a pas de colonne «\u202f{one['head']}\u202f».", field="columns")
        if one["field"] not in known.fields or one["field"] in chosen:
            raise DomainError(f"Champ inconnu, ou donné deux fois\u202f: {one['field']}.", field="columns")
        chosen[one["field"]] = heads[one["head"]]
    rules: dict[str, Any] = {name: str(call.taken[name]) for name in (*services.CHOICES, "owner") if call.taken.get(name)}
    rules |= {"ticks": list(call.taken.get("ticks") or ())}
    for one in call.taken.get("constants") or ():
        if one["field"] not in known.fields or not known.fields[one["field"]].constant:
            raise DomainError(f"Ce champ n'a pas de valeur pour toutes les lignes\u202f: {one['field']}.", field="constants")
        rules[one["field"]] = one["value"]
    if "owner" in rules and rules["owner"] not in _owners(known):
        raise DomainError("Choisissez un collaborateur de votre cabinet.", field="owner")
    services.choose(call.session, call.adviser, import_id, known, chosen, rules, source=str(call.taken.get("source") or ""))
    return _told(_row(call, import_id))


@IMPORTS.get("/imports/{import_id}/preview", _l("Lire l'aperçu"), shapes.PreviewOut, scope=WRITE)
def preview(call: Call, import_id: str) -> dict[str, Any]:
    """Counts, and the first lines of each kind."""
    row = _row(call, import_id)
    lines = [
        {**one, "read": [{"label": label, "text": text} for label, text in one["values"]]}
        for one in (row.tally.get("shown", ()) if row.state in states.OPEN else ())
    ]
    return {"state": row.state, "counts": _counts(row), "lines": lines}


@IMPORTS.post("/imports/{import_id}/run", _l("Lancer ou reprendre"), shapes.ImportOut, scope=WRITE)
def begin(call: Call, import_id: str) -> dict[str, Any]:
    """In the background, batch by batch."""
    _row(call, import_id)
    services.begin(call.session, call.adviser, import_id)
    return _told(_row(call, import_id))


@IMPORTS.post("/imports/{import_id}/stop", _l("Arrêter"), shapes.ImportOut, scope=WRITE)
def stop(call: Call, import_id: str) -> dict[str, Any]:
    """After the batch at hand."""
    _row(call, import_id)
    services.stop(call.session, call.adviser, import_id)
    return _told(_row(call, import_id))


@IMPORTS.post("/imports/{import_id}/undo", _l("Annuler tout l'import"), shapes.ImportOut, scope=WRITE)
def undo(call: Call, import_id: str) -> dict[str, Any]:
    """What was changed since is kept, and told by the lines."""
    _row(call, import_id)
    services.undo(call.session, call.adviser, import_id)
    return _told(_row(call, import_id))


@IMPORTS.get(
    "/imports/{import_id}/lines", _l("Lire ce que les lignes ont fait"), shapes.DoneLineOut, asks=shapes.LinesQuery, paged=True,
    scope=WRITE,
)  # fmt: skip
def lines(call: Call, import_id: str) -> Slice[Any]:
    """By number, with the reason of those that did nothing."""
    _row(call, import_id)
    asked = call.asked.get("action")
    after = int(call.after[0]) if call.after else 0
    actions = (asked,) if asked else shapes.ACTIONS
    return call.page(
        services.lines(call.session, call.adviser, import_id, actions, limit=call.more, after=after), lambda one: (one.number,)
    )


@IMPORTS.delete("/imports/{import_id}", _l("Abandonner un import"), scope=WRITE)
def give_up(call: Call, import_id: str) -> None:
    """One of which nothing was written."""
    _row(call, import_id)
    services.give_up(call.session, call.adviser, import_id)


def _row(call: Call, import_id: str) -> ImportRun:
    row = services.get(call.session, call.adviser, import_id)
    targets.find(row.target, current_context().enabled, call.adviser)
    return row


def _owners(known: targets.Known) -> dict[str, str]:
    return dict(known.target.owners(own_context(known.plugin))) if known.target.owners is not None else {}


def _counts(row: ImportRun) -> dict[str, int]:
    found = row.tally.get("counts", {}) if row.state in states.OPEN else row.tally
    return {key: int(found.get(key, 0)) for key in states.DONE}


def _told(row: ImportRun) -> dict[str, Any]:
    by_place = {place: key for key, place in row.settings["mapping"].items()}
    rules = row.settings["rules"]
    asked = {one.target.key: one for one in targets.every(current_context().enabled)}[row.target].choices
    return {
        "id": row.id, "target": row.target, "source": row.source, "filename": row.filename, "state": row.state,
        "lines": row.count, "position": row.position, "counts": _counts(row), "trouble": row.trouble,
        "columns": [
            {"head": head, "field": by_place.get(place)} for place, head in enumerate(row.settings["read"]["heads"])
        ],
        **{
            name: rules.get(name) or next(iter(asked[name].codes if name in asked else codes))
            for name, codes in services.CHOICES.items()
        },
        "ticks": rules.get("ticks", []),
        "kept": row.tally.get("kept", 0), "created_at": row.created_at, "ended_at": row.ended_at,
    }  # fmt: skip
