"""CFONB 120: the statement of account of French banks (AFB 120), records of 120 characters.

01 begins an account with its former balance, 04 is a movement, 05 tells more of it, 07 ends the account with its new
balance. Amounts are fourteen digits, the last of them punched over with the sign; the record says how many are decimals.
Source: «Relevé de compte sur support informatique», CFONB, July 2004.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import BinaryIO

from core.api import formats
from core.api.feeds import AccountSeen
from core.api.feeds import BalanceSeen
from core.api.feeds import FeedFile
from core.api.feeds import FeedFinding
from core.api.feeds import FeedFormat
from core.api.feeds import FeedRecord
from core.api.feeds import FeedRefused
from core.api.feeds import MovementSeen
from core.api.feeds import Place
from plugins.aggregation.formats import figures
from plugins.aggregation.formats import texts

WIDTH = 120
WANTED = "un relevé CFONB 120"
#: Last sign → digit, sign. «é» and «è» are the braces of the French national set (NF Z 62-010).
_PUNCHED: dict[str, tuple[str, int]] = {
    **{sign: (str(digit), 1) for digit, sign in enumerate("{ABCDEFGHI")},
    **{sign: (str(digit), -1) for digit, sign in enumerate("}JKLMNOPQR")}, "é": ("0", 1), "è": ("0", -1),
}  # fmt: skip
#: Interbank operation codes whose meaning is a kind of ours; the others keep their code alone.
_KINDS = {"62": "FRAIS"}
#: Qualifiers of record 05 whose text belongs to the label: free text, names of payer and payee, motive.
_TOLD = frozenset({"LIB", "NPY", "NBE", "LCC", "LC2"})


@dataclass(slots=True)
class _Account:
    key: str
    same: str  #: branch and number, as each record of the statement repeats them; some banks change the code before
    currency: str
    balance: Decimal
    line: int


@dataclass(slots=True)
class _Open:
    """A movement whose records 05 may still come."""

    seen: MovementSeen
    more: list[str]

    def closed(self) -> MovementSeen:
        label = " ".join(" ".join((self.seen.label, *self.more)).split())[:200]
        one = self.seen
        return MovementSeen(
            one.account, one.on, one.amount, one.place, kind=one.kind, word=one.word, label=label, currency=one.currency,
            value_on=one.value_on,
        )  # fmt: skip


def sniff(head: bytes, name: str) -> int:
    """A record 01, with its currency where it must be."""
    first = next((line for line in texts.shown(head).splitlines() if line.strip()), "")
    if first[:2] in ("01", "04", "05", "07") and len(first) >= 88 and first[16:19].isalpha() and first[16:19].isupper():
        return 90 if first[:2] == "01" else 60
    return 0


def read(file: FeedFile) -> Iterator[FeedRecord]:
    """Raises `FeedRefused` with the line where a record stands where it may not, or says what it may not."""
    account: _Account | None = None
    movement: _Open | None = None
    told: set[str] = set()
    with file.open() as stream:
        for line, record in _records(stream):
            code, place = record[:2], Place(line)
            if movement is not None and code != "05":
                yield movement.closed()
                movement = None
            if code == "01":
                if account is not None:
                    text = f"un nouveau relevé commence, celui de la ligne {account.line} n'est pas clos (enregistrement 07)."
                    raise FeedRefused(text, place)
                account, opening = _begun(record, place)
                if account.key not in told:
                    told.add(account.key)
                    yield _seen(record, account, place)
                yield opening
            elif account is None:
                raise FeedRefused(f"un enregistrement {code} est hors de tout relevé\u202f: aucun 01 ne l'ouvre.", place)
            elif record[11:16] + record[21:32] != account.same:
                text = f"le compte {_key(record)} n'est pas celui du relevé ouvert à la ligne {account.line} ({account.key})."
                raise FeedRefused(text, place)
            elif code == "04":
                movement = _Open(_movement(record, account, place), [])
                account.balance += movement.seen.amount
            elif code == "05":
                if movement is None:
                    raise FeedRefused("un complément (05) ne suit aucun mouvement (04).", place)
                if record[45:48] in _TOLD and len(movement.more) < 8:
                    movement.more.append(record[48:118].strip())
            else:
                yield from _ended(record, account, place)
                account = None
    if account is not None:
        text = f"le relevé ouvert à la ligne {account.line} n'a pas de fin\u202f: le fichier est tronqué."
        raise FeedRefused(text, Place(account.line))


def _records(stream: BinaryIO) -> Iterator[tuple[int, str]]:
    """(line, record): one a line, or, as from a tape, one after the other without any end of line."""
    for number, text in texts.lines(stream, WANTED):
        cut = [text[at : at + WIDTH] for at in range(0, len(text), WIDTH)]
        tape = len(cut) > 1 and len(text) % WIDTH == 0 and all(part[0] == "0" for part in cut)
        parts = cut if tape else [text]
        for part in parts:
            if not part.strip():
                continue
            place = Place(number)
            if len(part.rstrip()) > WIDTH:
                raise FeedRefused(f"cet enregistrement compte {len(part.rstrip())} caractères, pour 120 au plus.", place)
            if part[:2] not in ("01", "04", "05", "07"):
                text_of = f"«\u202f{part[:2]}\u202f» n'est pas un code d'enregistrement CFONB 120 (01, 04, 05, 07)."
                raise FeedRefused(text_of, place)
            yield number, part.ljust(WIDTH)


def _key(record: str) -> str:
    return "-".join(part.strip() for part in (record[2:7], record[11:16], record[21:32]))


def _begun(record: str, place: Place) -> tuple[_Account, BalanceSeen]:
    if not record[21:32].strip():
        raise FeedRefused("ce relevé n'a pas de numéro de compte.", place)
    on = figures.short_day(record[34:40], place, "la date de l'ancien solde")
    balance, currency = _amount(record, place), figures.currency(record[16:19], place) or "EUR"
    account = _Account(_key(record), record[11:16] + record[21:32], currency, balance, place.line)
    return account, BalanceSeen(account.key, "opening", on, balance, currency, place)


def _seen(record: str, account: _Account, place: Place) -> AccountSeen:
    number = record[21:32].strip()
    return AccountSeen(account.key, number, place, word="CFONB", company=record[2:7].strip(), currency=account.currency)


def _movement(record: str, account: _Account, place: Place) -> MovementSeen:
    on = figures.short_day(record[34:40], place, "la date de l'opération")
    value_on = figures.short_day(record[42:48], place, "la date de valeur") if record[42:48].strip() else None
    word = record[32:34].strip()
    currency = figures.currency(record[16:19], place) or account.currency
    if currency != account.currency:
        raise FeedRefused(f"ce mouvement est en {currency}, son relevé en {account.currency}.", place)
    return MovementSeen(
        account.key, on, _amount(record, place), place, kind=_KINDS.get(word, ""), word=word, label=record[48:79].strip(),
        currency=currency, value_on=value_on,
    )  # fmt: skip


def _ended(record: str, account: _Account, place: Place) -> Iterator[FeedRecord]:
    on = figures.short_day(record[34:40], place, "la date du nouveau solde")
    closing = _amount(record, place)
    yield BalanceSeen(account.key, "closing", on, closing, account.currency, place)
    gap = closing - account.balance
    if gap:
        text = (
            f"le solde du compte {account.key} est {formats.money(closing, account.currency)}, mais l'ancien solde et les "
            f"mouvements font {formats.money(account.balance, account.currency)}\u202f: un écart de "
            f"{formats.money(gap, account.currency)}."
        )
        yield FeedFinding("error", "closing", text, place)


def _amount(record: str, place: Place) -> Decimal:
    digits, last, decimals = record[90:103], record[103], record[19]
    if last not in _PUNCHED or not digits.strip() or not digits.replace(" ", "0").isascii():
        raise FeedRefused(f"le montant «\u202f{record[90:104].strip()}\u202f» n'est pas au format CFONB.", place)
    figure, sign = _PUNCHED[last]
    whole = digits.replace(" ", "0") + figure
    if not whole.isdigit() or len(decimals) != 1 or not (decimals.isdigit() and decimals.isascii()):
        raise FeedRefused(f"le montant «\u202f{record[90:104].strip()}\u202f» n'est pas au format CFONB.", place)
    return sign * Decimal(whole).scaleb(-int(decimals))


FORMAT = FeedFormat("cfonb120", "CFONB 120 (relevé bancaire)", (".cfo", ".cfonb", ".txt", ".afb"), sniff, read, 512 * 1024 * 1024)
