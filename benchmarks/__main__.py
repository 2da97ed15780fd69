"""Run every measure and write `benchmarks/RESULTS.md`."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable
from datetime import UTC
from datetime import datetime
from pathlib import Path

from benchmarks import accounts_list
from benchmarks import act_list
from benchmarks import contacts_list
from benchmarks import duplicates
from benchmarks import hub_dispatch
from benchmarks import import_lines
from benchmarks import page_vitals
from benchmarks import quick_search
from benchmarks import statements
from benchmarks import xirr
from benchmarks.measure import Row
from core.version import VERSION

RESULTS = Path(__file__).parent / "RESULTS.md"
MEASURES: tuple[tuple[str, Callable[[], list[Row]]], ...] = (
    ("Hub: dispatch to plugins, and who has which", hub_dispatch.run),
    ("List of accounts with icons", accounts_list.run),
    ("List of acts, sizes and starts", act_list.run),
    ("List of contacts", contacts_list.run),
    ("Duplicates, and contacts around a point", duplicates.run),
    ("Quick search", quick_search.run),
    ("Import of contacts", import_lines.run),
    ("XIRR of accounts", xirr.run),
    ("Statements", statements.run),
    ("Pages in a browser", page_vitals.run),
)


def main() -> int:
    """Print and write; the exit status is the number of goals missed."""
    made = f"Made by `make bench` on {datetime.now(UTC):%Y-%m-%d}, version {VERSION}, Python {platform.python_version()}."
    note = "Medians. Shared machines are noisy: differences within one run count more than absolute times."
    lines = ["# Results", "", f"{made} {note}", ""]
    missed = 0
    for title, run in MEASURES:
        rows = run()
        missed += sum(not row.held for row in rows)
        lines += [f"## {title}", "", "| measure | median | goal | |", "|---|---|---|---|"]
        lines += [f"| {row.what} | {row.found} | {row.goal} | {'held' if row.held else 'MISSED'} |" for row in rows]
        lines.append("")
    text = "\n".join(lines)
    RESULTS.write_text(text, "utf-8")
    print(text)
    return missed


if __name__ == "__main__":
    sys.exit(main())
