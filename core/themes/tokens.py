"""The tokens of a theme: their names, what each is for, what its value may be. docs/themes.md is held to this table by a test."""

from __future__ import annotations

import re

_MODULES = ("accueil", "pilotage", "fil", "agenda", "contacts", "requetes", "outils", "portefeuille", "conformite", "plugin")
_STATES = ("success", "warning", "danger", "info", "neutral")

#: Colours, each in light and in dark: group → name → what it is for.
COLOURS: dict[str, dict[str, str]] = {
    "Grounds and lines": {
        "canvas": "the page", "surface": "cards, menus, fields", "surface-2": "heads of tables, rows under the pointer",
        "surface-3": "secondary buttons under the pointer, counters", "overlay": "what darkens the page behind a dialog",
        "line": "edges of cards and rows", "line-strong": "edges that must be seen", "control": "edges of fields and boxes",
        "skeleton": "what stands for text that loads", "skeleton-2": "the same, at its lightest",
    },
    "Text": {
        "text": "text and figures", "text-2": "secondary text, labels", "text-3": "placeholders, icons",
        "text-off": "what cannot be used", "link": "links", "focus": "the ring around what has the focus",
        "select": "the ground of what is chosen",
    },
    "Brand": {
        "brand": "primary buttons, what is on", "brand-hover": "the same under the pointer", "brand-press": "the same, pressed",
        "brand-ink": "text on it", "brand-soft": "its pale ground", "brand-soft-2": "the same, stronger",
        "brand-text": "text in the brand's colour", "accent": "the arc of the mark, edges that are noticed",
        "accent-soft": "its pale ground",
    },
    "Bar of modules": {
        "bar": "its ground", "bar-line": "its lower edge", "bar-text": "names of modules, tools",
        "bar-strong": "the same under the pointer", "bar-hover": "the ground under the pointer",
        "bar-mark": "the ring of the mark",
    },
    "States": {
        name: text
        for state in _STATES
        for name, text in {
            state: f"text that says «{state}»", f"{state}-soft": "its ground", f"{state}-line": "its edge",
            f"{state}-mark": "its icon or point",
        }.items()
    },
    "Mandatory fields": {"requis": "their ground", "requis-edge": "the edge at their left"},
    "Modules": {
        name: text
        for module in _MODULES
        for name, text in {
            f"module-{module}": "its name and mark where one stands in it", f"module-{module}-soft": "the ground of its name",
        }.items()
    },
    "Charts": {
        **{f"chart-{place}": f"share or curve number {place}" for place in range(1, 9)},
        "chart-grid": "lines of the grid", "chart-axis": "axes", "chart-label": "figures at the axes",
        "chart-area": "under a curve",
    },
    "Sign-in panel": {
        "poster": "its ground", "poster-text": "its claim", "poster-text-2": "its sentence", "poster-1": "drawing",
        "poster-2": "drawing, accent", "poster-3": "drawing, quiet",
    },
}  # fmt: skip

#: Colours that a theme may leave out: the bar then takes the colour of the module.
OPTIONAL: dict[str, str] = {
    "bar-on": "the ground of the module where one stands, instead of the module's own",
    "bar-on-text": "its name", "bar-on-mark": "the line under it",
}  # fmt: skip

SHADOWS: dict[str, str] = {"shadow-1": "cards", "shadow-2": "menus", "shadow-3": "dialogs"}

#: Lengths: name → (least, most) in pixels, what for. In px or rem (of 16 px).
LENGTHS: dict[str, tuple[float, float, str]] = {
    "fs-xs": (11, 14, "meta, badges, heads of tables"), "lh-xs": (14, 20, "its line"),
    "fs-sm": (12, 16, "tables, menus"), "lh-sm": (18, 24, "its line"),
    "fs-md": (13, 17, "text, controls"), "lh-md": (18, 26, "its line"),
    "fs-lg": (15, 20, "titles of cards"), "lh-lg": (20, 30, "its line"),
    "fs-xl": (18, 30, "the page's title"), "lh-xl": (24, 40, "its line"),
    "fs-2xl": (22, 36, "key figures"), "lh-2xl": (28, 46, "its line"),
    "fs-3xl": (28, 48, "the sign-in's claim"), "lh-3xl": (34, 60, "its line"),
    "r-1": (0, 12, "corners of badges"), "r-2": (0, 16, "corners of buttons and fields"), "r-3": (0, 28, "corners of cards"),
    "bar-h": (48, 72, "height of the bar"),
}  # fmt: skip

#: Lengths that each density has its own of.
DENSITY: dict[str, tuple[float, float, str]] = {
    "row-y": (3, 18, "above and below a table's text"), "cell-x": (6, 20, "beside it"),
    "ctl-h": (28, 48, "height of buttons and fields"), "panel-pad": (10, 32, "inside cards"),
}  # fmt: skip

WEIGHTS: dict[str, str] = {"fw-head": "weight of titles: 500, 600 or 700"}

#: Faces by the word that a theme writes: nothing is fetched, one is bundled, the others are the system's.
FONTS: dict[str, str] = {
    "inter": '"Inter Encours", "Inter", "Segoe UI", system-ui, -apple-system, "Helvetica Neue", Arial, sans-serif',
    "system": 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
    "serif": 'Charter, "Bitstream Charter", "Iowan Old Style", "Palatino Linotype", Palatino, Georgia, serif',
}

COLOUR_NAMES: frozenset[str] = frozenset(name for group in COLOURS.values() for name in group)
_COLOUR = re.compile(r"#[0-9a-f]{6}([0-9a-f]{2})?")
_LENGTH = re.compile(r"(\d{0,3}(?:\.\d{1,6})?)(px|rem)")
_LAYER = re.compile(r"(?:inset )?(?:-?\d{1,3}(?:px)? ){2,4}#[0-9a-f]{6}(?:[0-9a-f]{2})?")
_CLEAR = frozenset(("overlay",))


def fault(name: str, value: object) -> str | None:
    """What is wrong with a token's value, in French, or None."""
    text = value if isinstance(value, str) else str(value)
    if name in COLOUR_NAMES or name in OPTIONAL:
        if not isinstance(value, str) or not _COLOUR.fullmatch(text) or (len(text) == 9 and name not in _CLEAR):
            return f"«{text[:60]}» n'est pas une couleur de la forme #rrvvbb, en minuscules"
    elif name in SHADOWS:
        if text != "none" and not all(_LAYER.fullmatch(layer) for layer in text.split(", ")):
            return f"«{text[:60]}» n'est pas une ombre : «0 1px 2px #rrvvbbaa», ou none"
    elif name in WEIGHTS:
        if text not in ("500", "600", "700"):
            return f"«{text[:60]}» n'est pas une graisse : 500, 600 ou 700"
    else:
        least, most, _what = {**LENGTHS, **DENSITY}[name]
        size = pixels(text)
        if size is None:
            return f"«{text[:60]}» n'est pas une longueur en px ou rem"
        if not least <= size <= most:
            return f"{text} sort des bornes : de {least:g} à {most:g} px"
    return None


def pixels(text: str) -> float | None:
    """A length in pixels; None for what is none."""
    found = _LENGTH.fullmatch(text)
    if found is None or not found.group(1):
        return None
    return float(found.group(1)) * (16 if found.group(2) == "rem" else 1)
