"""AGG-01: the hook gives the formats, and what docs/feeds.md shows to authors runs as it stands."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from core.api import feeds
from core.extensions import db
from core.hooks import context
from core.hooks.hub import Hub
from core.hooks.specs import Plugin
from core.hooks.types import Adviser
from plugins.aggregation.formats import statement
from plugins.aggregation.formats.registry import FORMATS
from plugins.aggregation.formats.statements import language
from tests.conftest import People
from tests.plugins.aggregation.feeds.reading import file_of
from tests.plugins.aggregation.feeds.reading import only

PAGE = Path(__file__).parents[4] / "docs" / "feeds.md"
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
NOTE = """AVIS D'OPERE
Courtier Exemple, Nantes
Compte n° 00012345678
ACHAT COMPTANT
12/03/2026 10 AIR LIQUIDE
ISIN FR0000120073 cours 170,50 EUR
Net 1 705,00 EUR
"""


def test_the_hub_collects_the_formats(app: Flask, people: People, hub: Hub) -> None:
    """AGG-01: by the hook, checked as any plugin's are; keys are unique, bounds are named in the docs."""
    with db.session(people.cabinet_id) as session:
        adviser = Adviser("u", people.cabinet_id, "A", "a@b.fr", "X", frozenset())
        found = hub.collect(Plugin.feed_formats, context.make(session, hub.registry, principal=adviser))
    assert found.failures == ()
    assert [one.key for one in found.items if one.plugin == "aggregation"] == [f"aggregation:{one.key}" for one in FORMATS]
    page = PAGE.read_text("utf-8")
    assert [one.key for one in FORMATS if f"| `{one.key}` |" not in page] == []


def test_the_documented_format_reads() -> None:
    """AGG-01: the whole example of the page."""
    made: dict[str, Any] = {}
    exec(BLOCKS[0], made)  # noqa: S102 - our own page
    file = file_of(b"EXAMPLE-VIE;1\nEXV00000001;2026-03-31;12000.50\n", "x.val")
    kind = feeds.best((*FORMATS, made["FORMAT"]), file)
    (balance,) = only(list(feeds.records(kind, file)), feeds.BalanceSeen)
    assert (balance.amount, balance.place.line) == (Decimal("12000.50"), 2)
    wrong = file_of(b"EXAMPLE-VIE;1\nEXV00000001;hier;12000.50\n", "x.val")
    with pytest.raises(feeds.FeedRefused, match="Ligne 2"):
        list(feeds.records(kind, wrong))


def test_the_documented_statement_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """AGG-01: a broker is added by a description, and by nothing else."""
    made = eval(BLOCKS[1], vars(language))  # noqa: S307 - our own page
    monkeypatch.setattr(statement, "DOCUMENTS", (*statement.DOCUMENTS, made))
    file = file_of(NOTE.encode(), "avis.txt")
    (one,) = only(list(feeds.records(feeds.best(FORMATS, file), file)), feeds.MovementSeen)
    assert (one.kind, one.amount, one.quantity, one.place.line) == ("ACHAT", Decimal("-1705.00"), Decimal(10), 7)
