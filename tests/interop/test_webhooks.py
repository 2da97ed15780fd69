"""Standard Webhooks by `standardwebhooks`: what it signs we take, what it did not sign we do not (PLP §7, BL-13)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.interop.joining import Joining
from tests.interop.joining import moment
from tests.interop.launching import Trip

ANOTHER_SECRET = "whsec_" + "A" * 43 + "="


class Case:
    """One transaction that was launched, and its status here."""

    def __init__(self, joined: Joining) -> None:
        self.joined = joined
        plp = Trip(joined).all()["claims"]["plp"]
        self.names = {name: plp[name] for name in ("transaction_ref", "launch_id", "mandate")}

    def data(self, seq: int, status: str, **more: Any) -> dict[str, Any]:
        return {
            **self.names, "partner_ref": "IND-10021", "seq": seq, "corrects": None, "status": status, "status_label": None,
            "previous": None, "effective_at": moment(), "reason": None, "amount": {"value": "1500.00", "currency": "EUR"},
            "instructions": None, "documents": [], **more,
        }  # fmt: skip

    def send(self, data: dict[str, Any], **changes: Any) -> int:
        return self.joined.partner.hook("transaction.status_changed", data, **changes).status_code

    @property
    def status(self) -> tuple[str, int]:
        reference = self.names["transaction_ref"]
        [row] = self.joined.stage.rows('SELECT status, seq FROM "transaction" WHERE reference = ?', reference)
        return row[0], row[1]


@pytest.fixture
def case(joined: Joining) -> Iterator[Case]:
    """A case that is over afterwards: while it is pending, no other act of its nature may begin (BL-11)."""
    made = Case(joined)
    yield made
    status, seq = made.status
    if status == "pending":
        assert made.send(made.data(seq + 1, "cancelled", previous="pending")) == 204


def test_what_the_library_signs_is_applied(case: Case) -> None:
    """PLP-090, PLP-097, BL-13: 204, in order; what comes late changes nothing."""
    first = case.data(1, "pending")
    assert case.send(first) == 204
    assert case.status == ("pending", 1)
    assert case.send(case.data(2, "validated", previous="pending")) == 204
    assert case.status == ("validated", 2)
    assert case.send(first) == 200, "PLP-095: an older snapshot under a new id is stale"
    assert case.status == ("validated", 2)


@pytest.mark.parametrize(
    "spoil",
    [
        {"secret": ANOTHER_SECRET},
        {"at": timedelta(hours=-2)},
        {"at": timedelta(hours=2)},
    ],
    ids=["another-secret", "too-old", "too-new"],
)
def test_what_it_did_not_sign_now_is_refused(case: Case, spoil: dict[str, Any]) -> None:
    """PLP-090, PLP-098, BL-13: 401, and nothing changes; the true message is then taken."""
    data = case.data(1, "pending")
    if "at" in spoil:
        spoil = {"at": datetime.now(UTC) + spoil["at"]}
    assert case.send(data, **spoil) == 401
    assert case.status == ("opened", 0)
    assert case.send(data) == 204


def test_other_bytes_than_those_signed_are_refused(case: Case) -> None:
    """PLP-090: one changed value, or the same JSON with another blank, is another message."""
    true = case.data(1, "pending")
    forged = {"type": "transaction.status_changed", "timestamp": moment(), "data": case.data(1, "validated")}
    for body in (json.dumps(forged), "{}", ""):
        assert case.send(true, body=body or " ") == 401
    assert case.status == ("opened", 0)


def test_one_id_is_one_message(case: Case) -> None:
    """PLP-091: other bytes under an id that was taken: 409, and the first stays."""
    webhook_id = f"msg_{uuid4().hex}"
    assert case.send(case.data(1, "pending"), webhook_id=webhook_id) == 204
    assert case.send(case.data(2, "validated"), webhook_id=webhook_id) == 409
    assert case.status == ("pending", 1)
