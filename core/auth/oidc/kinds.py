"""What a kind of client brings to the provider: what it may ask for, who it is, what its tokens say.

`core.links` registers «partner»; the provider itself knows neither launch nor mandate.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from typing import Protocol

from joserfc.jwk import ECKey

from core.auth.models import OidcCode
from core.db.session import TenantSession


class Denied(Exception):
    """The kind says no. The reason is for our log only: the client hears one word for all of them (PLP-068)."""


class UnknownKey(Exception):
    """The client signed with a key that is not trusted."""


class KeysAway(Exception):
    """The client's keys cannot be had at the moment: nothing is decided, it may come again."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A checked authorization request, and the signed-in session it came with."""

    client_id: str
    user_id: str
    cabinet_id: int
    sid_hash: str
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Granted:
    """What the client gets a code for: the subject it knows the person by, and the launch, where there is one."""

    subject: str
    launch_id: str | None = None


class ClientKind(Protocol):
    """The rules of one kind of client."""

    #: The scope it asks for, neither more nor less.
    scope: frozenset[str]
    #: Its own parameters at authorize, each required once, with the shape of its value.
    parameters: Mapping[str, re.Pattern[str]]

    def issuer(self, session: TenantSession, cabinet_id: int) -> str:
        """Our name towards this client. The session has no cabinet."""

    def grant(self, session: TenantSession, asked: Asked) -> Granted:
        """Check and consume, in the transaction that writes the code. Raises `Denied`; then nothing is consumed."""

    def public_key(self, cabinet_id: int, client_id: str, kid: str) -> ECKey:
        """The client's trusted key; called outside of any transaction. Raises `UnknownKey`, `KeysAway`."""

    def claims(self, session: TenantSession, code: OidcCode) -> dict[str, Any]:
        """What the ID Token says beyond the standard claims, in the transaction that uses the code up.

        Raises `Denied`; then nothing is used up.
        """

    def sign(self, session: TenantSession, claims: dict[str, Any]) -> str:
        """The ID Token: a compact JWS."""

    def replayed(self, session: TenantSession, code: OidcCode) -> None:
        """A used code came again: mark what it stood for, raise the alert (PLP-074)."""


_kinds: dict[str, ClientKind] = {}


def register_kind(name: str, kind: ClientKind) -> None:
    """Make a kind known; `OidcClient.kind` names it."""
    _kinds[name] = kind


def kind_named(name: str) -> ClientKind | None:
    """The kind, or None for one that nobody registered."""
    return _kinds.get(name)
