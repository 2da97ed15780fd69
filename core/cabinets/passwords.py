"""Passwords: how they are kept, and which are refused (ASVS 5.0 §6.2: length and rarity, no rule of composition)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError
from argon2.exceptions import VerificationError
from zxcvbn import zxcvbn

from core.db.errors import DomainError

#: OWASP's second profile: 19 MiB, 2 passes, 1 lane (security-reliability.md §2.2).
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
#: Recovery codes are drawn at random (80 bits): no guess is worth trying, a lighter profile keeps ten of them quick.
_code_hasher = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1)
_NOBODY = _hasher.hash("nobody")
#: Hashes computed at once in a process: 4 × 19 MiB, however many sign-ins arrive (memory, security-reliability.md §2.2).
AT_ONCE = 4
#: Seconds that one waits for a place.
PATIENCE = 10.0
_places = threading.BoundedSemaphore(AT_ONCE)

SHORTEST, LONGEST = 12, 128
#: zxcvbn's scale goes from 0 to 4; below 3, a list of common passwords and a few hours are enough (10^8 guesses).
LEAST_SCORE = 3
#: What its English lists do not know. The lists themselves are zxcvbn's (MIT): 30,000 leaked passwords, names, words.
FRENCH = (
    "azerty", "azertyuiop", "qsdfgh", "qsdfghjklm", "wxcvbn", "motdepasse", "mot", "passe", "bonjour", "soleil", "doudou",
    "chouchou", "loulou", "marseille", "toulouse", "jetaime", "coucou", "nicolas", "camille", "chocolat", "vacances",
    "janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre",
    "decembre", "printemps", "automne", "hiver", "encours", "cabinet", "conseil", "conseiller", "patrimoine", "gestion",
    "assurance", "finance", "client", "bienvenue",
)  # fmt: skip


class Busy(DomainError):
    """Too many passwords are being checked at once."""

    status = 503
    code = "busy"


def hashed(password: str) -> str:
    """What is kept of a password."""
    with _place():
        return _hasher.hash(password)


def matches(kept: str | None, password: str) -> bool:
    """Whether it is the password; it takes as long where there is none to compare with."""
    with _place():
        try:
            return _hasher.verify(kept or _NOBODY, password) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


def outdated(kept: str) -> bool:
    """Whether it was hashed by an older profile."""
    return _hasher.check_needs_rehash(kept)


def code_hashed(code: str) -> str:
    """What is kept of a recovery code."""
    with _place():
        return _code_hasher.hash(code)


def code_matches(kept: str, code: str) -> bool:
    """Whether it is the recovery code."""
    with _place():
        try:
            return _code_hasher.verify(kept, code)
        except (VerificationError, InvalidHashError):
            return False


def weakness(password: str, known: Sequence[str] = ()) -> str | None:
    """Why a new password is refused, in French, or None. `known`: what one knows of the person (name, e-mail)."""
    if len(password) < SHORTEST:
        return f"Choisissez un mot de passe d'au moins {SHORTEST} caractères\u202f; une phrase de quelques mots convient."
    if len(password) > LONGEST:
        return f"Un mot de passe compte {LONGEST} caractères au plus."
    about = [word for text in known for word in (text, *text.replace("@", " ").replace(".", " ").split()) if len(word) > 2]
    # The library's time grows with the square of the length: what comes after 72 characters only strengthens.
    if zxcvbn(password[:72], user_inputs=[*FRENCH, *(word.casefold() for word in about)])["score"] < LEAST_SCORE:
        return (
            "Ce mot de passe est trop courant ou trop facile à deviner (mots connus, nom, date, suite de touches). "
            "Choisissez par exemple quatre mots sans rapport entre eux."
        )
    return None


@contextmanager
def _place() -> Iterator[None]:
    if not _places.acquire(timeout=PATIENCE):
        raise Busy("Trop de personnes se connectent au même moment. Réessayez dans un instant.")
    try:
        yield
    finally:
        _places.release()
