"""Requests for signatures as they are stored."""

from __future__ import annotations

from datetime import date
from datetime import datetime

from sqlalchemy import Enum
from sqlalchemy import ForeignKeyConstraint
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import String
from sqlalchemy import Text
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from core.db.clock import now
from core.db.model import Model
from core.db.model import belongs
from core.db.model import of_cabinet
from core.hooks import references
from core.hooks.declared import Ref
from core.signing.states import SIGNER_STATES
from core.signing.states import STATES
from core.signing.states import WAYS


class SignatureRequest(Model):
    """A document that people are asked to sign. `sha256`: of its bytes, as they were when it was asked.

    `signed_id`: the signed document, `proof_id`: its evidence; both once all have signed and it was sealed.
    """

    __tablename__ = "signature_request"
    __table_args__ = (
        belongs("document_id", "document"),
        belongs("signed_id", "document"),
        belongs("proof_id", "document"),
        ForeignKeyConstraint(["cabinet_id", "asked_by"], ["user_login.cabinet_id", "user_login.id"]),
        Index("ix_signature_request_document", "cabinet_id", "document_id"),
        Index("ix_signature_request_state", "cabinet_id", "state", "expires_on"),
    )

    document_id: Mapped[str] = mapped_column(String(26))
    sha256: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(200))
    message: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(Enum(*STATES, native_enum=False, length=13), default="PRET")
    asked_by: Mapped[str] = mapped_column(String(26))
    asked_at: Mapped[datetime] = mapped_column(default=now)
    expires_on: Mapped[date]
    ended_at: Mapped[datetime | None]
    why: Mapped[str] = mapped_column(String(500), default="")
    signed_id: Mapped[str | None] = mapped_column(String(26))
    proof_id: Mapped[str | None] = mapped_column(String(26))


class SignatureSigner(Model):
    """One who is to sign, in the order of `rank`: a contact, or somebody of the cabinet.

    `behalf`: the company for which he signs. `strokes`: what was drawn.

    `token_hash`: SHA-256 of the link's token, which only the mail holds. `witness`: on whose screen it was signed.
    """

    __tablename__ = "signature_signer"
    __table_args__ = (
        belongs("request_id", "signature_request", ondelete="CASCADE"),
        belongs("contact_id", "contact"),
        ForeignKeyConstraint(["cabinet_id", "user_id"], ["user_login.cabinet_id", "user_login.id"]),
        UniqueConstraint("cabinet_id", "request_id", "rank"),
        Index("ix_signature_signer_contact", "cabinet_id", "contact_id"),
        Index("ix_signature_signer_token", "cabinet_id", "token_hash"),
    )

    request_id: Mapped[str] = mapped_column(String(26))
    rank: Mapped[int] = mapped_column(Integer)
    contact_id: Mapped[str | None] = mapped_column(String(26))
    user_id: Mapped[str | None] = mapped_column(String(26))
    name: Mapped[str] = mapped_column(String(200))
    behalf: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str | None] = mapped_column(String(254))
    way: Mapped[str] = mapped_column(Enum(*WAYS, native_enum=False, length=6))
    state: Mapped[str] = mapped_column(Enum(*SIGNER_STATES, native_enum=False, length=8), default="ATTENTE")
    token_hash: Mapped[str | None] = mapped_column(String(64))
    invited_at: Mapped[datetime | None]
    reminders: Mapped[int] = mapped_column(Integer, default=0)
    seen_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    typed_name: Mapped[str] = mapped_column(String(200), default="")
    strokes: Mapped[str] = mapped_column(Text, default="")
    consent: Mapped[int | None] = mapped_column(Integer)
    why: Mapped[str] = mapped_column(String(500), default="")
    address: Mapped[str] = mapped_column(String(45), default="")
    agent: Mapped[str] = mapped_column(String(200), default="")
    witness: Mapped[str | None] = mapped_column(String(26))


class SignatureSeal(Model):
    """The cabinet's certificate, with which signed documents are sealed; its key lies in the vault. One that ended stays."""

    __tablename__ = "signature_seal"
    __table_args__ = (of_cabinet(), Index("ix_signature_seal_until", "cabinet_id", "until"))

    certificate: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(default=now)
    until: Mapped[date]


references.declare(
    Ref("signature_request", "document_id", to="document"), Ref("signature_request", "signed_id", to="document"),
    Ref("signature_request", "proof_id", to="document"), Ref("signature_signer", "contact_id", to="contact"),
)  # fmt: skip
