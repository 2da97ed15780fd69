"""The style sheets that themes and brands become: written by us from checked values, never taken from a theme."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from functools import lru_cache

from core.themes import tokens
from core.themes.brand import Brand
from core.themes.brand import dressed
from core.themes.manifest import Theme

_SCHEMES = ("light", "dark")


@cache
def version(theme: Theme) -> str:
    """Changes whenever a sheet or a picture of the theme does."""
    digest = hashlib.sha256(tokens_sheet(theme).encode())
    for path in sorted((theme.root / "static").rglob("*")):
        if path.is_file():
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


@cache
def tokens_sheet(theme: Theme) -> str:
    """The tokens of a page."""
    return "\n".join([
        f"/* {theme.title.replace('*', '')} */",
        _rule(":root, [data-bs-theme=\"light\"]", {"color-scheme": "light"}, theme.light),
        _rule("[data-bs-theme=\"dark\"]", {"color-scheme": "dark"}, theme.dark),
        _rule(":root", _faces(theme), theme.scale),
        _rule(":root, [data-density=\"compact\"]", {}, theme.compact),
        _rule("[data-density=\"comfortable\"]", {}, theme.comfortable),
    ])  # fmt: skip


@lru_cache(maxsize=256)
def preview_sheet(theme: Theme, brand: Brand, place: str) -> str:
    """The same inside the elements of a selector only, with a brand: several themes stand beside each other on a page."""
    own = theme.compact if theme.density == "compact" else theme.comfortable
    unset = dict.fromkeys(tokens.OPTIONAL, "initial")
    return "\n".join([
        _rule(place, _faces(theme), {**theme.scale, **own, "bar-h": theme.scale["bar-h"]}),
        *(
            _rule(f"{place}[data-bs-theme=\"{mode}\"]", {"color-scheme": mode}, {**unset, **dressed(theme, mode, brand)})
            for mode in _SCHEMES
        ),
    ])  # fmt: skip


@lru_cache(maxsize=256)
def brand_sheet(theme: Theme, brand: Brand) -> str:
    """What a cabinet's colours change, over the theme's tokens."""
    changed = {
        mode: {name: value for name, value in dressed(theme, mode, brand).items() if theme.mode(mode).get(name) != value}
        for mode in _SCHEMES
    }
    return "\n".join([
        _rule(":root, [data-bs-theme=\"light\"]", {}, changed["light"]), _rule("[data-bs-theme=\"dark\"]", {}, changed["dark"]),
    ])  # fmt: skip


def _faces(theme: Theme) -> dict[str, str]:
    return {"--font": tokens.FONTS[theme.font], "--font-head": tokens.FONTS[theme.heading_font]}


def _rule(selector: str, plain: Mapping[str, str], values: Mapping[str, str]) -> str:
    said = [*(f"{name}: {value};" for name, value in plain.items()), *(f"--{name}: {value};" for name, value in values.items())]
    return f"{selector} {{ {' '.join(said)} }}"
