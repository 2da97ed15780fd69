"""The API's walls: no byte of another cabinet, no nonsense that breaks anything (PL-09)."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from sqlalchemy import select

from core.cabinets.models import User
from core.extensions import db
from core.rest import entry
from tests.contract import api_walk
from tests.contract import two_cabinets as two
from tests.contract.conftest import House
from tests.contract.two_cabinets import First
from tests.core.rest.desk import Program
from tests.core.rest.desk import slug
from tests.core.rest.desk import token_of

pytestmark = pytest.mark.xdist_group("walls")


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """The walks call more often than a program may."""
    for name in ("TOKEN", "CABINET"):
        monkeypatch.setattr(entry, name, entry.Limit(100_000, entry.MINUTE, entry.MINUTE, entry.MINUTE))


def program(house: House, email: str) -> Program:
    with db.session(None, write=False) as session:
        user = session.scalars(select(User).where(User.email == email)).one()
    return Program(house.app, token_of(user.cabinet_id, user.id))


#: Arguments that name nothing of a cabinet; the templates that the house brings are everybody's.
FREE = {"plugin", "partner", "kid", "shade", "paper", "version"}


def ids_of(ours: First) -> dict[str, str]:
    return {
        "contact_id": ours.contact_id, "account_id": ours.account_id, "support_id": ours.support_id,
        "channel_id": ours.channel_id, "transaction_id": ours.transaction_id, "document_id": ours.document_id,
        "journey_id": ours.journey_id, "number_id": ours.number_id, "category_id": ours.category_id,
        "label_id": ours.label_id, "field_id": ours.field_id,
        "relation_id": ours.relation_id, "member_id": ours.contact_id,
        "import_id": ours.import_id, "feed_id": ours.feed_id, "feed_account_id": ours.feed_account_id,
        "batch_id": ours.batch_id,
        "user_id": ours.user_id, "agency_id": ours.agency_id, "profile_id": ours.profile_id, "entry_id": ours.entry_id,
        "key": ours.sid_hash, "loan_id": ours.loan_id, "event_id": ours.event_id, "pledge_id": ours.pledge_id,
        "asset_id": ours.asset_id, "value_id": ours.value_id, "rent_id": ours.rent_id, "debt_id": ours.debt_id,
        "assessment_id": ours.assessment_id, "operation_id": ours.operation_id, "list_id": ours.list_id,
        "past_id": ours.past_id, "project_id": ours.project_id, "typed_id": ours.typed_id,
        "signature_id": ours.signature_id, "plan_id": ours.plan_id,
        "file_id": ours.file_id, "range_id": ours.range_id, "model_id": ours.model_id, "run_id": ours.run_id,
        "proposal_id": ours.proposal_id, "paper_id": ours.statement_id,
        "internal_id": two.internal_of(ours), "own_category_id": two.filing_of(ours), "optimisation_id": ours.optimisation_id,
        "line_id": ours.line_id, "movement_id": "0" * 26, "field_name": "title", "day": "2020-01-01",
    }  # fmt: skip


def test_another_cabinet_s_token_meets_nothing(house: House) -> None:
    """PL-09, PL-05: every operation with the first cabinet's ids, by the second's administrator: nothing said, nothing done."""
    ours, theirs = house.first, program(house, "administrateur@second.example")
    before = two.digest(ours.cabinet_id)
    for shot in api_walk.shots(house.app, ids_of(ours)):
        answer = theirs.call(shot.operation.method, shot.path, shot.body)
        known = (shot.path, *ids_of(ours).values())
        assert ours.seen_in(two.text_of(answer), sent=known) == [], (shot.operation.name, answer.status_code)
        assert answer.status_code < 500, shot.operation.name
        if set(shot.operation.arguments) - FREE:
            assert answer.status_code in (404, 422), (shot.operation.name, answer.status_code)
        if shot.operation.method == "GET" and set(shot.operation.arguments) - FREE:
            assert answer.status_code == 404, shot.operation.name
    assert two.digest(ours.cabinet_id) == before


def test_no_parameter_reaches_another_cabinet(house: House) -> None:
    """PL-09: the first cabinet's ids as parameters of the second's lists show nothing of it."""
    ours, theirs = house.first, program(house, "administrateur@second.example")
    sent = {
        "contacts": {"follower": ours.user_id, "q": ours.number}, "accounts": {"contact": ours.contact_id, "q": ours.number},
        "transactions": {"account": ours.account_id}, "documents": {"owner": ours.contact_id},
        "signatures": {"document": ours.document_id},
        "users": {"agency": ours.agency_id},
        "journal": {"q": f"contact:{ours.contact_id}", "actor": ours.user_id}, "search": {"q": ours.number},
    }  # fmt: skip
    for noun, parameters in sent.items():
        for name, value in parameters.items():
            answer = theirs.call("GET", f"/{noun}?{name}={quote(value)}")
            assert answer.status_code == 200, (noun, name)
            assert ours.seen_in(two.text_of(answer), sent=(value,)) == [], (noun, name)


def test_its_own_cabinet_gets_in(house: House) -> None:
    """PL-09: the ids of the walk are real, and lists are read to their end, each line once."""
    ours, boss = house.first, program(house, "administrateur@demo.example")
    for shot in api_walk.shots(house.app, ids_of(ours)):
        # acts ask the partner, who does not run here; a journey is its adviser's own
        if shot.operation.method != "GET" or shot.operation.name in (
            "accounts_actions", "accounts_transaction_types", "journeys_show",
        ):  # fmt: skip
            continue
        accept = {"Accept": "*/*"}
        answer = boss.call("GET", shot.path, **accept)
        assert answer.status_code == 200, (shot.operation.name, answer.get_data(as_text=True)[:300])
    for noun in ("contacts?q=durand", "users", f"accounts/{ours.account_id}/movements", f"accounts/{ours.account_id}/valuations"):
        found = boss.every(f"/{noun}", 7)
        keys = [str(one.get("id") or one["on"]) for one in found]
        assert len(keys) == len(set(keys)) > 0, noun
        assert keys == [str(one.get("id") or one["on"]) for one in boss.every(f"/{noun}", 200)], noun


ODD = ("", "\0", "é" * 300, "'; --", "<b>", "-1", "1e9", "2026-02-30", "null", "true", "\u202e", "%", "🙂", "0" * 26, "../..")


def test_nonsense_breaks_nothing(house: House) -> None:
    """PL-09, «Bad input»: every parameter, every name in an address, every member of a body: never a 5xx, always a problem."""
    ours, boss = house.first, program(house, "administrateur@demo.example")
    before = two.digest(ours.cabinet_id)
    for shot in api_walk.shots(house.app, ids_of(ours)):
        for method, path, body in _odd(shot, ids_of(ours)):
            answer = boss.call(method, path, body)
            assert answer.status_code < 500, (method, path, body, answer.get_data(as_text=True)[:300])
            assert answer.status_code < 400 or slug(answer), (method, path)
    assert two.digest(ours.cabinet_id) == before


def _odd(shot: api_walk.Shot, ids: dict[str, str]) -> Iterator[tuple[str, str, object]]:
    """Some of the odd values for each name, others for the next: all of them are met, and each name meets several."""
    operation, turn = shot.operation, len(shot.path)
    for name in operation.arguments:
        turn += 3
        for odd in (ODD * 2)[turn % len(ODD) :][:3]:
            path = operation.path
            for other in operation.arguments:
                path = path.replace(f"{{{other}}}", quote(odd, safe="") if other == name else {**api_walk.COMMON, **ids}[other])
            if operation.method == "GET" or "\0" in odd or not odd:
                yield operation.method, path, shot.body
    names = [*(operation.asks().fields if operation.asks else ()), *(("limit", "cursor") if operation.paged else ())]
    for name in names:
        turn += 3
        for odd in (ODD * 2)[turn % len(ODD) :][:3]:
            yield "GET", f"{shot.path.split('?')[0]}?{name}={quote(odd)}", None
    if operation.takes is not None:
        for value in ([], 7, None, "\0", "x" * 5000, {"a": [1]}):  # an unknown member: refused whatever the rest
            yield operation.method, shot.path, {**dict.fromkeys(operation.takes().fields, value), "nulle part": 1}
