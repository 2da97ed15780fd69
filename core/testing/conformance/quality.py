"""The scale: bronze is safe, silver is kept up, gold is proven; what a program cannot see is said in quality.toml.

The result of `encours plugin check --record` lies beside it in quality.json: the administration reads that, and never
runs the kit.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from core.hooks.quality import FILE
from core.testing.conformance.findings import LEVELS
from core.testing.conformance.findings import Finding
from core.testing.conformance.findings import Level
from core.testing.conformance.findings import Report
from core.testing.conformance.findings import Rule
from core.testing.conformance.subject import Subject

#: Member of [identity] → what it says, for silver.
NEEDED = {
    "maintainer": "qui le maintient", "support": "à qui l'aide se demande", "docs": "où est sa documentation",
    "licence": "sous quelle licence il est",
}  # fmt: skip
#: Member of [declared] → what its author answers for, by level; each is the day on which it was last so.
DECLARED: dict[Level, dict[str, str]] = {
    "bronze": {},
    "argent": {"tests": "des tests à lui, qui passent"},
    "or": {
        "postgresql": "un passage de ses tests sur PostgreSQL",
        "accessibility": "un parcours de ses pages au clavier et au lecteur d'écran",
        "personal_data": "un relevé des données de clients qu'il garde, et pour combien de temps",
        "changelog": "un journal de ce qui change à chaque version",
    },
}


def judged(subject: Subject, rules: Sequence[Rule], findings: Sequence[Finding]) -> tuple[Level | None, tuple[str, ...]]:
    """The level reached, and what the next one lacks."""
    against = {finding.rule for finding in findings}
    reached: Level | None = None
    for level in LEVELS:
        lacks = [f"la règle «{rule.code}» ({rule.title})" for rule in rules if rule.level == level and rule.code in against]
        lacks += [said for key, said in DECLARED[level].items() if not _day(subject.quality.get("declared", {}).get(key))]
        if lacks:
            return reached, tuple(lacks)
        reached = level
    return reached, ()


def record(subject: Subject, report: Report) -> Path:
    """Write the result beside quality.toml. Raises OSError where the folder cannot be written."""
    assert subject.folder is not None
    path = subject.folder / FILE
    said = {"version": report.version, "api": report.api, "level": report.level, "lacks": list(report.lacks)}
    path.write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return path


def _day(value: object) -> bool:
    """Whether a declaration is a day: as text, or as TOML's own date."""
    if isinstance(value, date):
        return True
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True
