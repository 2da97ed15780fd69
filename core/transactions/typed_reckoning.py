"""What an act does to an account, to the cent: pure, so that a page can show it before anything is written (PF-04).

Amounts are in the account's currency. Errors name a line by its place: `value_2` is the amount of the second.
"""

from __future__ import annotations

from decimal import Decimal

from core.accounts.envelopes import CASHLESS
from core.db.errors import DomainError
from core.transactions import typed_acts
from core.transactions.typed_acts import IN
from core.transactions.typed_acts import OUT
from core.transactions.typed_book import Book
from core.transactions.typed_shapes import CENT
from core.transactions.typed_shapes import HUNDRED
from core.transactions.typed_shapes import MOST
from core.transactions.typed_shapes import MOST_LEGS
from core.transactions.typed_shapes import MOST_UNITS
from core.transactions.typed_shapes import ZERO
from core.transactions.typed_shapes import Asked
from core.transactions.typed_shapes import Leg
from core.transactions.typed_shapes import Move
from core.transactions.typed_shapes import Outcome
from core.transactions.typed_shapes import both
from core.transactions.typed_shapes import flow
from core.web import formats

#: Decimals of a quantity as it is typed.
_UNIT = Decimal("0.000001")
#: Decimals of a price: those of its column.
_PRICE = Decimal("0.0001")


def reckon(asked: Asked) -> Outcome:
    """The act's effect. Raises `DomainError` with the field: `amount`, or `support_n`, `value_n`, `price_n` of a line."""
    if len(asked.legs) > MOST_LEGS:
        raise DomainError(f"Un acte a {MOST_LEGS} lignes au plus\u202f: faites-en deux.", field="lines")
    if asked.act.asks:
        _check_amount(asked.amount)
    if asked.held is None:
        return _by_value(asked)
    book = Book(asked)
    if asked.act.code == "rachat_total":
        return book.emptied()
    for n, leg in enumerate(asked.legs, 1):
        _check_leg(asked, n, leg)
    return book.done()


def _by_value(asked: Asked) -> Outcome:
    """An account of which only a value is kept."""
    act = asked.act
    if act.held:
        raise DomainError(
            "Ce compte est tenu en valeur, sans lignes\u202f: saisissez d'abord ses lignes, puis cet acte.", field="support_1"
        )
    if asked.legs:
        raise DomainError("Ce compte est tenu en valeur, sans lignes\u202f: le montant seul se saisit.", field="support_1")
    amount = asked.amount if act.asks else asked.value
    if amount is None or amount <= 0:
        raise DomainError("La valeur de ce compte n'est pas connue\u202f: saisissez une valorisation d'abord.", field="amount")
    sign = -1 if OUT in act.sides or act.code == "rachat_total" else 1
    inside = ZERO if asked.envelope in CASHLESS and act.code == "dividende" else sign * amount
    value = None if asked.value is None else asked.value + inside
    if value is not None and value < 0:
        raise DomainError(
            f"La valeur connue du compte, {formats.money(asked.value, asked.currency)}, est inférieure à ce montant\u202f: "
            "vérifiez-le, ou saisissez une valorisation plus récente.", field="amount",
        )  # fmt: skip
    move = Move(act.kind, typed_acts.label(act, asked.envelope), sign * amount)
    return Outcome(amount, *both(sign, amount), (move,), None, value, flow(asked, (move,)), frozenset())


def _check_amount(amount: Decimal | None) -> None:
    if amount is None or amount <= 0:
        raise DomainError("Un montant plus grand que zéro est attendu.", field="amount")
    if amount >= MOST or amount != amount.quantize(CENT):
        raise DomainError("Un montant au centime est attendu, en dessous de mille milliards.", field="amount")


def _check_leg(asked: Asked, n: int, leg: Leg) -> None:
    if leg.side not in asked.act.sides:
        text = "Cet acte n'a pas de ligne de ce sens\u202f: choisissez l'autre, ou retirez la ligne."
        raise DomainError(text, field=f"side_{n}")
    if leg.mode != "all" and (leg.value is None or leg.value <= 0):
        raise DomainError("Une valeur plus grande que zéro est attendue.", field=f"value_{n}")
    if leg.value is not None and (
        leg.value >= (MOST_UNITS if leg.mode == "units" else MOST) or leg.value != leg.value.quantize(_UNIT)
    ):
        raise DomainError("Un nombre de moins de douze chiffres, à six décimales au plus, est attendu.", field=f"value_{n}")
    if leg.mode == "amount" and leg.value is not None and leg.value != leg.value.quantize(CENT):
        raise DomainError("Un montant au centime est attendu.", field=f"value_{n}")
    if leg.mode == "percent" and leg.value is not None and leg.value > HUNDRED:
        raise DomainError("Un pourcentage de 100 au plus est attendu.", field=f"value_{n}")
    if leg.price is not None and (not 0 < leg.price < MOST or leg.price != leg.price.quantize(_PRICE)):
        raise DomainError("Un cours plus grand que zéro, à quatre décimales au plus, est attendu.", field=f"price_{n}")
    named = asked.supports[leg.support_id]
    if named.currency != asked.currency:
        raise DomainError(
            f"Le support {named.label} est en {named.currency} et le compte en {asked.currency}\u202f: notez cet acte par les "
            "lignes et les mouvements du relevé.", field=f"support_{n}",
        )  # fmt: skip
    if leg.side == IN and not typed_acts.eligible(asked.envelope, named.type):
        raise DomainError(f"Le support {named.label} n'est pas éligible à cette enveloppe.", field=f"support_{n}")
    if sum(one.support_id == leg.support_id for one in asked.legs) > 1:
        raise DomainError(
            f"Le support {named.label} est saisi deux fois\u202f: une ligne par support, et jamais dans les deux sens.",
            field=f"support_{n}",
        )  # fmt: skip
