"""A theme's colours as Python reads them, for paper: the theme stays the one place where a colour is decided."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from core.themes import Theme
from core.themes import Themes
from core.web import looks

_NAMED = re.compile(r"var\(--([a-z0-9-]+)\)")


@cache
def _own() -> Theme:
    return Themes().of(None)


def light(theme: Theme | None = None) -> Mapping[str, str]:
    """The light colours of a theme by name: of the request's where none is named, of ours outside of one."""
    return (theme or looks.worn() or _own()).light


def on_paper(text: str, colours: Mapping[str, str] | None = None) -> str:
    """The same text with every `var(--name)` replaced by its colour, the light one where none are given; KeyError for a token
    that is not there."""
    given = light() if colours is None else colours
    return _NAMED.sub(lambda match: given[match.group(1)], text)
