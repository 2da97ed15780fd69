"""AGG-01: a page of the company's portfolios as records: days and money strict, the rest as far as it is told."""

from __future__ import annotations

import contextlib
import copy
import io
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from core.api import feeds
from plugins.nomineo.portfolio_format import FORMAT

#: The answer that docs/protocol/portfolio-feed.md shows.
TEXT = Path("docs/protocol/portfolio-feed.md").read_text("utf-8").split("```json\n")[1].split("```")[0]
PAGE: dict[str, Any] = json.loads(TEXT)


def read(data: bytes | dict[str, Any]) -> list[feeds.FeedRecord]:
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    file = feeds.FeedFile("x.json", len(raw), lambda: io.BytesIO(raw))
    return list(feeds.records(FORMAT, file))


def changed(path: str, value: Any) -> dict[str, Any]:
    """The page with one value another; `path` by slashes, «-» takes the first of a list."""
    made = copy.deepcopy(PAGE)
    *way, last = path.split("/")
    at: Any = made
    for step in way:
        at = at[0] if step == "-" else at[step]
    at[last] = value
    return made


def test_the_documented_answer_reads() -> None:
    """AGG-01: one contract with its value, lines whose sum it is, a movement; each leads to its contract and rank."""
    assert FORMAT.sniff(TEXT.encode()[: feeds.HEAD], "x") == 95
    assert FORMAT.sniff(b'{"contracts":[]}', "nomineo.json") == 0
    records = read(TEXT.encode())
    (account,) = [one for one in records if isinstance(one, feeds.AccountSeen)]
    assert (account.key, account.number, account.envelope) == ("HIM0012345", "HIM 001 234-5", "ASSURANCE_VIE")
    assert (account.company, account.currency) == ("Generali Patrimoine", "EUR")
    assert account.holders == (feeds.HolderSeen("DURAND Jeanne", birth_date=date(1961, 3, 22)),)
    (worth,) = [one for one in records if isinstance(one, feeds.BalanceSeen)]
    lines = [one for one in records if isinstance(one, feeds.PositionSeen)]
    assert worth.amount == sum((one.value or Decimal(0) for one in lines), Decimal(0))
    assert (lines[0].support.type, lines[0].support.isin, lines[0].support.code) == ("FONDS_EURO", "", "")
    assert lines[1].support.isin == "FR0010135103"
    assert str(lines[1].place) == "contrat HIM 001 234-5, ligne 2"
    assert lines[1].quantity is None  # not told: never worked out
    (moved,) = [one for one in records if isinstance(one, feeds.MovementSeen)]
    assert (moved.kind, moved.amount, moved.reference) == ("VERSEMENT", Decimal("1500.00"), "TXP-10021")
    assert moved.fingerprint


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("as_of", "2026-02-30", "n'est pas un jour"), ("as_of", "0001-01-01", "n'est pas un jour"),
        ("as_of", "2999-01-05", "à venir"), ("nomineo_portfolio", 2, "version 1"),
        ("contracts", {}, "version 1"), ("contracts", [PAGE["contracts"][0]] * 2, "donné deux fois"),
        ("contracts", [3], "n'est pas un objet"), ("contracts/-/ref", "", "numéro de contrat"),
        ("contracts/-/ref", "x" * 65, "numéro de contrat"), ("contracts/-/value", 84210.55, "n'est pas un montant"),
        ("contracts/-/value", {"value": "1e400", "currency": "EUR"}, "n'est pas un montant"),
        ("contracts/-/value", {"value": "NaN", "currency": "EUR"}, "n'est pas un montant"),
        ("contracts/-/value", {"value": "1.00", "currency": "USD"}, "devise du contrat"),
        ("contracts/-/positions", "rien", "liste d'objets"),
        ("contracts/-/positions/-/quantity", "beaucoup", "n'est pas un nombre"),
        ("contracts/-/movements/-/on", None, "n'est pas un jour"),
    ],
)  # fmt: skip
def test_half_a_figure_refuses_the_page(path: str, value: Any, said: str) -> None:
    """AGG-01: a day or an amount that cannot be read, a contract twice: the page is refused, with the place, in French."""
    with pytest.raises(feeds.FeedRefused, match=said):
        read(changed(path, value))


def test_what_is_left_out_or_long_is_no_reason() -> None:
    """AGG-01: no holder, no lines, no movements, a label of ten thousand characters: read as far as it is told."""
    lean = {key: PAGE["contracts"][0][key] for key in ("ref", "value")}
    records = read({**PAGE, "contracts": [lean]})
    assert [type(one).__name__ for one in records] == ["AccountSeen", "BalanceSeen"]
    (line,) = [one for one in read(changed("contracts/-/positions", [
        {"label": "é" * 10_000, "value": {"value": "84210.55", "currency": "EUR"}, "quantity": "12.5", "price": "6736.844",
         "price_on": "2026-11-25"},
    ])) if isinstance(one, feeds.PositionSeen)]  # fmt: skip
    assert len(line.support.label) == 200
    assert (line.quantity, line.price, line.price_on) == (Decimal("12.5"), Decimal("6736.844"), date(2026, 11, 25))


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
NAMES = st.sampled_from(["ref", "value", "currency", "positions", "movements", "on", "holder", "label"])
TREES = st.recursive(LEAVES, lambda one: st.lists(one, max_size=3) | st.dictionaries(NAMES, one, max_size=5), max_leaves=12)


@settings(max_examples=150, deadline=None)
@given(TREES, st.binary(max_size=40))
def test_whatever_comes_is_read_or_refused(value: Any, bare: bytes) -> None:
    """AGG-01: anything in a contract's place, bytes that are nothing: records, or one refusal; never anything else."""
    for data in ({**PAGE, "contracts": [value]}, b'{"nomineo_portfolio":1,' + bare):
        with contextlib.suppress(feeds.FeedRefused):
            read(data)


def test_text_that_no_database_takes_is_harmless() -> None:
    """AGG-01: half a surrogate pair in a label or a figure: shown as a question mark, told in a refusal."""
    page = json.dumps(changed("contracts/-/positions/-/label", "a\ud800b")).encode()
    (first, *_more) = [one for one in read(page) if isinstance(one, feeds.PositionSeen)]
    assert first.support.label == "a?b"
    with pytest.raises(feeds.FeedRefused) as caught:
        read(json.dumps(changed("contracts/-/value", {"value": "\ud800", "currency": "EUR"})).encode())
    assert str(caught.value).encode()
