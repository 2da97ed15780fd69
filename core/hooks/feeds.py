"""What a feed tells, whatever its format: a stream of records, each with its place in the file (AGG-01, OU-09). A leaf.

A plugin gives formats (`Plugin.feed_formats`); each reads a file into the same records, one at a time, so that a million
positions pass in flat memory. Reading writes nothing: matching, preview and applying are others' work. Since 1.0.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import BinaryIO
from typing import Literal

#: Bytes from the beginning of a file that `FeedFormat.sniff` is shown.
HEAD = 8192
BalanceKind = Literal["opening", "closing", "available", "cash", "value"]
Severity = Literal["error", "warning", "info"]
Unit = Literal["", "ratio", "years", "currency"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where in its file something is told, so that every figure leads back to it. One of the two is always given."""

    line: int = 0  #: from 1, as editors and spreadsheets count; 0 where a file has no lines
    path: str = ""  #: within the line or the document: «Stmt 1, Ntry 3», «00030_Financial_Instrument_Name»

    def __str__(self) -> str:
        """«ligne 12, Stmt 1, Ntry 3»."""
        return ", ".join(filter(None, (f"ligne {self.line}" if self.line else "", self.path)))


class FeedRefused(Exception):
    """A file that is not read at all: what is wrong, in French, and where. Nothing that was read of it counts."""

    def __init__(self, text: str, place: Place | None = None) -> None:
        super().__init__(text)
        self.text = text
        self.place = place or Place()

    def __str__(self) -> str:
        """«Ligne 12 : la date « 201120 » n'existe pas au calendrier.»"""
        where = str(self.place)
        return f"{where[:1].upper()}{where[1:]}\u202f: {self.text}" if where else self.text


@dataclass(frozen=True, slots=True)
class FeedFile:
    """A file to read. It may be opened more than once: a format that has to look ahead reads it twice."""

    name: str  #: as it was deposited: «releve.ofx»
    size: int  #: in bytes
    open: Callable[[], BinaryIO]  #: its bytes from the beginning, for one reading; the reader closes it


@dataclass(frozen=True, slots=True)
class HolderSeen:
    """Somebody whom a source names as holder of an account."""

    name: str  #: as it is written there, first names within where the source does not tell them apart
    first_names: str = ""  #: where the source tells them apart
    birth_date: date | None = None  #: where the source tells it


@dataclass(frozen=True, slots=True)
class AccountSeen:
    """An account or contract of which a file tells something: given before all that is told of it."""

    key: str  #: the same for the same account in every file of the source, never its rank in one
    number: str  #: as the source prints it
    place: Place  #: where it is first named
    word: str = ""  #: the source's own word for what it is: «CHECKING», «Compte PEA»
    envelope: str | None = None  #: our code of envelope; None where the word does not tell it for sure
    label: str = ""  #: its name or product: «LINXEA AVENIR»
    company: str = ""  #: who keeps it, as the source names it: a name, or the bank's code
    currency: str = ""  #: ISO 4217; empty where the source does not tell
    holders: tuple[HolderSeen, ...] = ()  #: as far as the source names them


@dataclass(frozen=True, slots=True)
class BalanceSeen:
    """What an account holds or is worth on a day. `value`: with its positions; the other kinds are cash alone."""

    account: str  #: the account's key
    kind: BalanceKind  #: before the first movement, after the last one, at hand, cash beside positions, worth in all
    on: date  #: the day at whose end it is so; of «opening», the day before or of the first movement
    amount: Decimal  #: signed: an overdraft is negative
    currency: str  #: ISO 4217
    place: Place  #: where it stands


@dataclass(frozen=True, slots=True)
class SupportSeen:
    """A support as a source names it: by ISIN, by a code of its own, or by its label alone."""

    isin: str = ""  #: its check digit is right
    code: str = ""  #: another identifier, where there is no ISIN
    code_type: str = ""  #: whose code it is: «CUSIP», «TICKER»
    label: str = ""  #: its name, where the source tells it
    type: str | None = None  #: our code of type; None where the source does not tell it for sure


@dataclass(frozen=True, slots=True)
class PositionSeen:
    """What an account holds of a support on a day. Of a euro fund or cash: an amount, and no quantity."""

    account: str  #: the account's key
    support: SupportSeen  #: what is held
    on: date  #: the day of the holding
    place: Place  #: where it stands
    value: Decimal | None = None  #: in `currency`; None where the source does not tell it: it is never worked out here
    quantity: Decimal | None = None  #: units or nominal; negative for a short position
    price: Decimal | None = None  #: of one unit, as the source writes it
    price_on: date | None = None  #: the day of that price
    cost: Decimal | None = None  #: what was paid in all, where the source tells it
    currency: str = ""  #: ISO 4217
    pocket: str = ""  #: the source's own word for a compartment: «PRETAX»


@dataclass(frozen=True, slots=True)
class MovementSeen:
    """An accounting fact on an account.

    `fingerprint` is the same for the same movement in every file: core fills it (`core.api.feeds.records`), from the
    account, the day, the amount and the source's reference, or the label where there is none, and the movement's rank
    among those that agree in all of these.
    """

    account: str  #: the account's key
    on: date  #: the day on which it is booked or executed, as the source counts it
    amount: Decimal  #: signed, in `currency`: what it does to the account's cash; 0 for units that move without cash
    place: Place  #: where it stands
    kind: str = ""  #: our code (`core.api.feeds.MOVEMENT_KINDS`); empty where the word does not tell it for sure
    word: str = ""  #: the source's own word or code: «BUYMF», «PMNT/RCDT/ESCT»
    label: str = ""  #: what a person reads
    currency: str = ""  #: ISO 4217
    value_on: date | None = None  #: the value date, or that of settlement
    support: SupportSeen | None = None  #: what was bought, sold or paid for
    quantity: Decimal | None = None  #: signed: units that leave are negative
    price: Decimal | None = None  #: of one unit, as the source writes it
    fees: Decimal | None = None  #: within `amount`, positive
    taxes: Decimal | None = None  #: within `amount`, positive
    reference: str | None = None  #: the source's own, that does not change: FITID, AcctSvcrRef; None without one
    reverses: str | None = None  #: the reference of what it reverses; empty where it reverses something unnamed
    pending: bool = False  #: announced, and not booked: it counts in no balance
    fingerprint: str = ""  #: left empty by a format


@dataclass(frozen=True, slots=True)
class SupportFact:
    """One field of one support, as a provider states it."""

    support: SupportSeen  #: of which it is told
    field: str  #: its key: the template, and the number of the field there: «ept.01090»
    value: str | Decimal | date  #: a code and a text as they are written
    on: date | None  #: the day as of which it holds; None where the source does not tell
    source: str  #: the field as the source names it: «01090_SRI»
    version: str  #: the template and its version: «EPT V2.1»
    place: Place  #: where it stands
    unit: Unit = ""  #: «ratio»: 0.0259 is 2.59 %; «currency»: of the support


@dataclass(frozen=True, slots=True)
class FeedFinding:
    """Something that was read and is wrong or doubtful. An «error» is not to be applied as it is: the thing at its place (a
    balance, a position, a field), not its neighbours; whether the rest of the file is, the one who applies it decides."""

    severity: Severity  #: how much it weighs
    code: str  #: which check: «closing», «isin», «presence»
    text: str  #: a sentence in French, with the figures
    place: Place  #: where it is
    field: str = ""  #: the source's field, where it is one's


FeedRecord = AccountSeen | BalanceSeen | PositionSeen | MovementSeen | SupportFact | FeedFinding


@dataclass(frozen=True, slots=True)
class FeedFormat:
    """A format of files that a plugin reads. Both functions get bytes from anywhere, and raise `FeedRefused` alone."""

    key: str  #: within the plugin
    label: str  #: «OFX (banque et titres)»
    extensions: tuple[str, ...]  #: usual ends of a name, lower case, with the dot
    #: From the first `HEAD` bytes and the name, how sure it is, 0 to 100: 0, not mine; 50 and more, by the content.
    sniff: Callable[[bytes, str], int]
    #: The records, one at a time: an account before all that is told of it.
    read: Callable[[FeedFile], Iterator[FeedRecord]]
    most_bytes: int = 25 * 1024 * 1024  #: a larger file is refused before it is opened
