"""What every call of the API goes through: token, scope, media types, keys, pages, ETags, limits (PL-09, PLP-011)."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from flask import Flask
from flask.json.provider import DefaultJSONProvider
from flask.testing import FlaskClient
from sqlalchemy import select

from core.auth import api_tokens
from core.auth import second_factor
from core.auth.limits import MINUTE
from core.auth.limits import Limit
from core.auth.models import ApiToken
from core.cabinets import access_log
from core.cabinets import services
from core.cabinets.models import AccessLine
from core.cabinets.models import AuditEntry
from core.cabinets.models import AuditPayload
from core.cabinets.models import Cabinet
from core.cabinets.models import User
from core.db import clock
from core.db.clock import now
from core.extensions import db
from core.rest import entry
from core.rest import jobs as api_jobs
from core.rest.models import ApiReply
from tests.conftest import People
from tests.conftest import sign_in
from tests.core.auth.own import code_of
from tests.core.rest.desk import PERSON
from tests.core.rest.desk import ROOT
from tests.core.rest.desk import Program
from tests.core.rest.desk import slug
from tests.core.rest.desk import token_of


@pytest.fixture
def adviser(app: Flask, people: People) -> Program:
    return Program(app, token_of(people.cabinet_id, people.adviser, name="Tableau de bord"))


@pytest.fixture
def boss(app: Flask, people: People) -> Program:
    return Program(app, token_of(people.cabinet_id, people.administrator))


def test_who_calls_is_told_by_the_token_alone(app: Flask, people: People, adviser: Program) -> None:
    """PL-09: the session's cookie opens nothing, and a token lets no browser in."""
    client = app.test_client()
    sign_in(client, "administrateur@demo.example")
    assert slug(client.get(f"{ROOT}/me")) == "token-missing"
    answer = client.get(f"{ROOT}/me", headers={"Authorization": f"Bearer {adviser.token}"})
    assert answer.get_json()["id"] == people.adviser, "the cookie of somebody else changes nothing"
    assert "Set-Cookie" not in answer.headers
    page = app.test_client().get("/notifications", headers={"Authorization": f"Bearer {adviser.token}"})
    assert page.status_code == 401


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer x", "Basic YTpi", "Bearer encours_", "Bearer encours_" + "a" * 43, "Bearer é", "x" * 9000]
)
def test_nonsense_is_no_token(app: Flask, people: People, header: str) -> None:
    """PL-09: 401 with a challenge."""
    answer = app.test_client().get(f"{ROOT}/me", headers={"Authorization": header})
    assert answer.status_code == 401
    assert slug(answer) in ("token-missing", "token-invalid")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_token_ends_with_its_owner(app: Flask, people: People, adviser: Program) -> None:
    """PL-09: expired, revoked, of a person who was disabled, moved or removed: 401 at the next call."""

    def refused() -> None:
        assert slug(adviser.call("GET", "/me")) == "token-invalid"

    with clock.shifted(timedelta(days=8)):
        refused()
    adviser.get("/me")
    with db.session(None) as session:
        session.get_one(User, people.adviser).active = False
    refused()
    with db.session(None) as session:
        session.get_one(User, people.adviser).active = True
        row = session.scalars(select(ApiToken)).one()
        row.user_id = "0" * 26
    refused()
    with db.session(None) as session:
        session.scalars(select(ApiToken)).one().user_id = people.adviser
    adviser.get("/me")
    with db.session(people.cabinet_id) as session:
        (one,) = api_tokens.listed(session, people.adviser)
        api_tokens.revoke(session, people.adviser, one.id, actor=people.adviser)
    refused()


def test_a_closed_access_revokes_its_tokens(people: People, boss: Program, adviser: Program) -> None:
    """PL-09, US-02: opened again, the person has to make others."""
    for active in (False, True):
        answer = boss.call("PATCH", f"/users/{people.adviser}", {"active": active})
        assert answer.get_json()["active"] is active
    assert slug(adviser.call("GET", "/me")) == "token-invalid"


def test_the_second_factor_holds_for_programs_too(app: Flask, people: People, adviser: Program) -> None:
    """PL-09: where the cabinet asks for it, who has none is refused, and let in once he has."""
    with db.session(people.cabinet_id) as session:
        services.require_second_factor(session, on=True, actor="cli")
    assert slug(adviser.call("GET", "/me")) == "second-factor-required"
    with db.session(people.cabinet_id) as session:
        secret = second_factor.begin(session, people.adviser)
        assert second_factor.confirm(session, people.adviser, code_of(secret, -1))
    assert adviser.get("/me")["token_name"] == "Tableau de bord"
    with db.session(None, write=False) as session:
        assert session.get_one(Cabinet, people.cabinet_id).second_factor_required


def test_a_scope_that_is_missing_is_named(app: Flask, people: People) -> None:
    """PL-09: 403; what the token lacks, its owner's rights do not give."""
    program = Program(app, token_of(people.cabinet_id, people.administrator, ["contacts:read"]))
    made = program.get("/me")["permissions"]
    assert set(made) == {"contacts.view", "contacts.view_agency", "contacts.view_all"}
    for method, path, body in (
        ("POST", "/contacts", PERSON), ("GET", "/accounts", None), ("GET", "/users", None), ("GET", "/notifications", None),
    ):  # fmt: skip
        answer = program.call(method, path, body)
        assert answer.status_code == 403
        assert slug(answer) == "scope-missing"
    assert slug(program.call("GET", "/contacts?worth_at_least=1.00")) == "forbidden", "what accounts are worth is theirs to say"


def test_a_token_does_no_more_than_its_owner_may_today(people: People, boss: Program) -> None:
    """PL-09: the profile of the moment of the call, not of the token's making."""
    assert boss.get("/users")["items"]
    with db.session(people.cabinet_id) as session:
        services.set_profile(session, people.other, "ADMINISTRATEUR", actor="cli")
        services.set_profile(session, people.administrator, "LECTEUR", actor="cli")
    assert slug(boss.call("GET", "/users")) == "forbidden"
    assert boss.get("/contacts")["items"] == []


def test_what_one_follows_is_what_one_sees(app: Flask, people: People, adviser: Program) -> None:
    """PL-09: rights hold in SQL as on the pages: another adviser's client is not there."""
    other = Program(app, token_of(people.cabinet_id, people.other))
    made = other.post("/contacts", PERSON, 201)["id"]
    assert adviser.get("/contacts")["items"] == []
    for path in ("", "/channels", "/accounts", "/history", "/wealth"):
        assert slug(adviser.call("GET", f"/contacts/{made}{path}")) == "not-found"
    assert slug(adviser.call("PATCH", f"/contacts/{made}", {"stage": "CLIENT"})) == "not-found"
    assert [one["id"] for one in other.get("/contacts")["items"]] == [made]


def test_a_write_says_by_which_token_it_came(people: People, adviser: Program) -> None:
    """PL-09: the journal's actor is the person; the payload names the token."""
    made = adviser.post("/contacts", PERSON, 201)["id"]
    with db.session(people.cabinet_id, write=False) as session:
        rows = session.execute(
            select(AuditEntry.actor, AuditPayload.payload).join(AuditPayload, AuditPayload.entry_id == AuditEntry.id)
            .where(AuditEntry.subject == f"contact:{made}")
        ).all()  # fmt: skip
    assert rows
    assert {(row.actor, row.payload["via"]) for row in rows} == {(people.adviser, "jeton «Tableau de bord»")}


def test_a_read_of_a_file_is_noted(people: People, adviser: Program) -> None:
    """PL-09, security-reliability.md §2.2: as on the pages."""
    made = adviser.post("/contacts", PERSON, 201)["id"]
    access_log.flush()
    adviser.get(f"/contacts/{made}/channels")
    access_log.flush()
    with db.session(people.cabinet_id, write=False) as session:
        lines = access_log.lines(session, AccessLine.subject_id == made)
    assert [(line.kind, line.what) for line in lines] == [("contact", "read")]


@pytest.fixture
def open_door(app: Flask, people: People, adviser: Program) -> FlaskClient:
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {adviser.token}"
    return client


def test_media_types_methods_and_bodies(open_door: FlaskClient) -> None:
    """PL-09: 405 with Allow, 406, 415, 413, 400; no page for people anywhere below /api/."""

    def said(answer: object) -> str:
        return slug(answer)  # type: ignore[arg-type]

    wrong = open_door.put(f"{ROOT}/me", json={})
    assert (wrong.status_code, said(wrong)) == (405, "method-not-allowed")
    assert {"GET", "PATCH"} <= set(wrong.headers["Allow"].replace(" ", "").split(","))
    assert said(open_door.get(f"{ROOT}/me", headers={"Accept": "text/html"})) == "not-acceptable"
    assert open_door.get(f"{ROOT}/me", headers={"Accept": "*/*"}).status_code == 200
    nowhere = ("/api", "/api/", "/api/v1", "/api/v1/", "/api/v2/contacts")
    for path in (*nowhere, f"{ROOT}//me", f"{ROOT}/me/", f"{ROOT}/contacts/%00"):
        answer = open_door.get(path, headers={"Accept": "text/html"})
        assert (answer.status_code, said(answer)) == (404, "not-found"), path
    asked = open_door.options(f"{ROOT}/me")
    assert (asked.status_code, asked.get_data()) == (204, b"")
    assert "GET" in asked.headers["Allow"]
    head = open_door.head(f"{ROOT}/me")
    assert (head.status_code, head.get_data(), head.mimetype) == (200, b"", "application/json")

    def patched(data: bytes, kind: str = "application/json", **headers: str) -> str:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return said(open_door.patch(f"{ROOT}/me", data=data, content_type=kind, headers=named))

    assert patched(b"{}", "text/plain") == "unsupported-media-type"
    assert patched(b"{}", "application/json; charset=latin-1") == "unsupported-media-type"
    assert patched(b"{}", Content_Encoding="gzip") == "unsupported-media-type"
    assert patched(b" " * (1024 * 1024 + 1)) == "too-large"
    for nonsense in (b"", b"{", b"[]", b'{"a": NaN}', b'{"phone": 1, "phone": 2}', b'"\\ud800"', b"\xff", b"[" * 100_000):
        assert patched(nonsense) == "json-invalid", nonsense[:20]


def test_faults_are_said_as_in_the_forms(adviser: Program) -> None:
    """PL-09: each field with its French words; nothing is done."""
    body = {**PERSON, "birth_date": "14/03/1968", "phone": "12", "stage": "AUTRE", "surname": "x"}
    answer = adviser.call("POST", "/contacts", body)
    assert (answer.status_code, slug(answer)) == (422, "validation")
    told = {one["field"]: one["text"] for one in answer.get_json(force=True)["errors"]}
    assert set(told) == {"birth_date", "phone", "stage", "surname"}
    assert told["stage"] == "Choisissez une valeur de la liste."
    assert told["surname"] == "Ce champ n'existe pas ici."
    rule = adviser.call("POST", "/contacts", {**PERSON, "first_names": "  "})
    assert rule.get_json(force=True)["errors"] == [{"field": "first_names", "text": "Saisissez au moins un prénom."}]
    asked = adviser.call("GET", "/contacts?stage=AUTRE&limit=0&x=1&q=a%00b")
    assert (asked.status_code, slug(asked)) == (400, "parameters-invalid")
    assert {one["field"] for one in asked.get_json(force=True)["errors"]} == {"stage", "limit", "x", "q"}
    assert adviser.get("/contacts")["items"] == []


def test_pages_neither_double_nor_hide(people: People, adviser: Program) -> None:
    """PL-09: keyset paging; a line added or removed meanwhile moves no other; a forged cursor is refused."""
    names = [f"Durand{letter}" for letter in "abcdefg"]
    made = [adviser.post("/contacts", {**PERSON, "birth_name": name}, 201)["id"] for name in names]
    first = adviser.get("/contacts?limit=3")
    assert [one["id"] for one in first["items"]] == made[:3]
    gone = {"ids": made[:1], "adviser": people.other, "keep": False}
    assert adviser.post("/contacts/hand-over", gone)["changed"] == 1
    second = adviser.get(f"/contacts?limit=3&cursor={first['next_cursor']}")
    assert [one["id"] for one in second["items"]] == made[3:6]
    assert [one["id"] for one in adviser.every("/contacts", 2)] == made[1:]
    for forged in (first["next_cursor"][:-2], "abc", "%00", first["next_cursor"] + "x"):
        assert slug(adviser.call("GET", f"/contacts?cursor={forged}")) == "cursor-invalid"
    for elsewhere in (f"/contacts?q=durand&cursor={first['next_cursor']}", f"/supports?cursor={first['next_cursor']}"):
        assert slug(adviser.call("GET", elsewhere)) == "cursor-invalid"


def test_the_same_post_twice_is_one(people: People, adviser: Program) -> None:
    """PLP-011: the second gets the first's answer, byte for byte, for a day."""
    first = adviser.call("POST", "/contacts", PERSON, key="cl-1")
    again = adviser.call("POST", "/contacts", PERSON, key="cl-1")
    assert first.status_code == again.status_code == 201
    assert first.get_data() == again.get_data()
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(adviser.get("/contacts")["items"]) == 1
    reused = adviser.call("POST", "/contacts", {**PERSON, "birth_name": "Autre"}, key="cl-1")
    assert (reused.status_code, slug(reused)) == (422, "idempotency-key-reused")
    missing = adviser.call("POST", "/contacts", PERSON, key="")
    assert (missing.status_code, slug(missing)) == (400, "idempotency-key-missing")
    assert slug(adviser.call("POST", "/contacts", PERSON, key="x" * 300)) == "idempotency-key-invalid"


def test_a_key_is_held_while_its_request_runs(people: People, adviser: Program) -> None:
    """PLP-011: 409 in flight; a request that died gives the key up after some minutes; a refusal keeps none."""
    twin = {**PERSON, "anyway": True}
    with db.session(people.cabinet_id) as session:
        session.add(ApiReply(user_id=people.adviser, key="k", fingerprint=_print(twin), created_at=now()))
    busy = adviser.call("POST", "/contacts", twin, key="k")
    assert (busy.status_code, slug(busy)) == (409, "idempotency-key-in-flight")
    with clock.shifted(timedelta(minutes=6)):
        assert adviser.call("POST", "/contacts", twin, key="k").status_code == 201
    assert adviser.call("POST", "/contacts", {**PERSON, "first_names": ""}, key="l").status_code == 422
    assert adviser.call("POST", "/contacts", twin, key="l").status_code == 201
    with clock.shifted(timedelta(hours=25)):
        api_jobs.purge(people.cabinet_id)
        with db.session(people.cabinet_id, write=False) as session:
            assert session.scalars(select(ApiReply)).all() == []


def _print(body: object) -> str:
    """A request as the table of answers knows it."""
    sent = DefaultJSONProvider(Flask("essai")).dumps(body).encode()
    return hashlib.sha256(b"\n".join((b"POST", b"/api/v1/contacts", b"", sent))).hexdigest()


def test_nothing_of_somebody_else_s_change_is_overwritten(adviser: Program) -> None:
    """PL-09: the forms' stale check, by ETag and If-Match; a read that changed nothing is not sent again."""
    made = adviser.post("/contacts", PERSON, 201)["id"]
    read = adviser.call("GET", f"/contacts/{made}")
    seen = read.headers["ETag"]
    assert adviser.call("GET", f"/contacts/{made}", If_None_Match=seen).status_code == 304
    changed = adviser.call("PATCH", f"/contacts/{made}", {"profession": "Notaire"}, If_Match=seen)
    assert changed.status_code == 200
    assert changed.get_json()["birth_name"] == "Durand", "what was not sent is not touched"
    assert changed.headers["ETag"] == adviser.call("GET", f"/contacts/{made}").headers["ETag"] != seen
    late = adviser.call("PATCH", f"/contacts/{made}", {"profession": "Avocate"}, If_Match=seen)
    assert (late.status_code, slug(late)) == (412, "precondition-failed")
    assert adviser.get(f"/contacts/{made}")["profession"] == "Notaire"


def test_nothing_is_removed_that_changed_since(boss: Program) -> None:
    """PL-09: a DELETE keeps to If-Match as a PATCH does; without it, it removes what is there."""
    made = boss.post("/agencies", {"name": "Nantes"}, 201)["id"]
    seen = boss.call("GET", f"/agencies/{made}").headers["ETag"]
    assert boss.call("PATCH", f"/agencies/{made}", {"name": "Nantes centre"}).status_code == 200
    late = boss.call("DELETE", f"/agencies/{made}", If_Match=seen)
    assert (late.status_code, slug(late)) == (412, "precondition-failed")
    seen = boss.call("GET", f"/agencies/{made}").headers["ETag"]
    assert boss.call("DELETE", f"/agencies/{made}", If_Match=seen).status_code == 204
    assert slug(boss.call("DELETE", f"/agencies/{made}", If_Match=seen)) == "not-found"


def test_calls_are_counted(people: People, app: Flask, adviser: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """PL-09: of a token, of a cabinet; 429 says how long to wait."""
    monkeypatch.setattr(entry, "TOKEN", Limit(3, MINUTE, MINUTE, MINUTE))
    statuses = [adviser.call("GET", "/me").status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    answer = adviser.call("GET", "/me")
    assert slug(answer) == "too-many-requests"
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    other = Program(app, token_of(people.cabinet_id, people.other))
    other.get("/me")
    monkeypatch.setattr(entry, "CABINET", Limit(4, MINUTE, MINUTE, MINUTE))
    assert other.call("GET", "/me").status_code == 429
    with clock.shifted(timedelta(minutes=2)):
        other.get("/me")


def test_a_failure_inside_is_a_problem_too(adviser: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """PL-09: 500 in the same words; nothing is written, the key is free again."""
    from core.resources import contacts

    def broken(*_args: object, **_more: object) -> None:
        raise RuntimeError("bug")

    with monkeypatch.context() as patch:
        patch.setattr(contacts.services, "create", broken)
        answer = adviser.call("POST", "/contacts", PERSON, key="k", Accept="application/json, text/html")
        assert (answer.status_code, slug(answer)) == (500, "internal")
        assert "bug" not in answer.get_data(as_text=True)
    assert adviser.call("POST", "/contacts", PERSON, key="k").status_code == 201
