"""A cabinet's two colours over a theme: what follows from them in light and in dark, and whether they can be read."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from core.themes.colours import HEX
from core.themes.colours import INK
from core.themes.colours import MARK
from core.themes.colours import TEXT
from core.themes.colours import WHITE
from core.themes.colours import from_oklch
from core.themes.colours import luminance
from core.themes.colours import nearest
from core.themes.colours import oklch
from core.themes.colours import ratio
from core.themes.colours import tint
from core.themes.contrast import judge
from core.themes.manifest import LIGHT
from core.themes.manifest import Theme

_GROUNDS = ("canvas", "surface", "surface-2")
#: Where a theme's own colour keeps its lightness and takes the brand's hue.
_POSTER = ("poster", "poster-1", "poster-3", "poster-text-2")
_BAR = ("bar", "bar-line", "bar-hover", "bar-on", "bar-text")


@dataclass(frozen=True, slots=True)
class Brand:
    """Main colour and accent as `#rrggbb`; None: the theme's."""

    main: str | None = None
    accent: str | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """A place where a chosen colour is seen. `key` names it; `found` and `asked` are contrasts."""

    key: str
    found: float
    asked: float

    @property
    def ok(self) -> bool:
        return self.found >= self.asked


def checks(theme: Theme, role: str, colour: str) -> tuple[Check, ...]:
    """How a colour does as «main» or «accent», in light: dark is made from it."""
    grounds = [theme.light[name] for name in _GROUNDS]
    if role == "accent":
        return (Check("edge", _on(colour, grounds), MARK),)
    return (Check("button", ratio(WHITE, colour), TEXT), Check("link", _on(colour, grounds), TEXT))


def offered(theme: Theme, role: str, colour: str) -> str | None:
    """The colour where it passes, else the nearest of its hue that does."""
    return nearest(colour, lambda one: all(check.ok for check in checks(theme, role, one)), darker=True)


def known(text: str) -> str | None:
    """A colour as it is kept, from how people write it: «10566A», «#1056 6a», «#abc»; None for what is none."""
    clean = "".join(text.split()).lower().removeprefix("#")
    if len(clean) == 3:
        clean = "".join(sign * 2 for sign in clean)
    return f"#{clean}" if HEX.fullmatch(f"#{clean}") else None


@lru_cache(maxsize=512)
def dressed(theme: Theme, mode: str, brand: Brand) -> Mapping[str, str]:
    """All tokens of a mode with the cabinet's colours. No pair that the theme passes fails for them."""
    values = dict(theme.mode(mode))
    dark = luminance(values["surface"]) < LIGHT
    if brand.main is not None:
        values.update(_main(values, brand.main, dark=dark))
    if brand.accent is not None:
        values.update(_accent(values, brand.accent, dark=dark))
    for _turn in range(4):  # a derived colour that would break a pair gives way to the theme's own
        broken = {name for one in judge(mode, values) for name in (one.seen, one.ground)}
        if not broken:
            break
        values.update({name: theme.mode(mode)[name] for name in broken if name in theme.mode(mode)})
    return values


def _main(values: Mapping[str, str], main: str, *, dark: bool) -> dict[str, str]:
    grounds = [values[name] for name in _GROUNDS]
    shown = main
    if dark:
        shown = nearest(main, lambda one: _on(one, grounds) >= TEXT, darker=False) or WHITE
    light, chroma, hue = oklch(shown)
    ink = WHITE if ratio(WHITE, shown) >= TEXT else INK
    moved = ((0.05, 0.1) if dark else (-0.06, -0.11)) if light > 0.25 else (0.06, 0.1)
    hover, press = (from_oklch(light + step, chroma, hue) for step in moved)
    soft, soft_2 = (tint(main, one, 0.4, 0.04 if dark else 0.026) for one in ((0.31, 0.37) if dark else (0.945, 0.905)))
    select = tint(main, 0.3 if dark else 0.955, 0.3, 0.03 if dark else 0.018)
    lies = (*grounds, soft, soft_2, select)
    text = nearest(shown, lambda one: _on(one, lies) >= TEXT, darker=not dark) or values["text"]
    made = {
        "brand": shown, "brand-hover": hover, "brand-press": press, "brand-ink": ink, "brand-soft": soft,
        "brand-soft-2": soft_2, "brand-text": text, "link": text, "select": select, "module-accueil": text,
        "module-accueil-soft": soft, "chart-1": shown,
        "chart-area": soft,
    }  # fmt: skip
    made |= {name: _hued(values[name], main) for name in _POSTER}
    if values["bar"] != values["surface"] and luminance(values["bar"]) < LIGHT:
        made |= {name: _hued(values[name], main) for name in _BAR if name in values}
        bar = made["bar"]
        made["bar-mark"] = nearest(main, lambda one: ratio(one, bar) >= TEXT, darker=False) or WHITE
    else:
        made["bar-mark"] = shown
    return made


def _accent(values: Mapping[str, str], accent: str, *, dark: bool) -> dict[str, str]:
    grounds = [values[name] for name in _GROUNDS]
    seen = nearest(accent, lambda one: _on(one, grounds) >= MARK, darker=not dark) or values["accent"]
    bright = nearest(accent, lambda one: ratio(one, values["poster"]) >= MARK, darker=False) or values["poster-2"]
    soft = tint(accent, 0.28 if dark else 0.95, 0.4, 0.04)
    made = {"accent": seen, "accent-soft": soft, "poster-2": bright, "requis-edge": seen}
    if "bar-on-mark" in values:
        on_bar = nearest(accent, lambda one: ratio(one, values["bar"]) >= MARK, darker=False)
        made["bar-on-mark"] = on_bar or values["bar-on-mark"]
    return made


def _on(colour: str, grounds: Iterable[str]) -> float:
    """Its contrast where it is least."""
    return min(ratio(colour, one) for one in grounds)


def _hued(own: str, main: str) -> str:
    """The theme's lightness, the brand's hue, and no more colour than either has."""
    light, chroma, _hue = oklch(own)
    _light, most, hue = oklch(main)
    return from_oklch(light, min(max(chroma, 0.03), most), hue)
