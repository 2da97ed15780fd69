"""Feed and single reads over the real extranet (PLP-101 to PLP-105), and the end of our own patience."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.db.clock import now
from core.extensions import db
from core.hooks import enabling
from core.hooks.errors import PartnerUnavailable
from core.links import mandates
from core.links import polling
from core.links.models import Mandate
from core.links.models import Registration
from core.transactions.models import Transaction
from tests.faults import campaign
from tests.faults.postman import Postman
from tests.faults.test_machine import opened
from tests.pair import NUMBERS
from tests.pair import PLUGIN
from tests.pair import Pair

pytestmark = pytest.mark.xdist_group("links")


@pytest.fixture(scope="module")
def _both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    made = Pair(tmp_path_factory.mktemp("polling"))
    yield made
    made.close()


@pytest.fixture
def pair(_both: Pair) -> Iterator[Pair]:
    """Platform and extranet, as at the beginning."""
    yield from _both.lent()


@pytest.fixture
def reference(pair: Pair) -> str:
    """A transaction opened at the partner, of which nothing was said."""
    opened(pair, NUMBERS[0])
    (found,) = campaign.theirs(pair)
    return found


def status(pair: Pair) -> str:
    (found,) = (row.status for row in campaign.ours(pair).values())
    return found


def due(pair: Pair) -> timedelta | None:
    """How long until the transaction is looked at again."""
    with db.session(pair.cabinet_id, write=False) as session:
        at = session.scalars(select(Transaction.next_poll_at)).one()
    return None if at is None else at - now()


def calls_of_feed(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str | None, str | None]]:
    """(cursor, since) of each feed call from now on."""
    made: list[tuple[str | None, str | None]] = []
    real = polling.PlpClient.get_feed

    def get_feed(self: polling.PlpClient, *, cursor: str | None = None, since: str | None = None, limit: int = 200) -> object:
        made.append((cursor, since))
        return real(self, cursor=cursor, since=since, limit=limit)

    monkeypatch.setattr(polling.PlpClient, "get_feed", get_feed)
    return made


def test_a_poll_brings_what_no_hook_did_and_nothing_is_asked_before_it_is_due(
    pair: Pair, reference: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """BL-13, PLP-105: no hook ever arrived; not before five minutes, then the status is there."""
    asked = calls_of_feed(pair, monkeypatch)
    campaign.clerk(pair, reference, "pending")
    pair.move(timedelta(minutes=4))
    polling.poll(pair.cabinet_id)
    assert (asked, status(pair)) == ([], "opened")
    pair.move(timedelta(minutes=1, seconds=5))
    polling.poll(pair.cabinet_id)
    assert (len(asked), status(pair)) == (1, "pending")
    polling.poll(pair.cabinet_id)
    assert len(asked) == 1


def test_the_pauses_grow_with_age(pair: Pair, reference: str) -> None:
    """PLP-105: 5 min, 15 min, 1 h, a day; none once it is final."""
    campaign.clerk(pair, reference, "pending")
    expected = ((0, 5 * 60), (2 * 3600, 15 * 60), (30 * 3600, 3600), (8 * 86400, 86400))
    for age, pause in expected:
        pair.move(to=timedelta(seconds=age + 400))
        polling.poll(pair.cabinet_id)
        left = due(pair)
        assert left is not None
        assert abs(left.total_seconds() - pause) < 30, age
    campaign.clerk(pair, reference, "validated")
    pair.move(timedelta(days=1, minutes=1))
    polling.poll(pair.cabinet_id)
    assert (status(pair), due(pair)) == ("validated", None)


def test_the_cursor_goes_on_where_it_stood(pair: Pair, reference: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """PLP-102, PLP-104: each item once; the cursor is kept with what it brought."""
    asked = calls_of_feed(pair, monkeypatch)
    campaign.clerk(pair, reference, "pending")
    assert polling.poll_all(pair.cabinet_id) == {PLUGIN: 1}
    assert polling.poll_all(pair.cabinet_id) == {PLUGIN: 0}
    campaign.clerk(pair, reference, "validated")
    assert polling.poll_all(pair.cabinet_id) == {PLUGIN: 1}
    assert asked[0] == (None, None)
    assert all(cursor for cursor, _ in asked[1:])
    campaign.check_all(pair, equal=True)


def test_a_page_that_could_not_be_written_is_read_again(pair: Pair, reference: str) -> None:
    """PLP-104: cursor and changes are one transaction: killed before it, neither is there."""
    campaign.clerk(pair, reference, "pending")
    pair.kill_at("feed:applied")
    assert not pair.set_off(lambda: polling.poll_all(pair.cabinet_id))
    assert status(pair) == "opened"
    with db.session(pair.cabinet_id, write=False) as session:
        assert session.scalars(select(Mandate.feed_cursor)).one() is None
    polling.poll_all(pair.cabinet_id)
    assert status(pair) == "pending"


def test_many_pages_are_read_in_one_round(pair: Pair, reference: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """PLP-101: has_more; the order of items is the partner's."""
    monkeypatch.setattr("plugins.nomineo.simulator.feed._PAGE", 2)
    for word in ("pending", "signature_awaited", "pending", "signature_awaited", "validated"):
        campaign.clerk(pair, reference, word)
    asked = calls_of_feed(pair, monkeypatch)
    assert polling.poll_all(pair.cabinet_id) == {PLUGIN: 5}
    assert len(asked) == 3
    campaign.check_all(pair, equal=True)


def test_a_cursor_that_is_too_old_begins_again(pair: Pair, reference: str) -> None:
    """PLP-102: 410 cursor-expired; all is read anew, nothing counts twice."""
    campaign.clerk(pair, reference, "pending")
    polling.poll_all(pair.cabinet_id)
    pair.move(timedelta(days=61))
    campaign.clerk(pair, reference, "validated")
    assert polling.poll_all(pair.cabinet_id) == {PLUGIN: 1}
    campaign.check_all(pair, equal=True)


def test_a_cursor_that_the_partner_does_not_know_begins_again(pair: Pair, reference: str) -> None:
    """PLP-102: 400 to a cursor of another mandate, or a forged one: the feed is read from its beginning."""
    campaign.clerk(pair, reference, "pending")
    with db.session(pair.cabinet_id) as session:
        session.scalars(select(Mandate)).one().feed_cursor = "1-1795339200-oldmandate"
    assert polling.poll_all(pair.cabinet_id) == {PLUGIN: 1}
    assert status(pair) == "pending"


def test_a_bad_item_is_skipped_and_the_others_are_taken(pair: Pair, reference: str) -> None:
    """PLP-104: an item that cannot be read, a local status, a contradiction: logged; the rest counts."""
    opened(pair, NUMBERS[1])
    campaign.clerk(pair, reference, "validated")
    (other,) = (row.reference for row in campaign.theirs(pair).values() if row.seq == 0)
    for bad in ('{"type":"transaction.status_changed","timestamp":"x","data":{}}', "[]", '{"type":7}'):
        with pair.world.store.write() as connection:
            connection.execute(
                "INSERT INTO events (mandate, transaction_ref, seq, status, at, body) VALUES (?, ?, ?, 'x', ?, ?)",
                (pair.mandate, f"bad{bad[:20]}", 1, pair.world.clock.now(), bad),
            )
    campaign.clerk(pair, other, "rejected")
    assert polling.poll_all(pair.cabinet_id) == {PLUGIN: 2}
    assert sorted(row.status for row in campaign.ours(pair).values()) == ["rejected", "validated"]


def test_hook_and_feed_say_the_same_and_a_gap_in_the_feed_is_no_flag(pair: Pair, reference: str) -> None:
    """PLP-099, PLP-104: what came by the feed is a duplicate by hook, and the other way round."""
    pair.sim("POST", "/faults", op="hooks", kind="seq_gap")
    campaign.clerk(pair, reference, "pending")
    assert polling.poll_all(pair.cabinet_id) == {PLUGIN: 1}
    assert pair.rows('SELECT seq, gap FROM "transaction"') == [(2, 0)]
    assert Postman(pair).deliver(0) == 200
    campaign.clerk(pair, reference, "validated")
    assert Postman(pair).deliver(1) == 204
    assert polling.poll_all(pair.cabinet_id) == {PLUGIN: 0}
    campaign.check_all(pair, equal=True)


def test_a_partner_without_a_feed_is_asked_for_each_transaction(pair: Pair, reference: str) -> None:
    """PLP-103, PLP-014: a partner without a feed is asked for each transaction that is due."""
    campaign.clerk(pair, reference, "pending")
    pair.sender.flush()
    campaign.clerk(pair, reference, "validated")
    with db.session(pair.cabinet_id) as session:
        row = session.scalars(select(Registration)).one()
        row.sheet = {**row.sheet, "feed": False}
    polling.poll_all(pair.cabinet_id)
    assert status(pair) == "pending", "not due yet"
    pair.move(timedelta(minutes=6))
    polling.poll(pair.cabinet_id)
    assert status(pair) == "validated"


def test_nothing_after_72_hours_is_abandoned_and_a_late_word_revives_it(pair: Pair, reference: str) -> None:
    """PLP-105, PLP-106: «Non aboutie» by our clock, never by the partner's; the partner's word still counts."""
    for hours, expected in ((71, "opened"), (73, "abandoned")):
        pair.move(to=timedelta(hours=hours))
        polling.poll(pair.cabinet_id)
        assert status(pair) == expected
    campaign.clerk(pair, reference, "pending")
    pair.sender.flush()
    assert status(pair) == "pending"
    campaign.check_all(pair, equal=True)


def test_a_partner_that_cannot_be_asked_does_not_stop_our_clock(pair: Pair, reference: str) -> None:
    """PLP-105: the extranet is away at the 72nd hour: the wait still ends; the command says that it is away."""
    pair.sim("POST", "/faults", op="feed", kind="503", times=-1)
    with pytest.raises(PartnerUnavailable):
        polling.poll_all(pair.cabinet_id)
    pair.move(timedelta(hours=73))
    polling.poll(pair.cabinet_id)
    assert status(pair) == "abandoned"


def test_ninety_days_without_a_word_is_unknown_and_a_late_word_revives_it(pair: Pair, reference: str) -> None:
    """PLP-105, PLP-106: counted from the last word; revived by the next one."""
    campaign.clerk(pair, reference, "pending")
    pair.sender.flush()
    pair.move(timedelta(days=50))
    campaign.clerk(pair, reference, "signature_awaited")
    pair.sender.flush()
    for days, expected in ((139, "signature_awaited"), (141, "unknown")):
        pair.move(to=timedelta(days=days))
        polling.poll(pair.cabinet_id)
        assert status(pair) == expected
    assert due(pair) is None
    campaign.clerk(pair, reference, "validated")
    pair.sender.flush()
    assert status(pair) == "validated"
    campaign.check_all(pair, equal=True)


def test_the_weekly_comparison_finds_what_nothing_else_looks_for(
    pair: Pair, reference: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PLP-105: a correction of a final state whose hook was lost: `since` 90 days, same rules; the cursor stays."""
    campaign.clerk(pair, reference, "validated")
    polling.poll_all(pair.cabinet_id)
    with db.session(pair.cabinet_id, write=False) as session:
        cursor = session.scalars(select(Mandate.feed_cursor)).one()
    campaign.clerk(pair, reference, "rejected", corrected=True)
    pair.move(timedelta(days=7))
    polling.poll(pair.cabinet_id)
    assert status(pair) == "validated", "nothing is due"
    asked = calls_of_feed(pair, monkeypatch)
    polling.compare(pair.cabinet_id)
    assert status(pair) == "rejected"
    since = asked[0][1]
    assert since is not None
    assert since.endswith("Z")
    with db.session(pair.cabinet_id, write=False) as session:
        assert session.scalars(select(Mandate.feed_cursor)).one() == cursor


def test_enabled_again_it_learns_at_once_what_was_said_meanwhile(pair: Pair, reference: str) -> None:
    """PL-04, BL-13: off, nothing is asked; on, the feed is read by the next job, long before the transaction is due."""
    campaign.clerk(pair, reference, "pending")
    for on, found in ((False, "opened"), (True, "pending")):
        with db.session(pair.cabinet_id) as session:
            enabling.switch(session, pair.hub.registry, PLUGIN, on=on, actor="cli")
        pair.work()
        assert status(pair) == found


def test_who_is_not_asked(pair: Pair, reference: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """PLP-043, domain.md §3.6 #19: not while the plugin is off, not 90 days after the mandate's end; but until then."""
    asked = calls_of_feed(pair, monkeypatch)
    for on in (False, True):
        with db.session(pair.cabinet_id) as session:
            enabling.switch(session, pair.hub.registry, PLUGIN, on=on, actor="cli")
        polling.poll_all(pair.cabinet_id)
        assert len(asked) == int(on)
    with db.session(pair.cabinet_id) as session:
        mandates.suspend(session, PLUGIN, reason="essai", actor="cli")
    pair.work()
    campaign.clerk(pair, reference, "pending")
    assert polling.poll_all(pair.cabinet_id) == {PLUGIN: 1}
    with db.session(pair.cabinet_id) as session:
        mandates.revoke(session, PLUGIN, reason="essai", actor="cli")
    pair.work()
    campaign.clerk(pair, reference, "validated")
    assert polling.poll_all(pair.cabinet_id) == {PLUGIN: 1}
    pair.move(timedelta(days=91))
    assert polling.poll_all(pair.cabinet_id) == {}
    with db.session(pair.cabinet_id, write=False) as session:
        assert session.scalars(select(Mandate.state)).all() == ["revoked"]


def test_after_a_renewal_the_former_mandate_s_transactions_are_still_followed(
    pair: Pair, reference: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PLP-043: for 90 days what its hooks lost is read in its own feed, also by single reads; then no more."""
    campaign.clerk(pair, reference, "pending")
    polling.poll_all(pair.cabinet_id)
    with db.session(pair.cabinet_id) as session:
        mandates.revoke(session, PLUGIN, reason="essai", actor="cli")
    pair.work()
    with db.session(pair.cabinet_id) as session:
        mandates.renew(session, PLUGIN, actor="cli")
    campaign.clerk(pair, reference, "validated")
    pair.move(timedelta(hours=2))
    polling.poll(pair.cabinet_id)
    assert status(pair) == "validated"
    asked = calls_of_feed(pair, monkeypatch)
    pair.move(timedelta(days=91))
    assert polling.poll_all(pair.cabinet_id) == {}
    assert asked == []


def test_a_hook_that_waits_is_not_sent_to_an_endpoint_that_is_gone(pair: Pair, reference: str) -> None:
    """PLP-087: the simulated extranet listed it before the one ahead of it was answered 410: it is not sent all the same."""
    pair.sim("POST", f"/transactions/{reference}/status", status="pending", corrected=False)
    (hook,) = pair.sender._waiting(due_only=False)
    with pair.world.store.write() as connection:
        connection.execute("UPDATE registrations SET stopped = 1")
    pair.sender._attempt_claimed(hook)
    assert status(pair) == "opened"
    with pair.world.store.write() as connection:
        connection.execute("UPDATE registrations SET stopped = 0")
    pair.sender._attempt_claimed(hook)
    pair.work()
    assert status(pair) == "pending"
