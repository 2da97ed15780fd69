"""Orders that go along to the partner's page: shown there filled, free to change (PLP-078, PF-09).

A page that knows what is wanted signs it for one person, one account and one nature of act; the list of acts that it opens
gives it on with those acts of which the partner says that it takes them. Nothing is sent before the person picks one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from typing import Literal

from itsdangerous import BadSignature
from itsdangerous import URLSafeSerializer

from core import config

#: Of one act (PLP-078).
MOST = 100
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Instruction:
    """One line of an act, in the contract's currency. `isin`, or `support_ref`: the partner's own name of the support."""

    side: Literal["out", "in"]
    amount: Decimal  #: to the cent, above 0
    isin: str | None = None
    support_ref: str | None = None

    def said(self) -> dict[str, Any]:
        """As the partner gets it."""
        return {
            "side": self.side, "isin": self.isin, "support_ref": self.support_ref, "mode": "amount",
            "value": str(self.amount.quantize(_CENT)),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Orders:
    """What is wanted of an account, by acts of one nature. `instructions`: as the partner gets them."""

    nature: str
    instructions: tuple[dict[str, Any], ...]


def ticket(user_id: str, account_id: str, nature: str, instructions: Sequence[Instruction]) -> str:
    """The orders signed, for the address of the account's list of acts. Raises ValueError for what no partner could take."""
    if not 0 < len(instructions) <= MOST:
        raise ValueError(f"1 to {MOST} instructions, not {len(instructions)}")
    for one in instructions:
        if not (one.isin or one.support_ref) or one.amount <= 0 or one.amount != one.amount.quantize(_CENT):
            raise ValueError(f"no partner takes {one}")
    made = [user_id, account_id, nature, [one.said() for one in instructions]]
    return str(_serializer().dumps(made))


def read(text: str, user_id: str, account_id: str) -> Orders | None:
    """The orders of a ticket; None for one that is not ours, not this person's, or of another account."""
    try:
        who, where, nature, instructions = _serializer().loads(text)
    except (BadSignature, TypeError, ValueError):
        return None
    return Orders(nature, tuple(instructions)) if (who, where) == (user_id, account_id) else None


def _serializer() -> URLSafeSerializer:
    signer = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
    return URLSafeSerializer(config.current().secret_key, salt="plp-orders", signer_kwargs=signer)
