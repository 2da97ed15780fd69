"""Work is done at least once, so twice must be as good as once: every handler, every periodic work (BL-13)."""

from __future__ import annotations

import json
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core import pdf
from core.auth import entry
from core.auth import jobs as _auth_jobs
from core.auth import resets
from core.cabinets import services as cabinets
from core.cabinets.models import Enabling
from core.db.clock import now
from core.db.clock import today
from core.db.current import session
from core.db.model import new_id
from core.documents import recognising
from core.documents import services as documents
from core.documents.models import DocumentText
from core.extensions import db
from core.hooks import enabling
from core.hooks import events
from core.hooks import telling
from core.hooks import work
from core.hooks.happenings import TransactionStatusChanged
from core.hooks.job import Job as PluginJob
from core.hooks.specs import Plugin
from core.hooks.types import Context
from core.imports import services as imports
from core.imports import targets
from core.imports import work as import_work
from core.jobs import outbox
from core.jobs import queue
from core.jobs.models import Job
from core.links import feedback
from core.links import mandate_book
from core.links import mandate_document
from core.links import mandate_views
from core.pdf import ocr
from core.signing import acting
from core.signing.models import SignatureRequest
from core.signing.models import SignatureSigner
from tests import databases
from tests.core.files.test_previews import picture
from tests.faults import campaign
from tests.faults.postman import Postman
from tests.faults.test_machine import opened
from tests.pair import NUMBERS
from tests.pair import PLUGIN
from tests.pair import Pair

pytestmark = pytest.mark.xdist_group("links")
#: Imported for what it registers.
REGISTERED = (_auth_jobs,)
#: Bookkeeping of calls and workers: no state that anybody is shown.
APART = ("breaker", "lease", "job", "replay_guard", "sqlite_sequence", "plugin_timing")


@pytest.fixture(scope="module")
def _both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    made = Pair(tmp_path_factory.mktemp("handlers"))
    yield made
    made.close()


@pytest.fixture
def pair(_both: Pair) -> Pair:
    """Platform and extranet; a transaction with a word, a lost word, and one that was kept aside."""
    _both.enter()
    opened(_both, NUMBERS[0])
    (reference,) = campaign.theirs(_both)
    campaign.clerk(_both, reference, "pending")
    _both.sender.flush()
    _both.sim("POST", "/faults", op="hooks", kind="drop")
    campaign.clerk(_both, reference, "validated")
    _both.sender.flush()
    at = _both.world.clock.now()  # its cursors tell the second: twice at the same moment is meant, however slow the machine
    _both.patch.setattr(type(_both.world.clock), "now", lambda _clock: at)
    return _both


def everything(pair: Pair) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables but bookkeeping."""
    found = databases.rows(pair.database_url)
    return {name: rows for name, rows in found.items() if name not in APART}


def _event(pair: Pair) -> dict[str, Any]:
    (row,) = pair.rows('SELECT id, reference, account_id FROM "transaction"')
    with db.session(pair.cabinet_id) as session:
        events.publish(session, TransactionStatusChanged(*row, "opened", "pending", "En attente"))
        session.flush()
        newest = select(Job.payload).where(Job.kind == events.JOB).order_by(Job.created_at.desc(), Job.id.desc()).limit(1)
        return dict(session.scalars(newest).one())


def _outbox(pair: Pair) -> dict[str, Any]:
    with db.session(pair.cabinet_id) as session:
        mandate = mandate_book.current(session, PLUGIN)
        assert mandate is not None
        payload = {"plugin": PLUGIN, "reference": mandate.reference}
        return {"item": outbox.post(session, mandate_document.OUTBOX, f"mandate:{mandate.reference}", payload).id}


def _aside(pair: Pair) -> dict[str, Any]:
    """As if the inbox had kept the lost word before its transaction appeared."""
    (reference,) = campaign.theirs(pair)
    body = Postman(pair).hooks()[-1]["body"]
    with db.session(pair.cabinet_id) as session:
        session.add(
            feedback.InboxEvent(
                plugin=PLUGIN, webhook_id="msg_0123456789abcdef", body_sha256="-", body=body, outcome="aside",
                transaction_ref=reference,
            )
        )  # fmt: skip
    return {"plugin": PLUGIN, "reference": reference}


def _mandate(pair: Pair) -> dict[str, Any]:
    return {"plugin": PLUGIN, "reference": pair.mandate}


def _visitor(_pair: Pair) -> dict[str, Any]:
    """Somebody at the sign-in page, of whom a job was left."""
    return {"id": new_id(), "email": "conseiller@demo.example", "ip": "192.0.2.1", "at": now().isoformat(), "outcome": "refused"}


def _told(pair: Pair) -> dict[str, Any]:
    return {"id": new_id(), "user": pair.people.adviser, "what": "password"}


def _order(ctx: Context, data: Mapping[str, Any]) -> None:
    """A plugin's job, idempotent as its contract asks: it puts a module in its place."""
    session().scalars(select(Enabling).where(Enabling.plugin == data["of"])).one().position = 77


def _asked(ctx: Context, data: Mapping[str, Any]) -> int:
    """What it is told outside: nothing of the database is held meanwhile."""
    return 78 if session().scalar(select(Enabling.id).where(Enabling.plugin == data["of"])) else 0


def _placed(ctx: Context, data: Mapping[str, Any]) -> None:
    """And does with it."""
    session().scalars(select(Enabling).where(Enabling.plugin == data["of"])).one().position = data["fetched"]


class Trial(Plugin):
    """A module with a job that works here, and one that asks outside first."""

    name, title = "essai", "Module d'essai"
    jobs = (PluginJob("ranger", _order), PluginJob("demander", _placed, fetch=_asked))


def _plugin_job(pair: Pair) -> dict[str, Any]:
    registry = telling.hub().registry
    if "essai" not in registry.plugins:
        registry.register("essai", Trial)
    with db.session(pair.cabinet_id) as session:
        enabling.switch(session, registry, "essai", on=True, actor="cli")
    return {"plugin": "essai", "key": "ranger", "data": {"of": PLUGIN}}


def _import(pair: Pair) -> dict[str, Any]:
    """A file of two contacts, gone through and begun."""
    found = imports.opened("essai.csv", "Nom;Prénom;E-mail\nEssai;Odile;odile@essai.fr\nEssai;Paul;\n;;x\n".encode())
    with db.session(pair.cabinet_id) as session:
        by = cabinets.principals(session, [pair.people.adviser])[pair.people.adviser]
        known = targets.find("contacts", ["contacts"], by)
        row = imports.receive(session, by, known, found)
        imports.choose(session, by, row.id, known, row.settings["mapping"], {})
    import_work.carry(pair.cabinet_id, {"import": row.id, "work": "check"})
    with db.session(pair.cabinet_id) as session:
        imports.begin(session, by, row.id)
    return {"import": row.id, "work": "run"}


def _scan(pair: Pair) -> dict[str, Any]:
    """A page that is a picture, gone through by the reading."""
    with db.session(pair.cabinet_id) as session:
        kept = documents.store(
            session, owner_kind="cabinet", owner_id=str(pair.cabinet_id), category="NOTE", title="Essai", filename="essai.png",
            data=picture(400, 120), media_type="image/png", created_by=None,
        )  # fmt: skip
        session.add(DocumentText(document_id=kept.id, state="none", pages=1, text=""))
        return {"document": kept.id}


def _signed(pair: Pair) -> dict[str, Any]:
    """A document that all have signed, to be sealed."""
    with db.session(pair.cabinet_id) as session:
        kept = documents.store(
            session, owner_kind="cabinet", owner_id=str(pair.cabinet_id), category="NOTE", title="Essai", filename="essai.pdf",
            data=pdf.render("<p>Essai</p>"), media_type="application/pdf", created_by=None,
        )  # fmt: skip
        row = SignatureRequest(
            id=new_id(), document_id=kept.id, sha256=kept.sha256, title="Essai", asked_by=pair.people.adviser,
            expires_on=today() + timedelta(days=9), state="SIGNE_PARTIEL",
        )  # fmt: skip
        session.add(row)
        session.flush()
        session.add(SignatureSigner(
            request_id=row.id, rank=1, user_id=pair.people.adviser, name="Marc", way="PLACE", state="SIGNE", ended_at=now(),
            typed_name="Marc", consent=1,
        ))  # fmt: skip
        return {"request": row.id}


#: Kind of job → what makes one; what must have changed after the first time (nothing: only that nothing breaks).
CASES: dict[str, tuple[Callable[[Pair], dict[str, Any]], str | None]] = {
    events.JOB: (_event, None),
    outbox.JOB: (_outbox, "outbox"),
    feedback.REJUDGE: (_aside, "transaction"),
    feedback.RECONCILE: (lambda _pair: {"plugin": PLUGIN}, "transaction"),
    mandate_views.READ_JOB: (_mandate, None),
    entry.TRY: (_visitor, "audit_entry"),
    entry.TELL: (_told, "notification"),
    resets.ASKED: (_visitor, "outbox"),
    imports.JOB: (_import, "contact"),
    acting.JOB: (_signed, "signature_request"),
    recognising.JOB: (_scan, "document_text" if ocr.available() else None),
    work.KIND: (_plugin_job, "plugin_enabling"),
    work.FETCH: (lambda pair: {**_plugin_job(pair), "key": "demander"}, "plugin_enabling"),
}


def carry_out(pair: Pair, kind: str, payload: dict[str, Any]) -> None:
    """As the worker does, without its bookkeeping."""
    registered = queue.HANDLERS[kind]
    given = json.loads(json.dumps(payload))
    if not registered.transaction:
        registered.run(pair.cabinet_id, given)
        return
    with db.session(pair.cabinet_id) as session:
        registered.run(session, given)


def test_no_handler_is_forgotten(pair: Pair) -> None:
    """A new kind of job needs its case here."""
    assert set(queue.HANDLERS) == set(CASES)


@pytest.mark.parametrize("kind", CASES)
def test_a_job_done_twice_is_a_job_done_once(pair: Pair, kind: str) -> None:
    """Run again with the same payload, as after a death between the work and its closing: not a row differs."""
    make, changes = CASES[kind]
    payload = make(pair)
    before = everything(pair)
    carry_out(pair, kind, payload)
    once = everything(pair)
    assert changes is None or once[changes] != before[changes]
    carry_out(pair, kind, payload)
    assert everything(pair) == once


@pytest.mark.parametrize("point", ["commit:before", "commit:after"])
@pytest.mark.parametrize("kind", CASES)
def test_a_job_killed_in_the_middle_and_done_again_is_a_job_done_once(pair: Pair, kind: str, point: str) -> None:
    """At each of its commits: the transaction's own state and history are what one undisturbed run makes."""
    make, _ = CASES[kind]
    payload = make(pair)
    pair.keep()
    carry_out(pair, kind, payload)
    once = business(pair)
    nth = 1
    while True:
        pair.rewind()
        pair.kill_at(point, nth)
        if survives(pair, kind, payload):
            pair.spare()
            break
        carry_out(pair, kind, payload)
        assert business(pair) == once, nth
        nth += 1


def survives(pair: Pair, kind: str, payload: dict[str, Any]) -> bool:
    """Whether the job came to its end. A death inside a hook's guarded lane is the hub's failure: the job is retried."""
    deaths = pair.killed
    try:
        return pair.set_off(lambda: carry_out(pair, kind, payload))
    except queue.Retry:
        assert pair.killed == deaths + 1
        return False


def business(pair: Pair) -> list[list[tuple[Any, ...]]]:
    """What people see of it: status, history, inbox, mandate, outbox, what they were told."""
    return [
        pair.rows(sql)
        for sql in (
            'SELECT reference, status, seq, gap, partner_ref FROM "transaction" ORDER BY reference',
            "SELECT transaction_id, seq, status, applied FROM transaction_event ORDER BY transaction_id, seq, status",
            "SELECT webhook_id, outcome FROM link_inbox ORDER BY webhook_id",
            "SELECT reference, state, version, partner_seq FROM link_mandate ORDER BY reference",
            "SELECT id, state FROM outbox ORDER BY id",
            "SELECT user_id, key FROM notification ORDER BY user_id, key",
        )
    ]


def test_periodic_work_done_twice_is_done_once(pair: Pair) -> None:
    """Poll, comparison, mandate's clock, housekeeping: a second round at the same moment changes nothing."""
    with db.session(pair.cabinet_id, write=False) as session:
        assert enabling.is_enabled(session, pair.hub.registry, PLUGIN)
    for periodic in queue.PERIODIC.values():
        periodic.run(pair.cabinet_id)
        once = everything(pair)
        periodic.run(pair.cabinet_id)
        again = everything(pair)
        assert again == once, periodic.name
