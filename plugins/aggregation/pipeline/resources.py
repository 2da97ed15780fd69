"""`/p/aggregation/files` and `/p/aggregation/accounts`: feeds for programs (AGG-01, AGG-02)."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from core.api import Context
from core.api import accounts
from core.api.db import Forbidden
from core.api.rest import Call
from core.api.rest import Reply
from core.api.rest import Resource
from core.api.rest import Slice
from core.api.web import own_context
from plugins.aggregation.pipeline import files
from plugins.aggregation.pipeline import jobs
from plugins.aggregation.pipeline import linking
from plugins.aggregation.pipeline import rows
from plugins.aggregation.pipeline import schemas as shapes
from plugins.aggregation.pipeline import sources
from plugins.aggregation.pipeline import tracing
from plugins.aggregation.pipeline.models import FeedAccount
from plugins.aggregation.pipeline.models import FeedFile

READ, WRITE = "accounts:read", "accounts:write"
FEEDS = Resource(
    "aggregation_feeds", _l("Flux"), _l("Fichiers des partenaires\u202f: lus, rattachés, appliqués, repris."),
    plugin="aggregation",
)  # fmt: skip
_LATER = _l("Le travail se fait en arrière-plan\u202f: lisez le fichier jusqu'à ce que son état change.")


@FEEDS.get("/p/aggregation/files", _l("Lister les fichiers"), shapes.FileOut, paged=True, scope=WRITE)
def listed(call: Call) -> Slice[FeedFile]:
    """One's own, the newest first; everybody's for an administrator."""
    after = call.after[0] if call.after else None
    return call.page(files.listed(call.session, call.adviser, limit=call.more, after=after), lambda one: (one.id,))


@FEEDS.post(
    "/p/aggregation/files", _l("Déposer un fichier"), shapes.FileOut, takes=shapes.FileNew, scope=WRITE, status=201, about=_LATER
)  # fmt: skip
def receive(call: Call) -> Reply:
    """Kept, then read; the same file again is the same."""
    sent = call.taken["file"]
    row = files.receive(call.session, call.adviser, sent.filename, sent.data)
    _order(call, row)
    return Reply(row, location=f"/p/aggregation/files/{row.id}")


@FEEDS.get("/p/aggregation/files/{feed_id}", _l("Lire un fichier"), shapes.FileOut, scope=WRITE)
def show(call: Call, feed_id: str) -> FeedFile:
    """Where it stands."""
    return files.get(call.session, call.adviser, feed_id)


@FEEDS.get(
    "/p/aggregation/files/{feed_id}/accounts", _l("Lire ce qu'un fichier dit des comptes"), shapes.StepOut, paged=True,
    scope=WRITE,
)  # fmt: skip
def steps(call: Call, feed_id: str) -> Slice[rows.Step]:
    """In the file's order."""
    row = files.get(call.session, call.adviser, feed_id)
    after = int(call.after[0]) if call.after else -1
    found = files.steps(call.session, row, limit=call.more, after=after)
    refs = files.refs(call.session, call.adviser, found)
    return call.page([rows.step(*one, refs) for one in found], lambda one: (one.rank,))


@FEEDS.post("/p/aggregation/files/{feed_id}/apply", _l("Appliquer un fichier"), shapes.FileOut, scope=WRITE, about=_LATER)
def apply(call: Call, feed_id: str) -> FeedFile:
    """Write all that is attached, in one transaction."""
    row = files.get(call.session, call.adviser, feed_id)
    files.begin(call.session, call.adviser, row, "ECRITURE")
    return _order(call, row)


@FEEDS.post("/p/aggregation/files/{feed_id}/undo", _l("Annuler un fichier"), shapes.FileOut, scope=WRITE, about=_LATER)
def undo(call: Call, feed_id: str) -> FeedFile:
    """Take back what it wrote and nobody changed since."""
    row = files.get(call.session, call.adviser, feed_id)
    files.begin(call.session, call.adviser, row, "REPRISE")
    return _order(call, row)


@FEEDS.post("/p/aggregation/files/{feed_id}/put-aside", _l("Écarter un fichier"), shapes.FileOut, scope=WRITE)
def put_aside(call: Call, feed_id: str) -> FeedFile:
    """Want nothing of it."""
    row = files.get(call.session, call.adviser, feed_id)
    files.put_aside(call.session, call.adviser, row)
    return row


@FEEDS.get("/p/aggregation/accounts", _l("Lister les comptes à rattacher"), shapes.FeedAccountOut, paged=True, scope=WRITE)
def waiting(call: Call) -> Slice[FeedAccount]:
    """Those of one's own files of which nobody said yet which of ours they are."""
    after = call.after[0] if call.after else None
    return call.page(files.waiting(call.session, call.adviser, limit=call.more, after=after), lambda one: (one.id,))


@FEEDS.get("/p/aggregation/accounts/{feed_account_id}", _l("Lire un compte de flux"), shapes.SuggestedOut, scope=WRITE)
def account(call: Call, feed_account_id: str) -> dict[str, Any]:
    """With the accounts that it may be, the likeliest first."""
    return _told(call, files.account(call.session, call.adviser, feed_account_id))


@FEEDS.post(
    "/p/aggregation/accounts/{feed_account_id}/attach", _l("Rattacher un compte de flux"), shapes.SuggestedOut,
    takes=shapes.AttachIn, scope=WRITE,
)  # fmt: skip
def attach(call: Call, feed_account_id: str) -> dict[str, Any]:
    """Say which of our accounts it is."""
    row = files.account(call.session, call.adviser, feed_account_id)
    linking.attach(call.session, call.adviser, row, call.taken["account_id"])
    return _told(call, row)


@FEEDS.post(
    "/p/aggregation/accounts/{feed_account_id}/create", _l("Créer le compte d'un flux"), shapes.SuggestedOut,
    takes=shapes.CreateIn, scope=WRITE,
)  # fmt: skip
def create(call: Call, feed_account_id: str) -> dict[str, Any]:
    """Make it for a contact, and attach it."""
    row = files.account(call.session, call.adviser, feed_account_id)
    linking.create(call.session, call.adviser, row, call.taken["contact_id"], call.taken["envelope"])
    return _told(call, row)


@FEEDS.post("/p/aggregation/accounts/{feed_account_id}/ignore", _l("Ignorer un compte de flux"), shapes.SuggestedOut, scope=WRITE)
def ignore(call: Call, feed_account_id: str) -> dict[str, Any]:
    """Want nothing of what any file tells of it."""
    row = files.account(call.session, call.adviser, feed_account_id)
    linking.detach(call.session, call.adviser, row, "IGNORE")
    return _told(call, row)


@FEEDS.post(
    "/p/aggregation/accounts/{feed_account_id}/detach", _l("Détacher un compte de flux"), shapes.SuggestedOut, scope=WRITE
)  # fmt: skip
def detach(call: Call, feed_account_id: str) -> dict[str, Any]:
    """Our account keeps what it was told."""
    row = files.account(call.session, call.adviser, feed_account_id)
    linking.detach(call.session, call.adviser, row)
    return _told(call, row)


@FEEDS.get(
    "/p/aggregation/origins/{account_id}", _l("Lire la provenance des chiffres"), shapes.OriginOut, paged=True, scope=READ
)  # fmt: skip
def origins(call: Call, account_id: str) -> Slice[tracing.Told]:
    """Which file and which line each figure of an account comes from, the newest first."""
    accounts.card(call.session, call.adviser, account_id)
    return call.among(tracing.of_account(call.session, account_id), lambda one: one.file_id)


@FEEDS.get("/p/aggregation/sources", _l("Lister les sources lues"), shapes.SourceOut, paged=True, scope=WRITE)
def sources_listed(call: Call) -> Slice[sources.Source]:
    """Those that the cabinet's modules ask, each with how its last reading ended."""
    return call.among(sources.listed(own_context("aggregation"), call.session), lambda one: one.plugin)


@FEEDS.post(
    "/p/aggregation/sources/{plugin}/refresh", _l("Lire une source maintenant"), shapes.SourceOut, scope="partners:write",
    about=_l("Le travail se fait en arrière-plan\u202f: lisez les sources jusqu'à ce que l'état change."),
)  # fmt: skip
def source_refresh(call: Call, plugin: str) -> sources.Source:
    """Its portfolios are read from the beginning; what is known already is not written twice."""
    ctx = _for_all(call)
    sources.begin(ctx, call.session, call.adviser, plugin)
    return sources.one(ctx, call.session, plugin)


@FEEDS.post(
    "/p/aggregation/sources/{plugin}/key", _l("Confirmer la clé du serveur SFTP"), shapes.SourceOut, takes=shapes.KeyIn,
    scope="partners:write",
)  # fmt: skip
def source_key(call: Call, plugin: str) -> sources.Source:
    """Trusted from now on, after a person compared it; the server is read."""
    ctx = _for_all(call)
    sources.confirm(ctx, call.session, call.adviser, plugin, call.taken["fingerprint"])
    return sources.one(ctx, call.session, plugin)


def _for_all(call: Call) -> Context:
    """This module's context, for who may change all accounts. Raises `Forbidden`."""
    if not sources.may(call.adviser):
        raise Forbidden("Cette lecture écrit les comptes de tout le cabinet\u202f: elle demande le droit sur tous les comptes.")
    return own_context("aggregation")


def _order(call: Call, row: FeedFile) -> FeedFile:
    if row.state in files.WORKING:
        jobs.order(own_context("aggregation"), row, call.adviser.user_id)
    return row


def _told(call: Call, row: FeedAccount) -> dict[str, Any]:
    names = ("id", "number", "label", "company", "currency", "state", "account_id")
    found = linking.suggested(call.session, call.adviser, row)
    return {**{name: getattr(row, name) for name in names}, "candidates": found.candidates}
