"""The company's own book: contracts, positions, plans. Amounts are integer cents; dates are dates."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from .db import Connection
from .db import Row

HIMALIA = "Himalia"
CAPITALISATION = "Himalia Capitalisation"


def ref_key(ref: str) -> str:
    """Two writings of one number: «HIM 001 234-5» and HIM0012345."""
    return re.sub(r"[\s.\-\u2010-\u2015]", "", ref).upper()


@dataclass(frozen=True, slots=True)
class Position:
    """What a contract holds of one support. `kind`: EURO, UC, SCPI or STRUCTURED; `risk` 1 to 7."""

    code: str
    isin: str | None
    label: str
    kind: str
    risk: int
    amount: int


@dataclass(frozen=True, slots=True)
class Support:
    """A support of the catalogue."""

    code: str
    isin: str | None
    label: str
    kind: str
    risk: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Payments (`versement`) or surrenders (`rachat`) that recur."""

    kind: str
    amount: int
    periodicity: str
    next_date: date
    suspended_on: date | None

    @property
    def running(self) -> bool:
        """Whether it draws."""
        return self.suspended_on is None


@dataclass(frozen=True, slots=True)
class Contract:
    """One contract as the company knows it; `limits`: act code → {"min"|"max": cents}."""

    id: int
    ref: str
    broker_code: str
    product: str
    holder: str
    legal_person: bool
    birth_date: date | None
    guarded: bool
    deceased: bool
    effect_date: date
    pledged_to: str | None
    closed_on: date | None
    accepted: bool
    advance: int
    minimum: int
    limits: Mapping[str, Mapping[str, int]]
    clause: str
    secured: bool
    positions: tuple[Position, ...]
    plans: Mapping[str, Plan]

    @property
    def value(self) -> int:
        """The sum of its positions, cents."""
        return sum(position.amount for position in self.positions)

    @property
    def advance_ceiling(self) -> int:
        """80 % of the euro funds, 60 % of the rest, less what is lent already; cents."""
        return sum(p.amount * (80 if p.kind == "EURO" else 60) // 100 for p in self.positions) - self.advance

    def position(self, code: str) -> Position | None:
        """By its code."""
        return next((position for position in self.positions if position.code == code), None)


def contract_of(connection: Connection, broker_code: str, ref: str) -> Contract | None:
    """By number, however it is written; None for another broker's (PLP-048: the two are one answer)."""
    row = connection.execute(
        "SELECT * FROM contracts WHERE ref_key = ? AND broker_code = ?", (ref_key(ref), broker_code)
    ).fetchone()
    return None if row is None else _read(connection, row)


def contract_by_id(connection: Connection, broker_code: str | None, contract_id: int) -> Contract | None:
    """By the book's own id; `broker_code` None: the company's clerk."""
    row = connection.execute("SELECT * FROM contracts WHERE id = ?", (contract_id,)).fetchone()
    if row is None or (broker_code is not None and row["broker_code"] != broker_code):
        return None
    return _read(connection, row)


def contract_by_ref(connection: Connection, ref: str) -> Contract | None:
    """By number, whoever the broker is (back office)."""
    row = connection.execute("SELECT * FROM contracts WHERE ref_key = ?", (ref_key(ref),)).fetchone()
    return None if row is None else _read(connection, row)


@dataclass(frozen=True, slots=True)
class Line:
    """A contract in a list."""

    id: int
    ref: str
    product: str
    holder: str
    value: int
    closed: bool


def contract_lines(connection: Connection, broker_code: str, words: str = "") -> list[Line]:
    """A broker's contracts, by holder; `words` looks in holder, number and product."""
    rows = connection.execute(
        """SELECT c.id, c.ref, c.ref_key, c.product, c.holder, c.closed_on,
                  coalesce((SELECT sum(amount) FROM positions p WHERE p.contract_id = c.id), 0) AS value
           FROM contracts c WHERE c.broker_code = ? ORDER BY c.holder, c.ref_key""",
        (broker_code,),
    )
    asked = words.casefold().strip()
    key = ref_key(words)
    return [
        Line(row["id"], row["ref"], row["product"], row["holder"], row["value"], row["closed_on"] is not None)
        for row in rows
        if not asked
        or (key and key in row["ref_key"])
        or asked in f"{row['holder']} {row['product']}".casefold()
    ]


def catalogue(connection: Connection) -> list[Support]:
    """Supports that can be invested in, euro funds first."""
    rows = connection.execute(
        "SELECT * FROM supports WHERE investable ORDER BY kind <> 'EURO', kind = 'SCPI', label"
    )
    return [Support(row["code"], row["isin"], row["label"], row["kind"], row["risk"]) for row in rows]


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _read(connection: Connection, row: Row) -> Contract:
    positions = connection.execute(
        """SELECT s.code, s.isin, s.label, s.kind, s.risk, p.amount FROM positions p JOIN supports s USING (code)
           WHERE p.contract_id = ? AND p.amount > 0 ORDER BY s.kind <> 'EURO', p.amount DESC, s.code""",
        (row["id"],),
    )
    plans = connection.execute("SELECT * FROM plans WHERE contract_id = ?", (row["id"],))
    return Contract(
        id=row["id"], ref=row["ref"], broker_code=row["broker_code"], product=row["product"], holder=row["holder"],
        legal_person=bool(row["legal_person"]), birth_date=_day(row["birth_date"]), guarded=bool(row["guarded"]),
        deceased=bool(row["deceased"]), effect_date=date.fromisoformat(row["effect_date"]),
        pledged_to=row["pledged_to"], closed_on=_day(row["closed_on"]), accepted=bool(row["accepted"]),
        advance=row["advance"], minimum=row["minimum"], limits=json.loads(row["limits"]), clause=row["clause"],
        secured=bool(row["secured"]), positions=tuple(Position(**dict(p)) for p in positions),
        plans={
            p["kind"]: Plan(
                p["kind"], p["amount"], p["periodicity"], date.fromisoformat(p["next_date"]), _day(p["suspended_on"])
            )
            for p in plans
        },
    )  # fmt: skip
