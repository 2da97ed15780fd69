"""A cabinet with one open transaction at a registered partner, and hooks for it, signed by `standardwebhooks`."""

from __future__ import annotations

import base64
import hmac
import json
import secrets
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from datetime import UTC
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import func
from sqlalchemy import select
from standardwebhooks.webhooks import Webhook
from werkzeug.test import TestResponse

from core.accounts import services as accounts
from core.accounts.schemas import NewAccount
from core.accounts.schemas import Role
from core.contacts import services as contacts
from core.contacts.schemas import NewContact
from core.db.clock import epoch
from core.db.clock import now
from core.extensions import db
from core.hooks import enabling
from core.links import registration
from core.links.models import Endpoint
from core.links.models import InboxEvent
from core.links.models import Launch
from core.links.models import Mandate
from core.shell.models import Notification
from core.supports import services as supports
from core.transactions import services as transactions
from core.transactions.models import Transaction
from core.transactions.models import TransactionEvent
from tests.conftest import People
from tests.conftest import add_people
from tests.core.links.test_registration import SHEET
from tests.kept import Kept

CHANGED, CORRECTED = "transaction.status_changed", "transaction.corrected"


def signed(secret: str, name: str, stamp: int, raw: bytes) -> str:
    """By the independent library; by hand for bytes that are no text, which it does not take."""
    try:
        return Webhook(secret).sign(name, datetime.fromtimestamp(stamp, UTC), raw.decode())
    except UnicodeDecodeError:
        key = base64.b64decode(secret.removeprefix("whsec_"))
        return "v1," + base64.b64encode(hmac.digest(key, f"{name}.{stamp}.".encode() + raw, "sha256")).decode()


def new_webhook_id() -> str:
    return f"msg_{secrets.token_urlsafe(16)}"


@dataclass
class Receiver:
    """What a partner that has its endpoint and secret can do to us, and what it left behind."""

    app: Flask
    people: People
    plugin: str = "nomineo"
    endpoint: str = ""
    secret: str = ""
    mandate: str = ""
    account: str = ""
    launches: dict[str, str] = field(default_factory=dict)

    def register(self, registry: Any) -> None:
        """As `encours partner register`; the mandate is active."""
        with db.session(self.people.cabinet_id) as session:
            enabling.switch(session, registry, self.plugin, on=True, actor="cli")
            sheet = registration.register(session, {**SHEET, "partner_id": self.plugin})
            mandate = session.scalars(select(Mandate).where(Mandate.plugin == self.plugin)).one()
            mandate.state = mandate.partner_state = "active"
            mandate.partner_seq, mandate.version = 2, 1
            self.endpoint, self.secret = sheet["webhook_url"].rsplit("/", 1)[1], sheet["webhook_secret"]
            self.mandate = mandate.reference
            holder = contacts.create(
                session, "cli", NewContact("PERSONNE_PHYSIQUE", "CLIENT", birth_name="Durand", first_names="Jeanne")
            )
            contacts.follow(session, "cli", holder, self.people.adviser)
            company = supports.company_for(session, "generali-patrimoine", name="Generali Patrimoine")
            new = NewAccount("ASSURANCE_VIE", "HIM0012345", "Himalia", company, [Role(holder, "SOUSCRIPTEUR")])
            self.account = accounts.create(session, "cli", new)

    def transaction(self) -> str:
        """A launched transaction; its reference on the wire."""
        with db.session(self.people.cabinet_id) as session:
            made = transactions.create(
                session, account_id=self.account, plugin=self.plugin, origin="PARTENAIRE", act="arbitrage",
                act_label="Arbitrage", initiated_by=self.people.adviser,
            )  # fmt: skip
            launch_id = self.launches.setdefault(made.reference, f"lch_{secrets.token_urlsafe(16)}")
            session.add(
                Launch(
                    launch_id=launch_id, form=secrets.token_urlsafe(16), plugin=self.plugin, mandate=self.mandate,
                    account_id=self.account, transaction_id=made.id, user_id=self.people.adviser, sid_hash="-",
                    handle="adv_" + "h" * 16, act="arbitrage", claims={}, expires_at=now(),
                )
            )  # fmt: skip
        return made.reference

    # --- hooks -------------------------------------------------------------------------------------------------

    def item(self, reference: str, seq: int = 1, status: str = "pending", *, corrects: int | None = None,
             **changes: Any) -> dict[str, Any]:  # fmt: skip
        """A `transaction.*` object of PLP §7; a correction where `corrects` is given."""
        at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        data = {
            "transaction_ref": reference, "partner_ref": "TXP-10021",
            "launch_id": self.launches.setdefault(reference, f"lch_{secrets.token_urlsafe(16)}"),
            "mandate": self.mandate, "seq": seq, "corrects": corrects, "status": status, "status_label": "mot",
            "previous": None, "effective_at": at, "reason": None, "amount": {"value": "1500.00", "currency": "EUR"},
            "instructions": None, "documents": [], **changes,
        }  # fmt: skip
        return {"type": CHANGED if corrects is None else CORRECTED, "timestamp": at, "data": data}

    def post(
        self, body: Any, *, webhook_id: str | None = None, endpoint: str | None = None, at: int | None = None,
        secret: str | None = None, **headers: str,
    ) -> TestResponse:  # fmt: skip
        """Sign and send; a `header_name` replaces a header."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        name, stamp = webhook_id or new_webhook_id(), epoch() if at is None else at
        signature = signed(secret or self.secret, name, stamp, raw)
        sent = {
            "webhook-id": name, "webhook-timestamp": str(stamp), "webhook-signature": signature,
            "Content-Type": "application/json", **{key.replace("_", "-"): value for key, value in headers.items()},
        }  # fmt: skip
        return self.app.test_client().post(f"/plp/hooks/{endpoint or self.endpoint}", data=raw, headers=sent)

    def say(self, reference: str, seq: int = 1, status: str = "pending", **changes: Any) -> int:
        """Send one snapshot under a new id; the answer's status."""
        return self.post(self.item(reference, seq, status, **changes)).status_code

    # --- what is left ------------------------------------------------------------------------------------------

    def row(self, reference: str) -> Transaction:
        with db.session(self.people.cabinet_id, write=False) as session:
            return session.scalars(select(Transaction).where(Transaction.reference == reference)).one()

    def state(self, reference: str) -> tuple[str | None, int]:
        found = self.row(reference)
        return found.status, found.seq

    def history(self, reference: str) -> list[tuple[int | None, str, bool]]:
        """(number, status, whether it counted), oldest first."""
        row = self.row(reference)
        with db.session(self.people.cabinet_id, write=False) as session:
            found = session.scalars(
                select(TransactionEvent).where(TransactionEvent.transaction_id == row.id).order_by(TransactionEvent.id)
            )
            return [(line.seq, line.status, line.applied) for line in found]

    def outcomes(self) -> list[str]:
        with db.session(self.people.cabinet_id, write=False) as session:
            return list(session.scalars(select(InboxEvent.outcome).order_by(InboxEvent.received_at, InboxEvent.id)))

    def told(self, prefix: str) -> int:
        """How many different facts of a kind people were told."""
        with db.session(self.people.cabinet_id, write=False) as session:
            found = select(func.count(Notification.key.distinct())).where(Notification.key.startswith(prefix))
            return session.scalar(found) or 0

    def everything(self) -> tuple[Any, ...]:
        """All that a refused hook may not touch (PLP-098)."""
        with db.session(self.people.cabinet_id, write=False) as session:
            inbox = session.scalars(select(InboxEvent.id).order_by(InboxEvent.id)).all()
            lines = session.scalars(select(TransactionEvent.id).order_by(TransactionEvent.id)).all()
            rows = session.execute(
                select(Transaction.id, Transaction.status, Transaction.seq, Transaction.gap, Transaction.partner_ref)
            ).all()
        return tuple(inbox), tuple(lines), tuple(map(tuple, rows))

    def disable(self) -> None:
        """The endpoint is out of service."""
        with db.session(None) as session:
            found = session.get(Endpoint, self.endpoint)
            assert found is not None
            found.enabled = False


class World:
    """One receiver, made once, as at the beginning for each test."""

    def __init__(self, kept: Kept) -> None:
        self.kept = kept
        self._first = Receiver(self.kept.app, add_people(self.kept.hub, "demo"))
        self._first.register(self.kept.hub.registry)
        self.kept.keep()

    def receiver(self) -> Receiver:
        self.kept.enter()
        return replace(self._first, launches={})
