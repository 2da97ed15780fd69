"""The launch form's token: signed, bound to user, session, account, act; it makes a double click one launch."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import asdict
from dataclasses import dataclass
from typing import Any

from itsdangerous import BadSignature
from itsdangerous import URLSafeSerializer

from core import config
from core.db.clock import epoch

#: PLP-050: beyond this age the list from which the act was picked proves nothing: the partner is asked again.
FRESH = 60


@dataclass(frozen=True, slots=True)
class FormToken:
    """What a launch form stands for. `nonce` makes each shown form its own; `back` is where it was shown."""

    nonce: str
    user_id: str
    sid_hash: str
    account_id: str
    plugin: str
    act: str
    label: str
    nature: str
    issued: int
    decision_id: str | None = None
    prefill: list[dict[str, Any]] | None = None  #: instructions that go along (PLP-078)
    acr: str | None = None
    back: str = "/"

    @property
    def fresh(self) -> bool:
        """Whether the list it comes from may still be believed."""
        return epoch() - self.issued <= FRESH

    @property
    def form(self) -> str:
        """The name under which the launch is kept: short, unique, of PLP-004's shape."""
        return self.nonce


def issue(**fields: object) -> str:
    """A new token for one act shown in one list."""
    token = FormToken(nonce=secrets.token_urlsafe(16), issued=epoch(), **fields)  # type: ignore[arg-type]
    return _serializer().dumps(asdict(token))


def read(text: str) -> FormToken | None:
    """The token, or None for one that we did not make."""
    try:
        return FormToken(**_serializer().loads(text))
    except (BadSignature, TypeError):
        return None


def _serializer() -> URLSafeSerializer:
    signer = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
    return URLSafeSerializer(config.current().secret_key, salt="plp-launch", signer_kwargs=signer)
