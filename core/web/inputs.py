"""How figures, dates, numbers and addresses that people type are read: the twin of `core.web.formats`.

Pure functions: forms, services and imports read alike. Each raises `Unread` (a `ValueError`) for what it does not
understand, with what was found wrong; `core.web.explained` says it in French.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from datetime import date
from datetime import time
from decimal import Decimal

import phonenumbers
from marshmallow import ValidationError
from marshmallow import validate
from stdnum import bic as bic_number
from stdnum import iban as iban_number
from stdnum import isin as isin_number
from stdnum.exceptions import InvalidChecksum
from stdnum.exceptions import ValidationError as NumberError
from stdnum.fr import siren as siren_number
from stdnum.fr import siret as siret_number

#: Order marks that make a name read otherwise than it is written.
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_SPACES = re.compile(r"[\s\u00a0\u202f]+")
#: Years that a date of this trade can have.
YEARS = (1900, 2199)
_IBAN_LENGTHS = {
    "AD": 24, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24, "FI": 18,
    "FR": 27, "GB": 22, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21,
    "MC": 27, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27,
}  # fmt: skip
_MONEY_SIGNS = re.compile(r"[$£¥]|USD|GBP|CHF|\bF\b", re.IGNORECASE)
_is_email = validate.Email()
_MARKS = re.compile(r"[ .-]")
_FRENCH_PHONE = re.compile(r"(?:0|\+33 ?)([1-9](?:[ .-]?[0-9]{2}){4})")


class Unread(ValueError):
    """What could not be read, and why: `why` is one of the codes of `core.web.explained`, `found` its particulars."""

    def __init__(self, why: str, **found: object) -> None:
        super().__init__(why)
        self.why = why
        self.found = found


def plain(value: str, *, lines: bool = False) -> str:
    """Blanks around and doubled ones dropped. Raises for what has no place in a text: NUL and other control signs."""
    if value.isprintable():  # neither control signs, nor turns, nor other blanks than the common one
        return value.strip() if lines or "  " not in value else _SPACES.sub(" ", value).strip()
    kept = value.replace("\r\n", "\n").replace("\r", "\n")
    if any((unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t") or sign in _TURNS for sign in kept):
        raise Unread("control")
    if lines:
        return "\n".join(line.rstrip() for line in kept.split("\n")).strip()
    return _SPACES.sub(" ", kept).strip()


def day(value: str) -> date:
    """14/03/1968, 14.3.1968, 14 03 1968 or 1968-03-14; the year in four digits: nobody guesses a century."""
    written = value.strip()
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", written, re.ASCII):
        year, month, number = (int(part) for part in found.groups())
    elif found := re.fullmatch(r"(\d{1,2})([/. ])(\d{1,2})\2(\d{4}|\d{2})", written, re.ASCII):
        number, month, year = int(found[1]), int(found[3]), int(found[4])
        if len(found[4]) == 2:
            raise Unread("day.century", number=number, month=month, year=year)
    else:
        raise Unread("day")
    if not 1 <= month <= 12:
        raise Unread("day.month", number=number, month=month, year=year)
    if not YEARS[0] <= year <= YEARS[1]:
        raise Unread("day.year", year=year)
    last = monthrange(year, month)[1]
    if not 1 <= number <= last:
        raise Unread("day.number", number=number, month=month, year=year, last=last)
    return date(year, month, number)


def hour(value: str) -> time:
    """14:30, 14h30, 14 h, 9.05."""
    found = re.fullmatch(r"(\d{1,2})\s*(?:[h:.]\s*(\d{2})?)?", value.strip().lower(), re.ASCII)
    if found is None:
        raise Unread("hour")
    hours, minutes = int(found[1]), int(found[2] or 0)
    if hours > 23:
        raise Unread("hour.hours", hours=hours)
    if minutes > 59:
        raise Unread("hour.minutes", minutes=minutes)
    return time(hours, minutes)


def amount(value: str, *, decimals: int = 2) -> Decimal:
    """«1 234,56», «1234.56», «1 234,56 €», «−12» → a decimal; more decimals than the currency has are refused."""
    written = _SPACES.sub("", value).replace("\u2212", "-")
    if sign := _MONEY_SIGNS.search(written):
        raise Unread("amount.currency", sign=sign[0])
    found = _figure(written.replace("€", "").removesuffix("EUR"))
    exponent = found.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > decimals:
        raise Unread("amount.decimals", value=found, has=-exponent, most=decimals)
    return found


def percent(value: str, *, most: int = 100, decimals: int = 2) -> Decimal:
    """«12,5 %», «12.5», «12,5» → 12.5; from 0 to `most`."""
    written = _SPACES.sub("", value).replace("\u2212", "-")
    try:
        found = _figure(written.replace("%", ""))
    except Unread as error:
        raise Unread("percent") from error
    if not 0 <= found <= most:
        raise Unread("percent.bounds", value=found, most=most)
    exponent = found.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > decimals:
        raise Unread("percent.decimals", most=decimals)
    return found


def _figure(written: str) -> Decimal:
    # thirteen digits are what the database's exact columns hold
    if re.fullmatch(r"[+-]?\d{1,13}([.,]\d+)?", written, re.ASCII):
        return Decimal(written.replace(",", "."))
    if re.fullmatch(r"[+-]?\d+([.,]\d+)?", written, re.ASCII):
        raise Unread("amount.large")
    if grouped := re.fullmatch(r"([+-]?\d{1,3}(?:([.,])\d{3})(?:\2\d{3})*)(?:([.,])(\d+))?", written, re.ASCII):
        whole, mark, point, decimals = grouped.groups()
        if point != mark:  # 1.234,56 and 1.234.567: thousands are set off by points or commas
            plain = re.sub(r"[.,]", "", whole) + (f".{decimals}" if decimals else "")
            if len(plain) <= 15:
                raise Unread("amount.thousands", mark=mark, value=Decimal(plain))
    raise Unread("amount")


def email(value: str) -> str:
    """An e-mail address, as typed."""
    written = value.strip()
    try:
        _is_email(written)
    except ValidationError as error:
        raise Unread(_email_fault(written)) from error
    if len(written) > 254:
        raise Unread("email.long")
    return written


def _email_fault(written: str) -> str:
    before, at, after = written.partition("@")
    if _SPACES.search(written):
        return "email.blank"
    if not at:
        return "email.at"
    if "@" in after:
        return "email.ats"
    if not before:
        return "email.name"
    if "." not in after.strip("."):
        return "email.domain"
    return "email"


def phone(value: str) -> str:
    """A telephone number in its international form (E.164): «06 12 44 08 19» → «+33612440819».

    Judged by its length only: numbering plans grow faster than any table of them.
    """
    written = value.strip()
    if usual := _FRENCH_PHONE.fullmatch(written):  # what most numbers are: the library says the same, more slowly
        return "+33" + _MARKS.sub("", usual[1])
    if not re.fullmatch(r"\+?[\d\s.()/\u00a0\u202f-]{1,40}", written) or not any(sign.isdigit() for sign in written):
        raise Unread("phone.signs" if any(sign.isdigit() for sign in written) else "phone")
    try:
        found = phonenumbers.parse(written, "FR")
    except phonenumbers.NumberParseException as error:
        known = error.error_type != phonenumbers.NumberParseException.INVALID_COUNTRY_CODE
        raise Unread("phone.short" if known else "phone.country", has=_digits(written)) from error
    reason = phonenumbers.is_possible_number_with_reason(found)
    if reason != phonenumbers.ValidationResult.IS_POSSIBLE:
        long = reason == phonenumbers.ValidationResult.TOO_LONG
        french = found.country_code == 33 and not written.startswith("+")
        raise Unread(f"phone.{'long' if long else 'short'}{'.french' if french else ''}", has=_digits(written))
    return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)


def iban(value: str) -> str:
    """An IBAN without its blanks; its length, its country and its key are checked."""
    written = _SPACES.sub("", value).upper()
    try:
        return str(iban_number.validate(written))
    except NumberError as error:
        why, found = _iban_fault(written)
        raise Unread(why, **found) from error


def _iban_fault(written: str) -> tuple[str, dict[str, object]]:
    if strange := re.search(r"[^A-Z0-9]", written):
        return "iban.signs", {"sign": strange[0]}
    if not re.match(r"[A-Z]{2}\d{2}", written):
        return "iban.head", {}
    country, length = written[:2], _IBAN_LENGTHS.get(written[:2])
    if length is not None and length != len(written):
        return "iban.length", {"country": country, "has": len(written), "wants": length}
    right = iban_number.calc_check_digits(written)
    return ("iban.key", {"key": written[2:4], "right": right}) if right != written[2:4] else ("iban", {})


def isin(value: str) -> str:
    """An ISIN, twelve signs with their key."""
    written = _SPACES.sub("", value).upper()
    if strange := re.search(r"[^A-Z0-9]", written):
        raise Unread("isin.signs", sign=strange[0])
    if len(written) != 12:
        raise Unread("isin.length", has=len(written))
    if not written[:2].isalpha():
        raise Unread("isin.country", head=written[:2])
    if not written[11].isdigit():
        raise Unread("isin.last", last=written[11])
    if (right := isin_number.calc_check_digit(written[:11])) != written[11]:
        raise Unread("isin.key", key=written[11], right=right)
    try:
        return str(isin_number.validate(written))
    except NumberError as error:
        raise Unread("isin.country", head=written[:2]) from error


def bic(value: str) -> str:
    """A BIC of 8 or 11 signs."""
    try:
        return str(bic_number.validate(_SPACES.sub("", value)))
    except NumberError as error:
        written = _SPACES.sub("", value)
        raise Unread("bic" if len(written) in (8, 11) else "bic.length", has=len(written)) from error


def siren(value: str) -> str:
    """A SIREN, nine digits with their key."""
    try:
        return str(siren_number.validate(_SPACES.sub("", value)))
    except InvalidChecksum as error:
        raise Unread("siren.key") from error
    except NumberError as error:
        written = _SPACES.sub("", value)
        raise Unread("siren.length" if written.isdigit() else "siren", has=len(written)) from error


def siret(value: str) -> str:
    """A SIRET: the SIREN of a company and the number of its establishment, fourteen digits with their key."""
    written = _SPACES.sub("", value)
    try:
        return str(siret_number.validate(written))
    except InvalidChecksum as error:
        raise Unread("siret.key") from error
    except NumberError as error:
        raise Unread("siret.length" if written.isdigit() else "siret", has=len(written)) from error


def _digits(written: str) -> int:
    return sum(sign.isdigit() for sign in written)
