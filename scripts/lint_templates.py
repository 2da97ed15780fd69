"""Refuse in templates what the content policy or the escaping rules forbid (ux.md §1.1)."""

from __future__ import annotations

import re
import sys
from pathlib import Path

FORBIDDEN = {
    "inline style": re.compile(r"\sstyle\s*=", re.I),
    "inline handler": re.compile(r"""\son[a-z]+\s*=\s*["']""", re.I),
    "markup declared safe": re.compile(r"\|\s*safe\b|\bMarkup\("),
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.I),
    "htmx evaluation": re.compile(r"hx-on:|js:"),
    "foreign address": re.compile(r"""(?:src|href|action)\s*=\s*["']https?://""", re.I),
    "autoescape off": re.compile(r"autoescape\s+false", re.I),
}


def faults(path: Path) -> list[str]:
    """What is wrong in one template."""
    found = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        for kind, pattern in FORBIDDEN.items():
            if pattern.search(line):
                found.append(f"{path}:{number}: {kind}: {line.strip()[:100]}")
    return found


def main() -> int:
    """All templates of core, plugins and themes."""
    found = []
    for folder in ("core", "plugins", "themes"):
        for path in sorted(Path(folder).rglob("templates/**/*.html")):
            found.extend(faults(path))
    print("\n".join(found) or "templates: nothing to say")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
