"""The receiver of hooks, line by line (PLP-084 to PLP-100): each answer, and what it leaves behind."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func
from sqlalchemy import select

from core.cabinets import vault
from core.cabinets.models import AuditEntry
from core.cli import worker
from core.db.clock import epoch
from core.db.clock import shifted
from core.extensions import db
from core.hooks import enabling
from core.hooks.hub import Hub
from core.links import feedback
from core.links.models import Endpoint
from core.links.models import InboxEvent
from tests.conftest import People
from tests.conftest import add_people
from tests.core.links.receiving import Receiver
from tests.core.links.receiving import World
from tests.core.links.receiving import new_webhook_id

OTHER_SECRET = f"whsec_{'B' * 43}="


pytestmark = pytest.mark.xdist_group("links")


@pytest.fixture
def strangers(here: Receiver, world: World) -> People:
    """A second cabinet."""
    return add_people(world.kept.hub, "second")


@pytest.fixture
def hub(here: Receiver, world: World) -> Hub:
    return world.kept.hub


# --- PLP-088, 089: the endpoint, the envelope ------------------------------------------------------------------------


def test_an_unknown_endpoint_is_404_and_a_disabled_one_410(here: Receiver, sent: str) -> None:
    """PLP-088: before anything is read, signed or not."""
    assert here.post(here.item(sent), endpoint="ep_nobodyknowsthis").status_code == 404
    here.disable()
    answer = here.post(here.item(sent))
    assert answer.status_code == 410
    assert answer.get_json()["type"] == "urn:plp:problem:endpoint-disabled"
    assert here.state(sent) == ("initiated", 0)


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"x" * 65_537, {}, 413),
        (b'{"type":"ping","data":{}}', {"Content_Type": "text/plain"}, 415),
        (b'{"type":"ping","data":{}}', {"Content_Type": "application/x-www-form-urlencoded"}, 415),
        (b'{"type":"ping","data":{}}', {"Content_Encoding": "gzip"}, 415),
        (b'{"type":"ping","data":{}}', {"Content_Type": "application/json; charset=utf-8"}, 204),
        (b'{"type":"ping","data":{"x":"' + b"y" * 65_000 + b'"}}', {}, 204),
    ],
)
def test_size_and_media_type(here: Receiver, body: bytes, headers: dict[str, str], status: int) -> None:
    """PLP-089, PLP-003: 65 536 bytes; JSON, not compressed."""
    assert here.post(body, **headers).status_code == status


# --- PLP-090: signature, then time -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "spoilt",
    [
        {"secret": OTHER_SECRET},
        {"webhook_signature": ""},
        {"webhook_signature": "v1,"},
        {"webhook_signature": "v1,AAAA"},
        {"webhook_signature": "v1a,AAAA v2,BBBB"},
        {"webhook_signature": "v1,é"},
        {"webhook_timestamp": "0"},
        {"webhook_timestamp": "1e9"},
        {"Webhook_Id": ""},
        {"apart": -400},
        {"apart": 400},
    ],
    ids=str,
)
def test_what_is_not_signed_now_is_401_and_leaves_only_a_line_in_the_journal(
    here: Receiver, sent: str, spoilt: dict[str, Any]
) -> None:
    """PLP-090, PLP-098: forged, or signed at another time; no row, no change; one journal line a minute at most."""
    before = here.everything()
    for _ in range(3):
        given = {"at": epoch() + spoilt["apart"]} if "apart" in spoilt else spoilt
        answer = here.post(here.item(sent), **given)
        assert answer.status_code == 401
    assert here.everything() == before
    with db.session(here.people.cabinet_id, write=False) as session:
        lines = select(func.count()).where(AuditEntry.action == "link.hook_unsigned")
        assert session.scalar(lines) == 1


@pytest.mark.parametrize("apart", [-299, 299])
def test_the_tolerance_is_five_minutes(here: Receiver, sent: str, apart: int) -> None:
    """PLP-090."""
    assert here.post(here.item(sent), at=epoch() + apart).status_code == 204


def test_a_signature_is_over_id_time_and_bytes(here: Receiver, sent: str) -> None:
    """PLP-090: the signature of one hook is none of another: other bytes, other id, other time."""
    mine = here.item(sent)
    signed = here.post(mine, webhook_id=(name := new_webhook_id()))
    assert signed.status_code == 204
    headers = dict(signed.request.headers)
    before = here.everything()
    for change in ({"webhook-id": new_webhook_id()}, {"webhook-timestamp": str(epoch() + 1)}):
        kept = {key: value for key, value in headers.items() if key.lower() not in ("content-length", *change)}
        answer = here.app.test_client().post(
            f"/plp/hooks/{here.endpoint}", data=json.dumps(mine).encode(), headers={**kept, **change}
        )
        assert answer.status_code == 401, change
    other = here.app.test_client().post(
        f"/plp/hooks/{here.endpoint}", data=json.dumps(here.item(sent, 2, "validated")).encode(),
        headers={key: value for key, value in headers.items() if key.lower() != "content-length"},
    )  # fmt: skip
    assert (other.status_code, here.everything()) == (401, before)
    assert name


def test_both_secrets_of_a_rotation_are_taken(here: Receiver, sent: str) -> None:
    """PLP-013, PLP-090: the old one still signs while it is kept."""
    with db.session(here.people.cabinet_id) as session:
        vault.seal(session, f"link:{here.plugin}", "webhook-secret-old", OTHER_SECRET.encode())
    assert here.post(here.item(sent), secret=OTHER_SECRET).status_code == 204
    assert here.say(sent, 2, "validated") == 204


def test_another_cabinets_secret_opens_nothing_here(here: Receiver, sent: str, hub: Hub, strangers: People) -> None:
    """PLP-093: signed by the second cabinet's secret: 401 at our address, kept aside at theirs; nothing of ours moves."""
    theirs = Receiver(here.app, strangers, launches=here.launches, mandate=here.mandate)
    mandate = here.mandate
    theirs.register(hub.registry)
    theirs.mandate = mandate
    before = here.everything()
    lie = theirs.item(sent, 1, "validated")
    assert here.post(lie, secret=theirs.secret).status_code == 401
    assert theirs.post(lie).status_code == 202
    assert here.everything() == before
    assert theirs.outcomes() == ["aside"]


# --- PLP-091: the inbox ----------------------------------------------------------------------------------------------


def test_the_same_hook_again_is_a_duplicate_and_other_bytes_under_its_id_a_conflict(here: Receiver, sent: str) -> None:
    """PLP-091: 200 for the same bytes however often; 409 and one alert for others; nothing changes."""
    name, item = new_webhook_id(), here.item(sent)
    assert here.post(item, webhook_id=name).status_code == 204
    before = here.everything()
    for _ in range(5):
        answer = here.post(item, webhook_id=name)
        assert (answer.status_code, answer.get_json()) == (200, {"result": "duplicate"})
    for _ in range(2):
        assert here.post(here.item(sent, 2, "validated"), webhook_id=name).status_code == 409
    assert here.everything() == before
    assert here.told("hook-reused:") == 1


def test_an_id_is_the_partners_own(here: Receiver, sent: str) -> None:
    """PLP-004, PLP-091: a malformed id is refused, whatever the signature."""
    for name in ("short", "x" * 65, "msg with spaces in it", "msg_é_abcdefghijkl"):
        assert here.post(here.item(sent), webhook_id=name).status_code in (400, 401), name
    assert here.outcomes() == []


# --- PLP-092, 084 to 086: what it says -------------------------------------------------------------------------------

BAD_JSON = (b"", b"{", b"[]", b'"x"', b"null", b'{"type":1}', b'{"type":"ping","type":"ping"}', b'{"type":"ping","x":NaN}',
            b'\xff{"type":"ping"}', b'{"type":"ping"} x', b'{"a":' * 3000 + b"1" + b"}" * 3000)  # fmt: skip


@pytest.mark.parametrize("body", BAD_JSON, ids=range(len(BAD_JSON)))
def test_what_is_not_json_as_admitted_is_400(here: Receiver, body: bytes) -> None:
    """PLP-092, PLP-003: also a member named twice."""
    answer = here.post(body)
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"
    assert here.outcomes() == []


def test_an_unknown_type_is_kept_and_not_applied(here: Receiver, sent: str) -> None:
    """PLP-084: 202, stored; `ping` is known; `keys.rotated` needs its statement."""
    assert here.post({**here.item(sent), "type": "transaction.sealed"}).status_code == 202
    assert here.post({"type": "ping", "timestamp": "x", "data": {}}).status_code == 204
    assert here.post({"type": "keys.rotated", "data": {}}).status_code == 400
    assert here.state(sent) == ("initiated", 0)
    assert here.outcomes() == ["unknown", "ping"]


Change = Callable[[dict[str, Any]], None]


def _set(name: str, value: Any) -> Change:
    return lambda data: data.__setitem__(name, value)


def _drop(name: str) -> Change:
    return lambda data: data.pop(name) and None


@pytest.mark.parametrize("name", ["transaction_ref", "launch_id", "mandate", "seq", "status", "effective_at"])
def test_a_missing_member_is_400(here: Receiver, sent: str, name: str) -> None:
    """PLP-092: required members; the answer leaves no row (PLP-098)."""
    _refused(here, sent, _drop(name), 400)


@pytest.mark.parametrize(
    ("name", "value", "status"),
    [
        ("seq", "1", 400), ("seq", 1.0, 400), ("seq", True, 400), ("seq", 0, 422), ("seq", -1, 422), ("seq", 2**53, 422),
        ("corrects", "0", 400), ("corrects", 0, 422), ("status", 3, 400), ("status", "sealed", 422), ("status", "", 422),
        ("status", "initiated", 422), ("status", "opened", 422), ("status", "abandoned", 422), ("status", "unknown", 422),
        ("transaction_ref", "x", 422), ("launch_id", None, 400), ("mandate", ["m"], 400), ("partner_ref", "é" * 3, 422),
        ("partner_ref", 7, 400), ("reason", "no", 400), ("reason", {"code": "A B", "text": ""}, 422), ("reason", {}, 400),
        ("amount", "1500", 400), ("amount", {"value": "1500.0", "currency": "EUR"}, 422),
        ("amount", {"value": "1500", "currency": "EUR"}, 422), ("amount", {"value": "1.00", "currency": "XXZ"}, 422),
        ("amount", {"value": 1500, "currency": "EUR"}, 400), ("amount", {"value": "9" * 15 + ".00", "currency": "EUR"}, 422),
        ("effective_at", "2026-11-22", 422), ("effective_at", "2026-11-22T10:02:10+00:00", 422), ("effective_at", 0, 400),
        ("instructions", {}, 400), ("instructions", [1], 400), ("instructions", [{"side": "up", "mode": "all"}], 422),
        ("instructions", [{"side": "in", "mode": "all"}] * 101, 422), ("status_label", 5, 400), ("previous", [], 400),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused(here: Receiver, sent: str, name: str, value: Any, status: int) -> None:
    """PLP-085, PLP-086, PLP-092: types 400, values 422; local and undeclared statuses never."""
    _refused(here, sent, _set(name, value), status)


def _refused(here: Receiver, sent: str, change: Change, status: int) -> None:
    before = here.everything()
    item = here.item(sent)
    change(item["data"])
    answer = here.post(item)
    assert answer.status_code == status, answer.get_json()
    assert here.everything() == before
    assert here.say(sent) == 204, "and the right one is taken after it"


def test_a_declared_status_is_shown_under_the_sheets_label(here: Receiver, sent: str) -> None:
    """PLP-086, PLP-009: declared on the sheet; never final."""
    assert here.say(sent, 1, "signature_awaited", status_label="Autre mot") == 204
    assert (here.row(sent).status, here.row(sent).status_label) == ("signature_awaited", "Signature attendue")
    assert here.say(sent, 2, "pending") == 204
    assert here.row(sent).status_label == "En attente"


def test_texts_are_kept_as_one_plain_line_and_documents_are_ignored(here: Receiver, sent: str) -> None:
    """PLP-006, PLP-085: cut to 200, no control characters; no URL is kept to be fetched or shown."""
    reason = {"code": "other", "text": "<b>non</b>\n" + "x" * 300}
    assert here.say(sent, 1, "rejected", reason=reason, documents=[{"url": "http://169.254.169.254/"}]) == 204
    kept = here.row(sent).reason_text
    assert kept is not None
    assert kept.startswith("<b>non</b> x")
    assert len(kept) == 200


# --- PLP-093, 098: kept aside ----------------------------------------------------------------------------------------


def test_unknown_and_foreign_get_one_answer_and_are_kept_aside(here: Receiver, sent: str) -> None:
    """PLP-093: unknown reference, another launch, another mandate: 202 with one body; nothing moves."""
    other = here.transaction()
    items = [
        here.item("txn_" + "u" * 22),
        here.item(sent, launch_id=here.launches[other]),
        here.item(sent, launch_id="lch_" + "u" * 22),
        here.item(sent, mandate="mdt_" + "u" * 22),
    ]
    answers = [here.post(item) for item in items]
    assert {(answer.status_code, answer.get_data()) for answer in answers} == {(202, b'{"result": "accepted"}')}
    assert here.outcomes() == ["aside"] * 4
    assert (here.state(sent), here.state(other)) == (("initiated", 0), ("initiated", 0))


def test_what_was_kept_aside_is_judged_when_its_transaction_appears(
    here: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PLP-098: in the order in which it came, by the same rules, by a job after the launch is written."""
    name = "a" * 22
    reference = f"txn_{name}"
    for seq, status in ((1, "pending"), (3, "validated"), (2, "signature_awaited")):
        assert here.say(reference, seq, status) == 202
    assert here.say(reference, 4, "pending") == 202
    with monkeypatch.context() as known:
        known.setattr("core.transactions.services.secrets", SimpleNamespace(token_urlsafe=lambda _size: name))
        assert here.transaction() == reference
    assert here.state(reference) == ("initiated", 0)
    worker.run_due()
    assert here.state(reference) == ("validated", 3)
    assert sorted(here.outcomes()) == ["applied", "applied", "refused", "stale"]
    assert here.told("conflict:") == 1
    worker.run_due()
    assert here.history(reference) == [
        (None, "initiated", True), (1, "pending", True), (3, "validated", True), (2, "signature_awaited", False),
    ]  # fmt: skip


def test_no_more_than_a_thousand_are_kept_aside_for_thirty_days(here: Receiver, sent: str) -> None:
    """PLP-093: then 429 with Retry-After; ours are taken as before; after thirty days there is room again."""
    with db.session(here.people.cabinet_id) as session:
        session.add_all(
            InboxEvent(plugin=here.plugin, webhook_id=f"msg_{n:016}", body_sha256="-", body=b"{}", outcome="aside")
            for n in range(feedback.ASIDE_MOST)
        )
    answer = here.post(here.item("txn_" + "u" * 22))
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert len(here.outcomes()) == feedback.ASIDE_MOST
    assert here.say(sent) == 204
    with shifted(timedelta(days=30, seconds=1)):
        assert here.say("txn_" + "u" * 22) == 202


# --- around it -------------------------------------------------------------------------------------------------------


def test_a_cabinet_that_switched_the_link_off_asks_to_come_again(here: Receiver, sent: str, hub: Hub) -> None:
    """domain.md §3.6 #19: statuses are frozen, nothing is lost: 503 to what is signed, then all goes on."""
    with db.session(here.people.cabinet_id) as session:
        enabling.switch(session, hub.registry, here.plugin, on=False, actor="cli")
    before = here.everything()
    answer = here.post(here.item(sent))
    assert (answer.status_code, here.everything()) == (503, before)
    with db.session(here.people.cabinet_id) as session:
        enabling.switch(session, hub.registry, here.plugin, on=True, actor="cli")
    assert here.say(sent) == 204


def test_the_interaction_id_comes_back_and_nothing_else_does(here: Receiver, sent: str) -> None:
    """PLP-008, PLP-107: echoed where it is a UUID, replaced elsewhere; a problem names no personal data."""
    name = "0b9f6a52-3c9e-4a3b-9a53-1d5f3f1f9b11"
    assert here.post(here.item(sent), PLP_Interaction_Id=name).headers["PLP-Interaction-Id"] == name
    answer = here.post(here.item(sent, 1, "validated"), PLP_Interaction_Id="<script>")
    problem = answer.get_json()
    assert "<" not in answer.headers["PLP-Interaction-Id"]
    assert set(problem) == {
        "type", "title", "status", "detail", "instance", "interaction_id", "retryable", "reason_code",
    }  # fmt: skip
    assert (problem["type"], problem["retryable"]) == ("urn:plp:problem:sequence-conflict", False)
    assert "Durand" not in answer.get_data(as_text=True)


def test_only_post_and_never_the_session(here: Receiver) -> None:
    """A machine's address: other methods are 405; no cookie is read or set."""
    client = here.app.test_client()
    assert client.get(f"/plp/hooks/{here.endpoint}").status_code == 405
    answer = here.post({"type": "ping", "data": {}})
    assert "Set-Cookie" not in answer.headers


def test_one_endpoint_for_each_cabinet_and_partner(here: Receiver) -> None:
    """PLP-013."""
    with db.session(None, write=False) as session:
        assert session.scalars(select(Endpoint.cabinet_id)).all() == [here.people.cabinet_id]
