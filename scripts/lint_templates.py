"""Refuse in templates what the content policy or the escaping rules forbid, and names that lead nowhere; in templates and
Python, French that people read without the thin space before its double signs; and pages without a main heading."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
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
EXTENDS = re.compile(r"""\{%-?\s*extends\s+['"]([^'"]+)['"]""")
WITHIN = re.compile(r"""\{%-?\s*(?:extends|include)\s+['"]([^'"]+)['"]""")
HEADING = re.compile(r"<h1\b|heading='h1'")
_BODY = re.compile(r"\{%-?\s*macro\s+(\w+).*?\{%-?\s*endmacro\s*-?%\}", re.S)
MACRO = re.compile(r"\{%-?\s*(?:macro|set)\s+(\w+)")

#: A text given to gettext in a template: its quoted arguments.
_TEXT = r"""(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
TOLD = re.compile(rf"\b(?:_|ngettext)\(\s*{_TEXT}(?:\s*,\s*{_TEXT})?")
#: Calls whose texts a person reads.
READ_BY_PEOPLE = frozenset(
    {"_", "_l", "gettext", "lazy_gettext", "ngettext", "lazy_ngettext", "DomainError", "NotFound", "Forbidden", "Conflict",
     "ValidationError", "Problem", "Fault"}
)  # fmt: skip
#: «;», «:», «!» and «?» stand after U+202F: neither after a plain space nor after the word itself.
LOOSE = re.compile(r"""(?<=[\w»)\]}%"'’…]) (?=[;:!?](?![\w/:=]))|(?<=[^\W\d_]|»)(?=[;:!?](?:\s|$))""")
#: Where the texts are a terminal's, or of the simulated extranet.
APART = ("core/cli/", "core/testing/", "plugins/nomineo/simulator/")


def faults(path: Path) -> list[str]:
    """What is wrong in one template."""
    found = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        for kind, pattern in FORBIDDEN.items():
            if pattern.search(line):
                found.append(f"{path}:{number}: {kind}: {line.strip()[:100]}")
    return found


def loose(path: Path) -> list[str]:
    """French texts whose double signs could fall alone at the start of a line."""
    text = path.read_text("utf-8")
    told = _in_python(text) if path.suffix == ".py" else _in_template(text)
    return [
        f"{path}:{number}: no thin space (U+202F) before «{text[found.end()].strip() or text[found.end() + 1]}»: {text[:90]}"
        for number, text in told if (found := LOOSE.search(text))
    ]  # fmt: skip


def _in_template(text: str) -> Iterator[tuple[int, str]]:
    for found in TOLD.finditer(text):
        yield text.count("\n", 0, found.start()) + 1, found.group(0).replace("\\'", "'")


def _in_python(text: str) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and _called(node) in READ_BY_PEOPLE:
            for one in (part for given in node.args for part in ast.walk(given)):
                if isinstance(one, ast.Constant) and isinstance(one.value, str) and " " in one.value:
                    yield one.lineno, one.value


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""


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


def headless(paths: list[Path]) -> list[str]:
    """Whole pages without a main heading: nothing in the page, in what it extends and includes, in the macros it calls."""
    texts = {str(path).split("templates/", 1)[1]: path.read_text("utf-8") for path in paths}
    extended = {name for text in texts.values() for name in EXTENDS.findall(text)}

    def heads(name: str) -> bool:
        text = texts.get(name, "")
        bodies = {macro: body for other, alias in IMPORTED.findall(text) if (macros := _bodies(texts.get(other, "")))
                  for macro, body in macros.items() if re.search(rf"(?<![\w./]){alias}\.{macro}\s*\(", text)}  # fmt: skip
        said = [_BODY.sub("", text), *bodies.values()]
        return any(HEADING.search(one) for one in said) or any(heads(other) for other in WITHIN.findall(text))

    return [
        f"{path}: a page without <h1>" for path in paths
        if (name := str(path).split("templates/", 1)[1]) not in extended and EXTENDS.search(texts[name])
        and not name.endswith("_pdf.html") and not heads(name)
    ]  # fmt: skip


def _bodies(text: str) -> dict[str, str]:
    return {found.group(1): found.group(0) for found in _BODY.finditer(text)}


def main() -> int:
    """All templates of core, plugins and themes, and what their Python says."""
    paths = [
        path for folder in ("core", "plugins", "themes") for path in sorted(Path(folder).rglob("templates/**/*.html"))
    ]
    found = [fault for path in paths for fault in faults(path)] + dangling(paths) + headless(paths)
    spoken = [*paths, *(path for folder in ("core", "plugins") for path in sorted(Path(folder).rglob("*.py")))]
    found += [fault for path in spoken if not str(path).startswith(APART) for fault in loose(path)]
    print("\n".join(found) or "templates: nothing to say")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
