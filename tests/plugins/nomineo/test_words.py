"""The partner's word on the mandate, in any order: what moves, what is counted, what stays (PLP-021, PLP-037..043)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from core.db.errors import Conflict
from core.extensions import db
from core.jobs.models import Job
from core.links import mandate_machine as machine
from core.links import mandate_views as views
from core.links import mandates
from core.shell.models import Notification
from tests.plugins.nomineo.link import CODE
from tests.plugins.nomineo.link import PDF
from tests.plugins.nomineo.link import PLUGIN
from tests.plugins.nomineo.link import WAYS
from tests.plugins.nomineo.link import Link
from tests.plugins.nomineo.link import doors
from tests.plugins.nomineo.link import main
from tests.plugins.nomineo.link import texts
from tests.plugins.nomineo.test_forms import history

Say = Callable[..., views.ViewOutcome]
WRONG = "000000000000"


@pytest.fixture
def say(link: Link) -> Say:
    """The partner's word as a hook brings it: one transaction, rolled back where it is refused."""

    def one(state: str | None, **more: Any) -> views.ViewOutcome:
        with db.session(link.people.cabinet_id) as session:
            outcome = link.word(session, state, **more)  # type: ignore[arg-type]
            if outcome.status >= 400:
                session.rollback()
        return outcome

    return one


def test_every_word_in_every_state_keeps_the_table(link: Link, say: Say) -> None:
    """PLP-041, PLP-042: the six words in the eleven states: moved as the table says, or noted with nothing opened."""
    for state in WAYS:
        for word in machine.PARTNER_WORDS:
            link.renew()
            link.bring(state)
            event = machine.event_of_word(word, state)
            wanted = machine.target(event, state, "partner") or state
            before, outcome = link.mandate(), say(word)
            after = link.mandate()
            if (state, word) == ("none", "active"):  # no paper, hence no code
                assert (outcome, after.state) == (views.WRONG_CODE, "none")
                continue
            assert outcome == views.APPLIED, (state, word, outcome)
            assert after.state == wanted, (state, word)
            assert after.partner_state == word
            if state in machine.FINAL:
                kept = ("state", "received_on", "active_from", "suspended_by", "code_hash")
                assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]
            with db.session(link.people.cabinet_id, write=False) as session:
                open_now = not isinstance(mandates.usable(session, PLUGIN, link.people.adviser), mandates.Blocked)
            assert open_now == (after.state == "active" and word == "active"), (state, word)


def test_the_first_activation_needs_the_papers_code(link: Link, say: Say) -> None:
    """PLP-021, PLP-041: no code or a wrong one: 422, unchanged; hyphens, case, blanks and O for 0 count for nothing."""
    for typed in (None, "", WRONG, CODE[:-1], CODE + "0", 7):
        link.renew()
        link.bring("received")
        assert say("active", code=typed).status == 422, typed
        assert (link.mandate().state, link.mandate().active_from) == ("received", None)
    for typed in (CODE, "7k2m-9qx4-tbOd", "7K2M 9QX4 TB0D"):
        link.renew()
        link.bring("received")
        assert say("active", code=typed) == views.APPLIED, typed
        assert link.mandate().state == "active"
        assert link.mandate().code_hash is None
    assert say("suspended") == views.APPLIED
    assert say("active", code=None) == views.APPLIED
    assert link.mandate().state == "active"


def test_five_wrong_tries_kill_the_code(link: Link, say: Say, administrator: FlaskClient) -> None:
    """PLP-021: counted one by one, the same try read again is not another; then even the right one is 422.

    The administrator is told once, and a new paper with a new code is the way out.
    """
    link.bring("received")
    for number in range(1, 6):
        assert say("active", code=f"{number:012}").status == 422
        link.seq -= 1
        assert say("active", code=f"{number:012}").status == 422
        assert link.mandate().code_tries == number
    assert say("active").status == 422
    assert link.mandate().state == "received"
    events = [line.event for line in history(link)]
    assert (events.count("wrong_code"), events.count("code_locked")) == (4, 1)
    with db.session(link.people.cabinet_id, write=False) as session:
        told = session.scalars(select(Notification).where(Notification.key.endswith("code-locked"))).all()
    assert [row.user_id for row in told] == [link.people.administrator]
    page = administrator.get("/p/nomineo/activation").get_data(as_text=True)
    assert "Code d'activation hors d'usage" in texts(main(page))
    assert {"activation/generer", "activation/confirmer"} <= doors(page)
    with db.session(link.people.cabinet_id) as session:
        mandates.issue(session, PLUGIN, pdf=PDF, filename="n.pdf", code="ABCDEFGH1234", actor=link.people.administrator)
    assert link.mandate().received_on is None
    assert say("active").status == 422  # the former paper's code
    assert say("active", code="ABCD-EFGH-1234") == views.APPLIED
    assert link.mandate().state == "active"


def test_a_paper_whose_code_lives_is_not_replaced_by_mistake(link: Link) -> None:
    """PLP-021: the company holds the original; a new one would void the code that it is about to type."""
    link.bring("received")
    with pytest.raises(Conflict) as refused:
        link.step("issue")
    assert "peut encore en saisir le code" in str(refused.value)
    assert link.mandate().state == "received"


def test_the_higher_sequence_wins(link: Link, say: Say) -> None:
    """PLP-041: lower or equal → 200 and nothing; a gap is applied, and the view is asked for; foreign → 202."""
    link.bring("received")
    assert link.seq == 1
    link.seq = 4
    assert say("active") == views.APPLIED
    assert link.mandate().partner_seq == 5
    with db.session(None, write=False) as session:
        jobs = session.scalars(select(Job).where(Job.kind == views.READ_JOB)).all()
    assert [job.payload["reference"] for job in jobs] == [link.mandate().reference]
    for seq in (0, 3, 4):
        link.seq = seq
        assert say("revoked") == views.STALE
    assert link.mandate().state == "active"
    assert say("revoked", mandate="mdt_" + "z" * 22) == views.FOREIGN
    assert link.mandate().state == "active"


def test_a_view_that_is_none_is_refused(link: Link, say: Say) -> None:
    """PLP-004, PLP-005, PLP-041: each member is checked before anything moves."""
    link.bring("sent")
    for bad in (
        {"seq": 0}, {"seq": -1}, {"seq": "2"}, {"seq": True}, {"seq": 2**53}, {"seq": None}, {"code": 5},
        {"received_at": "2026-11-21"}, {"received_at": "2026-11-21T08:00:00+01:00"}, {"received_at": "2026-02-30T08:00:00Z"},
        {"effective_at": 5}, {"reason": 5}, {"reason": {"text": 5}},
    ):  # fmt: skip
        assert say("received", **bad) == views.INVALID, bad
    for word in ("validated", "issued", "sent", "expired", "Active", 5):
        assert say(word) == views.INVALID, word
    with db.session(link.people.cabinet_id) as session:
        assert views.apply_view(session, PLUGIN, {"mandate": 5}) == views.MALFORMED
    assert say(None, seq=0) == views.NOTHING_SAID
    assert link.mandate().state == "sent"
    assert link.mandate().partner_seq == 0


def test_what_was_returned_starts_its_delay_anew(link: Link, say: Say) -> None:
    """BL-05: no countdown from the first receipt; completed and sent again, the next receipt counts."""
    link.bring("returned")
    assert (link.mandate().received_on, link.mandate().sent_on) == (None, None)
    assert [line.note for line in history(link) if line.event == "return"] == ["Signature illisible."]
    link.step("complete")
    link.step("send")
    assert link.mandate().received_on is None
    assert say("received", received_at="2026-11-21T23:30:00Z") == views.APPLIED
    assert str(link.mandate().received_on) == "2026-11-22"  # in France it was past midnight


def test_each_side_lifts_its_own_suspension_only(link: Link, say: Say) -> None:
    """PLP-042: «active by the side that suspended»; while one holds, nothing is open."""
    link.bring("active")
    link.step("suspend")
    assert say("active", code=None) == views.APPLIED
    assert (link.mandate().state, link.mandate().suspended_by) == ("suspended", "platform")
    assert say("suspended") == views.APPLIED
    assert (link.mandate().suspended_by, link.mandate().content["state"]) == ("both", "suspended")
    link.step("resume")
    assert link.mandate().content["state"] == "active"  # our word alone: the partner knows its own
    assert (link.mandate().state, link.mandate().suspended_by) == ("suspended", "partner")
    assert say("active", code=None) == views.APPLIED
    assert (link.mandate().state, link.mandate().suspended_by) == ("active", None)


def test_versions_grow_with_each_change_and_with_nothing_else(link: Link) -> None:
    """PLP-037, PLP-038: the first when it is sent; scopes, advisers, state make the next; a tick makes none."""
    link.bring("sent")
    assert (link.mandate().version, link.mandate().content["state"]) == (1, "sent")
    before = link.mandate().content
    link.background()
    assert link.mandate().content == before
    link.enrol("suspended")
    after = link.mandate()
    assert after.version > 1
    assert after.content["advisers"] == []
    assert after.content["jkt"] == before["jkt"]
    assert "code" not in after.content
    assert set(WAYS) == set(machine.STATES)
