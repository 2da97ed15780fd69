"""Folding: what people type and what is kept, brought to the same words (RE-01 to RE-03)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

#: Longest word kept, and most words of a query that count.
LONGEST, MOST = 60, 6
#: A word of fewer letters has too many neighbours to be corrected.
CORRECTABLE = 4
_NOISE = re.compile(r"[\s.\-‐-―−/()+,;:_]+")
_BETWEEN, _NO_FIGURE, _NATIONAL = re.compile(r"[^\w]+"), re.compile(r"\D"), re.compile(r"0\d{9}")


@dataclass(frozen=True, slots=True)
class Asked:
    """A query: its words, and the whole of it as a number or an address may be written."""

    words: tuple[str, ...]
    wholes: tuple[str, ...]


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """A name as it is sorted and searched: no accent, no case, one space between words."""
    if text.isascii():
        return " ".join(_BETWEEN.sub(" ", text).casefold().split())
    plain = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return " ".join(_BETWEEN.sub(" ", plain.replace("œ", "oe").replace("Œ", "oe")).casefold().split())


def of_names(*texts: str | None) -> set[str]:
    """The words of names and titles."""
    return {word[:LONGEST] for text in texts if text for word in fold(text).split()}


def of_number(text: str | None) -> set[str]:
    """A contract or file number: «HIM 001 234-5» is found by him0012345, 0012345 and 12345."""
    if not text:
        return set()
    key = _joined(text)
    digits = _NO_FIGURE.sub("", key)
    return {word for word in (key, digits, digits.lstrip("0")) if word}


def of_phone(text: str | None) -> set[str]:
    """A telephone number, national and international, and its ends, pair by pair: «44 08 19» finds it too."""
    digits = _NO_FIGURE.sub("", text or "")
    if not digits:
        return set()
    national = f"0{digits[2:]}" if digits.startswith("33") and len(digits) == 11 else digits
    abroad = f"33{national[1:]}" if _NATIONAL.fullmatch(national) else digits
    return {national, abroad, *(national[start:] for start in range(2, len(national) - 3, 2))}


def of_email(text: str | None) -> set[str]:
    """An address as a whole, and its words."""
    return {(text or "").strip().lower()[:LONGEST], *of_names(text)} - {""}


def asked(text: str) -> Asked:
    """What somebody typed. A whole is kept where it holds a figure or an @: else it is only words."""
    words = tuple(word[:LONGEST] for word in fold(text).split()[:MOST])
    joined = _joined(text)
    wholes = [text.strip().lower()[:LONGEST]] if "@" in text else []
    if any(char.isdigit() for char in joined):
        stripped = joined.lstrip("0") if joined.isdigit() else ""
        wholes += [joined] if len(joined) > 1 else []
        wholes += [stripped] if len(stripped) > 2 and stripped != joined else []
    return Asked(words, tuple(dict.fromkeys(wholes)))


def variants(word: str) -> set[str]:
    """The word and what is left of it without one of its letters: two words one fault apart share one of these."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def correctable(words: Iterable[str]) -> set[str]:
    """Those in which a typing error may be looked for: letters only, four at least."""
    return {word for word in words if len(word) >= CORRECTABLE and word.isalpha()}


def one_fault(first: str, second: str) -> bool:
    """Whether the words are equal but for one letter more, less, other, or two neighbours changed round."""
    if first == second:
        return True
    if abs(len(first) - len(second)) > 1:
        return False
    at = next((i for i, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), min(len(first), len(second)))
    one, two = first[at:], second[at:]
    return one[1:] == two or one == two[1:] or one[1:] == two[1:] or (one[:2] == two[:2][::-1] and one[2:] == two[2:])


def _joined(text: str) -> str:
    return _NOISE.sub("", unicodedata.normalize("NFKC", text)).lower()[:LONGEST]
