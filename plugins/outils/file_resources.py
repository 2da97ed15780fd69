"""`/p/outils/files`: EMT, EPT and EET files sent, compared, applied, taken back by programs (OU-09)."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from core.api import supports
from core.api.rest import Call
from core.api.rest import Given
from core.api.rest import Reply
from core.api.rest import Resource
from core.api.rest import Slice
from core.api.rest import Taken
from core.api.rest import schemas
from plugins.outils import fed_reading
from plugins.outils.file_views import RULE

WRITE = "accounts:write"
FILES = Resource(
    "outils_files", _l("Fichiers de supports"), _l("Fichiers EMT, EPT et EET des sociétés de gestion."), plugin="outils"
)
_BASE = "/p/outils/files"
_ONE = f"{_BASE}/{{file_id}}"
#: Changes that an answer holds: all of them are applied.
MOST = 1_000


class FileNew(Taken):
    """A file, as a form of parts."""

    file = schemas.ask_file(_l("Fichier EMT, EPT ou EET, CSV ou XLSX"), RULE, missing=_l("Joignez le fichier à lire."))


class FindingOut(Given):
    """Something that is wrong, or worth saying."""

    severity = schemas.string(codes=("error", "warning", "info"))
    place = schemas.string(_l("Ligne et champ"))
    text = schemas.string()


class ChangeOut(Given):
    """A value that the file would change."""

    support_id = schemas.string()
    isin = schemas.string()
    key = schemas.string(codes=supports.fact_keys.KEYS, source="key.code")
    before = schemas.string(_l("Ce qui fait foi aujourd'hui\u202f; vide\u202f: rien"))
    after = schemas.string(_l("Ce que dit le fichier"))
    as_of = schemas.day(source="on")
    line = schemas.whole()
    kept = schemas.flag(_l("Une saisie fait foi, et reste"))


class FileOut(Given):
    """A file: what is wrong in it, what it would change or changed."""

    id = schemas.string()
    name = schemas.string()
    sha256 = schemas.string()
    version = schemas.string(_l("Gabarit et version"))
    state = schemas.string(codes=supports.file_models.STATES)
    sent_by = schemas.string()
    sent_at = schemas.moment(null=False)
    ended_at = schemas.moment()
    written = schemas.whole(_l("Valeurs écrites"))
    same = schemas.whole(_l("Valeurs déjà connues"))
    absent = schemas.texts(_l("ISIN absents du cabinet, les mille premiers"))
    findings = schemas.many(FindingOut)
    changes = schemas.many(ChangeOut, _l("Les mille premières différences, tant qu'il est à appliquer"))


class FileLine(Given):
    """A file in a list."""

    id = schemas.string()
    name = schemas.string()
    version = schemas.string()
    state = schemas.string(codes=supports.file_models.STATES)
    sent_at = schemas.moment(null=False)


@FILES.get(_BASE, _l("Lister les fichiers de supports"), FileLine, paged=True, scope=WRITE)
def listed(call: Call) -> Slice[Any]:
    """The newest first."""
    after = call.after[0] if call.after else None
    return call.page(supports.files.listed(call.session, after=after, most=call.more), lambda one: (one.id,))


@FILES.post(
    _BASE, _l("Envoyer un fichier de supports"), FileOut, takes=FileNew, status=201, scope=WRITE,
    about=_l("Rien n'est écrit\u202f: lisez les différences, puis appliquez."),
)  # fmt: skip
def receive(call: Call) -> Reply:
    """As «Lire et comparer»."""
    sent = call.taken["file"]
    call.session.rollback()  # reading it is slow work: nothing is held meanwhile
    found = fed_reading.read(sent.filename, sent.data)
    row = supports.files.receive(call.session, call.adviser, found, file_id=call.once or None)
    return Reply(show(call, row.id), f"{_BASE}/{row.id}")


@FILES.get(_ONE, _l("Lire un fichier de supports"), FileOut, scope=WRITE)
def show(call: Call, file_id: str) -> dict[str, Any]:
    """Where it stands, what it would change."""
    row = supports.files.get(call.session, file_id)
    found = supports.files.preview(call.session, row) if row.state == "LU" else None
    names = ("id", "name", "sha256", "version", "state", "sent_by", "sent_at", "ended_at")
    return {
        **{name: getattr(row, name) for name in names}, "written": len(row.done.get("items", ())),
        "same": found.same if found else row.done.get("same", 0),
        "absent": [one.isin for one in found.unknown[:MOST]] if found else [],
        "findings": supports.files.findings(row), "changes": found.changes[:MOST] if found else (),
    }  # fmt: skip


@FILES.post(f"{_ONE}/apply", _l("Appliquer un fichier de supports"), FileOut, scope=WRITE)
def apply(call: Call, file_id: str) -> dict[str, Any]:
    """All of it."""
    supports.files.apply(call.session, call.adviser, file_id)
    return show(call, file_id)


@FILES.post(f"{_ONE}/undo", _l("Annuler un fichier de supports"), FileOut, scope=WRITE)
def undo(call: Call, file_id: str) -> dict[str, Any]:
    """What was there before stands again; what changed since stays."""
    supports.files.undo(call.session, call.adviser, file_id)
    return show(call, file_id)


@FILES.delete(_ONE, _l("Oublier un fichier qui n'est pas appliqué"), scope=WRITE)
def drop(call: Call, file_id: str) -> None:
    """Nothing of it was written."""
    supports.files.drop(call.session, call.adviser, file_id)
