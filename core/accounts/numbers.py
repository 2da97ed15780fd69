"""Account numbers, as partners print them and as they are compared (domain.md §3.6, line 21)."""

from __future__ import annotations

import re
import unicodedata

from core.db.errors import DomainError

MOST = 60
#: Blanks, dots, and every kind of hyphen: what spellings of one number differ by.
_NOISE = re.compile(r"[\s.\-‐-―−]+")


def number_key(number: str) -> str:
    """A number folded: «HIM 001 234-5» is «HIM0012345». Leading zeros stay: they tell numbers apart.

    Raises `DomainError` where nothing is left, or more than 60 characters.
    """
    key = _NOISE.sub("", unicodedata.normalize("NFKC", number)).upper()
    if not key or len(key) > MOST:
        raise DomainError(f"Un numéro de compte compte de 1 à {MOST} caractères. Recopiez-le tel qu'imprimé.")
    return key


def search_key(text: str) -> str:
    """What somebody typed, folded like a number; empty where nothing is left."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text)).upper()[:MOST]
