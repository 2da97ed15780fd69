"""Amounts and days of feeds: strict, since a figure that is half understood is worse than a file that is refused."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from core.api.db import today
from core.api.feeds import FeedFinding
from core.api.feeds import FeedRefused
from core.api.feeds import Place
from core.api.feeds import SupportSeen
from core.api.supports import naming

#: Nobody's account holds more digits; a decimal of a million digits would be a way to stop us.
_PLAIN = re.compile(r"[+-]?(?:\d{1,24}(?:[.,]\d{0,12})?|[.,]\d{1,12})", re.ASCII)
_EXPONENT = re.compile(r"[+-]?\d{1,24}(?:\.\d{1,20})?(?:[eE][+-]?\d{1,2})?", re.ASCII)
_FRENCH = re.compile(r"[+-]?\d{1,3}(?:[ \u00a0\u202f.]?\d{3}){0,6}(?:,\d{1,8})?", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ][0-9:.,]*(?:Z|[+-]\d{2}:?\d{2})?)?(?:Z|[+-]\d{2}:\d{2})?", re.ASCII)
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{2,6}(?:[.:]\d{1,6})?)?(?:\s*\[[^\]]{0,20}\]?)?", re.ASCII)
_SLASHED = re.compile(r"(\d{2})/(\d{2})/(\d{4})", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)


def amount(text: str, place: Place, what: str) -> Decimal:
    """«-1234.50», «1234,5»: no thousands, no currency sign. Raises `FeedRefused`. `what`: «le montant»."""
    written = text.strip()
    if not written:
        raise FeedRefused(f"{what} manque.", place)
    if not _PLAIN.fullmatch(written):
        raise FeedRefused(f"{what} «\u202f{written[:40]}\u202f» n'est pas un nombre.", place)
    return Decimal(written.replace(",", "."))


def number(text: str, place: Place, what: str) -> Decimal:
    """«0.0259», «0,0259», «1e-05»: of a spreadsheet. Raises `FeedRefused`."""
    written = text.strip().replace(",", ".")
    if not _EXPONENT.fullmatch(written):
        raise FeedRefused(f"{what} «\u202f{text.strip()[:40]}\u202f» n'est pas un nombre.", place)
    return Decimal(written)


def french(text: str, place: Place, what: str) -> Decimal:
    """«1 234,56» as statements print it; also «3000,00». Raises `FeedRefused`."""
    written = text.strip()
    bare = re.sub(r"[ \u00a0\u202f]", "", written)
    if not _FRENCH.fullmatch(written) and not re.fullmatch(r"[+-]?\d{1,18}(?:,\d{1,8})?", bare, re.ASCII):
        raise FeedRefused(f"{what} «\u202f{written[:40]}\u202f» n'est pas un nombre.", place)
    return Decimal(re.sub(r"\.(?=\d{3})", "", bare).replace(",", "."))


def iso_day(text: str, place: Place, what: str) -> date:
    """2014-12-31, 2014-12-31T13:15:00+01:00: the day as the source counts it, whatever the hour's zone."""
    return _day(_ISO.fullmatch(text.strip()), text, place, what, (1, 2, 3))


def packed_day(text: str, place: Place, what: str) -> date:
    """20141231, 20141231120000.000[-5:EST]."""
    return _day(_PACKED.fullmatch(text.strip()), text, place, what, (1, 2, 3))


def slashed_day(text: str, place: Place, what: str) -> date:
    """31/12/2014."""
    return _day(_SLASHED.fullmatch(text.strip()), text, place, what, (3, 2, 1))


def short_day(text: str, place: Place, what: str) -> date:
    """311214: day, month, year in two figures, the latest century that does not lie far ahead."""
    found = re.fullmatch(r"(\d{2})(\d{2})(\d{2})", text, re.ASCII)
    if found is None:
        raise FeedRefused(f"{what} «\u202f{text.strip()[:20]}\u202f» n'est pas une date (JJMMAA).", place)
    year = 2000 + int(found[3])
    return _made(text, year if year <= today().year + 1 else year - 100, int(found[2]), int(found[1]), place, what)


def currency(text: str, place: Place) -> str:
    """A code of ISO 4217 by its form; empty stays empty. Raises `FeedRefused`."""
    code = text.strip().upper()
    if code and not _CURRENCY.fullmatch(code):
        raise FeedRefused(f"la devise «\u202f{text.strip()[:20]}\u202f» n'est pas un code de trois lettres.", place)
    return code


def support(code: str, code_type: str, label: str, kind: str | None, place: Place) -> tuple[SupportSeen, FeedFinding | None]:
    """A support by what is told to be its ISIN or another code; a wrong ISIN is kept as a code, and found fault with."""
    code, label = "".join(code.split())[:40], " ".join(label.split())[:200]
    if code_type != "ISIN" or not code:
        return SupportSeen(code=code, code_type=code_type if code else "", label=label, type=kind), None
    wrong = naming.isin_wrong(code.upper())
    if wrong is None:
        return SupportSeen(isin=code.upper(), label=label, type=kind), None
    text = f"le code ISIN «\u202f{code[:20]}\u202f» est faux. {wrong}"
    return SupportSeen(code=code, code_type="ISIN", label=label, type=kind), FeedFinding("error", "isin", text, place)


def _day(found: re.Match[str] | None, text: str, place: Place, what: str, order: tuple[int, int, int]) -> date:
    if found is None:
        wrong = f"«\u202f{text.strip()[:40]}\u202f» n'est pas une date." if text.strip() else "manque."
        raise FeedRefused(f"{what} {wrong}", place)
    year, month, number = (int(found[one]) for one in order)
    return _made(text, year, month, number, place, what)


def _made(text: str, year: int, month: int, day: int, place: Place, what: str) -> date:
    try:
        found = date(year, month, day)
    except ValueError:
        found = date.min
    if not 1900 <= found.year <= 2199:
        raise FeedRefused(f"{what} «\u202f{text.strip()[:40]}\u202f» n'existe pas au calendrier.", place)
    return found
