"""Write the token tables of docs/themes.md from `core.themes.tokens`; `--check` says whether they are as the code is."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from core.themes import contrast
from core.themes import pieces
from core.themes import tokens

PAGE = Path(__file__).resolve().parent.parent / "docs" / "themes.md"
BEGIN, END = "<!-- made by scripts/themes_reference.py -->\n", "<!-- end -->"


def tables() -> str:
    """All tokens, then all pairs."""
    said = ["### Colours, in `[light]` and in `[dark]`", "`#rrggbb`, in small letters; `overlay` may be `#rrggbbaa`."]
    for group, names in tokens.COLOURS.items():
        said += _table(f"**{group}**", names)
    said += _table("**May be left out**", tokens.OPTIONAL)
    said += _table("**Shadows** (`none`, or layers as `0 1px 2px #rrggbbaa`, comma separated)", tokens.SHADOWS)
    lengths = {"Lengths, in `[scale]`": tokens.LENGTHS, "Lengths, in `[compact]` and in `[comfortable]`": tokens.DENSITY}
    for title, table in lengths.items():
        said += ["", f"### {title}", "In `px` or `rem` (16 px).", "", "| token | least to most | for |", "|---|---|---|"]
        said += [f"| `{name}` | {least:g} to {most:g} px | {text} |" for name, (least, most, text) in table.items()]
    said += ["", *(f"`{name}` in `[scale]`: {text}." for name, text in tokens.WEIGHTS.items())]
    said += ["", "### Faces", "", "| word | stack |", "|---|---|"]
    said += [f"| `{name}` | {stack} |" for name, stack in tokens.FONTS.items()]
    said += ["", "### Pairs that must be told apart", "", "| seen | on | contrast |", "|---|---|---|"]
    grounds: dict[tuple[str, float], list[str]] = {}
    for seen, ground, asked in contrast.PAIRS:
        grounds.setdefault((seen, asked), []).append(f"`{ground}`")
    said += [f"| `{seen}` | {', '.join(found)} | {asked:g} |" for (seen, asked), found in grounds.items()]
    said += ["", "### Pieces", "", "| file in `templates/` | is given |", "|---|---|"]
    said += [f"| `{name}` | {', '.join(f'`{one}`' for one in given)} |" for name, given in pieces.PIECES.items()]
    return "\n".join(said) + "\n"


def _table(title: str, rows: Mapping[str, str]) -> list[str]:
    return ["", title, "", "| token | for |", "|---|---|", *(f"| `{name}` | {text} |" for name, text in rows.items())]


def page(text: str) -> str:
    """The page with the tables of today."""
    head, rest = text.split(BEGIN)
    return head + BEGIN + tables() + END + rest.split(END)[1]


if __name__ == "__main__":
    old = PAGE.read_text("utf-8")
    if "--check" in sys.argv:
        sys.exit(0 if page(old) == old else "docs/themes.md is not as the code is: run scripts/themes_reference.py")
    PAGE.write_text(page(old), "utf-8")
