"""A page of Nominéo's portfolios as records (docs/protocol/portfolio-feed.md). Strict where days and money are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping
from datetime import date
from datetime import timedelta
from decimal import Decimal
from typing import Any

from core.api.db import today
from core.api.feeds import AccountSeen
from core.api.feeds import BalanceSeen
from core.api.feeds import FeedFile
from core.api.feeds import FeedFormat
from core.api.feeds import FeedRecord
from core.api.feeds import FeedRefused
from core.api.feeds import HolderSeen
from core.api.feeds import MovementSeen
from core.api.feeds import Place
from core.api.feeds import PositionSeen
from core.api.feeds import SupportSeen
from core.api.partner import parse_json
from plugins.nomineo import products

_HEAD = re.compile(rb'\s*\{\s*"nomineo_portfolio"\s*:')
#: PLP-005: what an amount looks like; of quantities and prices, more decimals.
_MONEY = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,4})?")
_FIGURE = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,8})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_REF = re.compile(r"[\x20-\x7e]{1,64}")
_FIRST = date(1900, 1, 1)
_ENVELOPES = {"Himalia": "ASSURANCE_VIE", "Xaélidia": "ASSURANCE_VIE", "Himalia Capitalisation": "CAPITALISATION"}
_TYPES = {"euro": "FONDS_EURO", "scpi": "SCPI", "structured": "PRODUIT_STRUCTURE"}
_KINDS = {"versement": "VERSEMENT", "rachat": "RACHAT", "arbitrage": "ARBITRAGE"}


def sniffed(head: bytes, name: str) -> int:
    """Its first member says what it is."""
    return 95 if _HEAD.match(head) else 0


def read(file: FeedFile) -> Iterator[FeedRecord]:
    """The contracts of a page, in its order."""
    with file.open() as stream:
        raw = stream.read()
    try:
        told = parse_json(raw)
    except ValueError as error:
        raise FeedRefused("ce n'est pas la page que Nominéo annonce (JSON illisible)\u202f: actualisez à nouveau.") from error
    if not isinstance(told, dict) or told.get("nomineo_portfolio") != 1 or not isinstance(told.get("contracts"), list):
        raise FeedRefused("cette page de Nominéo n'est pas de la version 1, la seule lue ici\u202f: prévenez l'exploitant.")
    on = _day(told.get("as_of"), Place(path="as_of"))
    if on > today() + timedelta(days=1):
        raise FeedRefused(f"le jour des valeurs, {on:%d/%m/%Y}, est à venir\u202f: demandez au partenaire de le corriger.",
                          Place(path="as_of"))  # fmt: skip
    seen = set[str]()
    for rank, one in enumerate(told["contracts"], 1):
        if not isinstance(one, dict):
            raise FeedRefused("un contrat n'est pas un objet.", Place(path=f"contrat {rank}"))
        yield from _contract(one, rank, on, seen)


def _contract(one: Mapping[str, Any], rank: int, on: date, seen: set[str]) -> Iterator[FeedRecord]:
    ref = one.get("ref")
    if not isinstance(ref, str) or not _REF.fullmatch(ref):
        raise FeedRefused("le numéro de contrat manque, ou n'est pas imprimable.", Place(path=f"contrat {rank}"))
    place = Place(path=f"contrat {ref}")
    key = re.sub(r"[^A-Za-z0-9]", "", ref).upper()
    if not key or key in seen:
        raise FeedRefused("ce contrat est donné deux fois dans la page.", place)
    seen.add(key)
    currency, product = _text(one.get("currency"), 3) or "EUR", _text(one.get("product"), 100)
    yield AccountSeen(
        key, ref, place, envelope=_ENVELOPES.get(product), label=product,
        company=products.PARTNER.words.company, currency=currency, holders=_holders(one.get("holder"), place),
    )  # fmt: skip
    yield BalanceSeen(key, "value", on, _money(one.get("value"), currency, place), currency, place)
    for number, held in enumerate(_list(one.get("positions"), place), 1):
        yield _position(key, held, on, currency, Place(path=f"{place.path}, ligne {number}"))
    for number, moved in enumerate(_list(one.get("movements"), place), 1):
        yield _movement(key, moved, currency, Place(path=f"{place.path}, mouvement {number}"))


def _position(key: str, one: Mapping[str, Any], on: date, currency: str, place: Place) -> PositionSeen:
    kind = _TYPES.get(_text(one.get("kind"), 20))
    isin, code = _text(one.get("isin"), 12), _text(one.get("support_ref"), 24)
    # A euro fund's own code is no name outside of its company: its label is, beside the company's.
    known = "" if isin or kind == "FONDS_EURO" or not code else f"NOMINEO-{code}"
    support = SupportSeen(isin, known, "NOMINEO" if known else "", _text(one.get("label"), 200), kind)
    quantity, price = _figure(one.get("quantity"), place), _figure(one.get("price"), place)
    priced = _day(one["price_on"], place) if one.get("price_on") is not None else None
    value = _money(one.get("value"), currency, place)
    return PositionSeen(key, support, on, place, value, quantity, price, priced, currency=currency)


def _movement(key: str, one: Mapping[str, Any], currency: str, place: Place) -> MovementSeen:
    word, ref = _text(one.get("kind"), 40), _text(one.get("ref"), 64)
    return MovementSeen(
        key, _day(one.get("on"), place), _money(one.get("amount"), currency, place), place, _KINDS.get(word, ""), word,
        _text(one.get("label"), 200), currency, reference=ref or None,
    )  # fmt: skip


def _holders(one: Any, place: Place) -> tuple[HolderSeen, ...]:
    name = _text(one.get("name"), 120) if isinstance(one, dict) else ""
    if not name:
        return ()
    born = one.get("birth_date")
    return (HolderSeen(name, birth_date=_day(born, place) if born is not None else None),)


def _list(value: Any, place: Place) -> list[Mapping[str, Any]]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise FeedRefused("les lignes ou les mouvements ne sont pas une liste d'objets.", place)
    return value


def _text(value: Any, most: int) -> str:
    return _whole(value.strip()[:most]) if isinstance(value, str) else ""


def _whole(text: str) -> str:
    """Half a surrogate pair, which JSON can write and no database takes, as «?»."""
    return text.encode("utf-8", "replace").decode()


def _day(value: Any, place: Place) -> date:
    try:
        if isinstance(value, str) and _DAY.fullmatch(value) and (found := date.fromisoformat(value)) >= _FIRST:
            return found
    except ValueError:
        pass
    raise FeedRefused(f"«\u202f{_whole(str(value)[:30])}\u202f» n'est pas un jour écrit AAAA-MM-JJ.", place)


def _money(value: Any, currency: str, place: Place) -> Decimal:
    text = value.get("value") if isinstance(value, dict) else None
    if not isinstance(text, str) or not _MONEY.fullmatch(text):
        raise FeedRefused(f"«\u202f{_whole(str(text)[:30])}\u202f» n'est pas un montant, tel que 1500.00.", place)
    if value.get("currency") != currency:
        raise FeedRefused(f"un montant n'est pas dans la devise du contrat, {currency}.", place)
    return Decimal(text)


def _figure(value: Any, place: Place) -> Decimal | None:
    if value is None:
        return None
    if not isinstance(value, str) or not _FIGURE.fullmatch(value):
        raise FeedRefused(f"«\u202f{_whole(str(value)[:30])}\u202f» n'est pas un nombre, tel que 12.5.", place)
    return Decimal(value)


FORMAT = FeedFormat("portefeuille", "Portefeuilles de Nominéo", (".json",), sniffed, read, most_bytes=8 * 1024 * 1024)
