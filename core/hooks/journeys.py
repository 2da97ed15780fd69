"""What passes between core and a plugin when an act is typed here, step by step, and transmitted. A leaf, as `types` is.

A journey: `start_transaction` gives the first step, `continue_transaction` each next one, then `Ready`; nothing has been
sent by then. The person reads the recap and confirms; `submit_transaction` transmits, from the outbox. Since 1.0.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from decimal import Decimal
from typing import Any
from typing import Literal

from marshmallow import Schema

#: Kinds of document that a slot may accept: each is told by its bytes.
KINDS = ("pdf", "jpeg", "png")


@dataclass(frozen=True, slots=True)
class DocumentSlot:
    """A document that a step asks for: one file, looked at by its bytes when it comes, never by its name."""

    key: str  #: its name, another than any field's of the journey
    label: str  #: what it is: «RIB du titulaire»
    required: bool = True  #: the step is not passed without it
    accepts: tuple[str, ...] = KINDS  #: among pdf, jpeg, png
    most: Literal[1, 2, 5, 10, 25] = 10  #: its largest size, in MiB
    help: str = ""  #: a sentence under it


@dataclass(frozen=True, slots=True)
class FormStep:
    """One page of a journey: fields that core draws and checks, documents that it receives."""

    key: str  #: the step's name, one of its own in the journey
    title: str  #: its heading
    schema: type[Schema]  #: a `core.api.forms.Form`; a field's name is one in the whole journey
    help: str = ""  #: a sentence above the fields
    values: Mapping[str, Any] = field(default_factory=dict)  #: what the fields hold before anybody types
    documents: tuple[DocumentSlot, ...] = ()  #: what is to be joined
    plan: tuple[str, ...] = ()  #: the titles of all steps, in order, where they are known: «where am I»


@dataclass(frozen=True, slots=True)
class Ready:
    """All is typed: core shows the recap and the person confirms."""

    notice: str = ""  #: what the person vouches for by transmitting
    lines: tuple[tuple[str, str], ...] = ()  #: what the recap says beside what was typed: label, text
    amount: Decimal | None = None  #: the transaction's amount, where it has one


@dataclass(frozen=True, slots=True)
class Refused:
    """The answer is no, for now: what was typed comes back to the person, who corrects it."""

    text: str = ""  #: why, for the whole
    errors: Mapping[str, str] = field(default_factory=dict)  #: why, by field or document


@dataclass(frozen=True, slots=True)
class Submitted:
    """The partner has taken it."""

    partner_ref: str  #: the partner's own number
    status: str = "pending"  #: pending, validated, rejected, cancelled, or one of `Partner.statuses`
    seq: int = 1  #: the number of this word among the partner's on this transaction; a later report has a greater one
    reason: str = ""  #: a word on the status


@dataclass(frozen=True, slots=True)
class Attached:
    """A document as a plugin gets it. It was looked at: its bytes are what `media_type` says."""

    slot: str  #: the slot's key
    filename: str  #: its name, made safe
    media_type: str  #: application/pdf, image/jpeg or image/png
    size: int  #: bytes
    sha256: str  #: their fingerprint
    read: Callable[[], bytes]  #: the bytes
