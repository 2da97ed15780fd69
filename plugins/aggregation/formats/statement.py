"""Text of French statements: which document it is, and the records of what its description found (`statements`).

Figures are checked against each other: unit value × units = amount, Σ = the total that is printed, gross and fees = net.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from core.api import formats
from core.api.feeds import AccountSeen
from core.api.feeds import BalanceSeen
from core.api.feeds import FeedFile
from core.api.feeds import FeedFinding
from core.api.feeds import FeedFormat
from core.api.feeds import FeedRecord
from core.api.feeds import FeedRefused
from core.api.feeds import HolderSeen
from core.api.feeds import MovementSeen
from core.api.feeds import Place
from core.api.feeds import PositionSeen
from core.api.feeds import SupportSeen
from plugins.aggregation.formats import checks
from plugins.aggregation.formats import figures
from plugins.aggregation.formats import texts
from plugins.aggregation.formats.statements import boursobank
from plugins.aggregation.formats.statements import suravenir
from plugins.aggregation.formats.statements.language import Document
from plugins.aggregation.formats.statements.language import Said
from plugins.aggregation.formats.statements.language import fits
from plugins.aggregation.formats.statements.language import head
from plugins.aggregation.formats.statements.language import parts

WANTED = "le texte d'un relevé"
#: Real ones have some ten pages; patterns are tried on each line.
MOST_BYTES = 512 * 1024
MOST_LINES, LONGEST = 10_000, 300
DOCUMENTS: tuple[Document, ...] = (*boursobank.DOCUMENTS, *suravenir.DOCUMENTS)
_ENVELOPES = {"Compte PEA": "PEA", "Compte PEA-PME": "PEA_PME", "Compte PEA PME": "PEA_PME"}
#: Word → our kind, and which way the money goes.
_WAYS = {
    "ACHAT": ("ACHAT", -1), "SOUSCRIPTION": ("ACHAT", -1), "VENTE": ("VENTE", 1), "REPRISE": ("VENTE", 1),
    "COUPON": ("DIVIDENDE", 1), "VERSEMENT": ("VERSEMENT", 1),
}  # fmt: skip
_EURO_FUND = ("FDS EURO", "FONDS EURO", "FONDS EN EURO", "ACTIF GENERAL", "ACTIF GÉNÉRAL")
CENT = Decimal("0.01")


def sniff(head: bytes, name: str) -> int:
    """A document whose marks are all within the beginning, or one that begins like a text of these companies."""
    if head.startswith(b"%PDF") or b"\x00" in head:
        return 0
    text = [(0, line) for line in texts.shown(head).splitlines()]
    if any(fits(one, text) for one in DOCUMENTS):
        return 85
    return 5 if name.endswith(".txt") else 0


def read(file: FeedFile) -> Iterator[FeedRecord]:
    """Raises `FeedRefused` for a document that no description fits, or that lacks what its description asks for."""
    with file.open() as stream:
        text = []
        for number, line in texts.lines(stream, WANTED, longest=64 * 1024):
            text.append((number, line[:LONGEST]))
            if number > MOST_LINES:
                raise FeedRefused("ce texte est trop long pour un relevé.", Place(number))
    document = next((one for one in DOCUMENTS if fits(one, text)), None)
    if document is None:
        companies = ", ".join(dict.fromkeys(one.company for one in DOCUMENTS))
        raise FeedRefused(f"ce texte n'est d'aucun relevé connu ({companies}).", Place(1))
    said = head(document, text)
    account = _account(document, said)
    yield account
    for part in parts(document, text):
        for thing in part.things:
            one = Said({**said.fields, **thing.fields}, thing.line) if part.block.gives == "movement" else thing
            give = _movement if part.block.gives == "movement" else _position
            yield from give(one, account, said)
        if part.total is not None:
            yield from _summed(part.things, part.block.summed, part.total, Place(part.total_line))
            if part.block.gives == "position":
                yield BalanceSeen(account.key, "value", said.get("dated"), part.total, account.currency, Place(part.total_line))
    if said.get("fees"):
        yield from _entry_fees(said, account)


def _account(document: Document, said: Said) -> AccountSeen:
    number, word = str(said.get("number")), said.get("word") or "Compte titres"
    envelope = said.get("envelope") or _ENVELOPES.get(word, "COMPTE_TITRES")
    key = "-".join(filter(None, (document.company, said.get("bank"), number))).replace(" ", "")
    holder = said.get("holder")
    return AccountSeen(
        key, number, Place(said.lines.get("number", 1)), word=word, envelope=envelope, label=said.get("product") or "",
        company=document.company, currency="EUR", holders=(HolderSeen(holder),) if holder else (),
    )  # fmt: skip


def _support(one: Said, place: Place) -> tuple[SupportSeen, FeedFinding | None]:
    label = str(one.get("label") or "")
    kind = "FONDS_EURO" if label.upper().startswith(_EURO_FUND) else one.get("type")
    return figures.support(one.get("isin") or "", "ISIN", label, kind, place)


def _movement(one: Said, account: AccountSeen, head_said: Said) -> Iterator[FeedRecord]:
    place = Place(one.line)
    kind, way = _WAYS[one.get("way")]
    support, fault = _support(one, place)
    if fault:
        yield fault
    quantity, price, fees, taxes = one.get("quantity"), one.get("price"), one.get("fees"), one.get("taxes")
    net = one.get("value") if kind == "VERSEMENT" else one.get("net")
    if net is None:
        raise FeedRefused("le montant net de l'opération manque.", place)
    if kind == "VERSEMENT":
        fees = None  # of the whole payment: told apart, once
        yield from _product(quantity, price, net, place, support)
    elif one.get("more_fees"):
        fees = (fees or Decimal(0)) + one.get("more_fees")
    gross = one.get("gross")
    if kind == "DIVIDENDE":
        taxes = gross - net
    elif kind in ("ACHAT", "VENTE"):
        yield from _netted(gross, fees, taxes, net, -way, place)
        if one.get("price_currency") == "EUR":
            yield from _product(quantity, price, gross if gross is not None else net, place, support)
    if kind == "VERSEMENT" and support.type == "FONDS_EURO":
        quantity = price = None
    elif quantity is not None and kind == "VENTE":
        quantity = -quantity
    elif kind == "DIVIDENDE":
        quantity = None  # what it was paid on does not move
    word = "VERSEMENT" if kind == "VERSEMENT" else str(one.get("word"))
    called = word if kind in ("ACHAT", "VENTE") else kind.capitalize()
    yield MovementSeen(
        account.key, one.get("on"), way * net, place, kind=kind, word=word, label=f"{called} {support.label}"[:200],
        currency=account.currency, support=support, quantity=quantity, price=price, fees=fees, taxes=taxes,
        reference=one.get("reference"),
    )  # fmt: skip


def _entry_fees(said: Said, account: AccountSeen) -> Iterator[FeedRecord]:
    """What the insurer kept of a payment: paid in with the rest, taken at once, so that Σ of payments is the gross amount."""
    place = Place(said.lines.get("fees", said.line))
    fees: Decimal = said.get("fees")
    word = "FRAIS DE VERSEMENT"
    for kind, amount, label in (("VERSEMENT", fees, "Versement, part des frais"), ("FRAIS", -fees, "Frais de versement")):
        yield MovementSeen(
            account.key, said.get("on"), amount, place, kind=kind, word=word, label=label, currency=account.currency
        )  # fmt: skip
    if said.get("gross") - fees != said.get("net"):
        yield _finding("net", "le montant brut et les frais", said.get("gross") - fees, said.get("net"), place)


def _position(one: Said, account: AccountSeen, said: Said) -> Iterator[FeedRecord]:
    place = Place(one.line)
    support, fault = _support(one, place)
    if fault:
        yield fault
    quantity, price, value = one.get("quantity"), one.get("price"), one.get("value")
    yield from _product(quantity, price, value, place, support)
    euro = support.type == "FONDS_EURO"
    yield PositionSeen(
        account.key, support, said.get("dated"), place, value=value, quantity=None if euro else quantity,
        price=None if euro else price, price_on=None if euro else one.get("price_on"), currency=account.currency,
    )  # fmt: skip


def _product(quantity: Any, price: Any, value: Decimal, place: Place, support: SupportSeen) -> Iterator[FeedFinding]:
    if quantity is not None and price is not None:
        gap = abs(quantity * price - value)
        if gap > checks.rounded(quantity, price) + CENT:
            name = support.label or support.isin
            yield _finding("product", f"«\u202f{name}\u202f»\u202f: quantité × cours", quantity * price, value, place)


def _netted(gross: Any, fees: Any, taxes: Any, net: Decimal, way: int, place: Place) -> Iterator[FeedFinding]:
    if gross is not None:
        worked = gross + way * ((fees or Decimal(0)) + (taxes or Decimal(0)))
        if abs(worked - net) > CENT:
            yield _finding("net", "le montant brut et les frais", worked, net, place)


def _summed(things: tuple[Said, ...], name: str, total: Decimal, place: Place) -> Iterator[FeedFinding]:
    found = sum((one.get(name) for one in things), Decimal(0))
    if found != total:
        yield _finding("sum", f"les {len(things)} lignes", found, total, place)


def _finding(code: str, what: str, found: Decimal, printed: Decimal, place: Place) -> FeedFinding:
    return FeedFinding("error", code, f"{what} font {formats.money(found)}, le document imprime {formats.money(printed)}.", place)


FORMAT = FeedFormat("statement", "Texte d'un relevé (BoursoBank, Suravenir)", (".txt",), sniff, read, MOST_BYTES)
