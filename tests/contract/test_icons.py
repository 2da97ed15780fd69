"""An icon that the sprite lacks is an empty square beside a word: none is named that is not there."""

from __future__ import annotations

import re
from pathlib import Path

SPRITE = set(re.findall(r'id="([^"]+)"', Path("core/static/icons.svg").read_text("utf-8")))
#: Where a name of an icon stands: `icon('x')`, `empty('x', …)`, `badge('kind', 'x', …)`; `icon="x"` in Python.
IN_TEMPLATES = re.compile(r"\b(?:icon|empty)\('([a-z0-9-]+)'|\bbadge\('[a-z]+', '([a-z0-9-]+)'")
IN_PYTHON = re.compile(r"""\bicon(?:: str)?\s*=\s*"([a-z0-9-]+)\"""")


def _named() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for folder in ("core", "plugins"):
        for path in Path(folder).rglob("*"):
            if "simulator" in path.parts or path.suffix not in (".html", ".py"):
                continue
            pattern = IN_TEMPLATES if path.suffix == ".html" else IN_PYTHON
            for match in pattern.finditer(path.read_text("utf-8")):
                found.setdefault(next(filter(None, match.groups())), set()).add(str(path))
    return found


def test_every_icon_named_is_in_the_sprite() -> None:
    """BL-08, MB-01: in templates and in what plugins declare."""
    named = _named()
    assert len(named) > 30
    assert {name: sorted(where) for name, where in named.items() if name not in SPRITE} == {}


def test_every_nature_of_act_has_its_icon() -> None:
    """BL-10: the acts of a partner's list, unknown ones too."""
    from core.links.capabilities import ICONS
    from core.transactions.machine import NATURES

    assert set(ICONS) == set(NATURES)
    assert set(ICONS.values()) <= SPRITE
