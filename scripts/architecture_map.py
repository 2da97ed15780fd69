"""Draw docs/images/architecture.svg from the import contracts of setup.cfg: a map that cannot say what is not so.

The floors are the contract `floors`, the plugins the contract `strangers`, the door `one-door`; the words in the boxes
are the packages' own docstrings. `make check` holds the code to the contracts, a test the drawing to them.
"""

from __future__ import annotations

import ast
import re
import textwrap
from configparser import ConfigParser
from html import escape
from pathlib import Path

ROOT = Path(__file__).parent.parent
FILE = ROOT / "docs" / "images" / "architecture.svg"
WIDTH, SIDE, GAP, LINE = 1000, 44, 8, 17
#: A floor of one package says all on one line; one of several wraps its words.
LOW, HIGH = 42, 78
#: Plugins of one row: more, and their names do not fit.
ABREAST = 4
STYLE = """
  svg { font-family: Inter, system-ui, sans-serif; }
  .ground { fill: #ffffff; } .floor { fill: #f1f4f8; } .box { fill: #ffffff; stroke: #7c8aa0; }
  .plugin { fill: #e7f0ff; stroke: #2f6fd6; } .door { fill: #fff3dc; stroke: #b06a00; }
  .name { font-size: 15px; font-weight: 600; fill: #16202e; } .word { font-size: 13px; fill: #47546a; }
  .note { font-size: 13px; fill: #47546a; } .arrow { stroke: #47546a; stroke-width: 1.5; fill: none; }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #0f1620; } .floor { fill: #182230; } .box { fill: #202c3c; stroke: #6d7f97; }
    .plugin { fill: #16305a; stroke: #6ea3f5; } .door { fill: #46320d; stroke: #e2a84a; }
    .name { fill: #eef3f9; } .word, .note { fill: #b9c5d4; } .arrow { stroke: #b9c5d4; }
  }
"""


def contracts() -> ConfigParser:
    """setup.cfg."""
    parser = ConfigParser()
    parser.read(ROOT / "setup.cfg", "utf-8")
    return parser


def floors() -> list[list[str]]:
    """The packages of core, from the top floor down; those of one floor do not import each other."""
    lines = contracts()["importlinter:contract:floors"]["layers"].strip().splitlines()
    return [re.findall(r"[a-z_]+", line) for line in lines]


def plugins() -> list[str]:
    """The bundled plugins."""
    return contracts()["importlinter:contract:strangers"]["modules"].split()


def words(module: str) -> str:
    """The first sentence of a package's or module's docstring."""
    base = ROOT / Path(*module.split("."))
    file = base / "__init__.py" if base.is_dir() else base.with_suffix(".py")
    if base.is_dir() and module.startswith("plugins."):
        file = base / "plugin.py"  # a plugin's `__init__.py` is empty
    text = ast.get_docstring(ast.parse(file.read_text("utf-8"))) or ""
    said = re.split(r"(?<=[.;])\s", text.split("\n")[0])[0].rstrip(".;").replace("`", "")
    said = re.sub(r"^The plugin «\w+»: ", "", said)
    return said[:1].upper() + said[1:]


def drawn() -> str:
    """The drawing."""
    rows: list[str] = []
    top = 52
    rows.append(_text(SIDE, 30, "name", "The house: each floor imports only what is below it, nothing beside it"))
    known = plugins()
    shelves = -(-len(known) // ABREAST)
    each = -(-len(known) // shelves)
    start = top + (shelves * (HIGH + GAP) - GAP) // 2
    for shelf in range(shelves):
        some = known[shelf * each : (shelf + 1) * each]
        rows += _row(top, [(name, words(name), "plugin") for name in some])
        top += HIGH + GAP
    rows.append(_text(SIDE, top + 14, "note", "Plugins reach core by core.api only, and never one another."))
    top += 28
    for floor in floors():
        boxes = [(f"core.{name}", words(f"core.{name}"), "door" if name == "api" else "box") for name in floor]
        rows += _row(top, boxes)
        if "api" in floor:
            rows.append(_arrow(start, top + _height(boxes) // 2))
        top += _height(boxes) + GAP
    note = "core.hooks.types, happenings and errors hold no row and no request: every floor may import them"
    rows.append(_text(SIDE, top + 16, "note", note))
    height = top + 32
    title = "Map of Encours: plugins on top, core.api their only door, the floors of core below"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}">',
            f"<title>{escape(title)}</title>", f"<style>{STYLE}</style>",
            f'<rect class="ground" width="{WIDTH}" height="{height}" rx="10"/>', *rows, "</svg>", "",
        ]
    )  # fmt: skip


def _height(boxes: list[tuple[str, str, str]]) -> int:
    return LOW if len(boxes) == 1 else HIGH


def _row(top: int, boxes: list[tuple[str, str, str]]) -> list[str]:
    """One floor: its boxes share the width."""
    inner = WIDTH - 2 * SIDE - 2 * GAP
    wide = (inner - GAP * (len(boxes) - 1)) / len(boxes)
    high = _height(boxes)
    found = [f'<rect class="floor" x="{SIDE}" y="{top}" width="{WIDTH - 2 * SIDE}" height="{high}" rx="8"/>']
    for index, (name, said, look) in enumerate(boxes):
        left = SIDE + GAP + index * (wide + GAP)
        found.append(f'<rect class="{look}" x="{left:.0f}" y="{top + 5}" width="{wide:.0f}" height="{high - 10}" rx="6"/>')
        found.append(_text(left + 12, top + 26, "name", name))
        if high == LOW:
            found.append(_text(left + 170, top + 26, "word", textwrap.shorten(said, int((wide - 182) / 6.7), placeholder=" …")))
            continue
        lines = textwrap.wrap(said, int((wide - 20) / 6.7), max_lines=2, placeholder=" …")
        found += [_text(left + 12, top + 45 + LINE * at, "word", line) for at, line in enumerate(lines)]
    return found


def _text(x: float, y: float, look: str, text: str) -> str:
    return f'<text class="{look}" x="{x:.0f}" y="{y:.0f}">{escape(text)}</text>'


def _arrow(start: int, end: int) -> str:
    """From the plugins, outside of the floors, in at the door."""
    inside = SIDE + GAP
    tip = f"M{inside - 7} {end - 5}L{inside} {end}L{inside - 7} {end + 5}"
    return f'<path class="arrow" d="M{SIDE} {start}H18V{end}H{inside}{tip}"/>'


if __name__ == "__main__":
    FILE.write_text(drawn(), "utf-8")
