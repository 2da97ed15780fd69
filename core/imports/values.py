"""Cells read as days, amounts and codes: one way for a whole column, found by looking at all of it.

Forms refuse a year in two figures; a file of ten thousand lines cannot be asked again, so here the century is the latest
one that does not lie in the future.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping
from datetime import date
from datetime import timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from core.db.clock import today
from core.hooks.importing import ImportField
from core.search.words import fold

Order = Literal["jma", "mja"]
Mark = Literal[",", "."]
#: Order of a date's parts, decimal mark → how they are said.
ORDERS: dict[str, str] = {"jma": "jour, mois, année (14/03/1968)", "mja": "mois, jour, année (3/14/1968)"}
MARKS: dict[str, str] = {",": "virgule (1 234,56)", ".": "point (1,234.56)"}
_MONTHS: dict[str, int] = {}
for _number, _words in enumerate((
    "janvier janv jan january", "fevrier fevr fev february feb", "mars mar march", "avril avr april apr", "mai may",
    "juin june jun", "juillet juil july jul", "aout august aug", "septembre sept sep september", "octobre oct october",
    "novembre nov november", "decembre dec december",
), 1):  # fmt: skip
    _MONTHS.update(dict.fromkeys(_words.split(), _number))
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?", re.ASCII)
_PARTS = re.compile(r"(\d{1,2})\s*([-/. ])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})(?:\s+[\d:.hH ]+)?", re.ASCII)
_PACKED = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})", re.ASCII)
#: Excel counts days from here (its leap year 1900 included); five figures: 18 May 1927 to the year 2173.
_SERIAL, _EPOCH = re.compile(r"(\d{5})(?:[.,]\d+)?", re.ASCII), date(1899, 12, 30)
_BLANKS = re.compile(r"[\s\u00a0\u202f\u2009']+")
_AMOUNT = re.compile(r"[+-]?\d[\d.,]*", re.ASCII)
_CURRENCY = re.compile(r"€|EUR|\$|£", re.IGNORECASE)


def order_of(cells: Iterable[str]) -> Order:
    """Whether a column's dates begin with the month: where a second part exceeds 12, and no first one does."""
    first = second = 0
    for cell in cells:
        if found := _PARTS.fullmatch(cell.strip()):
            first, second = max(first, int(found[1])), max(second, int(found[3]))
    return "mja" if second > 12 >= first else "jma"


def mark_of(cells: Iterable[str]) -> Mark:
    """A column's decimal mark: the last of two different ones, or the one that does not set off thousands."""
    commas = points = 0
    for cell in cells:
        text = _bare(cell)
        comma, point = text.rfind(","), text.rfind(".")
        if comma >= 0 and point >= 0:
            commas, points = commas + (comma > point), points + (point > comma)
        elif comma >= 0 and (text.count(",") == 1 and len(text) - comma != 4):
            commas += 1
        elif point >= 0 and (text.count(".") == 1 and len(text) - point != 4):
            points += 1
    return "." if points > commas else ","


@lru_cache(maxsize=20_000)
def day(text: str, order: Order = "jma") -> date:
    """14/03/1968, 1968-03-14, 14-03-68, 24911 (Excel), «14 mars 1968», 19680314. Raises ValueError with the French reason."""
    written = text.strip()
    if found := _ISO.fullmatch(written) or _PACKED.fullmatch(written):
        return _made(written, int(found[1]), int(found[2]), int(found[3]))
    if found := _PARTS.fullmatch(written):
        one, two = int(found[1]), int(found[3])
        number, month = (two, one) if order == "mja" else (one, two)
        return _made(written, _year(found[4]), month, number)
    if found := _SERIAL.fullmatch(written):
        return _EPOCH + timedelta(days=int(found[1]))
    words = fold(written).split()
    if words and fold(words[0]) in _DAYS:
        words = words[1:]
    if len(words) == 3:
        first, name, year = words
        if first in _MONTHS:  # March 3, 1975
            first, name = name, first
        first = re.sub(r"^(\d{1,2})(?:er|st|nd|rd|th)$", r"\1", first)
        if name in _MONTHS and re.fullmatch(r"\d{1,2}", first, re.ASCII) and re.fullmatch(r"\d{4}|\d{2}", year, re.ASCII):
            return _made(written, _year(year), _MONTHS[name], int(first))
    raise ValueError(f"«\u202f{written[:40]}\u202f» n'est pas une date que l'on sait lire.")


_DAYS = frozenset(
    "lundi mardi mercredi jeudi vendredi samedi dimanche monday tuesday wednesday thursday friday saturday sunday".split()  # noqa: SIM905
)


def _year(text: str) -> int:
    year = int(text)
    if len(text) == 4:
        return year
    return 2000 + year if 2000 + year <= today().year else 1900 + year


def _made(text: str, year: int, month: int, number: int) -> date:
    try:
        found = date(year, month, number)
    except ValueError as error:
        raise ValueError(f"Le «\u202f{text[:40]}\u202f» n'existe pas au calendrier.") from error
    if not 1850 <= year <= 2199:
        raise ValueError(f"L'année {year} n'est pas vraisemblable.")
    return found


def amount(text: str, mark: Mark = ",") -> Decimal:
    """«1 234,56», «1,234.56», «1.234,56 €», «(12,50)» → a decimal. Raises ValueError with the French reason."""
    written = _bare(text)
    other = "." if mark == "," else ","
    plain = written
    if other in written and mark in written and written.rfind(other) > written.rfind(mark):
        plain = written.replace(mark, "").replace(other, ".")  # this cell says otherwise than its column, plainly
    elif re.fullmatch(rf"[+-]?\d{{1,3}}(?:{re.escape(other)}\d{{3}})+(?:{re.escape(mark)}\d+)?", written):
        plain = written.replace(other, "").replace(mark, ".")
    elif written.count(mark) + written.count(other) <= 1:
        plain = written.replace(mark, ".").replace(other, ".")
    else:
        plain = written.replace(mark, ".") if other not in written else written
    if not re.fullmatch(r"[+-]?\d{1,13}(?:\.\d+)?", plain, re.ASCII):
        raise ValueError(f"«\u202f{text.strip()[:40]}\u202f» n'est pas un montant que l'on sait lire.")
    return Decimal(plain)


def _bare(text: str) -> str:
    written = _CURRENCY.sub("", _BLANKS.sub("", text)).replace("\u2212", "-")
    if written.startswith("(") and written.endswith(")"):
        written = f"-{written[1:-1]}"
    return f"-{written[:-1]}" if written.endswith("-") else written


def code(text: str, field: ImportField) -> str:
    """A cell as one of the field's codes, by the code itself, its label or another spelling. Raises ValueError."""
    known = _spellings(field)
    found = known.get(fold(text))
    if found is None:
        raise ValueError(f"«\u202f{text.strip()[:40]}\u202f» n'est pas une valeur connue.")
    return found


_known: dict[str, tuple[ImportField, Mapping[str, str]]] = {}


def _spellings(field: ImportField) -> Mapping[str, str]:
    kept = _known.get(field.key)
    if kept is None or kept[0] is not field:
        codes = field.codes or {}
        made = {fold(str(label)): one for one, label in codes.items()} | {fold(one): one for one in codes}
        kept = _known[field.key] = (field, {**made, **{fold(word): one for word, one in field.spellings.items()}})
    return kept[1]
