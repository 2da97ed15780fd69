"""The administrator's desk: pages read as text, forms filled and sent as a browser does."""

from __future__ import annotations

import html
import re
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from core.cabinets.models import AuditEntry
from core.cabinets.models import AuditPayload
from core.extensions import db
from tests.contract.forms_found import Page

HOME = "/administration"


class Desk:
    """A signed-in person and the pages of the administration."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def text(self, path: str, status: int = 200) -> str:
        """A page's text."""
        answer = self.client.get(HOME + path)
        assert answer.status_code == status, (path, answer.status_code)
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))).split())

    def form(self, path: str, action: str | None = None) -> dict[str, Any]:
        """What the form of a page, posted to itself or to `action`, would send now; boxes ticked as lists."""
        page = self.client.get(HOME + path)
        assert page.status_code == 200, (path, page.status_code)
        wanted = HOME + (action or path)
        found = [one for one in Page(page.get_data(as_text=True), HOME + path).forms if one.action == wanted]
        assert found, wanted
        return found[-1].values()

    def fill(self, path: str, **values: Any) -> TestResponse:
        """Open a form, change some of its fields, send it."""
        return self.client.post(HOME + path, data={**self.form(path), **values})

    def press(self, path: str, **values: Any) -> TestResponse:
        """A button's own form."""
        return self.client.post(HOME + path, data={"csrf_token": self.token(), **values})

    def token(self) -> str:
        """A token of the session."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.client.get("/notifications").get_data(as_text=True))
        assert found
        return found.group(1)

    def undo(self, path: str) -> str:
        """Take back what the toast of the next page offers; what is said then."""
        page = self.client.get(HOME + path).get_data(as_text=True)
        found = re.search(r'name="undo" value="([^"]+)"', page)
        assert found, "nothing to take back"
        sent = {"csrf_token": self.token(), "undo": html.unescape(found.group(1)), "next": HOME + path}
        self.client.post("/annuler", data=sent)
        return self.text(path)


def journal(cabinet_id: int) -> list[tuple[str, str, dict[str, Any]]]:
    """The cabinet's journal, the newest first: action, subject, content."""
    with db.session(cabinet_id, write=False) as session:
        kept = {row.entry_id: row.payload for row in session.scalars(select(AuditPayload))}
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()))
        return [(row.action, row.subject, kept.get(row.id, {})) for row in rows]


def beside(answer: TestResponse, field: str) -> str:
    """What is said beside a field of a refused form."""
    found = re.search(rf'id="f-{field}-e">(.*?)</p>', answer.get_data(as_text=True), re.S)
    assert found, field
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", found.group(1))).split())


def words(answer: TestResponse) -> str:
    """An answer's text."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))).split())
