"""A cabinet of the stage joins the independent partner as an operator, an administrator and a clerk do (PLP §2, §4)."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import UTC
from datetime import datetime
from html import unescape
from pathlib import Path
from typing import Any
from uuid import uuid4

import requests
from standardwebhooks.webhooks import Webhook

from tests.interop import book
from tests.interop import node
from tests.stage import PASSWORD
from tests.stage import Person
from tests.stage import Stage
from tests.stage import field
from tests.stage import free_port
from tests.stage import until

ROOT = Path(__file__).parent.parent.parent
SLUG = "interop"
ADVISER = f"conseiller@{SLUG}.example"
BROKER = "IND-4711"


def moment() -> str:
    """Now, as PLP-005 writes it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Partner:
    """The Node partner: its process, its sheet, what it verified; its hooks, signed by `standardwebhooks`."""

    def __init__(self, folder: Path) -> None:
        self.platform_file = folder / "platform.json"
        port = str(free_port())
        self.process, self.sheet = node.start("partner.mjs", port, str(self.platform_file), log=folder / "partner.log")
        self.site = f"http://localhost:{port}"

    @property
    def platform(self) -> dict[str, Any]:
        """The platform's sheet, as the operator handed it over."""
        given: dict[str, Any] = json.loads(self.platform_file.read_text("utf-8"))
        return given

    def seen(self, path: str) -> list[dict[str, Any]]:
        """The calls under this path, in order."""
        calls = requests.get(f"{self.site}/_seen", timeout=10).json()
        return [call for call in calls if call["path"].startswith(path)]

    def say(self, view: dict[str, Any]) -> None:
        """What the partner says of a mandate from now on."""
        requests.post(f"{self.site}/_view", json=view, timeout=10).raise_for_status()

    def hook(self, kind: str, data: dict[str, Any], **changes: Any) -> requests.Response:
        """Send one hook. `changes` spoil it: `webhook_id`, `secret`, `at`, `body` (other bytes than those signed)."""
        body = json.dumps({"type": kind, "timestamp": moment(), "data": data}, ensure_ascii=False, separators=(",", ":"))
        webhook_id = changes.get("webhook_id") or f"msg_{uuid4().hex}"
        at = changes.get("at") or datetime.now(UTC)
        headers = {
            "Content-Type": "application/json", "webhook-id": webhook_id, "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": Webhook(changes.get("secret") or self.platform["webhook_secret"]).sign(webhook_id, at, body),
        }  # fmt: skip
        sent = changes.get("body") or body
        return requests.post(self.platform["webhook_url"], data=sent.encode(), headers=headers, timeout=15)

    def stop(self) -> None:
        node.stop(self.process)


class Joining:
    """The steps. `join` takes all of them."""

    def __init__(self, stage: Stage, partner: Partner, slug: str = SLUG) -> None:
        self.stage, self.partner, self.slug = stage, partner, slug
        self.adviser, self.administrator = f"conseiller@{slug}.example", f"administrateur@{slug}.example"
        self.env = {**stage.env, **stage.settings()}

    def command(self, *words: str) -> str:
        """`encours …`, as the operator types it."""
        return self._run("core.cli", *words)

    def _run(self, module: str, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", module, *words], env=self.env, cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def join(self) -> Joining:
        self.open_cabinet()
        self.register()
        self.boss = Person(self.stage, self.administrator)
        self.enrol()
        self.dispatch(self.fill())
        self.activate()
        return self

    def open_cabinet(self) -> None:
        self._run(book.__name__, self.slug, self.adviser, self.administrator, PASSWORD)

    def register(self) -> None:
        """`encours partner register`: the partner's sheet in, the platform's out (PLP §2)."""
        sheet = self.stage.folder / f"independent-{self.slug}.json"
        sheet.write_text(json.dumps(self.partner.sheet), "utf-8")
        self.partner.platform_file.write_text(self.command("partner", "register", str(sheet), "--cabinet", self.slug), "utf-8")

    def enrol(self) -> None:
        page = self.boss.get("/p/nomineo/conseillers").text
        rows = [row for row in page.split("<tr>") if self.adviser in row]
        action = re.search(r'action="(/p/nomineo/conseillers/[^"]+)"', rows[0])
        assert action, page
        answer = self.boss.post(action.group(1), csrf_token=field(page, "csrf_token"), state="enrolled", partner_code="")
        assert answer.status_code == 303, answer.text

    def fill(self) -> str:
        """The mandate filled on screen; the code printed on its PDF."""
        page = self.boss.get("/p/nomineo/activation/remplir").text
        data: dict[str, Any] = {
            "csrf_token": field(page, "csrf_token"), "seen": field(page, "seen"), "representative": "Lou Gérante",
            "quality": "Gérante", "email": self.administrator, "phone": "", "broker_code": BROKER, "place": "Nantes",
            "signed_on": datetime.now(UTC).date().isoformat(), "acts": ["arbitrage", "rachat_partiel"],
        }  # fmt: skip
        answer = self.boss.http.post(self.stage.web + "/p/nomineo/activation/remplir", data=data, allow_redirects=False)
        assert answer.status_code == 303, answer.text
        page = self.boss.get("/p/nomineo/activation").text
        document = re.search(r'href="(/p/nomineo/activation/documents/[^"]+)"', page)
        assert document, page
        paper = self.stage.folder / f"mandate-{self.slug}.pdf"
        paper.write_bytes(self.boss.get(unescape(document.group(1))).content)
        text = subprocess.run(["pdftotext", "-layout", str(paper), "-"], capture_output=True, text=True, check=True).stdout
        code = re.search(r"\b[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){2}\b", text)
        assert code, text
        assert self.partner.platform["jkt"][0] in re.sub(r"\s", "", text), "the thumbprint stands on the paper (PLP-017)"
        return code.group(0)

    def dispatch(self, code: str) -> None:
        """Sent to the inspector; the worker puts the document to the partner (PLP-037)."""
        self.code = code
        page = self.boss.get("/p/nomineo/activation/transmettre").text
        answer = self.boss.post(
            "/p/nomineo/activation/transmettre", csrf_token=field(page, "csrf_token"), seen=field(page, "seen"),
            inspector_name="Claire Vasseur", inspector_email="inspection@independant.example",
            sent_on=datetime.now(UTC).date().isoformat(),
        )  # fmt: skip
        assert answer.status_code == 303, answer.text
        until(lambda: self.partner.seen("/mandates/"))

    def activate(self) -> None:
        """Paper received, then its code typed at the partner: two hooks (PLP-041); the next version is put."""
        self.answers = [self.partner.hook("mandate.received", self.view("received", 1))]
        active = self.view("active", 2, active_from=moment(), code=self.code.replace("-", "").lower())
        self.answers.append(self.partner.hook("mandate.activated", active))
        self.partner.say(active)  # after the hook: the answer to a PUT between the two would bring the same news first
        until(lambda: json.loads(self.partner.seen("/mandates/")[-1]["body"])["state"] == "active")

    def view(self, state: str, seq: int, **more: Any) -> dict[str, Any]:
        """The partner's view of the mandate (PLP §4)."""
        at = moment()
        return {
            "mandate": self.partner.platform["mandate"], "version": 1, "seq": seq, "state": state, "received_at": at,
            "active_from": None, "effective_at": at, "code": None, "reason": None, **more,
        }  # fmt: skip
