"""Files that a program sends and gets: one way in, told by their bytes; never anything that a browser would run (PL-09)."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from core.cabinets import brand
from core.documents import services as documents
from core.extensions import db
from tests.conftest import People
from tests.core.admin.desk import journal
from tests.core.admin.test_appearance import SVG
from tests.core.admin.test_appearance import picture
from tests.core.rest.desk import ROOT
from tests.core.rest.desk import Program
from tests.core.rest.desk import slug
from tests.core.rest.desk import token_of

LIGHT = "/cabinet/appearance/logos/light"


@pytest.fixture
def boss(app: Flask, people: People) -> Program:
    return Program(app, token_of(people.cabinet_id, people.administrator, name="Charte"))


def faults(answer: TestResponse) -> dict[str, str]:
    assert (answer.status_code, slug(answer)) == (422, "validation")
    return {one["field"]: one["text"] for one in answer.get_json(force=True)["errors"]}


def test_a_logo_is_sent_read_and_taken_away(boss: Program, people: People) -> None:
    """PL-06, PL-09: drawn anew as on the page, in the journal by its token; told again when its answer was lost."""
    body: dict[str, Any] = {"file": (picture(400, 100), "logo.png")}
    first = boss.call("POST", LIGHT, body, key="logo-1")
    assert first.get_json()["logo_light"] == {"width": 400, "height": 100}
    assert first.get_json()["logo_dark"] is None
    again = boss.call("POST", LIGHT, body, key="logo-1")  # another boundary between the same parts
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.get_data() == first.get_data()
    other = boss.call("POST", LIGHT, {"file": (picture(300, 100), "logo.png")}, key="logo-1")
    assert slug(other) == "idempotency-key-reused"
    action, _subject, told = journal(people.cabinet_id)[0]
    assert (action, told["via"]) == ("cabinet.brand", "jeton «Charte»")
    image = boss.call("GET", LIGHT, Accept="image/png")
    with db.session(people.cabinet_id, write=False) as session:
        kept = brand.of(session).light
        assert kept
        assert image.get_data() == brand.logo(session, kept[0])
    assert (image.mimetype, image.headers["Content-Disposition"]) == ("image/png", "attachment; filename=logo-light.png")
    assert image.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in image.headers["Cache-Control"]
    assert boss.call("GET", LIGHT, If_None_Match=image.headers["ETag"]).status_code == 304
    assert slug(boss.call("DELETE", LIGHT, If_Match='"autre"')) == "precondition-failed"
    assert boss.call("DELETE", LIGHT, If_Match=image.headers["ETag"]).status_code == 204
    assert slug(boss.call("GET", LIGHT)) == "not-found"
    assert slug(boss.call("POST", "/cabinet/appearance/logos/rose", body)) == "not-found"


ODD: Mapping[str, tuple[dict[str, Any], str]] = {
    "nothing": ({"file": (b"", "")}, "Joignez une image"), "empty": ({"file": (b"", "logo.png")}, "Ce fichier est vide"),
    "a text": ({"file": "logo", "x": (b"x", "x.png")}, "Un fichier est attendu"),
    "a page": ({"file": (b"<html><script>alert(1)</script>", "logo.png")}, "Ce format n'est pas accepté"),
    "a script in a drawing": ({"file": (SVG.replace("<rect", "<script/><rect").encode(), "a.svg")}, "n'est pas acceptée"),
    "a line": ({"file": (picture(900, 12), "logo.png")}, "trop allongée"),
    "too large": ({"file": (b"\x89PNG\r\n\x1a\n" + bytes(2 * 1024 * 1024), "logo.png")}, "2 Mio au plus"),
}  # fmt: skip


def test_what_is_no_logo_is_refused_by_its_name(boss: Program, people: People) -> None:
    """PL-09, «Bad input»: the field, in the page's words; a file is known by its bytes, never by its name; nothing is kept."""
    for body, said in ODD.values():
        answer = boss.call("POST", LIGHT, body)
        if answer.status_code == 422 and slug(answer) != "validation":
            assert said.replace("\u202f", " ") in answer.get_json(force=True)["detail"]
            assert [one["field"] for one in answer.get_json(force=True)["errors"]] == ["file"]
            continue
        assert said in faults(answer)["file"].replace("\u00a0", " "), said
    unknown = boss.call("POST", LIGHT, {"file": (picture(400, 100), "logo.png"), "autre": (b"x", "x.png"), "note": "x"})
    assert faults(unknown) == {"autre": "Ce champ n'existe pas ici.", "note": "Ce champ n'existe pas ici."}
    twice = [(io.BytesIO(picture(400, 100)), name) for name in ("a.png", "b.png")]
    assert faults(_raw(boss, {"data": {"file": twice}})) == {"file": "Ce champ est donné deux fois."}
    with db.session(people.cabinet_id, write=False) as session:
        assert brand.of(session).light is None


def _raw(program: Program, sent: dict[str, Any], **headers: str) -> TestResponse:
    named = {"Authorization": f"Bearer {program.token}", "Idempotency-Key": "brut", **headers}
    return program.client.post(ROOT + LIGHT, headers=named, **sent)


def test_a_body_of_parts_has_one_form(boss: Program) -> None:
    """PL-09: 415 for JSON, parts without their boundary, a compressed body; 413 beyond all measure; 422 for half a one."""
    whole = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n\x89PNG\r\n--x--\r\n'
    form = "multipart/form-data"
    for sent, headers, said in (
        ({"json": {"file": "a.png"}}, {}, "unsupported-media-type"),
        ({"data": whole, "content_type": form}, {}, "unsupported-media-type"),
        ({"data": whole, "content_type": f"{form}; boundary=x"}, {"Content-Encoding": "gzip"}, "unsupported-media-type"),
        ({"data": b"x" * (4 * 1024 * 1024), "content_type": f"{form}; boundary=x"}, {}, "too-large"),
        ({"data": whole[:60], "content_type": f"{form}; boundary=x"}, {}, "validation"),
        ({"data": b"\xff\x00" * 300, "content_type": f"{form}; boundary=x"}, {}, "validation"),
    ):  # fmt: skip
        assert slug(_raw(boss, dict(sent), **headers)) == said, (headers, said)


def test_a_document_is_saved_never_shown(boss: Program, people: People) -> None:
    """PL-09: its bytes, its name whatever the letters; who has it already is told so."""
    data = b"%PDF-1.4 <script>alert(1)</script>"
    with db.session(people.cabinet_id) as session:
        kept = documents.store(
            session, owner_kind="cabinet", owner_id=str(people.cabinet_id), category="Divers", title="Relevé", data=data,
            filename="Cœur d'été.pdf", media_type="application/pdf", created_by=None,
        )  # fmt: skip
    path = f"/documents/{kept.id}/content"
    answer = boss.call("GET", path, Accept="application/pdf")
    assert answer.get_data() == data
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "filename*=UTF-8''C%C5%93ur%20d%27%C3%A9t%C3%A9.pdf" in answer.headers["Content-Disposition"]
    assert answer.headers["ETag"] == f'"{hashlib.sha256(data).hexdigest()[:32]}"'
    assert boss.call("GET", path, If_None_Match=answer.headers["ETag"]).status_code == 304
    assert slug(boss.call("GET", path, Accept="text/html")) == "not-acceptable"


def test_the_document_describes_files(boss: Program) -> None:
    """PL-09: parts with the types of each file, bytes with theirs, and a call that can be pasted."""
    told = boss.client.get("/api/v1/openapi.json").get_json()
    sent = told["paths"][f"{ROOT}/cabinet/appearance/logos/{{shade}}"]
    form = sent["post"]["requestBody"]["content"]["multipart/form-data"]
    assert form["encoding"] == {"file": {"contentType": "image/png, image/svg+xml, image/jpeg"}}
    made = told["components"]["schemas"]["LogoIn"]["properties"]["file"]
    assert (made["type"], made["contentMediaType"]) == ("string", "application/octet-stream")
    assert "2\u00a0Mio au plus" in made["description"]
    given = sent["get"]["responses"]["200"]
    assert given["content"] == {"image/png": {"schema": {"contentMediaType": "image/png"}}}
    assert set(given["headers"]) == {"Content-Disposition", "ETag"}
    page = boss.client.get("/api/docs/cabinet").get_data(as_text=True)
    assert "-F &#39;file=@fichier&#39;" in page
    assert "en parties (multipart/form-data)" in page
