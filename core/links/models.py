"""The partner link's rows (partner-link.md): registration, mandate, launch, inbox, account links."""

from __future__ import annotations

from datetime import date
from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlalchemy import BigInteger
from sqlalchemy import Boolean
from sqlalchemy import ForeignKeyConstraint
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import LargeBinary
from sqlalchemy import String
from sqlalchemy import Text
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from core.db.clock import now
from core.db.model import Base
from core.db.model import Model
from core.db.model import belongs
from core.db.model import of_cabinet


class Endpoint(Base):
    """A hook address: the id in the URL → cabinet and plugin. One per (cabinet, partner) (PLP-013)."""

    __tablename__ = "endpoint"
    __table_args__ = (UniqueConstraint("cabinet_id", "plugin"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    cabinet_id: Mapped[int] = mapped_column(Integer)
    plugin: Mapped[str] = mapped_column(String(60))
    enabled: Mapped[bool] = mapped_column(Boolean, default=True)


class Registration(Model):
    """A partner registered with a cabinet: its sheet as imported (PLP §2), our client id."""

    __tablename__ = "link_registration"
    __table_args__ = (of_cabinet(), UniqueConstraint("cabinet_id", "plugin"))

    plugin: Mapped[str] = mapped_column(String(60))
    sheet: Mapped[dict[str, Any]]
    client_id: Mapped[str] = mapped_column(String(64))
    endpoint_id: Mapped[str] = mapped_column(String(64))
    broker_code: Mapped[str | None] = mapped_column(String(64))
    registered_at: Mapped[datetime] = mapped_column(default=now)


class SigningKey(Model):
    """The cabinet's P-256 keys. The private part is in `secret`, under `link-key:<kid>`."""

    __tablename__ = "link_key"
    __table_args__ = (of_cabinet(), UniqueConstraint("cabinet_id", "kid"))

    kid: Mapped[str] = mapped_column(String(64))
    public: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(default=now)
    #: From when it signs; None: from the start.
    active_from: Mapped[datetime | None]
    #: When it ends to sign, known a day before (PLP-020).
    retired_at: Mapped[datetime | None]
    #: When it was taken away at once, by somebody's word.
    withdrawn_at: Mapped[datetime | None]


class KeyStatement(Model):
    """A rotation statement for one mandate (PLP-018): what is trusted from then on, signed by a key trusted before."""

    __tablename__ = "link_key_statement"
    __table_args__ = (of_cabinet(), UniqueConstraint("cabinet_id", "mandate", "iat"))

    mandate: Mapped[str] = mapped_column(String(64))
    iat: Mapped[int] = mapped_column(BigInteger)
    jkt: Mapped[list[Any]] = mapped_column(JSON)
    token: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=now)


class Certificate(Model):
    """The cabinet's certificates for SAML (PLP-114). The private key is in `secret`, under `link-certificate:<fingerprint>`."""

    __tablename__ = "link_certificate"
    __table_args__ = (of_cabinet(), UniqueConstraint("cabinet_id", "fingerprint"))

    #: SHA-256 of the certificate, in hexadecimal.
    fingerprint: Mapped[str] = mapped_column(String(64))
    pem: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=now)
    #: From when it signs; None: from the start.
    active_from: Mapped[datetime | None]
    #: When it ends to sign and leaves the sheet.
    retired_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class PartnerKeys(Model):
    """A partner's JWKS as last fetched and found good (PLP-016: kept at most 24 h when it goes bad), and its statements' word."""

    __tablename__ = "link_partner_keys"
    __table_args__ = (of_cabinet(), UniqueConstraint("cabinet_id", "plugin"))

    plugin: Mapped[str] = mapped_column(String(60))
    jwks: Mapped[dict[str, Any]]
    fetched_at: Mapped[datetime]
    tried_at: Mapped[datetime]
    #: The thumbprints that its last rotation statement names (PLP-018); None: its sheet's hold.
    trusted: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    #: `iat` of that statement: an earlier one is ignored.
    stated_at: Mapped[int | None] = mapped_column(BigInteger)
    #: When its statements were last asked for.
    asked_at: Mapped[datetime | None]


class Mandate(Model):
    """The cabinet's mandate at a partner (PLP §4). `state` is the one shown; `partner_state` the partner's word."""

    __tablename__ = "link_mandate"
    __table_args__ = (of_cabinet(), UniqueConstraint("cabinet_id", "plugin", "reference"))

    plugin: Mapped[str] = mapped_column(String(60))
    reference: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(12), default="none")
    version: Mapped[int] = mapped_column(Integer, default=0)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    form: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    partner_seq: Mapped[int] = mapped_column(BigInteger, default=0)
    partner_state: Mapped[str | None] = mapped_column(String(12))
    suspended_by: Mapped[str | None] = mapped_column(String(10))
    code_hash: Mapped[str | None] = mapped_column(String(64))
    code_expires_at: Mapped[datetime | None]
    code_tries: Mapped[int] = mapped_column(Integer, default=0)
    inspector_name: Mapped[str | None] = mapped_column(String(120))
    inspector_email: Mapped[str | None] = mapped_column(String(254))
    sent_on: Mapped[date | None]
    received_on: Mapped[date | None]
    active_from: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    signed_at: Mapped[datetime | None]
    signed_pdf_sha256: Mapped[str | None] = mapped_column(String(64))
    alerted: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]
    #: Where the feed of this mandate was read to (PLP-102).
    feed_cursor: Mapped[str | None] = mapped_column(String(512))


class MandateEvent(Model):
    """The mandate's history: who moved it, when, with what proof."""

    __tablename__ = "link_mandate_event"
    __table_args__ = (belongs("mandate_id", "link_mandate"),)

    mandate_id: Mapped[str] = mapped_column(String(26))
    event: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(12))
    actor: Mapped[str] = mapped_column(String(60))
    note: Mapped[str | None] = mapped_column(String(300))
    document_id: Mapped[str | None] = mapped_column(String(26))
    at: Mapped[datetime] = mapped_column(default=now)


class Enrolment(Model):
    """An adviser at a partner: his pairwise handle (PLP-010) and whether he is enrolled there."""

    __tablename__ = "link_enrolment"
    __table_args__ = (
        ForeignKeyConstraint(["cabinet_id", "user_id"], ["user_login.cabinet_id", "user_login.id"]),
        UniqueConstraint("cabinet_id", "plugin", "user_id"),
        UniqueConstraint("cabinet_id", "handle"),
    )

    plugin: Mapped[str] = mapped_column(String(60))
    user_id: Mapped[str] = mapped_column(String(26))
    handle: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(14), default="not_enrolled")
    partner_code: Mapped[str | None] = mapped_column(String(64))
    changed_at: Mapped[datetime] = mapped_column(default=now)


class AccountLink(Model):
    """An account that a partner plugin serves, found by company and product; computed in batch."""

    __tablename__ = "account_link"
    __table_args__ = (
        belongs("account_id", "account", ondelete="CASCADE"),
        UniqueConstraint("cabinet_id", "account_id"),
        Index("ix_account_link_plugin", "cabinet_id", "plugin"),
    )

    account_id: Mapped[str] = mapped_column(String(26))
    plugin: Mapped[str] = mapped_column(String(60))
    ref: Mapped[str] = mapped_column(String(64))
    since: Mapped[datetime] = mapped_column(default=now)


class Launch(Model):
    """One hand-over: single use, 120 s, bound to user, session, mandate, account, act (PLP-053)."""

    __tablename__ = "link_launch"
    __table_args__ = (
        belongs("account_id", "account"),
        belongs("transaction_id", "transaction"),
        UniqueConstraint("cabinet_id", "form"),
        UniqueConstraint("cabinet_id", "launch_id"),
    )

    launch_id: Mapped[str] = mapped_column(String(64))
    form: Mapped[str] = mapped_column(String(64))
    plugin: Mapped[str] = mapped_column(String(60))
    mandate: Mapped[str] = mapped_column(String(64))
    account_id: Mapped[str] = mapped_column(String(26))
    transaction_id: Mapped[str | None] = mapped_column(String(26))
    user_id: Mapped[str] = mapped_column(String(26))
    sid_hash: Mapped[str] = mapped_column(String(64))
    handle: Mapped[str] = mapped_column(String(64))
    act: Mapped[str] = mapped_column(String(60))
    claims: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    consumed_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    flagged: Mapped[bool] = mapped_column(Boolean, default=False)


class InboxEvent(Model):
    """A hook that was taken (PLP-091): unique by (plugin, webhook id); refused ones leave no row."""

    __tablename__ = "link_inbox"
    __table_args__ = (of_cabinet(), UniqueConstraint("cabinet_id", "plugin", "webhook_id"))

    plugin: Mapped[str] = mapped_column(String(60))
    webhook_id: Mapped[str] = mapped_column(String(64))
    body_sha256: Mapped[str] = mapped_column(String(64))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    outcome: Mapped[str] = mapped_column(String(20))
    transaction_ref: Mapped[str | None] = mapped_column(String(64), index=True)
    received_at: Mapped[datetime] = mapped_column(default=now)
