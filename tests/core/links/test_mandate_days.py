"""The delay of activation (BL-05; domain.md §3.6, cases 7, 8, 9): arithmetic without a database."""

from __future__ import annotations

from datetime import date
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.links import mandate_machine as machine
from core.links import working_days
from core.links.mandate_clock import Delay
from core.links.mandate_clock import progress

CALENDAR = Delay()
WORKING = Delay(kind="working")


@pytest.mark.parametrize(
    ("received", "calendar", "working"),
    [
        (date(2026, 11, 18), date(2026, 11, 23), date(2026, 11, 25)),  # a Wednesday; a weekend lies in it
        (date(2028, 2, 25), date(2028, 3, 1), date(2028, 3, 3)),  # 29 February counts, and is a Tuesday
        (date(2027, 2, 25), date(2027, 3, 2), date(2027, 3, 4)),  # no 29 February
        (date(2026, 12, 23), date(2026, 12, 28), date(2026, 12, 31)),  # Christmas is a Friday
        (date(2026, 12, 30), date(2027, 1, 4), date(2027, 1, 7)),  # New Year's Day, over the year
        (date(2026, 4, 30), date(2026, 5, 5), date(2026, 5, 11)),  # 1 May and 8 May are Fridays
        (date(2026, 11, 21), date(2026, 11, 26), date(2026, 11, 27)),  # received on a Saturday
    ],
)
def test_the_delay_counts_from_the_receipt(received: date, calendar: date, working: date) -> None:
    """BL-05, case 9: 29 February, weekends, French public holidays."""
    assert working_days.add_days(received, 5, "calendar") == calendar
    assert working_days.add_days(received, 5, "working") == working


@given(st.dates(date(2020, 1, 1), date(2060, 1, 1)), st.integers(1, 30))
def test_a_working_delay_ends_on_a_working_day_with_that_many_before(start: date, days: int) -> None:
    """BL-05: exactly `days` working days lie after the receipt, the last one being the term."""
    due = working_days.add_days(start, days, "working")
    between = [start + timedelta(days=n) for n in range(1, (due - start).days + 1)]
    assert working_days.is_working_day(due)
    assert sum(map(working_days.is_working_day, between)) == days
    assert due >= working_days.add_days(start, days, "calendar")


def test_labels_say_which_days() -> None:
    """BL-05: the kind of days is shown, since the source says «5 jours» only."""
    assert CALENDAR.label == "5 jours calendaires"
    assert WORKING.label == "5 jours ouvrés"
    assert working_days.label(1, "working") == "1 jour ouvré"


RECEIVED = date(2026, 11, 16)


def test_day_four_is_under_way_and_day_six_is_late() -> None:
    """Case 7: D+4 «activation en cours», D+5 still in time, D+6 late."""
    fourth = progress("received", RECEIVED, RECEIVED, CALENDAR, RECEIVED + timedelta(days=4))
    assert (fourth.due, fourth.days_left, fourth.late) == (date(2026, 11, 21), 1, False)
    fifth = progress("received", RECEIVED, RECEIVED, CALENDAR, RECEIVED + timedelta(days=5))
    assert (fifth.days_left, fifth.late) == (0, False)
    sixth = progress("received", RECEIVED, RECEIVED, CALENDAR, RECEIVED + timedelta(days=6))
    assert (sixth.days_left, sixth.late) == (-1, True)


def test_without_a_known_receipt_nothing_is_counted() -> None:
    """Case 8: no countdown from the sending; at day 3 the inspector is to be chased."""
    second = progress("sent", RECEIVED, None, CALENDAR, RECEIVED + timedelta(days=2))
    assert (second.due, second.days_left, second.chase, second.late) == (None, None, False, False)
    third = progress("sent", RECEIVED, None, CALENDAR, RECEIVED + timedelta(days=3))
    assert (third.due, third.chase, third.late) == (None, True, False)
    month = progress("sent", RECEIVED, None, CALENDAR, RECEIVED + timedelta(days=30))
    assert (month.due, month.chase, month.late) == (None, True, False)


def test_no_transition_of_time_leads_to_active() -> None:
    """BL-05: only the partner's word or a person with a proof activates; the clock only expires."""
    for move in machine.TRANSITIONS:
        if "clock" in move.by:
            assert move.target == "expired"
        if move.target == "active":
            assert move.by <= {"partner", "proof", "platform"}
            assert move.event == "resume" or "platform" not in move.by


def test_final_states_have_no_way_out() -> None:
    """PLP-042's table: refused, revoked, expired are final for everybody."""
    for state in machine.FINAL:
        for by in ("platform", "partner", "proof", "clock"):
            assert machine.allowed(state, by) == frozenset()


def test_every_state_and_event_has_its_label() -> None:
    """interfaces.md «One vocabulary»: the eleven states, in French; each event of the machine too."""
    assert machine.STATES == (
        "none", "issued", "completed", "sent", "received", "active", "returned", "refused", "suspended", "revoked",
        "expired",
    )  # fmt: skip
    assert {move.event for move in machine.TRANSITIONS} <= set(machine.EVENT_LABELS)
