"""The one-time code printed on the mandate (PLP-021): it proves that who activates holds the paper."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from datetime import datetime
from datetime import timedelta

from core.db.clock import now

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
LIFE = timedelta(days=30)
TRIES = 5


def usable(kept: str | None, until: datetime | None, tries: int) -> bool:
    """Whether the paper's code still activates: not spent, not run out, fewer than five wrong tries."""
    return kept is not None and until is not None and now() < until and tries < TRIES


def new_code() -> str:
    """Twelve characters of Crockford's base32: 60 random bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def printed(code: str) -> str:
    """As it stands on the paper: «7K2M-9QX4-TB0D»."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def folded(typed: str) -> str:
    """What was typed, without hyphens, blanks and case; O reads 0, I and L read 1 (Crockford)."""
    text = re.sub(r"[\s\u2010-\u2015-]", "", typed).upper()
    return text.translate(str.maketrans("OIL", "011"))


def hashed(code: str, reference: str) -> str:
    """What is kept of it: scrypt, salted by the mandate's reference, since 60 bits could be searched offline."""
    return hashlib.scrypt(folded(code).encode(), salt=reference.encode(), n=2**13, r=8, p=1, dklen=32).hex()


def matches(typed: str, reference: str, kept: str) -> bool:
    """Whether the code typed is the one kept, in constant time."""
    if not re.fullmatch(f"[{ALPHABET}]{{{LENGTH}}}", folded(typed)):
        return False
    return hmac.compare_digest(hashed(typed, reference), kept)
