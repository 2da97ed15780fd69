"""camt.052, .053 and .054 of ISO 20022, all versions: reports, statements and notices of an account, entry by entry.

Elements are known by their local names, whatever the version's namespace. The document is read as it comes: an entry is let
go once it is told. No DTD, no entity, no network; a document that declares any is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from datetime import date
from decimal import Decimal
from typing import Any

from lxml import etree

from core.api import formats
from core.api.feeds import AccountSeen
from core.api.feeds import BalanceKind
from core.api.feeds import BalanceSeen
from core.api.feeds import FeedFile
from core.api.feeds import FeedFinding
from core.api.feeds import FeedFormat
from core.api.feeds import FeedRecord
from core.api.feeds import FeedRefused
from core.api.feeds import HolderSeen
from core.api.feeds import Place
from plugins.aggregation.formats import camt_entries
from plugins.aggregation.formats import figures
from plugins.aggregation.formats import texts
from plugins.aggregation.formats.camt_entries import day_of
from plugins.aggregation.formats.camt_entries import local
from plugins.aggregation.formats.camt_entries import said

WANTED = "un relevé camt (ISO 20022)"
_STATEMENTS = {"Rpt": "camt.052", "Stmt": "camt.053", "Ntfctn": "camt.054"}
_BALANCES: dict[str, BalanceKind] = {
    "OPBD": "opening", "PRCD": "opening", "CLBD": "closing", "CLAV": "available", "ITAV": "available",
}  # fmt: skip


@dataclass(slots=True)
class _Statement:
    """What was read of a statement: its account, its booked balances, the sum of its booked entries."""

    rank: int
    word: str
    key: str = ""
    currency: str = ""
    created: date | None = None
    entries: int = 0
    total: Decimal = Decimal(0)
    mixed: bool = False
    balances: dict[str, BalanceSeen] = field(default_factory=dict)


def sniff(head: bytes, name: str) -> int:
    """The namespace of one of the three messages, or their root."""
    text = texts.shown(head)
    if "camt.05" in text and any(f"camt.05{number}" in text for number in (2, 3, 4)):
        return 95
    return 80 if "<BkToCstmr" in text else 0


def read(file: FeedFile) -> Iterator[FeedRecord]:
    """Raises `FeedRefused` with the line of the element that is wrong."""
    told: set[str] = set()
    statements, here = 0, None
    with file.open() as stream:
        texts.refuse_others(stream.read(texts.CHUNK), WANTED)
        stream.seek(0)
        try:
            for event, element in etree.iterparse(
                stream, events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
                remove_comments=True, remove_pis=True,
            ):  # fmt: skip
                name = local(element)
                if event == "start":
                    if element.getparent() is None:
                        _safe(element)
                    elif name in _STATEMENTS and here is None:
                        statements += 1
                        here = _Statement(statements, _STATEMENTS[name])
                    continue
                if here is None:
                    continue
                if name in _STATEMENTS and local(element.getparent()).startswith("BkToCstmr"):
                    yield from _ended(here, element)
                    here = None
                elif local(element.getparent()) in _STATEMENTS:
                    yield from _told(name, element, here, told)
                else:
                    continue
                _let_go(element)
        except etree.XMLSyntaxError as error:
            line = error.lineno or 0
            raise FeedRefused("ce fichier XML est mal formé ou tronqué\u202f: demandez-le à nouveau.", Place(line)) from error
    if not statements:
        raise FeedRefused("ce message camt ne contient ni relevé, ni rapport, ni avis de compte.", Place(1))


def _safe(root: Any) -> None:
    if root.getroottree().docinfo.doctype:
        raise FeedRefused("ce fichier déclare des entités (DOCTYPE)\u202f: un relevé n'en a pas, il reste fermé.", Place(1))
    if local(root) != "Document" and not local(root).startswith("BkToCstmr"):
        raise FeedRefused(f"ce fichier XML commence par <{local(root)[:40]}>\u202f: ce n'est pas {WANTED}.", Place(1))


def _let_go(element: Any) -> None:
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]


def _told(name: str, element: Any, here: _Statement, told: set[str]) -> Iterator[FeedRecord]:
    place = Place(element.sourceline or 0, f"{here.word}, relevé {here.rank}, {name}")
    if name == "CreDtTm":
        here.created = figures.iso_day(element.text or "", place, "la date du relevé")
    elif name == "Acct":
        account = _account(element, here, place)
        here.key, here.currency = account.key, account.currency
        if account.key not in told:
            told.add(account.key)
            yield account
    elif name in ("Bal", "Ntry") and not here.key:
        raise FeedRefused(f"<{name}> vient avant le compte du relevé.", place)
    elif name == "Bal":
        yield from _balance(element, here, place)
    elif name == "Ntry":
        here.entries += 1
        place = Place(place.line, f"{here.word}, relevé {here.rank}, Ntry {here.entries}")
        one, findings = camt_entries.movement(element, here.key, here.currency, here.created, place)
        yield from findings
        yield one
        if not one.pending:
            here.total += one.amount
            here.currency = here.currency or one.currency
            here.mixed = here.mixed or one.currency != here.currency


def _account(element: Any, here: _Statement, place: Place) -> AccountSeen:
    number = said(element, "Id", "IBAN") or said(element, "Id", "Othr", "Id") or said(element, "Id", "PrtryAcct", "Id")
    number = number or said(element, "Id", "BBAN") or said(element, "Id", "UPIC")
    number = "".join(number.split())[:60]
    if not number:
        raise FeedRefused("ce relevé n'a pas de numéro de compte.", place)
    owner = said(element, "Ownr", "Nm") or said(element, "Ownr", "Pty", "Nm")
    bank = [("Svcr", "FinInstnId", tag) for tag in ("Nm", "BIC", "BICFI")] + [("Svcr", "FinInstnId", "NmAndAdr", "Nm")]
    return AccountSeen(
        number.upper(), number, place, word=here.word, label=said(element, "Nm")[:200],
        company=next(filter(None, (said(element, *path) for path in bank)), "")[:140],
        currency=figures.currency(said(element, "Ccy"), place), holders=(HolderSeen(owner[:140]),) if owner else (),
    )  # fmt: skip


def _balance(element: Any, here: _Statement, place: Place) -> Iterator[FeedRecord]:
    code = said(element, "Tp", "CdOrPrtry", "Cd") or said(element, "Tp", "Cd")
    kind = _BALANCES.get(code)
    if kind is None:
        return
    on = day_of(element, "Dt", place, "la date du solde")
    if on is None:
        yield FeedFinding("warning", "balance", f"le solde {code} n'a pas de date\u202f: il n'est pas repris.", place)
        return
    amount, currency = camt_entries.amount(element, place)
    one = BalanceSeen(here.key, kind, on, amount, currency or here.currency, Place(place.line, f"{place.path} {code}"))
    if code in ("OPBD", "CLBD") or (code == "PRCD" and "opening" not in here.balances):
        here.balances[kind] = one
    yield one


def _ended(here: _Statement, element: Any) -> Iterator[FeedRecord]:
    opening, closing = here.balances.get("opening"), here.balances.get("closing")
    place = Place(element.sourceline or 0, f"{here.word}, relevé {here.rank}")
    if not here.key:
        raise FeedRefused("ce relevé ne nomme aucun compte.", place)
    if opening is None or closing is None:
        return
    if here.mixed or opening.currency != closing.currency or (here.entries and opening.currency != here.currency):
        text = "les soldes et les mouvements ne sont pas dans une même devise\u202f: leur somme n'est pas vérifiée."
        yield FeedFinding("warning", "closing", text, closing.place)
    elif opening.amount + here.total != closing.amount:
        currency = closing.currency or "EUR"
        text = (
            f"le solde final est {formats.money(closing.amount, currency)}, mais le solde initial et les mouvements font "
            f"{formats.money(opening.amount + here.total, currency)}."
        )
        yield FeedFinding("error", "closing", text, closing.place)


FORMAT = FeedFormat("camt", "camt.052, 053 et 054 (ISO 20022)", (".xml", ".camt", ".c53"), sniff, read, 512 * 1024 * 1024)
