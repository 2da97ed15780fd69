"""What passes between core and the modules that reach clients: ways of reaching one, a message, what became of it. A leaf.

Core decides who is written to, keeps what was sent and tries again; a module carries it (PF-03, ME-01). Since 1.0.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class EmailAddress:
    """An e-mail address of a contact, as its file has it."""

    address: str  #: the address
    primary: bool  #: the contact's usual one
    agreed: bool  #: the contact agreed to be written to there; a module needs not look: core does


@dataclass(frozen=True, slots=True)
class MessageContact:
    """The contact that is to be reached."""

    id: str  #: the contact's id
    name: str  #: as shown
    kind: str  #: PERSONNE_PHYSIQUE, PERSONNE_MORALE or FOYER
    emails: tuple[EmailAddress, ...] = ()  #: its addresses, the usual one first


@dataclass(frozen=True, slots=True)
class MessageChannel:
    """One way in which a module reaches a contact, or could but for a reason that it gives."""

    key: str  #: its name in the module, for good: messages that were sent name it
    label: str  #: what people call it: «E-mail», «Espace client»
    medium: Literal["EMAIL", "ESPACE"]  #: an e-mail, for which core asks for the contact's agreement; or a space of its own
    address: str  #: where it arrives: for an e-mail one of the contact's addresses; elsewhere a word that says where
    refused: str = ""  #: why this contact cannot be reached by it now, in a French sentence; empty: it can
    weight: int = 100  #: smaller comes first: the first that is open is taken


@dataclass(frozen=True, slots=True)
class MessageFile:
    """A document of the contact's file that goes with a message."""

    document_id: str  #: the document's id
    filename: str  #: its name, made safe
    media_type: str  #: what it is
    size: int  #: bytes
    sha256: str  #: their fingerprint
    read: Callable[[], bytes]  #: the bytes


@dataclass(frozen=True, slots=True)
class Message:
    """A message as a module gets it. Who asked for it is `ctx.principal`."""

    key: str  #: the idempotency key: the same for each try
    contact: MessageContact  #: to whom
    channel: str  #: the key of the channel that was chosen
    address: str  #: where it arrives
    subject: str  #: one line
    text: str  #: plain text, lines apart
    files: tuple[MessageFile, ...] = ()  #: what goes with it


@dataclass(frozen=True, slots=True)
class MessageReceipt:
    """What became of a try."""

    state: Literal["sent", "refused", "later"]  #: taken; never will be, as it is; to be tried again
    reference: str = ""  #: how the module or the server names it, 200 characters at most
    reason: str = ""  #: why not, in a French sentence
    after: float | None = None  #: seconds after which to try again; None: core's own pauses
