"""150 fault schedules by a state machine (BL-13, PLP-106): the real platform and the real extranet, each over its own
database, in one process (`tests.pair`): hooks signed by the extranet's code through our route, feed and single reads by
our client through its API. A killed platform is an exception that nothing may catch, at a commit boundary; the same
kills of real processes are in `test_kill`, schedules over real processes in `test_feedback_faults`.

`ENCOURS_FAULTS=long`: 10,000 schedules, by chance; else the same 150 each time.
"""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

import requests
from hypothesis import HealthCheck
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine
from hypothesis.stateful import initialize
from hypothesis.stateful import invariant
from hypothesis.stateful import rule
from hypothesis.stateful import run_state_machine_as_test

from core.links import polling
from tests.faults import campaign
from tests.faults.postman import FORGERIES
from tests.faults.postman import Postman
from tests.pair import NUMBERS
from tests.pair import Pair

LONG = os.environ.get("ENCOURS_FAULTS") == "long"
SCHEDULES = 10_000 if LONG else 150
STATUSES = ("pending", "signature_awaited", "validated", "rejected", "cancelled")
WAITS = (timedelta(seconds=40), timedelta(minutes=6), timedelta(hours=1), timedelta(hours=73), timedelta(days=91))
SPOILT = ("drop", "duplicate", "reorder", "delay", "replay", "forge", "skew")
#: What may be going on when the platform dies, and where.
COMMITS = ("commit:before", "commit:after")
FEED = ("feed:before", "feed:applied", "feed:committed", *COMMITS)
DEATHS = {
    "deliver": ("hook:before", "hook:applied", "hook:committed", *COMMITS),
    "poll_all": FEED,
    "compare": FEED,
    "work": ("job:claimed", "job:done", "job:committed", *FEED),
    "launch": (
        "launch:before", "launch:written", "launch:committed", "authorize:before", "authorize:committed",
        "token:before", "token:committed", *COMMITS,
    ),
}  # fmt: skip


class Schedule(RuleBasedStateMachine):
    """One schedule. Three transactions exist at its beginning: two opened at the partner, one only handed over."""

    pair: Pair
    start: list[requests.Response]

    @initialize()
    def begin(self) -> None:
        self.pair.rewind()
        self.postman = Postman(self.pair)
        self.launched = 2
        self.lost = False

    # --- what people do ----------------------------------------------------------------------------------------

    @rule(enters=st.booleans())
    def launch(self, enters: bool = True) -> None:
        if self.launched < 5 and not self.late:
            self.launched += 1
            opened(self.pair, NUMBERS[self.launched], enters=enters)

    @rule(which=st.integers(0, 1))
    def validate(self, which: int) -> None:
        self.pair.marc.validate(self.start[which])

    @rule(which=st.integers(0, 2), story=st.lists(st.sampled_from(STATUSES), min_size=1, max_size=4))
    def decide(self, which: int, story: list[str]) -> None:
        """What the clerk decides one after the other; what is final he corrects."""
        references = sorted(campaign.theirs(self.pair))
        reference = references[which % len(references)]
        for status in story:
            final = campaign.theirs(self.pair)[reference].status in campaign.FINAL
            campaign.clerk(self.pair, reference, status, corrected=final)

    # --- what the wire does ------------------------------------------------------------------------------------

    @rule(kind=st.sampled_from(SPOILT))
    def plan(self, kind: str) -> None:
        self.pair.sim("POST", "/faults", op="hooks", kind=kind, value=5 if kind == "duplicate" else None)

    @rule()
    def flush(self) -> None:
        self.pair.sender.flush()

    @rule(which=st.integers(0, 30), times=st.sampled_from((1, 1, 5)))
    def deliver(self, which: int, times: int) -> None:
        for _ in range(times):
            self.postman.deliver(which)

    @rule(which=st.integers(0, 30), ways=st.sets(st.sampled_from(FORGERIES), min_size=1, max_size=4))
    def forge(self, which: int, ways: set[str]) -> None:
        for how in sorted(ways):
            self.postman.forge(which, how)

    @rule(which=st.integers(0, 30))
    def replay(self, which: int) -> None:
        self.postman.replay(which)

    # --- what the platform does, and dies of ---------------------------------------------------------------------

    @rule()
    def work(self) -> None:
        self.pair.set_off(self.pair.work)

    @rule()
    def poll(self) -> None:
        self.pair.set_off(lambda: polling.poll(self.pair.cabinet_id))

    def poll_all(self) -> None:
        self.pair.set_off(lambda: polling.poll_all(self.pair.cabinet_id))

    @rule()
    def compare(self) -> None:
        self.pair.set_off(lambda: polling.compare(self.pair.cabinet_id))

    @rule(death=st.sampled_from([(doing, point) for doing, points in DEATHS.items() for point in points]),
          nth=st.sampled_from((1, 1, 2, 3)), which=st.integers(0, 30))  # fmt: skip
    def die(self, death: tuple[str, str], nth: int, which: int) -> None:
        """Killed in the middle of something, and started again."""
        doing, point = death
        self.pair.kill_at(point, nth)
        if doing == "deliver":
            self.postman.deliver(which)
        else:
            getattr(self, doing)()
        self.pair.spare()

    @rule(by=st.sampled_from(WAITS))
    def wait(self, by: timedelta) -> None:
        self.pair.move(by)
        self.lost = self.lost or by > timedelta(days=90)

    @property
    def late(self) -> bool:
        """The adviser's session has ended: he launches nothing more in this schedule."""
        return self.pair.world.clock.now() - self.began > 3 * 3600

    @property
    def began(self) -> float:
        return self.pair.world.clock.now() - self.pair.world.clock._offset

    # --- what holds --------------------------------------------------------------------------------------------

    @invariant()
    def nothing_is_made_up_and_nothing_goes_back(self) -> None:
        campaign.check_all(self.pair, equal=False)
        campaign.check_no_forgery(self.pair, self.postman.forged)

    def teardown(self) -> None:
        if not hasattr(self, "postman"):
            return
        self.pair.spare()
        self.pair.sim("DELETE", "/faults")
        polling.poll_all(self.pair.cabinet_id)
        campaign.check_all(self.pair, equal=True, silent_for_90_days=self.lost)
        self.pair.sender.flush()
        self.pair.work()
        campaign.check_all(self.pair, equal=True, silent_for_90_days=self.lost)
        campaign.check_no_forgery(self.pair, self.postman.forged)


def opened(pair: Pair, number: str, act: str = "Rachat total", *, enters: bool = True) -> Any:
    """Launch an act as a person does; the act page where he went on to it, None where the platform died meanwhile."""
    try:
        menu = pair.marc.acts(pair.marc.account(number))
        handover = pair.marc.launch(pair.marc.tokens(menu.text)[act])
        return pair.marc.enter(handover.text) if enters else handover
    except requests.ConnectionError:
        return None


def test_any_schedule_of_faults_ends_in_the_partners_state(pair: Pair) -> None:
    """PLP-106, BL-13: after any schedule and one polling round both books are equal, no history ever went back."""
    Schedule.pair = pair
    Schedule.start = [opened(pair, NUMBERS[0]), opened(pair, NUMBERS[1])]
    opened(pair, NUMBERS[2], enters=False)
    pair.keep()
    run_state_machine_as_test(
        Schedule,
        settings=settings(
            max_examples=SCHEDULES, stateful_step_count=30 if LONG else 12, derandomize=not LONG, database=None,
            deadline=None, suppress_health_check=list(HealthCheck), print_blob=True,
        ),
    )  # fmt: skip
