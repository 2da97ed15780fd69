"""A cabinet's link to Nominéo, brought to any state of the mandate by the real steps; a partner who counts calls."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from typing import Any

from sqlalchemy import select

from core.db.clock import now
from core.db.clock import today
from core.extensions import db
from core.hooks.errors import PluginError
from core.jobs.models import Job
from core.jobs.queue import HANDLERS
from core.jobs.queue import Retry
from core.links import enrolments
from core.links import mandate_clock
from core.links import mandate_steps
from core.links import mandate_views
from core.links import mandates
from core.links import polling
from core.links.models import Mandate
from tests.conftest import People

PLUGIN = "nomineo"
CODE = "7K2M9QX4TB0D"
PDF = b"%PDF-1.4\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF"
#: The ways to each state, in steps of `Link.step`.
WAYS = {
    "none": "", "issued": "issue", "completed": "issue complete", "sent": "issue complete send",
    "received": "issue complete send received", "active": "issue complete send received active",
    "returned": "issue complete send received returned", "refused": "issue complete send received refused",
    "suspended": "issue complete send received active suspended", "revoked": "issue complete send received active revoked",
    "expired": "issue complete send received active expired",
}  # fmt: skip


class Doorbell:
    """A partner's address: it answers 503 to everything and remembers what was asked."""

    def __init__(self) -> None:
        calls: list[str] = []

        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                calls.append(f"{self.command} {self.path}")
                self.send_response(503)
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_GET = do_POST = do_PUT = _answer  # noqa: N815 - http.server's names

            def log_message(self, *_words: Any) -> None:
                pass

        self.calls = calls
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def sheet(self) -> dict[str, Any]:
        """Its registration sheet."""
        url = f"http://localhost:{self.port}"
        acts = (("arbitrage", "Arbitrage"), ("rachat_partiel", "Rachat partiel"), ("consultation", "Consultation"))
        return {
            "plp": 1, "kind": "partner", "partner_id": PLUGIN, "name": "Nominéo", "base_url": f"{url}/plp/v1",
            "jwks_uri": f"{url}/jwks.json", "keys_statement_uri": f"{url}/plp/keys-statement", "jkt": ["A" * 43],
            "binding": "oidc-code", "initiate_login_uri": f"{url}/plp/initiate", "redirect_uris": [f"{url}/plp/callback"],
            "target_link_uri": f"{url}/acts", "launch_origins": [], "account_schemes": ["contract-number"],
            "actions": [{"code": code, "label": label} for code, label in acts], "feed": True, "mandates": "api",
        }  # fmt: skip

    def close(self) -> None:
        """Nobody answers any more."""
        self._server.shutdown()
        self._server.server_close()


@dataclass
class Link:
    """The link of the cabinet «demo». `seq` counts the partner's words."""

    people: People
    bell: Doorbell
    account: str
    seq: int = 0

    def bring(self, state: str, *, enrol: bool = True) -> None:
        """From nothing to a state, each step as a person or the partner takes it."""
        if enrol:
            self.enrol("enrolled")
        for name in WAYS[state].split():
            self.step(name)
        assert self.mandate().state == state

    def each_state(self) -> Iterator[str]:
        """Every state in turn, each on a mandate of its own: one application serves for all of them."""
        for state in WAYS:
            self.renew()
            self.bring(state)
            yield state

    def renew(self) -> None:
        """A mandate at its beginning, whatever became of the former one."""
        self.seq = 0
        with db.session(self.people.cabinet_id) as session:
            session.add(Mandate(plugin=PLUGIN, reference=mandate_steps.new_reference(), created_at=now()))

    def enrol(self, state: str) -> None:
        """The adviser and the administrator at the partner."""
        with db.session(self.people.cabinet_id) as session:
            for user in (self.people.adviser, self.people.administrator):
                enrolments.set_state(session, PLUGIN, user, state=state, actor="cli")

    def step(self, name: str) -> None:
        """One step."""
        steps: dict[str, Callable[[Any, str], object]] = {
            "issue": lambda session, boss: mandates.issue(
                session, PLUGIN, pdf=PDF, filename="mandat.pdf", code=CODE, actor=boss
            ),
            "complete": lambda session, boss: mandates.complete(
                session, PLUGIN, pdf=PDF, filename="rempli.pdf", broker_code="GP-20417", signed_on=today(), actor=boss,
                code=CODE,
            ),
            "send": lambda session, boss: mandates.send(
                session, PLUGIN, inspector_name="Claire Vasseur", inspector_email="claire@compagnie.example",
                sent_on=today(), actor=boss,
            ),
            "suspend": lambda session, boss: mandates.suspend(session, PLUGIN, reason="Audit", actor=boss),
            "resume": lambda session, boss: mandates.resume(session, PLUGIN, actor=boss),
            "revoke": lambda session, boss: mandates.revoke(session, PLUGIN, reason="Départ", actor=boss),
        }  # fmt: skip
        if name == "expired":
            self.expire()
            return
        with db.session(self.people.cabinet_id) as session:
            if name in steps:
                steps[name](session, self.people.administrator)
                return
            assert self.word(session, name) == mandate_views.APPLIED

    def word(self, session: Any, state: str, **more: Any) -> mandate_views.ViewOutcome:
        """The partner says where the mandate stands."""
        self.seq += 1
        stamp = now().strftime("%Y-%m-%dT%H:%M:%SZ")
        current = mandates.current(session, PLUGIN)
        assert current is not None
        view = {
            "mandate": current.reference, "version": 1, "seq": self.seq, "state": state, "received_at": None,
            "active_from": stamp if state == "active" else None, "effective_at": stamp,
            "code": CODE if state == "active" else None, "reason": {"code": "other", "text": "Signature illisible."}, **more,
        }  # fmt: skip
        return mandate_views.apply_view(session, PLUGIN, view)

    def expire(self) -> None:
        """Its last day was yesterday; the clock ticks."""
        with db.session(self.people.cabinet_id) as session:
            mandate = mandates.current(session, PLUGIN)
            assert mandate is not None
            mandate.expires_at = now() - timedelta(days=1)
        mandate_clock.tick(self.people.cabinet_id)

    def mandate(self) -> Mandate:
        """The row as it is now."""
        with db.session(self.people.cabinet_id, write=False) as session:
            found = mandates.current(session, PLUGIN)
            assert found is not None
            return found

    def background(self) -> list[str]:
        """All that the worker does: the clocks, and every job written so far once more; what it asked of the partner."""
        self.bell.calls.clear()
        cabinet = self.people.cabinet_id
        mandate_clock.tick(cabinet)
        polling.poll(cabinet)
        polling.compare(cabinet)
        for kind in (mandate_views.READ_JOB, "outbox"):
            for job in self._jobs(kind):
                try:
                    HANDLERS[kind].run(cabinet, job)
                except (Retry, PluginError):
                    continue  # the partner of these tests never answers
        return list(self.bell.calls)

    def _jobs(self, kind: str) -> list[dict[str, Any]]:
        with db.session(None, write=False) as session:
            rows = session.scalars(select(Job).where(Job.kind == kind, Job.cabinet_id == self.people.cabinet_id))
            return [dict(row.payload) for row in rows]


def texts(html: str) -> str:
    """What a person reads of a page."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def main(html: str) -> str:
    """The page without its frame."""
    return html.split("<main", 1)[1].split("</main>", 1)[0]


def doors(html: str) -> set[str]:
    """Where the page's links, forms and buttons lead, within the plugin."""
    found = re.findall(r'(?:href|action|formaction)="(/p/nomineo/[^"#?]*)', main(html))
    return {door.removeprefix("/p/nomineo/") for door in found if "/documents/" not in door}
