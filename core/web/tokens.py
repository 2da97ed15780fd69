"""The theme's tokens as Python reads them: the style sheet stays the one place where a colour is decided."""

from __future__ import annotations

import re
from functools import cache

from core.web.assets import theme_root

_LIGHT = re.compile(r":root, \[data-bs-theme=\"light\"\] \{(.*?)\n\}", re.S)
_TOKEN = re.compile(r"--([a-z0-9-]+): (#[0-9a-f]{6})\b")
_NAMED = re.compile(r"var\(--([a-z0-9-]+)\)")


@cache
def light(theme: str = "default") -> dict[str, str]:
    """The colours of the light theme by name, as `#rrggbb`: what paper takes."""
    sheet = (theme_root(theme) / "tokens.css").read_text("utf-8")
    found = _LIGHT.search(sheet)
    assert found, "the theme has no light block"
    return dict(_TOKEN.findall(found.group(1)))


def on_paper(text: str, theme: str = "default") -> str:
    """The same text with every `var(--name)` replaced by the light colour; KeyError for a token that is not there."""
    colours = light(theme)
    return _NAMED.sub(lambda match: colours[match.group(1)], text)
