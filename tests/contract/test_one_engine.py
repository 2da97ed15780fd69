"""One engine for each question: no other place counts or pages contacts and accounts, none adds wealth up (RQ-01, NX-02).

architecture.md §1: every count, filter and panel goes through `core.queries`, every total of wealth through `core.wealth`.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
#: A count, or a whole page, of contacts or accounts; and who may, with the reason.
ASKING = re.compile(
    r"func\.count\((Contact|Account|book\.Contact|book\.Account)\.id\)|select_from\((book\.)?(Contact|Account)\)"
    r"|select\((Contact|Account)[^)]*\)[^#]{0,200}?\.offset\(",
    re.S,
)
MAY_ASK: dict[str, str] = {}
#: A sum of what is held.
ADDING = re.compile(r"func\.sum\((book\.)?(Account|Position|Valuation|AccountPart|Contact)\.(value|amount|worth|net_payments)")
MAY_ADD = {
    "core/accounts/checks.py": "what one person paid into plans of a kind, beside the law's ceiling (PF-01): no wealth",
    "core/accounts/holders.py": "what accounts hold of one support, account by account (OU-02): no person's wealth",
}


def breaches(pattern: re.Pattern[str], home: str, allowed: dict[str, str], files: dict[str, str]) -> list[str]:
    """Where the pattern stands outside its home and the places that may."""
    return sorted(
        path for path, text in files.items()
        if pattern.search(text) and not path.startswith(home) and path not in allowed
    )  # fmt: skip


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    folders = ("core", "plugins")
    found = [path for folder in folders for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts]
    return {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in found}


def test_no_other_place_asks(files: dict[str, str]) -> None:
    """RQ-01: what a list counts is what a request counts, since it is the same code."""
    assert breaches(ASKING, "core/queries/", MAY_ASK, files) == []
    assert set(MAY_ASK) <= {path for path, text in files.items() if ASKING.search(text)}, "an exception that nobody needs"


def test_no_other_place_adds_up(files: dict[str, str]) -> None:
    """NX-02: a total has one definition."""
    assert breaches(ADDING, "core/wealth/", MAY_ADD, files) == []
    assert set(MAY_ADD) <= {path for path, text in files.items() if ADDING.search(text)}, "an exception that nobody needs"


def test_a_second_engine_would_be_seen() -> None:
    """The patterns find what they are for."""
    asked = "rows = session.execute(\n    select(Contact.id).where(Contact.stage == x)\n    .limit(50).offset(start))"
    for text in (asked, "select(func.count(Account.id))", "select(func.count()).select_from(Contact)"):
        assert breaches(ASKING, "core/queries/", {}, {"plugins/x.py": text}) == ["plugins/x.py"], text
    assert breaches(ADDING, "core/wealth/", {}, {"plugins/x.py": "func.sum(book.Account.value)"}) == ["plugins/x.py"]
