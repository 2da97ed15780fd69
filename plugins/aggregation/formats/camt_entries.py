"""An entry of a camt message: amount, days, codes, references, what a person reads of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from core.api.feeds import FeedFinding
from core.api.feeds import FeedRefused
from core.api.feeds import MovementSeen
from core.api.feeds import Place
from plugins.aggregation.formats import figures

#: Bank transaction codes (ISO 20022 external code sets): (domain, family, sub-family) → our kind; «» stands for any.
_KINDS = {
    ("SECU", "", "DVCA"): "DIVIDENDE", ("SECU", "", "INTR"): "COUPON", ("", "", "INTR"): "INTERETS", ("", "", "CHRG"): "FRAIS",
    ("", "", "COMM"): "FRAIS", ("", "", "FEES"): "FRAIS", ("", "MCOP", "INTR"): "INTERETS",
}  # fmt: skip
_TRADES = frozenset({"TRAD", "SUBS", "REDM"})


def local(element: Any) -> str:
    """An element's name without its namespace."""
    tag = element.tag if element is not None else ""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: Any, name: str) -> Iterator[Any]:
    """Its children of that local name."""
    return (one for one in element if local(one) == name)


def said(element: Any, *path: str) -> str:
    """The text at the end of a path of local names, the first of each; empty where it is missing."""
    for name in path:
        element = next(children(element, name), None)
        if element is None:
            return ""
    return " ".join((element.text or "").split())


def amount(element: Any, place: Place) -> tuple[Decimal, str]:
    """Signed, with its currency: `Amt` is positive, `CdtDbtInd` tells which way. Raises `FeedRefused`."""
    found = next(children(element, "Amt"), None)
    if found is None:
        raise FeedRefused("le montant (Amt) manque.", place)
    where = Place(found.sourceline or place.line, f"{place.path}, Amt")
    value = figures.amount(found.text or "", where, "le montant (Amt)")
    way = said(element, "CdtDbtInd")
    if value < 0:
        raise FeedRefused("le montant (Amt) est négatif\u202f: son sens est dit par CdtDbtInd.", where)
    if way not in ("CRDT", "DBIT"):
        raise FeedRefused(f"le sens du montant (CdtDbtInd) «\u202f{way[:10]}\u202f» n'est ni CRDT ni DBIT.", place)
    return (value if way == "CRDT" else -value), figures.currency(found.get("Ccy") or "", where)


def day_of(element: Any, name: str, place: Place, what: str) -> date | None:
    """The day of `name`, given as `Dt`, `DtTm` or its own text; None where it is missing. Raises `FeedRefused`."""
    text = said(element, name, "Dt") or said(element, name, "DtTm") or said(element, name)
    return figures.iso_day(text, place, what) if text else None


def movement(
    entry: Any, account: str, currency: str, created: date | None, place: Place
) -> tuple[MovementSeen, list[FeedFinding]]:
    """The entry; a warning where its day is the statement's, for want of one of its own. Raises `FeedRefused`."""
    findings = []
    value, own = amount(entry, place)
    value_on = day_of(entry, "ValDt", place, "la date de valeur")
    on = day_of(entry, "BookgDt", place, "la date comptable") or value_on
    if on is None:
        if created is None:
            raise FeedRefused("ce mouvement n'a pas de date.", place)
        on = created
        findings.append(FeedFinding("warning", "date", "ce mouvement n'a pas de date\u202f: celle du relevé est prise.", place))
    status = said(entry, "Sts", "Cd") or said(entry, "Sts", "Prtry") or said(entry, "Sts")
    word, kind = _code(entry, value)
    details = [one for block in children(entry, "NtryDtls") for one in children(block, "TxDtls")]
    details += list(children(entry, "TxDtls"))  # version 1
    one = MovementSeen(
        account, on, value, place, kind=kind, word=word, label=_label(entry, details)[:200], currency=own or currency,
        value_on=value_on, reference=_reference(entry, details), reverses=_reverses(entry, details),
        pending=status not in ("BOOK", ""),
    )  # fmt: skip
    return one, findings


def _code(entry: Any, value: Decimal) -> tuple[str, str]:
    domain, family = said(entry, "BkTxCd", "Domn", "Cd"), said(entry, "BkTxCd", "Domn", "Fmly", "Cd")
    sub = said(entry, "BkTxCd", "Domn", "Fmly", "SubFmlyCd")
    word = "/".join(filter(None, (domain, family, sub))) or said(entry, "BkTxCd", "Prtry", "Cd")
    if domain == "SECU" and sub in _TRADES:
        return word, "ACHAT" if value < 0 else "VENTE"
    keys = ((domain, family, sub), (domain, "", sub), ("", family, sub), ("", "", sub))
    return word[:40], next((_KINDS[key] for key in keys if key in _KINDS), "")


def _reference(entry: Any, details: list[Any]) -> str | None:
    """The bank's own reference; that of its only detail, where the entry has none."""
    found = said(entry, "AcctSvcrRef")
    if not found and len(details) == 1:
        found = said(details[0], "Refs", "AcctSvcrRef")
    return found[:100] or None


def _reverses(entry: Any, details: list[Any]) -> str | None:
    if said(entry, "RvslInd") not in ("true", "1"):
        return None
    if len(details) != 1:
        return ""
    return said(details[0], "RtrInf", "OrgnlBkTxCd", "Prtry", "Cd") or said(details[0], "Refs", "EndToEndId")


def _label(entry: Any, details: list[Any]) -> str:
    """Who is on the other side, the free text, what the bank adds: for the first two details, since a batch has thousands."""
    credit = said(entry, "CdtDbtInd") == "CRDT"
    parts = []
    for one in details[:2]:
        side = "Dbtr" if credit else "Cdtr"
        parts += [said(one, "RltdPties", side, "Nm") or said(one, "RltdPties", side, "Pty", "Nm")]
        for block in children(one, "RmtInf"):
            parts += [" ".join((free.text or "").split()) for free in children(block, "Ustrd")][:3]
            for coded in children(block, "Strd"):
                parts.append(said(coded, "CdtrRefInf", "Ref") or said(coded, "CdtrRefInf", "CdtrRef"))
        parts.append(said(one, "AddtlTxInf"))
    parts.append(said(entry, "AddtlNtryInf"))
    return " · ".join(dict.fromkeys(filter(None, parts))) or said(entry, "BkTxCd", "Prtry", "Cd")
