"""Hooks five times over, shuffled, one in ten lost, an hour late, one in twenty forged, replayed (BL-13, PLP-084 to 106).

The first test is exact and in one process (`tests.pair`, both clocks moved together); the second plans the same faults
in the extranet's own sender, over real processes.
"""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from core.links import polling
from tests.faults import campaign
from tests.faults.postman import FORGERIES
from tests.faults.postman import Postman
from tests.faults.test_kill import main_job
from tests.faults.test_kill import running
from tests.faults.test_machine import LONG
from tests.faults.test_machine import opened
from tests.pair import NUMBERS
from tests.pair import Pair
from tests.stage import Person
from tests.stage import Stage
from tests.stage import until

#: What the partner says one after the other of a transaction; True: a correction.
STORIES = (
    (("pending", False), ("validated", False)),
    (("pending", False), ("signature_awaited", False), ("rejected", False)),
    (("cancelled", False),),
    (("pending", False), ("validated", False), ("rejected", True)),
    (("pending", False), ("rejected", False), ("pending", True), ("validated", False)),
    (("signature_awaited", False),),
)


@pytest.mark.parametrize("seed", range(200 if LONG else 8))
def test_whatever_becomes_of_the_hooks_one_poll_makes_both_books_equal(pair: Pair, seed: int) -> None:
    """×5, shuffled, 10 % lost, some an hour late, 5 % forged, replayed; then one round; then the rest, which changes nothing."""
    chance = random.Random(seed)  # noqa: S311 - a schedule, not a secret
    for number, story in zip(NUMBERS, STORIES, strict=True):
        opened(pair, number)
        (reference,) = (row.reference for row in campaign.theirs(pair).values() if row.seq == 0)
        for status, corrected in story:
            assert campaign.clerk(pair, reference, status, corrected=corrected)
    postman = Postman(pair)
    sendings = [at for at in range(len(postman.hooks())) if chance.random() > 0.1] * 5
    chance.shuffle(sendings)
    late = [at for at in sendings if chance.random() < 0.2]
    for at in sendings:
        if at in late:
            continue
        postman.deliver(at)
        if chance.random() < 0.05:
            postman.forge(at, chance.choice(FORGERIES))
        if chance.random() < 0.05:
            postman.replay(at)
        campaign.check_all(pair, equal=False)
    for how in FORGERIES:
        assert postman.forge(0, how) == 401
    polling.poll_all(pair.cabinet_id)
    campaign.check_all(pair, equal=True)
    pair.move(timedelta(hours=1))
    for at in (*late, *sendings):
        assert postman.deliver(at) in (200, 409)
    pair.work()
    campaign.check_all(pair, equal=True)
    campaign.check_no_forgery(pair, postman.forged)


def test_the_same_faults_in_the_extranets_own_sender_over_real_processes(calm: Stage) -> None:
    """Real hooks, duplicated, reordered, lost, an hour late, forged, replayed, too old; one polling round."""
    boss = Person(calm, "administrateur@demo.example")
    dropped = [hook["state"] for hook in calm.sim("GET", "/hooks")].count("dropped")
    for kind, value in (("duplicate", 5), ("drop", None), ("reorder", 1), ("forge", None), ("delay", 3600),
                        ("replay", None), ("skew", -3600), ("drop", None), ("duplicate", 5)):  # fmt: skip
        calm.sim("POST", "/faults", op="hooks", kind=kind, value=value)
    references = []
    for number in (f"HIM01000{at}" for at in range(21, 27)):
        main_job(calm, boss, number)
        references += running(calm, number)
    for at, reference in enumerate(references):
        assert campaign.clerk(calm, reference, ("validated", "rejected", "cancelled", "signature_awaited")[at % 4])
    until(lambda: calm.sim("GET", "/faults") == [], seconds=20)
    states = [hook["state"] for hook in calm.sim("GET", "/hooks")]
    assert states.count("dropped") == dropped + 2
    assert "due" in states, "one is an hour late"
    calm.poll()
    campaign.check_all(calm, equal=True)
    calm.sim("POST", "/hooks/flush")
    campaign.check_all(calm, equal=True)
    answered = [
        (attempt["note"], attempt["http_status"])
        for hook in calm.sim("GET", "/hooks") for attempt in hook["attempts"]
    ]  # fmt: skip
    assert ("forge", 401) in answered
    assert ("replay", 200) in answered
    assert ("skew", 401) in answered
    assert answered.count(("duplicate", 200)) == 10


@pytest.mark.parametrize("kind", ["seq_conflict", "contradictory_final"])
def test_a_partner_that_contradicts_itself_changes_nothing_and_people_are_told(pair: Pair, kind: str) -> None:
    """PLP-094, PLP-096: truly signed, but against what was said before: 409, no row, one alert each."""
    opened(pair, NUMBERS[0])
    (reference,) = campaign.theirs(pair)
    campaign.clerk(pair, reference, "pending")
    pair.sender.flush()
    pair.sim("POST", "/faults", op="hooks", kind=kind)
    campaign.clerk(pair, reference, "validated")
    pair.sender.flush()
    taken = pair.rows("SELECT count(*) FROM link_inbox")
    pair.sender.flush()  # the contradiction
    assert [hook["state"] for hook in pair.sim("GET", "/hooks")][-1] == "failed"
    assert pair.rows("SELECT count(*) FROM link_inbox") == taken
    campaign.check_all(pair, equal=True)
    told = pair.rows("SELECT count(DISTINCT key) FROM notification WHERE key LIKE 'conflict:%'")
    assert told == [(1,)]
    polling.poll_all(pair.cabinet_id)
    campaign.check_all(pair, equal=True)


def test_a_number_that_was_never_used_is_looked_for_and_hurts_nothing(pair: Pair) -> None:
    """PLP-097: a gap is flagged, the feed is read soon by a job, and the status is the partner's."""
    opened(pair, NUMBERS[0])
    (reference,) = campaign.theirs(pair)
    pair.sim("POST", "/faults", op="hooks", kind="seq_gap")
    campaign.clerk(pair, reference, "pending")
    pair.sender.flush()
    assert pair.rows('SELECT gap, seq FROM "transaction"') == [(1, 2)]
    assert pair.rows("SELECT count(*) FROM job WHERE kind = 'link.reconcile'") == [(1,)]
    pair.work()
    assert pair.rows("SELECT count(*) FROM job WHERE kind = 'link.reconcile'") == [(0,)]
    campaign.check_all(pair, equal=True)


def test_a_gap_heals_as_soon_as_the_missing_word_is_here(pair: Pair) -> None:
    """PLP-097, PLP-104: the lost number comes with the feed, counts for nothing any more, and the flag goes."""
    opened(pair, NUMBERS[0])
    (reference,) = campaign.theirs(pair)
    for status in ("pending", "signature_awaited", "validated"):
        campaign.clerk(pair, reference, status)
    postman = Postman(pair)
    assert postman.deliver(2) == 204
    assert pair.rows('SELECT status, gap FROM "transaction"') == [("validated", 1)]
    pair.work()
    assert pair.rows('SELECT status, gap FROM "transaction"') == [("validated", 0)]
    assert [postman.deliver(at) for at in (0, 1, 2)] == [200, 200, 200]
    campaign.check_all(pair, equal=True)
