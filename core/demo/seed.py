"""What makes the demonstration the same every time: one seed, and keys that are counted instead of drawn."""

from __future__ import annotations

import csv
import unicodedata
from decimal import Decimal
from pathlib import Path

SEED = 20261124

#: Crockford's base 32, as ULIDs use it, in lower case.
_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
#: The time part of every key: before any key that the product draws, so that lists by key keep their order.
_EPOCH = "01hk153x00"


class Ids:
    """Keys shaped as ULIDs, in growing order."""

    def __init__(self) -> None:
        self._last = 0

    def next(self) -> str:
        """The next key: 26 characters."""
        self._last += 1
        rest, text = self._last, ""
        while rest:
            rest, digit = divmod(rest, 32)
            text = _DIGITS[digit] + text
        return _EPOCH + text.rjust(16, "0")


def folded(text: str) -> str:
    """A name as lists sort it and searches compare it: no accents, lower case, single blanks."""
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "Oe"))
    return " ".join("".join(char for char in plain if not unicodedata.combining(char)).lower().split())


def number_key(number: str) -> str:
    """An account number as partners' spellings are compared: no blanks, dots, hyphens; upper case."""
    return "".join(char for char in number if char not in " .-\u00a0\u202f").upper()


def euros(cents: int) -> Decimal:
    """Whole cents as an amount in euros."""
    return Decimal(cents).scaleb(-2)


def cents(text: str) -> int:
    """An amount of a data file, in whole cents."""
    return int(Decimal(text).scaleb(2))


def rows(name: str) -> list[dict[str, str]]:
    """The lines of one of this package's data files."""
    with (Path(__file__).parent / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))
