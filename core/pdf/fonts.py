"""The typeface of printed documents, carried inside them: the same on every machine."""

from __future__ import annotations

import base64
from functools import cache
from pathlib import Path

_FILE = Path(__file__).resolve().parents[1] / "static" / "fonts" / "inter-var-fr.woff2"
FAMILY = "Inter Encours"


@cache
def font_face() -> str:
    """A CSS rule that gives the family «Inter Encours», its file as a `data:` address (nothing else is fetched)."""
    data = base64.b64encode(_FILE.read_bytes()).decode()
    return (
        f'@font-face {{ font-family: "{FAMILY}"; font-weight: 400 700; '
        f'src: url("data:font/woff2;base64,{data}") format("woff2"); }}'
    )
