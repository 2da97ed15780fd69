"""PLP-078: instructions that came with a launch. What cannot be read is left out, and said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from . import wire

_MAX = 100
_PERCENT = re.compile(r"\d{1,3}(\.\d{1,4})?")
_UNITS = re.compile(r"\d{1,15}(\.\d{1,8})?")
_ISIN = re.compile(r"[A-Z]{2}[A-Z0-9]{9}\d")


def check(given: object) -> dict[str, Any] | None:
    """`{"instructions", "amount" (cents), "origin", "dropped"}`; `dropped` counts what could not be read."""
    if not isinstance(given, dict):
        return None
    listed = given.get("instructions")
    instructions = listed if isinstance(listed, list) else []
    read = [made for item in instructions[:_MAX] if (made := _instruction(item)) is not None]
    amount, unread = _amount(given.get("amount"))
    origin = given.get("origin")
    return {
        "instructions": read,
        "amount": amount,
        "origin": origin[:200] if isinstance(origin, str) else None,
        "dropped": len(instructions) - len(read) + unread,
    }


def _amount(given: object) -> tuple[int | None, int]:
    if given is None:
        return None, 0
    if isinstance(given, dict) and given.get("currency") == "EUR":
        try:
            value = wire.parse_decimal(given.get("value"))
        except ValueError:
            return None, 1
        if value > 0:
            return int(value * 100), 0
    return None, 1


def _instruction(item: object) -> dict[str, Any] | None:
    if not isinstance(item, dict) or item.get("side") not in ("out", "in"):
        return None
    isin, reference, mode, value = (item.get(name) for name in ("isin", "support_ref", "mode", "value"))
    if isin is not None and not (isinstance(isin, str) and _ISIN.fullmatch(isin)):
        return None
    if reference is not None and not wire.is_business_ref(reference):
        return None
    if (isin is None and reference is None) or not _is_value(mode, value):
        return None
    return {"side": item["side"], "isin": isin, "support_ref": reference, "mode": mode, "value": value}


def _is_value(mode: object, value: object) -> bool:
    if mode == "all":
        return value is None
    if not isinstance(value, str):
        return False
    if mode == "percent":
        return _PERCENT.fullmatch(value) is not None and float(value) <= 100
    if mode == "units":
        return _UNITS.fullmatch(value) is not None
    if mode == "amount":
        try:
            return wire.parse_decimal(value) > 0
        except ValueError:
            return False
    return False


def code_of(instruction: Mapping[str, Any]) -> str:
    """The company's code of the support: its own reference first, else the ISIN."""
    return str(instruction["support_ref"] or instruction["isin"])
