"""The order of the partner's words (PLP-094 to PLP-097, PLP-100, PLP-106): each answer, and what it leaves behind."""

from __future__ import annotations

import pytest
from sqlalchemy import func
from sqlalchemy import select

from core.extensions import db
from core.jobs.models import Job
from core.links import feedback
from core.transactions import services as transactions
from tests.core.links.receiving import Receiver

pytestmark = pytest.mark.xdist_group("links")
FINAL = ("validated", "rejected", "cancelled")


def test_the_last_number_again_is_a_duplicate_or_a_conflict(here: Receiver, sent: str) -> None:
    """PLP-094, PLP-099: same content whatever the order of members, the label, documents, nulls; other content 409."""
    assert here.say(sent) == 204
    item = here.item(sent, effective_at=here.row(sent).status_at.strftime("%Y-%m-%dT%H:%M:%SZ"))  # type: ignore[union-attr]
    data = dict(reversed(item["data"].items()))
    data |= {"status_label": "Autre", "documents": [{"url": "x"}]}
    del data["reason"], data["instructions"]
    answer = here.post({**item, "data": data})
    assert (answer.status_code, answer.get_json()) == (200, {"result": "duplicate"})
    before = here.everything()
    for _ in range(2):
        assert here.post(here.item(sent, 1, "validated")).status_code == 409
    assert here.everything() == before
    assert here.told("conflict:") == 1


def test_an_older_number_is_stored_and_counts_for_nothing(here: Receiver, sent: str) -> None:
    """PLP-095: 200 `stale`, one line in the history that says so, however often it comes."""
    assert here.say(sent, 2, "validated") == 204
    answers = [here.post(here.item(sent, 1, "pending", effective_at="2026-01-02T03:04:05Z")) for _ in range(3)]
    assert [(answer.status_code, answer.get_json()) for answer in answers] == [(200, {"result": "stale"})] * 3
    assert here.state(sent) == ("validated", 2)
    assert here.history(sent) == [(None, "initiated", True), (2, "validated", True), (1, "pending", False)]


@pytest.mark.parametrize("final", ["validated", "rejected", "cancelled"])
@pytest.mark.parametrize("word", ["pending", "signature_awaited", "validated", "rejected", "cancelled"])
def test_a_final_state_is_left_by_no_ordinary_word(here: Receiver, sent: str, final: str, word: str) -> None:
    """PLP-096, PLP-106: 409 and one alert; the status stays, no row."""
    assert here.say(sent, 1, final) == 204
    before = here.everything()
    assert here.say(sent, 2, word) == 409
    assert here.everything() == before
    assert here.told("conflict:") == 1


def test_a_gap_is_flagged_and_read_soon(here: Receiver, sent: str) -> None:
    """PLP-097: 204, flag, one job; the flag goes when the missing number comes."""
    assert here.say(sent, 3, "pending") == 204
    assert here.row(sent).gap
    with db.session(None, write=False) as session:
        assert session.scalar(select(func.count()).where(Job.kind == feedback.RECONCILE)) == 1
    assert here.say(sent, 2, "signature_awaited") == 200
    assert here.row(sent).gap
    assert here.say(sent, 1, "pending") == 200
    assert not here.row(sent).gap


@pytest.mark.parametrize(
    ("seq", "corrects", "status"),
    [(3, 2, 204), (5, 2, 204), (5, 3, 204), (5, 4, 204), (3, 1, 409), (3, 3, 409), (4, 5, 409), (3, None, 409)],
)
def test_a_correction_names_what_we_know_or_later(
    here: Receiver, sent: str, seq: int, corrects: int | None, status: int
) -> None:
    """PLP-100: last known seq ≤ `corrects` < own seq, else 409; the adviser is told of one that is taken."""
    assert [here.say(sent, 1, "pending"), here.say(sent, 2, "validated")] == [204, 204]
    item = here.item(sent, seq, "rejected", corrects=corrects)
    item["type"] = "transaction.corrected"
    assert here.post(item).status_code == status
    assert here.state(sent) == (("rejected", seq) if status == 204 else ("validated", 2))
    assert here.told("corrected:") == (1 if status == 204 else 0)


def test_the_type_alone_makes_a_correction(here: Receiver, sent: str) -> None:
    """PLP-100: `corrects` in an ordinary word opens no final state."""
    assert here.say(sent, 1, "validated") == 204
    item = here.item(sent, 2, "rejected", corrects=1)
    item["type"] = "transaction.status_changed"
    assert here.post(item).status_code == 409
    assert here.state(sent) == ("validated", 1)


def test_our_own_moves_never_undo_the_partners_word(here: Receiver, sent: str) -> None:
    """PLP-106, BL-13: a token answered late, a clock that comes late: the partner's word was there before."""
    for seq, status in ((1, "pending"), (2, "validated")):
        assert here.say(sent, seq, status) == 204
        for ours in ("opened", "abandoned", *(("unknown",) if status in FINAL else ())):
            with db.session(here.people.cabinet_id) as session:
                assert not transactions.apply_local(session, here.row(sent).id, ours, source="clock")
        assert here.state(sent) == (status, seq)
