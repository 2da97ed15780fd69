"""How figures and dates are written in French: the only place where that is decided."""

from __future__ import annotations

import re
from datetime import date
from datetime import datetime
from decimal import ROUND_HALF_UP
from decimal import Decimal

from flask import Flask

from core.db.clock import PARIS
from core.db.clock import today

NARROW = "\u202f"
NBSP = "\u00a0"
MINUS = "\u2212"
NOTHING = "—"
_FRENCH = re.compile(r"\+33[1-9]\d{8}")
_STEPS = tuple(Decimal(1).scaleb(-decimals) for decimals in range(7))
_SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "CHF": "CHF"}


def number(value: Decimal, decimals: int = 2) -> str:
    """1234.5 → «1 234,50», with narrow no-break spaces and a true minus."""
    rounded = value.quantize(_STEPS[decimals] if 0 <= decimals < len(_STEPS) else Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    text = f"{abs(rounded):,.{decimals}f}".replace(",", NARROW).replace(".", ",")
    return (MINUS if rounded < 0 else "") + text


def grouped(count: int) -> str:
    """1248 → «1 248»."""
    return f"{count:,}".replace(",", NARROW)


def money(value: Decimal | None, currency: str = "EUR") -> str:
    """An amount with its currency; «—» where it is not known."""
    return NOTHING if value is None else f"{number(value)}{NBSP}{_SIGNS.get(currency, currency)}"


def sign(currency: str) -> str:
    """«€» for EUR; the code itself for a currency without one."""
    return _SIGNS.get(currency, currency)


def signed_money(value: Decimal | None, currency: str = "EUR") -> str:
    """A difference: its sign always shown."""
    if value is None:
        return NOTHING
    return ("+" if value > 0 else "") + money(value, currency)


def percent(value: Decimal | float | None) -> str:
    """A ratio as a signed percentage: 0.0526 → «+5,26 %»."""
    if value is None:
        return NOTHING
    exact = Decimal(str(value)) * 100
    return f"{'+' if exact > 0 else ''}{number(exact)}{NBSP}%"


def ratio(value: Decimal | None) -> str:
    """A share as a percentage: 0.5 → «50 %», 0.333 → «33,3 %»."""
    if value is None:
        return NOTHING
    exact = (value * 100).quantize(Decimal("0.01")).normalize()
    return f"{exact:f}".replace(".", ",") + f"{NBSP}%"


def day(value: date | None) -> str:
    """19/11/2026."""
    return NOTHING if value is None else _local(value).strftime("%d/%m/%Y")


def moment(value: datetime | None) -> str:
    """19/11/2026 10:31, in France."""
    return NOTHING if value is None else value.astimezone(PARIS).strftime("%d/%m/%Y %H:%M")


def clock_time(value: datetime | None) -> str:
    """10:31, in France."""
    return NOTHING if value is None else value.astimezone(PARIS).strftime("%H:%M")


def since(value: datetime | None) -> str:
    """«depuis 10:31» for today, «depuis le 15/11» in the year, «depuis le 15/11/2025» before."""
    if value is None:
        return ""
    local = value.astimezone(PARIS)
    if local.date() == today():
        return f"depuis {local:%H:%M}"
    return f"depuis le {local:%d/%m}" if local.year == today().year else f"depuis le {local:%d/%m/%Y}"


def phone(value: str | None) -> str:
    """+33639981475 → «06 39 98 14 75»; a number of another country stays in its international form."""
    if value is None:
        return NOTHING
    if not _FRENCH.fullmatch(value):
        return value
    return f"0{value[3]} {value[4:6]} {value[6:8]} {value[8:10]} {value[10:]}"


def iban(value: str | None) -> str:
    """«FR76 3000 6000 0112 3456 7890 189»."""
    return NOTHING if value is None else " ".join(re.findall(".{1,4}", value))


def file_size(value: int) -> str:
    """«340 Kio», «1,2 Mio»: a number of bytes as people read it."""
    if value < 1024:
        return f"{value} octets"
    if value < 1024 * 1024:
        return f"{round(value / 1024)}\u00a0Kio"
    return f"{value / 1024 / 1024:.1f}".removesuffix(".0").replace(".", ",") + "\u00a0Mio"


def siren(value: str | None) -> str:
    """«732 829 320»."""
    return NOTHING if value is None else " ".join(re.findall("...", value)) if re.fullmatch(r"\d{9}", value) else value


def duration(seconds: float) -> str:
    """A short time in two figures: «340 ms», «4,1 s»."""
    if seconds < 0.0995:
        return f"{max(1, round(seconds * 1000))}\u202fms"
    if seconds < 0.995:
        return f"{round(seconds * 100) * 10}\u202fms"
    return f"{seconds:.1f}".replace(".", ",") + "\u202fs"


def _local(value: date) -> date:
    return value.astimezone(PARIS).date() if isinstance(value, datetime) else value


def install(app: Flask) -> None:
    """The template filters."""
    app.jinja_env.filters.update(
        money=money, signed_money=signed_money, percent=percent, ratio=ratio, date=day, datetime=moment, time=clock_time,
        since=since, number=number, phone=phone, iban=iban, siren=siren,
        grouped=grouped, file_size=file_size, duration=duration,
    )  # fmt: skip
