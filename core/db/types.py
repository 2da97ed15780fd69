"""Column types: exact decimals, aware instants."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy import DateTime
from sqlalchemy import Dialect
from sqlalchemy import Numeric
from sqlalchemy import String
from sqlalchemy.types import TypeDecorator
from sqlalchemy.types import TypeEngine

#: What an integer of eight bytes holds.
_MOST = Decimal(9 * 10**18)


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal of a fixed scale: NUMERIC on PostgreSQL, a scaled integer on SQLite, which has no exact type.

    Sums stay exact on both. A value with more decimals than the scale is refused, never rounded.
    """

    impl = Numeric
    cache_ok = True

    def __init__(self, scale: int) -> None:
        super().__init__(precision=20, scale=scale)
        self.scale = scale

    def __repr__(self) -> str:  # as migrations write it
        return f"ExactDecimal({self.scale})"

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(BigInteger())
        return dialect.type_descriptor(Numeric(20, self.scale))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if not isinstance(value, Decimal) or not value.is_finite():
            raise ValueError(f"an exact decimal is needed, not {value!r}")
        scaled = value.scaleb(self.scale)
        whole = int(scaled) if -_MOST < scaled < _MOST else None
        if whole is None or whole != scaled:
            raise ValueError(f"{value} does not fit in {self.scale} decimals")
        return whole if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        if value is None:
            return None
        if dialect.name == "sqlite":
            return Decimal(int(value)).scaleb(-self.scale)
        return Decimal(value)


class Codes(TypeDecorator[tuple[str, ...]]):
    """Several codes of one kind in a column (« BE CH », each between blanks, so that LIKE finds one); () where it is null."""

    impl = String
    cache_ok = True

    def __init__(self, length: int) -> None:
        super().__init__(length=length)
        self.length = length

    def __repr__(self) -> str:  # as migrations write it
        return f"Codes({self.length})"

    def process_bind_param(self, value: Iterable[str] | None, dialect: Dialect) -> str | None:
        return f" {' '.join(value)} " if value else None

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...]:
        return tuple((value or "").split())


class Instant(TypeDecorator[datetime]):
    """An event's moment: aware, UTC. SQLite keeps no zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def __repr__(self) -> str:  # as migrations write it
        return "Instant()"

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime is never stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def Money() -> ExactDecimal:
    """Amounts: four decimals hold every ISO 4217 currency's minor unit."""
    return ExactDecimal(4)


def Quantity() -> ExactDecimal:
    """Numbers of units: eight decimals (PLP-078)."""
    return ExactDecimal(8)


def Ratio() -> ExactDecimal:
    """Rates and shares, as ratios: 0.0345 is 3.45 %."""
    return ExactDecimal(8)
