"""OFX 1 and 2: accounts, balances and movements of banks and cards. What is of securities stands in `ofx_securities`.

Source: OFX 1.6 and 2.2, sections 11 (banking) and 13 (investments). Days are those that the bank writes: the hour's zone
is left aside. A bank may leave a balance or a label out; a movement without a day or an amount is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field

from core.api.feeds import AccountSeen
from core.api.feeds import BalanceKind
from core.api.feeds import BalanceSeen
from core.api.feeds import FeedFile
from core.api.feeds import FeedFinding
from core.api.feeds import FeedFormat
from core.api.feeds import FeedRecord
from core.api.feeds import FeedRefused
from core.api.feeds import MovementSeen
from core.api.feeds import Place
from plugins.aggregation.formats import figures
from plugins.aggregation.formats import ofx_securities
from plugins.aggregation.formats import texts
from plugins.aggregation.formats.ofx_tags import Node
from plugins.aggregation.formats.ofx_tags import trees

MOST_BYTES = 512 * 1024 * 1024
#: Words of accounts that tell our envelope for sure: «SAVINGS» may be any booklet, a broker's account any envelope.
_ENVELOPES = {"CHECKING": "COMPTE_COURANT", "CD": "CAT", "CREDITCARD": "CARTE"}
_KINDS = {"INT": "INTERETS", "DIV": "DIVIDENDE", "FEE": "FRAIS", "SRVCHG": "FRAIS"}
_ACCOUNTS = ("BANKACCTFROM", "CCACCTFROM", "INVACCTFROM")
_STATEMENTS = ("STMTRS", "CCSTMTRS", "INVSTMTRS")
_WANTED = frozenset({
    *_ACCOUNTS, *ofx_securities.POSITIONS, *ofx_securities.MOVEMENTS, "CURDEF", "DTASOF", "STATUS", "FI", "ACCTINFO", "STMTTRN",
    "LEDGERBAL", "AVAILBAL", "INVBAL",
})  # fmt: skip


@dataclass(slots=True)
class Reading:
    """What was read so far that the rest hangs on."""

    supports: ofx_securities.Supports
    company: str = ""
    account: str = ""
    currency: str = ""
    as_of: str = ""
    told: set[str] = field(default_factory=set)


def sniff(head: bytes, name: str) -> int:
    """The header of either version, or the root tag."""
    text = texts.shown(head).upper()
    if "OFXHEADER" in text or "<?OFX" in text or "<OFX>" in text:
        return 95
    return 10 if name.endswith((".ofx", ".qfx")) else 0


def read(file: FeedFile) -> Iterator[FeedRecord]:
    """Raises `FeedRefused` with the line of the tag that is wrong."""
    reading = Reading(ofx_securities.listed(file))
    for name, node in trees(file, _WANTED):
        if name == "/":
            if node.name in _STATEMENTS:
                reading.account = reading.currency = reading.as_of = ""
            elif node.name == "OFX" and not reading.told:
                yield FeedFinding("info", "no_account", "ce fichier OFX ne contient aucun compte.", Place(node.line, node.name))
        else:
            yield from _told(name, node, reading)


def _told(name: str, node: Node, reading: Reading) -> Iterator[FeedRecord]:
    if name == "CURDEF":
        reading.currency = figures.currency(node.text, Place(node.line, name))
    elif name == "DTASOF":
        reading.as_of = node.text
    elif name == "FI":
        reading.company = node.said("ORG")
    elif name == "STATUS":
        yield from _status(node)
    elif name == "ACCTINFO":
        yield from _listed(node, reading)
    elif name in _ACCOUNTS:
        yield from account(node, reading)
    elif name == "STMTTRN":
        yield _movement(node, reading)
    elif name in ("LEDGERBAL", "AVAILBAL"):
        yield from _balance(node, "closing" if name == "LEDGERBAL" else "available", "BALAMT", reading)
    elif name == "INVBAL":
        yield from _balance(node, "cash", "AVAILCASH", reading)
    elif name in ofx_securities.POSITIONS:
        yield from ofx_securities.position(node, _account_of(node, reading), reading.currency, reading.as_of, reading.supports)
    else:
        yield from ofx_securities.movement(node, _account_of(node, reading), reading.currency, reading.supports)


def _status(node: Node) -> Iterator[FeedRecord]:
    code = node.said("CODE")
    if code.strip("0") and node.said("SEVERITY").upper() == "ERROR":
        text = f"la source répond par une erreur\u202f: {node.said('MESSAGE')[:200] or 'sans message'} (code {code[:10]})."
        yield FeedFinding("error", "status", text, node.place("CODE"))


def _listed(node: Node, reading: Reading) -> Iterator[FeedRecord]:
    """An account of a list of accounts, without a statement."""
    for name in _ACCOUNTS:
        found = node.find(name)
        if found is not None:
            yield from account(found, reading, label=node.said("DESC"))


def account(node: Node, reading: Reading, *, label: str = "") -> Iterator[AccountSeen]:
    """The account that what follows is told of; given once."""
    number, place = node.said("ACCTID"), node.place("ACCTID")
    if not number:
        raise FeedRefused("un compte n'a pas de numéro (ACCTID).", place)
    bank = node.said("BANKID") or node.said("BROKERID")
    word = {"CCACCTFROM": "CREDITCARD", "INVACCTFROM": "INVESTMENT"}.get(node.name, node.said("ACCTTYPE").upper())
    key = "-".join(filter(None, (bank, node.said("BRANCHID"), number)))[:120]
    reading.account = key
    if key not in reading.told:
        reading.told.add(key)
        yield AccountSeen(
            key, number[:60], place, word=word, envelope=_ENVELOPES.get(word), label=label, company=reading.company or bank,
            currency=reading.currency,
        )  # fmt: skip


def _account_of(node: Node, reading: Reading) -> str:
    if not reading.account:
        raise FeedRefused(f"<{node.name}> ne se rapporte à aucun compte.", Place(node.line, node.name))
    return reading.account


def _movement(node: Node, reading: Reading) -> MovementSeen:
    return banked(node, _account_of(node, reading), reading.currency)


def banked(node: Node, account: str, currency: str) -> MovementSeen:
    """A movement of money: of a bank, a card, or the cash of an account of securities. Raises `FeedRefused`."""
    on = figures.packed_day(node.said("DTPOSTED"), node.place("DTPOSTED"), "la date du mouvement (DTPOSTED)")
    amount = figures.amount(node.said("TRNAMT"), node.place("TRNAMT"), "le montant du mouvement (TRNAMT)")
    available = node.said("DTAVAIL") or node.said("VALUEDATE")
    name, memo = node.said("NAME"), node.said("MEMO")
    label = memo if name and memo.startswith(name) else " · ".join(dict.fromkeys(filter(None, (name, memo))))
    word = node.said("TRNTYPE").upper()
    correction = node.said("CORRECTFITID")
    return MovementSeen(
        account, on, amount, Place(node.line, "STMTTRN"), kind=_KINDS.get(word, ""), word=word, label=label[:200],
        currency=figures.currency(node.said("CURRENCY", "CURSYM"), node.place("CURRENCY")) or currency,
        value_on=figures.packed_day(available, node.place("DTAVAIL"), "la date de valeur") if available else None,
        reference=node.said("FITID") or None, reverses=correction or None,
    )  # fmt: skip


def _balance(node: Node, kind: BalanceKind, tag: str, reading: Reading) -> Iterator[FeedRecord]:
    owner, place = _account_of(node, reading), node.place(tag)
    text, day = node.said(tag), node.said("DTASOF") if kind != "cash" else reading.as_of
    if not text or not day:
        if node.find(tag) is not None:
            what = "le solde n'a pas de montant" if not text else "le solde n'a pas de date"
            yield FeedFinding("warning", "balance", f"{what}\u202f: il n'est pas repris.", place, tag)
        return
    on = figures.packed_day(day, node.place("DTASOF"), "la date du solde (DTASOF)")
    yield BalanceSeen(owner, kind, on, figures.amount(text, place, "le solde"), reading.currency, place)


FORMAT = FeedFormat("ofx", "OFX 1 et 2 (banque et titres)", (".ofx", ".qfx"), sniff, read, MOST_BYTES)
