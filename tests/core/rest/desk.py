"""A program that calls the API: a token of somebody, and what is sent with it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from flask import Flask
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse
from werkzeug.test import encode_multipart

from core.auth import api_scopes
from core.auth import api_tokens
from core.extensions import db
from tests.conftest import person

ROOT = "/api/v1"


def token_of(cabinet_id: int, user_id: str, scopes: Sequence[str] | None = None, *, name: str = "") -> str:
    """The text of a new token: of all that the person may give, or of these scopes."""
    with db.session(cabinet_id) as session:
        owner = person(session, user_id)
        wanted = list(api_scopes.open_to(owner)) if scopes is None else scopes
        return api_tokens.make(session, owner, name=name or f"Essai {uuid4().hex[:8]}", scopes=wanted, days=7)[0]


class Program:
    """Calls with one token."""

    def __init__(self, app: Flask, token: str) -> None:
        self.client = app.test_client()
        self.token = token

    def call(self, method: str, path: str, body: Any = None, *, key: str | None = None, **headers: str) -> TestResponse:
        """One call; a POST gets a new idempotency key unless it brings one («» for none). A file is (bytes, name)."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        told = {"Authorization": f"Bearer {self.token}", **named}
        if method == "POST" and key != "":
            told["Idempotency-Key"] = key or str(uuid4())
        return self.client.open(ROOT + path, method=method, headers=told, **sent(body))

    def get(self, path: str, status: int = 200, **headers: str) -> Any:
        """What a read answers."""
        answer = self.call("GET", path, **headers)
        assert answer.status_code == status, (path, answer.status_code, answer.get_data(as_text=True))
        return answer.get_json(force=True)

    def post(self, path: str, body: Any = None, status: int = 200, **more: Any) -> Any:
        """What an act answers."""
        answer = self.call("POST", path, body, **more)
        assert answer.status_code == status, (path, answer.status_code, answer.get_data(as_text=True))
        return answer.get_json(force=True)

    def every(self, path: str, limit: int) -> list[Any]:
        """All items of a list, page after page."""
        found, cursor = [], ""
        while True:
            joint = "&" if "?" in path else "?"
            page = self.get(f"{path}{joint}limit={limit}{f'&cursor={cursor}' if cursor else ''}")
            found += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return found


def sent(body: Any) -> dict[str, Any]:
    """The body as JSON; in parts where it has a file."""
    if not isinstance(body, dict) or not any(isinstance(one, tuple) for one in body.values()):
        return {} if body is None else {"json": body}
    parts = {
        name: FileStorage(io.BytesIO(one[0]), one[1], name) if isinstance(one, tuple) else one for name, one in body.items()
    }
    boundary, data = encode_multipart(parts)
    return {"data": data, "content_type": f"multipart/form-data; boundary={boundary}"}


def slug(answer: TestResponse) -> str:
    """The name of a problem, which is what it claims to be."""
    assert answer.mimetype == "application/problem+json", (answer.status_code, answer.mimetype)
    told = answer.get_json(force=True)
    assert told["status"] == answer.status_code
    assert told["title"]
    assert told["detail"]
    assert told["instance"].startswith("urn:encours:trace:")
    return str(told["type"]).removeprefix("urn:encours:problem:")


PERSON = {"kind": "PERSONNE_PHYSIQUE", "birth_name": "Durand", "first_names": "Jeanne", "birth_date": "1968-03-14"}
