"""The moves of a transaction as data, against the table at the end of partner-link.md §7, written out again here."""

from __future__ import annotations

from datetime import UTC
from datetime import datetime
from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.transactions import machine
from core.transactions import schedule
from core.transactions.machine import Event

DECLARED = "signature_awaited"
FINAL = ("validated", "rejected", "cancelled")
ALL = ("initiated", "opened", "pending", DECLARED, "abandoned", "unknown", *FINAL)
SAID = ("pending", DECLARED, *FINAL)
BEGAN = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(("current", "word"), list(product(ALL, SAID)))
def test_an_ordinary_word_is_taken_but_in_a_final_state(current: str, word: str) -> None:
    """PLP-096, PLP-106: taken from everywhere, revives what our clock had ended; a final state keeps still."""
    verdict = machine.judge(current, 1, Event(2, word))
    assert verdict.kind == ("refuse" if current in FINAL else "apply")


@pytest.mark.parametrize(("current", "word"), list(product(ALL, SAID)))
def test_a_correction_is_taken_from_everywhere(current: str, word: str) -> None:
    """PLP-100, PLP-106: also from a final state, where it names what we know."""
    assert machine.judge(current, 1, Event(2, word, corrected=True, corrects=1)).kind == "apply"


@given(st.sampled_from(ALL), st.integers(0, 9), st.integers(1, 9), st.sampled_from(SAID), st.booleans(), st.integers(1, 9))
def test_no_number_goes_back_and_final_states_are_left_by_valid_corrections_only(
    current: str, last: int, seq: int, status: str, corrected: bool, corrects: int
) -> None:
    """PLP-094 to PLP-097, PLP-100, for every combination."""
    verdict = machine.judge(current, last, Event(seq, status, corrected, corrects if corrected else None))
    if seq == last:
        assert verdict.kind == "repeat"
    elif seq < last:
        assert verdict.kind == "stale"
    elif current in FINAL and not (corrected and last <= corrects < seq):
        assert verdict.kind == "refuse"
    else:
        assert (verdict.kind, verdict.gap) == ("apply", seq > last + 1)


def test_our_own_moves_are_the_tables_last_column() -> None:
    """PLP-106: 72 h → abandoned, 90 days → unknown, opened at the token; nothing else, and nothing from a final state."""
    moves = {(source, target) for source, target in product(ALL, ALL) if machine.may_move(source, target)}
    assert moves == {
        ("initiated", "opened"), ("initiated", "abandoned"), ("opened", "abandoned"), ("pending", "unknown"),
        (DECLARED, "unknown"),
    }  # fmt: skip


def test_the_partners_words_and_ours_are_two_vocabularies() -> None:
    """PLP-086: pending and the final ones are the partner's, the four others are ours."""
    assert set(machine.LABELS) == machine.PARTNER | machine.LOCAL
    assert not machine.PARTNER & machine.LOCAL
    assert {status for status in machine.LABELS if machine.is_in_progress(status)} == {"pending"}


@pytest.mark.parametrize(
    ("age", "pause"),
    [
        (timedelta(0), timedelta(minutes=5)), (timedelta(minutes=59), timedelta(minutes=5)),
        (timedelta(hours=1), timedelta(minutes=15)), (timedelta(hours=23), timedelta(minutes=15)),
        (timedelta(hours=24), timedelta(hours=1)), (timedelta(days=6), timedelta(hours=1)),
        (timedelta(days=7), timedelta(days=1)), (timedelta(days=89), timedelta(days=1)),
    ],
)  # fmt: skip
def test_the_ladder_of_looks(age: timedelta, pause: timedelta) -> None:
    """PLP-105: 5 min for 1 h, 15 min for 24 h, 1 h to day 7, daily to day 90."""
    assert schedule.next_look("pending", BEGAN, BEGAN + age, BEGAN + age) == BEGAN + age + pause


def test_a_look_is_never_after_the_end_of_the_wait() -> None:
    """PLP-105: the last look is at the deadline itself; none in a state in which nothing is waited for."""
    assert schedule.next_look("opened", BEGAN, BEGAN, BEGAN + timedelta(hours=71, minutes=30)) == BEGAN + timedelta(hours=72)
    assert schedule.next_look("pending", BEGAN, BEGAN, BEGAN + timedelta(days=89, hours=20)) == BEGAN + timedelta(days=90)
    for status in (*FINAL, "abandoned", "unknown"):
        assert schedule.next_look(status, BEGAN, BEGAN, BEGAN) is None
    assert [schedule.outcome(status) for status in ("initiated", "opened", "pending", DECLARED)] == [
        "abandoned", "abandoned", "unknown", "unknown",
    ]  # fmt: skip
