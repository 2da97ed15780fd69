"""OFX of securities: the list of supports, positions, movements (OFX 2.2, section 13).

The list of supports comes last in a file: it is read first, in a pass of its own, so that positions pass one by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from core.api.feeds import FeedFile
from core.api.feeds import FeedFinding
from core.api.feeds import FeedRecord
from core.api.feeds import FeedRefused
from core.api.feeds import MovementSeen
from core.api.feeds import Place
from core.api.feeds import PositionSeen
from core.api.feeds import SupportSeen
from plugins.aggregation.formats import checks
from plugins.aggregation.formats import figures
from plugins.aggregation.formats.ofx_tags import Node
from plugins.aggregation.formats.ofx_tags import trees

Supports = Mapping[tuple[str, str], tuple[SupportSeen, FeedFinding | None]]
MOST_SUPPORTS = 200_000
#: Tag → our type of support where it tells it for sure: a «stock» may be an ETF.
POSITIONS = {"POSMF": "OPCVM", "POSSTOCK": None, "POSDEBT": "OBLIGATION", "POSOPT": None, "POSOTHER": None}
_INFOS = {"MFINFO": "OPCVM", "STOCKINFO": None, "DEBTINFO": "OBLIGATION", "OPTINFO": None, "OTHERINFO": None}
_KINDS = {
    "REINVEST": "ACHAT", "TRANSFER": "VIREMENT_TITRES", "JRNLSEC": "VIREMENT_TITRES", "SPLIT": "OST", "RETOFCAP": "OST",
    "CLOSUREOPT": "OST", "INVEXPENSE": "FRAIS", "MARGININTEREST": "INTERETS", "INCOME": "", "JRNLFUND": "",
    **{f"BUY{of}": "ACHAT" for of in ("MF", "STOCK", "DEBT", "OPT", "OTHER")},
    **{f"SELL{of}": "VENTE" for of in ("MF", "STOCK", "DEBT", "OPT", "OTHER")},
}  # fmt: skip
MOVEMENTS = frozenset(_KINDS)
#: Movements of units without cash.
_UNITS_ONLY = frozenset({"TRANSFER", "JRNLSEC", "SPLIT", "CLOSUREOPT"})
_INCOMES = {"DIV": "DIVIDENDE", "INTEREST": "INTERETS", "CGLONG": "DIVIDENDE", "CGSHORT": "DIVIDENDE"}


def listed(file: FeedFile) -> Supports:
    """The supports of the file's list, by (kind of code, code)."""
    found: dict[tuple[str, str], tuple[SupportSeen, FeedFinding | None]] = {}
    for name, node in trees(file, frozenset(_INFOS)):
        if name not in _INFOS:
            continue
        kind, code = node.said("SECID", "UNIQUEIDTYPE").upper(), node.said("SECID", "UNIQUEID")
        if code and (kind, code) not in found:
            label = node.said("SECNAME") or node.said("TICKER")
            found[kind, code] = figures.support(code, kind, label, _INFOS[name], node.place("UNIQUEID"))
            if len(found) > MOST_SUPPORTS:
                raise FeedRefused(f"plus de {MOST_SUPPORTS} supports\u202f: découpez ce fichier.", node.place())
    return found


def position(node: Node, account: str, currency: str, as_of: str, supports: Supports) -> Iterator[FeedRecord]:
    """A position. Raises `FeedRefused` without a quantity, or a day."""
    place = Place(node.line, node.name)
    support, fault = _support(node, supports, POSITIONS[node.name])
    if fault:
        yield fault
    price_on = _day(node, "DTPRICEASOF", "la date du cours")
    on = figures.packed_day(as_of, place, "la date de la position") if as_of else price_on
    if on is None:
        raise FeedRefused("cette position n'a pas de date.", place)
    one = PositionSeen(
        account, support, on, place, value=_amount(node, "MKTVAL", "la valeur"),
        quantity=figures.amount(node.said("UNITS"), node.place("UNITS"), "la quantité"),
        price=_amount(node, "UNITPRICE", "le cours"), price_on=price_on,
        currency=figures.currency(node.said("CURRENCY", "CURSYM"), node.place("CURRENCY")) or currency,
        pocket=node.said("INV401KSOURCE")[:20],
    )  # fmt: skip
    yield one
    # a bond's price is a ratio of its nominal, an option's is of one share of its lot
    yield from checks.position(one, product=node.name not in ("POSDEBT", "POSOPT"))


def movement(node: Node, account: str, currency: str, supports: Supports) -> Iterator[FeedRecord]:
    """A movement on securities; a reinvestment is two, the income and the purchase."""
    word, place = node.name, Place(node.line, node.name)
    support, fault = _support(node, supports, None) if node.find("SECID") else (None, None)
    if fault:
        yield fault
    income = node.said("INCOMETYPE").upper()
    on = figures.packed_day(node.said("DTTRADE"), node.place("DTTRADE"), "la date de l'opération (DTTRADE)")
    one = MovementSeen(
        account, on, _total(node), place, kind=_INCOMES.get(income, "") if word == "INCOME" else _KINDS[word],
        word=f"{word} {income}".strip(), label=" ".join((node.said("MEMO"), support.label if support else "")).strip()[:200],
        currency=figures.currency(node.said("CURRENCY", "CURSYM"), node.place("CURRENCY")) or currency,
        value_on=_day(node, "DTSETTLE", "la date de règlement"), support=support, quantity=_quantity(node),
        price=_amount(node, "UNITPRICE", "le cours"), fees=_sum(node, "COMMISSION", "FEES", "LOAD"),
        taxes=_sum(node, "TAXES", "WITHHOLDING"), reference=node.said("FITID") or None,
        reverses=node.said("REVERSALFITID") or None,
    )  # fmt: skip
    if word == "REINVEST":
        paid = -abs(one.amount)
        yield replace(one, amount=-paid, kind=_INCOMES.get(income, ""), quantity=None, price=None, fees=None, taxes=None)
        one = replace(one, amount=paid)
    yield one


def _support(node: Node, supports: Supports, kind_of: str | None) -> tuple[SupportSeen, FeedFinding | None]:
    kind, code = node.said("SECID", "UNIQUEIDTYPE").upper(), node.said("SECID", "UNIQUEID")
    if not code:
        raise FeedRefused("ce titre n'a pas d'identifiant (UNIQUEID).", node.place("SECID"))
    known = supports.get((kind, code))
    if known is not None:
        fault = replace(known[1], place=node.place("UNIQUEID")) if known[1] else None
        return known[0], fault
    return figures.support(code, kind, "", kind_of, node.place("UNIQUEID"))


def _total(node: Node) -> Decimal:
    if node.name in _UNITS_ONLY and not node.said("TOTAL"):
        return Decimal(0)
    return figures.amount(node.said("TOTAL"), node.place("TOTAL"), "le montant de l'opération (TOTAL)")


def _quantity(node: Node) -> Decimal | None:
    if node.name == "SPLIT":
        before, after = _amount(node, "OLDUNITS", "l'ancienne quantité"), _amount(node, "NEWUNITS", "la nouvelle quantité")
        return None if before is None or after is None else after - before
    found = _amount(node, "UNITS", "la quantité")
    leaves = node.name.startswith("SELL") or node.said("TFERACTION").upper() == "OUT"
    return -abs(found) if found is not None and leaves else found


def _amount(node: Node, tag: str, what: str) -> Decimal | None:
    text = node.said(tag)
    return figures.amount(text, node.place(tag), f"{what} ({tag})") if text else None


def _day(node: Node, tag: str, what: str) -> date | None:
    text = node.said(tag)
    return figures.packed_day(text, node.place(tag), f"{what} ({tag})") if text else None


def _sum(node: Node, *tags: str) -> Decimal | None:
    found = [one for tag in tags if (one := _amount(node, tag, "les frais")) is not None]
    return sum((abs(one) for one in found), Decimal(0)) if found else None
