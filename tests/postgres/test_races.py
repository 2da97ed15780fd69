"""Many writers at once, which SQLite never has: numbers follow, work is taken once, words of partners are applied once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import select

from core.auth.oidc.kinds import Asked
from core.auth.oidc.kinds import Denied
from core.cabinets import audit
from core.cabinets import audit_proof
from core.cabinets.models import AuditEntry
from core.db.clock import now
from core.extensions import db
from core.hooks.hub import Hub
from core.http import breaker
from core.http.models import BreakerRow
from core.jobs import claims
from core.jobs import queue
from core.jobs.models import Job
from core.links import enrolments
from core.links import sso
from core.links.models import InboxEvent
from core.links.models import Launch
from core.links.models import Mandate
from core.links.models import Registration
from core.live import events as live
from core.transactions.models import TransactionEvent
from tests.conftest import People
from tests.conftest import person
from tests.core.links.receiving import Receiver
from tests.core.links.receiving import new_webhook_id

THREADS = 8


def together(work: Callable[[int], Any]) -> list[Any]:
    """The same work in each thread, begun at the same moment; what each came to (an exception is raised)."""
    gate = threading.Barrier(THREADS)

    def begin(number: int) -> Any:
        gate.wait()
        return work(number)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(begin, range(THREADS)))


def test_the_journal_and_live_events_keep_their_numbers(app: Flask, people: People, strangers: People) -> None:
    """architecture.md §5: eight writers of one cabinet: an unbroken chain, positions without gap or double."""
    with db.session(people.cabinet_id) as session:
        before = audit_proof.verify(session).entries

    def write(number: int) -> None:
        for turn in range(5):
            with db.session(people.cabinet_id) as session:
                audit.record(session, "cli", "essai", f"x:{number}", {"turn": turn})
                live.publish(session, "essai", {"turn": turn})

    together(write)
    with db.session(people.cabinet_id, write=False) as session:
        found = audit_proof.verify(session)
        assert (found.fault, found.entries) == (None, before + THREADS * 5)
        seen = [item.id for item in live.after(session, 0, person(session, people.adviser))]
        assert seen == list(range(1, THREADS * 5 + 1))


def test_cabinets_do_not_wait_for_one_another(app: Flask, people: People, strangers: People) -> None:
    """A transaction of one cabinet that lasts holds up that cabinet's writers only."""
    with db.session(people.cabinet_id) as slow:
        audit.record(slow, "cli", "essai", "x:1", {})
        done = threading.Event()

        def other() -> None:
            with db.session(strangers.cabinet_id) as session:
                audit.record(session, "cli", "essai", "x:2", {})
            done.set()

        thread = threading.Thread(target=other)
        thread.start()
        assert done.wait(10)
        thread.join()


def test_a_job_is_claimed_once_and_one_lock_at_a_time(app: Flask, people: People) -> None:
    """architecture.md §5: workers that ask together: each job has one; two of the same lock never run together."""
    with db.session(None) as session:
        session.execute(delete(Job))  # those of the cabinet's beginning
        for number in range(24):
            queue.enqueue(session, "essai", {"n": number}, lock=f"fil-{number % 3}", cabinet_id=people.cabinet_id)
    running: dict[str, int] = {}
    done: list[str] = []
    guard, overlaps = threading.Lock(), []

    def work(number: int) -> None:
        while len(done) < 24:
            with db.session(None) as session:
                job = claims.claim(session, f"worker-{number}")
            if job is None:
                continue
            with guard:
                running[str(job.lock)] = running.get(str(job.lock), 0) + 1
                overlaps.append(running[str(job.lock)])
            with db.session(None) as session:
                claims.finished(session, job.id)
                with guard:
                    running[str(job.lock)] -= 1
                    done.append(job.id)

    together(work)
    assert len(done) == len(set(done)) == 24
    assert max(overlaps) == 1
    with db.session(None, write=False) as session:
        assert session.scalar(select(func.count()).select_from(Job).where(Job.kind == "essai")) == 0


def test_one_leads(app: Flask) -> None:
    """Periodic work is done by one worker, also at the very first time."""
    def lead(number: int) -> bool:
        with db.session(None) as session:
            return claims.lead(session, "every:essai", f"worker-{number}", now() + timedelta(minutes=1))

    assert together(lead).count(True) == 1


def test_the_breaker_counts_every_failure(app: Flask, people: People) -> None:
    """PLP-108: failures of several threads are all counted, also the first ones of a new row."""
    together(lambda _: breaker.Storage(db, "nomineo", people.cabinet_id, "capabilities").increment_counter())
    with db.session(None, write=False) as session:
        assert session.scalars(select(BreakerRow.failures)).one() == THREADS


@pytest.fixture
def partner(app: Flask, people: People, hub: Hub) -> Receiver:
    receiver = Receiver(app, people)
    receiver.register(hub.registry)
    return receiver


def test_a_hook_delivered_eight_times_is_applied_once(partner: Receiver) -> None:
    """PLP-091, BL-13: one inbox row, one move of the status, seven duplicates."""
    reference = partner.transaction()
    item, name = partner.item(reference, 1, "pending"), new_webhook_id()
    answers = together(lambda _: partner.post(item, webhook_id=name).status_code)
    assert sorted(answers) == [200] * (THREADS - 1) + [204], answers
    with db.session(partner.people.cabinet_id, write=False) as session:
        assert session.scalar(select(func.count()).select_from(InboxEvent)) == 1
        assert session.scalar(select(func.count()).select_from(TransactionEvent).where(TransactionEvent.seq == 1)) == 1
        assert audit_proof.verify(session).fault is None


def test_words_that_come_together_end_on_the_last(partner: Receiver) -> None:
    """PLP-094 to PLP-097: eight numbers at once, in any order: the highest stands, the history only moves forward."""
    reference = partner.transaction()
    items = [partner.item(reference, seq, "validated" if seq == THREADS else "pending") for seq in range(1, THREADS + 1)]
    answers = together(lambda number: partner.post(items[number]).status_code)
    assert set(answers) <= {200, 204}, answers
    row = partner.row(reference)
    assert (row.status, row.seq) == ("validated", THREADS)
    with db.session(partner.people.cabinet_id, write=False) as session:
        assert session.scalar(select(func.count()).select_from(InboxEvent)) == THREADS
        numbers = session.scalars(select(AuditEntry.seq).order_by(AuditEntry.seq)).all()
        assert numbers == list(range(1, len(numbers) + 1))


def test_a_launch_is_consumed_once(partner: Receiver) -> None:
    """PLP-065: eight authorization requests for one launch at the same moment: one code, seven refusals."""
    reference = partner.transaction()
    launch_id = partner.launches[reference]
    with db.session(partner.people.cabinet_id) as session:
        row = session.scalars(select(Launch).where(Launch.launch_id == launch_id)).one()
        row.expires_at = now() + timedelta(minutes=2)
        client_id = session.scalars(select(Registration.client_id)).one()
        mandate = session.scalars(select(Mandate)).one()
        mandate.active_from = now() - timedelta(days=1)
        mandate.content = {**mandate.content, "scopes": ["capabilities", "status", "launch:arbitrage"]}
        enrolments.set_state(session, "nomineo", partner.people.adviser, state="enrolled", actor="cli")
    hints = {"login_hint": "adv_" + "h" * 16, "plp_message_hint": launch_id}
    asked = Asked(client_id, partner.people.adviser, partner.people.cabinet_id, "-", hints)

    def authorize(_: int) -> str:
        try:
            with partner.app.app_context(), db.session(partner.people.cabinet_id) as session:
                return sso.PartnerKind().grant(session, asked).subject
        except Denied as error:
            return str(error)

    answers = together(authorize)
    assert answers.count("adv_" + "h" * 16) == 1, answers
    assert answers.count("launch used or expired") == THREADS - 1, answers
