"""Refuse in templates what the content policy or the escaping rules forbid, and names that lead nowhere."""

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
REFERENCE = re.compile(r"""\{%-?\s*(?:extends|include|import|from)\s+['"]([^'"]+)['"]""")
IMPORTED = re.compile(r"""\{%-?\s*import\s+['"]([^'"]+)['"]\s+as\s+(\w+)""")
MACRO = re.compile(r"\{%-?\s*(?:macro|set)\s+(\w+)")


def faults(path: Path) -> list[str]:
    """What is wrong in one template."""
    found = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        for kind, pattern in FORBIDDEN.items():
            if pattern.search(line):
                found.append(f"{path}:{number}: {kind}: {line.strip()[:100]}")
    return found


def dangling(paths: list[Path]) -> list[str]:
    """Templates that another one extends, includes or imports and that do not exist; macros that a module lacks."""
    known = {str(path).split("templates/", 1)[1]: path for path in paths}
    macros = {name: set(MACRO.findall(path.read_text("utf-8"))) for name, path in known.items()}
    found = []
    for path in paths:
        text = path.read_text("utf-8")
        for name in REFERENCE.findall(text):
            if name not in known:
                found.append(f"{path}: no template {name}")
        for name, alias in IMPORTED.findall(text):
            for called in re.findall(rf"(?<![\w./]){alias}\.(\w+)\s*\(", text):
                if called not in macros.get(name, set()):
                    found.append(f"{path}: no macro {called} in {name}")
    return found


def main() -> int:
    """All templates of core, plugins and themes."""
    paths = [
        path for folder in ("core", "plugins", "themes") for path in sorted(Path(folder).rglob("templates/**/*.html"))
    ]
    found = [fault for path in paths for fault in faults(path)] + dangling(paths)
    print("\n".join(found) or "templates: nothing to say")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
