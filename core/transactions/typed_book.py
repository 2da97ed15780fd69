"""The lines of an account while an act's own are applied to them, one after the other (PF-04; domain.md §2.3).

A line by quantity is sold and bought at the price that the act gives, else at the line's last one.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_UP
from decimal import Decimal

from core.accounts.envelopes import CASHLESS
from core.accounts.schemas import NewPosition
from core.db.errors import DomainError
from core.transactions import typed_acts
from core.transactions.typed_acts import IN
from core.transactions.typed_acts import OUT
from core.transactions.typed_shapes import CENT
from core.transactions.typed_shapes import HUNDRED
from core.transactions.typed_shapes import MOST_UNITS
from core.transactions.typed_shapes import ZERO
from core.transactions.typed_shapes import Asked
from core.transactions.typed_shapes import Leg
from core.transactions.typed_shapes import Move
from core.transactions.typed_shapes import Outcome
from core.transactions.typed_shapes import both
from core.transactions.typed_shapes import flow
from core.transactions.typed_shapes import total
from core.web import formats

#: Decimals of a quantity that an amount and a price make: those of its column.
_UNIT = Decimal("0.00000001")


class Book:
    """The lines while the act's own are applied to them, one after the other."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.lines = list(asked.held or ())
        self.touched: set[str] = set()
        self.priced: list[tuple[Leg, Decimal, Decimal | None]] = []

    def done(self) -> Outcome:
        """All legs, then what they leave to cash."""
        asked, act = self.asked, self.asked.act
        if act.code in ("dividende", "coupon", "frais"):
            return self._aside()
        sold = ZERO
        for n, leg in enumerate(asked.legs, 1):
            if leg.side == OUT:
                sold += self._out(n, leg)
        base = sold if act.code == "arbitrage" else asked.amount
        bought = self._bought(base)
        moves = tuple(self._move(leg, amount, units) for leg, amount, units in self.priced)
        if act.code == "arbitrage":
            self._balanced(sold, bought)
            return self._outcome(sold, moves, sold, bought)
        if not asked.legs and act.asks and asked.amount is not None:
            return self._in_cash(asked.amount)
        amount = sold or bought
        if not amount:
            raise DomainError("Saisissez au moins une ligne.", field="support_1")
        if act.asks and asked.amount is not None and amount != asked.amount:
            raise DomainError(self._apart("Le total des lignes", amount, "le montant de l'acte", asked.amount), field="amount")
        if not act.asks and asked.envelope not in CASHLESS:
            self._cash(sold - bought)
        return self._outcome(amount, moves, sold, bought)

    def emptied(self) -> Outcome:
        """Everything goes: each line stays at nothing, so that the day says so."""
        asked = self.asked
        worth = total(self.lines, asked.currency)
        if not worth:
            text = "La valeur de toutes les lignes n'est pas connue dans la devise du compte\u202f: notez cet acte par le relevé."
            raise DomainError(text, field="amount")
        moves = tuple(
            Move("RACHAT", self._label(one.support_id), -one.value, one.support_id, None if not one.quantity else -one.quantity)
            for one in self.lines if one.value
        )  # fmt: skip
        self.touched = {one.support_id for one in self.lines}
        self.lines = [_emptied(one) for one in self.lines]
        return self._outcome(worth, moves, worth, ZERO)

    def _aside(self) -> Outcome:
        """A dividend, a coupon, fees: on cash where there is some, else on the line that is named."""
        asked, act, amount = self.asked, self.asked.act, self.asked.amount
        assert amount is not None  # `_check_amount`
        if len(asked.legs) > 1:
            raise DomainError("Un seul support est attendu pour cet acte.", field="support_2")
        about = asked.legs[0].support_id if asked.legs else None
        if asked.legs and asked.legs[0].mode == "amount" and asked.legs[0].value != amount:
            raise DomainError(f"Le montant de l'acte est attendu ici\u202f: {formats.money(amount)}.", field="value_1")
        signed = -amount if act.code == "frais" else amount
        if asked.envelope in CASHLESS and act.code == "dividende":
            pass  # paid to the holder: the lines stay as they are
        elif self._cash_line() is not None:
            self._cash(signed)
        elif not asked.legs:
            raise DomainError("Ce compte n'a pas de ligne de liquidités\u202f: dites sur quel support.", field="support_1")
        elif act.code == "frais":
            self._out(1, replace(asked.legs[0], mode="amount", value=amount))
        else:
            self._in(1, replace(asked.legs[0], mode="amount", value=amount), amount)
        move = Move(act.kind, self._label(about) if about else act.label, signed, about)
        self.priced = [(asked.legs[0], amount, None)] if asked.legs else []
        return self._outcome(amount, (move,), *both(-1 if signed < 0 else 1, amount))

    def _in_cash(self, amount: Decimal) -> Outcome:
        """A payment or a withdrawal that names no support: on cash."""
        asked = self.asked
        if self._cash_line() is None:
            text = "Ce compte n'a pas de ligne de liquidités\u202f: répartissez le montant entre ses supports."
            raise DomainError(text, field="support_1")
        sign = -1 if OUT in asked.act.sides else 1
        self._cash(sign * amount)
        move = Move(asked.act.kind, typed_acts.label(asked.act, asked.envelope), sign * amount)
        return self._outcome(amount, (move,), *both(sign, amount))

    def _bought(self, base: Decimal | None) -> Decimal:
        asked = self.asked
        entering = [(n, leg) for n, leg in enumerate(asked.legs, 1) if leg.side == IN]
        shares = base is not None and bool(entering) and all(leg.mode == "percent" for _n, leg in entering)
        whole = shares and sum((leg.value or ZERO for _n, leg in entering), ZERO) == HUNDRED
        rest = [n for n, leg in entering if leg.mode == "all"]
        if len(rest) > 1:
            raise DomainError("Une seule ligne peut prendre le reste.", field=f"mode_{rest[1]}")
        done = ZERO
        for n, leg in sorted(entering, key=lambda one: one[0] in rest):
            amount = self._wanted(n, leg, base, done)
            if whole and n == entering[-1][0]:
                amount = (base or ZERO) - done  # the cents that rounding left
            self._in(n, leg, amount)
            done += amount
        return done

    def _wanted(self, n: int, leg: Leg, base: Decimal | None, done: Decimal) -> Decimal:
        value = leg.value or ZERO
        if leg.mode == "amount":
            return value
        if leg.mode == "units":
            price = self._price(leg)
            if price is None:
                raise DomainError("Le cours d'une ligne en quantité est attendu.", field=f"price_{n}")
            return (value * price).quantize(CENT, ROUND_HALF_UP)
        if base is None:
            text = "Un montant ou une quantité est attendu ici\u202f: rien d'autre n'en donne le total."
            raise DomainError(text, field=f"mode_{n}")
        amount = base - done if leg.mode == "all" else (base * value / HUNDRED).quantize(CENT, ROUND_HALF_UP)
        if amount <= 0:
            raise DomainError("Il ne reste rien à investir sur cette ligne.", field=f"value_{n}")
        return amount

    def _in(self, n: int, leg: Leg, amount: Decimal) -> None:
        place, price = self._place(n, leg), self._price(leg)
        units = None if price is None else leg.value if leg.mode == "units" else _units(amount, price)
        if units is not None and units >= MOST_UNITS:
            raise DomainError("Cette quantité est trop grande\u202f: vérifiez le cours.", field=f"price_{n}")
        if place is None:
            day = self.asked.on if price is not None else None
            made = NewPosition(leg.support_id, amount, units, price, day, amount, self.asked.currency)
            self.lines.append(_worth(made))
        else:
            line = self.lines[place]
            if line.quantity is None:
                units, price = None, None
            cost = None if line.cost is None else line.cost + amount
            quantity = None if line.quantity is None or units is None else line.quantity + units
            self.lines[place] = self._valued(line, leg, quantity, line.value + amount, cost)
        self._kept(leg, amount, units)

    def _out(self, n: int, leg: Leg) -> Decimal:
        place = self._place(n, leg)
        name = self.asked.supports[leg.support_id].label
        if place is None:
            raise DomainError(f"Le compte ne tient pas le support {name} à cette date.", field=f"support_{n}")
        line = self.lines[place]
        price = self._price(leg) if line.quantity is not None else None
        worth = line.value if line.quantity is None or price is None else (line.quantity * price).quantize(CENT, ROUND_HALF_UP)
        amount, units = self._taken(n, leg, line, worth, price)
        if amount > worth or (units is not None and line.quantity is not None and units > line.quantity):
            raise DomainError(
                f"La ligne {name} vaut {formats.money(worth, line.currency)}\u202f: elle ne suffit pas à cet acte.",
                field=f"value_{n}",
            )  # fmt: skip
        if amount <= 0:
            raise DomainError("Cette ligne ne vaut rien à cette date\u202f: retirez-la de l'acte.", field=f"value_{n}")
        self._kept(leg, amount, units)
        if amount == worth:
            self.lines[place] = _emptied(line)
            return amount
        cost = None if line.cost is None else (line.cost * (worth - amount) / worth).quantize(CENT, ROUND_HALF_UP)
        quantity = None if line.quantity is None or units is None else line.quantity - units
        self.lines[place] = self._valued(line, leg, quantity, worth - amount, cost)
        return amount

    def _taken(
        self, n: int, leg: Leg, line: NewPosition, worth: Decimal, price: Decimal | None
    ) -> tuple[Decimal, Decimal | None]:
        """What is taken of a line: its amount and its units."""
        value = leg.value or ZERO
        if leg.mode == "all" or (leg.mode == "percent" and value == HUNDRED):
            return worth, line.quantity
        if leg.mode == "units":
            if line.quantity is None or price is None:
                raise DomainError("Cette ligne n'a pas de quantité\u202f: saisissez un montant.", field=f"mode_{n}")
            return (worth, line.quantity) if value == line.quantity else ((value * price).quantize(CENT, ROUND_HALF_UP), value)
        amount = value if leg.mode == "amount" else (worth * value / HUNDRED).quantize(CENT, ROUND_HALF_UP)
        if line.quantity is None or price is None:
            return amount, None
        return amount, line.quantity if amount == worth else min(_units(amount, price), line.quantity)

    def _valued(
        self, line: NewPosition, leg: Leg, quantity: Decimal | None, value: Decimal, cost: Decimal | None
    ) -> NewPosition:
        """A line that was touched: at the act's price where it gives one."""
        if quantity is None:
            return replace(line, value=value, cost=cost)
        price, day = (leg.price, self.asked.on) if leg.price is not None else (line.price, line.price_on)
        return _worth(replace(line, quantity=quantity, price=price, price_on=day, value=value, cost=cost))

    def _place(self, n: int, leg: Leg) -> int | None:
        found = [place for place, one in enumerate(self.lines) if one.support_id == leg.support_id]
        if len(found) > 1:
            raise DomainError(
                "Ce support est tenu dans plusieurs compartiments\u202f: notez cet acte par «\u202fSaisir les lignes\u202f».",
                field=f"support_{n}",
            )  # fmt: skip
        return found[0] if found else None

    def _price(self, leg: Leg) -> Decimal | None:
        if leg.price is not None:
            return leg.price
        held = (one.price for one in self.lines if one.support_id == leg.support_id and one.quantity is not None)
        return next(held, None) or None

    def _cash_line(self) -> int | None:
        found = [place for place, one in enumerate(self.lines) if self._is_cash(one) and one.currency == self.asked.currency]
        return found[0] if len(found) == 1 else None

    def _is_cash(self, line: NewPosition) -> bool:
        named = self.asked.supports.get(line.support_id)
        return named is not None and named.type in typed_acts.CASH and line.quantity is None

    def _cash(self, change: Decimal) -> None:
        place = self._cash_line()
        if place is None:
            text = "Ce compte n'a pas de ligne de liquidités\u202f: saisissez-la avec ses lignes, puis cet acte."
            raise DomainError(text, field="support_1")
        line = self.lines[place]
        if line.value + change < 0:
            raise DomainError(
                f"Les liquidités du compte, {formats.money(line.value, line.currency)}, ne suffisent pas à cet acte\u202f: "
                "saisissez d'abord le versement, ou corrigez les lignes.", field="amount" if self.asked.act.asks else "support_1",
            )  # fmt: skip
        self.lines[place] = replace(line, value=line.value + change)
        self.touched.add(line.support_id)

    def _balanced(self, sold: Decimal, bought: Decimal) -> None:
        if not sold or not bought:
            raise DomainError("Un arbitrage désinvestit au moins une ligne et en investit une autre.", field="support_1")
        if sold != bought:
            raise DomainError(self._apart("Les désinvestissements", sold, "les investissements", bought), field="support_1")

    def _apart(self, one: str, first: Decimal, other: str, second: Decimal) -> str:
        said = [formats.money(value, self.asked.currency) for value in (first, second, abs(first - second))]
        return f"{one} font {said[0]}, {other} {said[1]}\u202f: l'écart est de {said[2]}, corrigez une ligne."

    def _kept(self, leg: Leg, amount: Decimal, units: Decimal | None) -> None:
        self.priced.append((leg, amount, units))
        self.touched.add(leg.support_id)

    def _label(self, support_id: str) -> str:
        act = self.asked.act
        named = self.asked.supports.get(support_id)
        return f"{typed_acts.label(act, self.asked.envelope)} {named.label if named else ''}".strip()[:200]

    def _move(self, leg: Leg, amount: Decimal, units: Decimal | None) -> Move:
        sign = -1 if leg.side == OUT else 1
        return Move(
            self.asked.act.kind, self._label(leg.support_id), sign * amount, leg.support_id,
            None if units is None else sign * units,
        )  # fmt: skip

    def _outcome(self, amount: Decimal, moves: tuple[Move, ...], out: Decimal, entered: Decimal) -> Outcome:
        asked, lines = self.asked, self.lines
        left = [one for one in lines if one.value or one.support_id not in self.touched or self._is_cash(one)]
        lines = left or lines  # of an account that is empty the day still says so
        return Outcome(
            amount, out, entered, moves, tuple(lines), total(lines, asked.currency), flow(asked, moves),
            frozenset(self.touched), tuple(self.priced),
        )  # fmt: skip


def _units(amount: Decimal, price: Decimal) -> Decimal:
    return (amount / price).quantize(_UNIT, ROUND_HALF_UP)


def _emptied(line: NewPosition) -> NewPosition:
    return replace(line, value=ZERO, quantity=None if line.quantity is None else ZERO, cost=None)


def _worth(line: NewPosition) -> NewPosition:
    """A line by quantity is worth quantity × price (domain.md §2.3)."""
    if line.quantity is None or line.price is None:
        return line
    return replace(line, value=(line.quantity * line.price).quantize(CENT, ROUND_HALF_UP))
