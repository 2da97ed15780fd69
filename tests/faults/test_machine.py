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
from hypothesis.stateful import precondition
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
DEATHS = (
    "hook:before", "hook:applied", "hook:committed", "feed:before", "feed:applied", "feed:committed", "job:claimed",
    "job:done", "job:committed", "launch:before", "launch:written", "launch:committed", "authorize:before",
    "authorize:committed", "token:before", "token:committed", "commit:before", "commit:after",
)  # fmt: skip


class Schedule(RuleBasedStateMachine):
    """One schedule. Three transactions exist at its beginning: two opened at the partner, one only handed over."""

    pair: Pair
    start: list[requests.Response]

    @initialize()
    def begin(self) -> None:
        self.pair.rewind()
        self.postman = Postman(self.pair)
        self.launched = 3
        self.lost = False

    # --- what people do ----------------------------------------------------------------------------------------

    @precondition(lambda self: self.launched < 5 and not self.late)
    @rule(enters=st.booleans())
    def launch(self, enters: bool) -> None:
        account = NUMBERS[self.launched]
        self.launched += 1
        opened(self.pair, account, enters=enters)

    @rule(which=st.integers(0, 1))
    def validate(self, which: int) -> None:
        self.pair.marc.validate(self.start[which])

    @rule(which=st.integers(0, 4), status=st.sampled_from(STATUSES), corrected=st.booleans())
    def decide(self, which: int, status: str, corrected: bool) -> None:
        references = sorted(campaign.theirs(self.pair))
        campaign.clerk(self.pair, references[which % len(references)], status, corrected=corrected)

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

    @rule(which=st.integers(0, 30), how=st.sampled_from(FORGERIES))
    def forge(self, which: int, how: str) -> None:
        self.postman.forge(which, how)

    @rule(which=st.integers(0, 30))
    def replay(self, which: int) -> None:
        self.postman.replay(which)

    @rule(point=st.sampled_from(DEATHS), nth=st.integers(1, 3))
    def kill(self, point: str, nth: int) -> None:
        self.pair.kill_at(point, nth)

    # --- what the platform does --------------------------------------------------------------------------------

    @rule()
    def work(self) -> None:
        self.pair.set_off(self.pair.work)

    @rule()
    def poll(self) -> None:
        self.pair.set_off(lambda: polling.poll(self.pair.cabinet_id))

    @rule()
    def compare(self) -> None:
        self.pair.set_off(lambda: polling.compare(self.pair.cabinet_id))

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
            max_examples=SCHEDULES, stateful_step_count=30 if LONG else 14, derandomize=not LONG, database=None,
            deadline=None, suppress_health_check=list(HealthCheck), print_blob=True,
        ),
    )  # fmt: skip
