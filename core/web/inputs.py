"""How figures, dates, numbers and addresses that people type are read: the twin of `core.web.formats`.

Pure functions: forms, services and imports read alike. Each raises `ValueError` for what it does not understand; the
caller says it in French.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from datetime import datetime
from decimal import Decimal
from decimal import InvalidOperation

import phonenumbers
from marshmallow import ValidationError
from marshmallow import validate
from stdnum import bic as bic_number
from stdnum import iban as iban_number
from stdnum.exceptions import ValidationError as NumberError
from stdnum.fr import siren as siren_number

#: Order marks that make a name read otherwise than it is written.
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_SPACES = re.compile(r"[\s\u00a0\u202f]+")
_is_email = validate.Email()


def plain(value: str, *, lines: bool = False) -> str:
    """Blanks around and doubled ones dropped. Raises for what has no place in a text: NUL and other control signs."""
    kept = value.replace("\r\n", "\n").replace("\r", "\n")
    if any((unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t") or sign in _TURNS for sign in kept):
        raise ValueError("control character")
    if lines:
        return "\n".join(line.rstrip() for line in kept.split("\n")).strip()
    return _SPACES.sub(" ", kept).strip()


def day(value: str) -> date:
    """14/03/1968, 14.3.1968, 14 03 1968 or 1968-03-14; the year in four digits: nobody guesses a century."""
    written = value.strip()
    for pattern, form in ((r"\d{4}-\d{1,2}-\d{1,2}", "%Y-%m-%d"), (r"\d{1,2}([/. ])\d{1,2}\1\d{4}", "%d/%m/%Y")):
        if re.fullmatch(pattern, written, re.ASCII):
            plain = written if form == "%Y-%m-%d" else re.sub(r"[. ]", "/", written)
            return datetime.strptime(plain, form).date()  # noqa: DTZ007 - a date has no zone
    raise ValueError("not a date")


def amount(value: str, *, decimals: int = 2) -> Decimal:
    """«1 234,56», «1234.56», «1 234,56 €», «−12» → a decimal; more decimals than the currency has are refused."""
    plain = _SPACES.sub("", value).replace("€", "").replace("\u2212", "-").replace(",", ".")
    if not re.fullmatch(r"[+-]?\d{1,15}(\.\d+)?", plain, re.ASCII):
        raise ValueError("not an amount")
    try:
        found = Decimal(plain)
    except InvalidOperation as error:  # pragma: no cover - the pattern lets nothing else through
        raise ValueError("not an amount") from error
    exponent = found.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > decimals:
        raise ValueError("too many decimals")
    return found


def email(value: str) -> str:
    """An e-mail address, as typed."""
    written = value.strip()
    try:
        _is_email(written)
    except ValidationError as error:
        raise ValueError("not an e-mail address") from error
    if len(written) > 254:
        raise ValueError("too long")
    return written


def phone(value: str) -> str:
    """A telephone number in its international form (E.164): «06 12 44 08 19» → «+33612440819».

    Judged by its length only: numbering plans grow faster than any table of them.
    """
    if not re.fullmatch(r"\+?[\d\s.()/\u00a0\u202f-]{4,40}", value.strip()):
        raise ValueError("not a telephone number")
    try:
        found = phonenumbers.parse(value, "FR")
    except phonenumbers.NumberParseException as error:
        raise ValueError("not a telephone number") from error
    if not phonenumbers.is_possible_number(found):
        raise ValueError("not a telephone number")
    return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)


def iban(value: str) -> str:
    """An IBAN without its blanks; its length, its country and its key are checked."""
    try:
        return str(iban_number.validate(_SPACES.sub("", value)))
    except NumberError as error:
        raise ValueError("not an IBAN") from error


def bic(value: str) -> str:
    """A BIC of 8 or 11 signs."""
    try:
        return str(bic_number.validate(_SPACES.sub("", value)))
    except NumberError as error:
        raise ValueError("not a BIC") from error


def siren(value: str) -> str:
    """A SIREN, nine digits with their key."""
    try:
        return str(siren_number.validate(_SPACES.sub("", value)))
    except NumberError as error:
        raise ValueError("not a SIREN") from error
