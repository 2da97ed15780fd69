"""The last net below the log: what looks like personal data or a secret is taken out of a message.

The first rule is not to log it (a name cannot be told from a word); a test feeds both to every way in.
"""

from __future__ import annotations

import re
from collections import OrderedDict

HIDDEN = "‹masqué›"
_KEPT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\d", re.I)
_SUSPECT = re.compile(
    r"""
      [0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}      # a UUID: an interaction id, kept
    | [^\s@"'<>(),;:]+@[^\s@"'<>(),;:]+\.\w+          # an e-mail address
    | \beyJ[\w-]+(?:\.[\w-]*)*                          # a JWT
    | \b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){3,}(?:[ ]?[A-Z0-9]{1,4})?\b   # an IBAN
    | \b[A-Za-z]{2,5}[- ]?\d{5,}\b                      # a contract's number
    | \b[\w-]{40,}                                      # a token, a key, a hash
    | (?<![\w.])\+?\d(?:[ .\-/]?\d){6,}(?!\w)           # a telephone's or client's number (a date is kept)
    """,
    re.X | re.I,
)

#: Secrets that this process decrypted: known to the letter, hence taken out wherever a plugin's error quotes one.
_secrets: OrderedDict[str, None] = OrderedDict()
#: How many are remembered, and from how many signs on (a shorter one would blank out words).
MOST_SECRETS, SHORTEST = 1000, 6


def keep_out(secret: str) -> None:
    """From now on no text that passes here says this secret."""
    if len(secret) < SHORTEST:
        return
    _secrets[secret] = None
    _secrets.move_to_end(secret)
    if len(_secrets) > MOST_SECRETS:
        _secrets.popitem(last=False)


def without_secrets(text: str) -> str:
    """The text without any secret that was decrypted here; what else it says stays."""
    for secret in tuple(_secrets):
        text = text.replace(secret, HIDDEN)
    return text


def scrub(text: str) -> str:
    """The text without what looks like an address, a number of a person or contract, a token."""
    text = without_secrets(text)
    return _SUSPECT.sub(lambda found: found.group() if _KEPT.fullmatch(found.group()) else HIDDEN, text)
