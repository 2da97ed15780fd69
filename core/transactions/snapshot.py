"""What a partner says of a transaction, checked member by member (PLP-004 to 006, PLP-085, PLP-086, PLP-092)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from babel.numbers import list_currencies

from core.transactions import machine

CHANGED, CORRECTED = "transaction.status_changed", "transaction.corrected"
TYPES = (CHANGED, CORRECTED)
LAST_SEQ = 2**53 - 1
#: What the column of amounts holds: beyond it no contract goes.
LARGEST = Decimal(10) ** 14
MOST_INSTRUCTIONS = 100
_ID = re.compile(r"[A-Za-z0-9_-]{16,64}")
_BUSINESS = re.compile(r"[\x20-\x7e]{1,64}")
_CODE = re.compile(r"[a-z0-9_.]{1,60}")
_MONEY = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,4})?")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_CURRENCIES = frozenset(list_currencies())
#: ISO 4217: currencies whose minor unit is not a hundredth, by their number of decimals.
_DECIMALS: dict[str, int] = {
    **dict.fromkeys(
        ["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"], 0
    ),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
    **dict.fromkeys(["CLF", "UYW"], 4),
}


class Malformed(ValueError):
    """A member is missing or of the wrong type: answer 400. The text names the member, never its value."""


class Invalid(ValueError):
    """A value is not allowed: answer 422. The text names the member, never its value."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A checked `transaction.*` object. `data` is the object as it came, for comparison (PLP-099)."""

    reference: str
    launch_id: str
    mandate: str
    seq: int
    corrected: bool
    corrects: int | None
    status: str
    label: str
    effective_at: datetime
    partner_ref: str | None
    reason_code: str | None
    reason_text: str | None
    amount: Decimal | None
    currency: str | None
    instructions: list[dict[str, Any]] | None
    data: dict[str, Any]


def read(item: Mapping[str, Any], declared: Mapping[str, str]) -> Snapshot:
    """Check a `transaction.*` object; `declared`: the sheet's further statuses and their labels.

    Raises `Malformed` for what is missing or of the wrong type, `Invalid` for a value that is not allowed.
    """
    data = item.get("data")
    if item.get("type") not in TYPES or not isinstance(data, dict):
        raise Malformed("type, data")
    _moment("timestamp", item.get("timestamp"))
    reason_code, reason_text = _reason(data.get("reason"))
    amount, currency = _amount(data.get("amount"))
    status = _text("status", data.get("status"))
    _absent_or_text("status_label", data.get("status_label"))
    _absent_or_text("previous", data.get("previous"))
    made = Snapshot(
        reference=_id("transaction_ref", data), launch_id=_id("launch_id", data), mandate=_id("mandate", data),
        seq=_seq("seq", data.get("seq")), corrected=item["type"] == CORRECTED,
        corrects=None if data.get("corrects") is None else _seq("corrects", data["corrects"]), status=status,
        label=machine.LABELS.get(status) or shown(declared.get(status) or status, 100),
        effective_at=_moment("effective_at", data.get("effective_at")), partner_ref=_business(data.get("partner_ref")),
        reason_code=reason_code, reason_text=reason_text, amount=amount, currency=currency,
        instructions=_instructions(data.get("instructions")), data=data,
    )  # fmt: skip
    if status not in machine.PARTNER and (status in machine.LOCAL or status not in declared):
        raise Invalid("status")
    return made


def shown(text: str, most: int) -> str:
    """A partner's text as it may be kept and shown: one line, no control characters, cut (PLP-006)."""
    plain = "".join(" " if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") else char for char in text)
    return plain.strip()[:most]


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise Malformed(name)
    return value


def _absent_or_text(name: str, value: Any) -> str | None:
    return None if value is None else _text(name, value)


def _id(name: str, data: Mapping[str, Any]) -> str:
    text = _text(name, data.get(name))
    if not _ID.fullmatch(text):
        raise Invalid(name)
    return text


def _seq(name: str, value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise Malformed(name)
    if not 1 <= value <= LAST_SEQ:
        raise Invalid(name)
    return value


def _business(value: Any) -> str | None:
    text = _absent_or_text("partner_ref", value)
    if text is not None and not _BUSINESS.fullmatch(text):
        raise Invalid("partner_ref")
    return text


def _moment(name: str, value: Any) -> datetime:
    text = _text(name, value)
    if not _MOMENT.fullmatch(text):
        raise Invalid(name)
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid(name) from error


def _reason(value: Any) -> tuple[str | None, str | None]:
    if value is None:
        return None, None
    if not isinstance(value, dict):
        raise Malformed("reason")
    code, text = _text("reason.code", value.get("code")), _absent_or_text("reason.text", value.get("text"))
    if not _CODE.fullmatch(code):
        raise Invalid("reason.code")
    return code, shown(text, 200) if text else None


def _amount(value: Any) -> tuple[Decimal | None, str | None]:
    if value is None:
        return None, None
    if not isinstance(value, dict):
        raise Malformed("amount")
    text, currency = _text("amount.value", value.get("value")), _text("amount.currency", value.get("currency"))
    if currency not in _CURRENCIES:
        raise Invalid("amount.currency")
    decimals = len(text.partition(".")[2])
    if not _MONEY.fullmatch(text) or decimals != _DECIMALS.get(currency, 2) or abs(Decimal(text)) >= LARGEST:
        raise Invalid("amount.value")
    return Decimal(text), currency


def _instructions(value: Any) -> list[dict[str, Any]] | None:
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise Malformed("instructions")
    if len(value) > MOST_INSTRUCTIONS:
        raise Invalid("instructions")
    for item in value:
        for name in ("side", "mode", "isin", "support_ref", "value"):
            _absent_or_text(f"instructions.{name}", item.get(name))
        if item.get("side") not in ("in", "out") or item.get("mode") not in ("amount", "percent", "units", "all"):
            raise Invalid("instructions")
    return value
