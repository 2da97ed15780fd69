"""Run every measure and write `benchmarks/RESULTS.md`; `python -m benchmarks feed sums` runs these and puts them in its place."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable
from collections.abc import Sequence
from datetime import UTC
from datetime import datetime
from pathlib import Path

from benchmarks import accounts_list
from benchmarks import act_list
from benchmarks import compliance
from benchmarks import contacts_list
from benchmarks import duplicates
from benchmarks import feed
from benchmarks import hub_dispatch
from benchmarks import import_lines
from benchmarks import page_vitals
from benchmarks import quick_search
from benchmarks import situation
from benchmarks import statements
from benchmarks import sums
from benchmarks import xirr
from benchmarks.measure import Row
from core.version import VERSION

RESULTS = Path(__file__).parent / "RESULTS.md"
MEASURES: tuple[tuple[str, Callable[[], list[Row]]], ...] = (
    ("Hub: dispatch to plugins, and who has which", hub_dispatch.run),
    ("List of accounts with icons", accounts_list.run),
    ("List of acts, sizes and starts", act_list.run),
    ("List of contacts", contacts_list.run),
    ("Compliance pages", compliance.run),
    ("Duplicates, and contacts around a point", duplicates.run),
    ("Quick search", quick_search.run),
    ("Import of contacts", import_lines.run),
    ("A night's feed", feed.run),
    ("Consolidated situation", situation.run),
    ("Sums of a whole cabinet", sums.run),
    ("XIRR of accounts", xirr.run),
    ("Statements", statements.run),
    ("Pages in a browser", page_vitals.run),
)


def main(names: Sequence[str]) -> int:
    """Print and write; the exit status is the number of goals missed."""
    made = f"Made by `make bench` on {datetime.now(UTC):%Y-%m-%d}, version {VERSION}, Python {platform.python_version()}."
    note = "Medians. Shared machines are noisy: differences within one run count more than absolute times."
    head = f"# Results\n\n{made} {note}\n"
    before = RESULTS.read_text("utf-8").split("\n## ")
    there = {one.partition("\n")[0]: f"## {one.strip()}\n" for one in before[1:]}
    sections, missed = [before[0].strip() + "\n" if names else head], 0
    for title, run in MEASURES:
        if names and run.__module__.removeprefix("benchmarks.") not in names:
            sections += [there[title]] if title in there else []
            continue
        rows = run()
        missed += sum(not row.held for row in rows)
        lines = [f"## {title}", ""]
        lines += [f"Measured alone on {datetime.now(UTC):%Y-%m-%d}.", ""] if names else []
        lines += ["| measure | median | goal | |", "|---|---|---|---|"]
        lines += [f"| {row.what} | {row.found} | {row.goal} | {'held' if row.held else 'MISSED'} |" for row in rows]
        sections.append("\n".join(lines) + "\n")
        print(sections[-1])
    RESULTS.write_text("\n".join(sections), "utf-8")
    return missed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
