"""Contrast, and what follows from a cabinet's colours (PL-06)."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from core.themes import Themes
from core.themes import colours
from core.themes import tokens
from core.themes.brand import Brand
from core.themes.brand import checks
from core.themes.brand import dressed
from core.themes.brand import known
from core.themes.brand import offered
from core.themes.contrast import MODES
from core.themes.contrast import judge


@pytest.fixture(scope="module")
def themes() -> Themes:
    found = Themes()
    found.discover()
    return found


def test_contrast_is_that_of_the_standard() -> None:
    """WCAG 2.2: known pairs, to the second decimal."""
    for one, other, asked in (("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48), ("#0000ff", "#ffffff", 8.59)):
        assert round(colours.ratio(one, other), 2) == asked
        assert colours.ratio(one, other) == colours.ratio(other, one)


def test_a_colour_survives_the_way_there_and_back() -> None:
    """OKLCH: known values of red; every grey and a hundred colours come back as they went."""
    light, chroma, hue = colours.oklch("#ff0000")
    assert (round(light, 3), round(chroma, 3), round(hue, 3)) == (0.628, 0.258, 0.510)
    chosen = random.Random(3)  # noqa: S311 - colours, not secrets
    greys = [f"#{value:02x}{value:02x}{value:02x}" for value in range(0, 256, 17)]
    for one in (*greys, *(f"#{chosen.randrange(1 << 24):06x}" for _ in range(100))):
        assert colours.from_oklch(*colours.oklch(one)) == one


def test_any_brand_over_any_theme_keeps_every_pair(themes: Themes) -> None:
    """PL-06: whatever a cabinet chooses, no pair of the style guide fails, in light or in dark; its colour is its colour."""
    chosen = random.Random(11)  # noqa: S311
    for theme in themes.listed():
        for _turn in range(25):
            main, accent = (f"#{chosen.randrange(1 << 24):06x}" for _ in range(2))
            good = [offered(theme, role, one) for role, one in (("main", main), ("accent", accent))]
            for role, one in zip(("main", "accent"), good, strict=True):
                assert one is not None
                assert all(check.ok for check in checks(theme, role, one)), (theme.name, role, main, one)
            for mode in MODES:
                values = dressed(theme, mode, Brand(*good))
                assert not judge(mode, values), (theme.name, mode, good, judge(mode, values)[0].said)
                assert all(tokens.fault(name, value) is None for name, value in values.items())
            assert dressed(theme, "light", Brand(*good))["brand"] == good[0]


def test_a_colour_that_passes_is_offered_as_it_is(themes: Themes) -> None:
    """PL-06: nothing is moved that need not be; what is moved keeps its hue."""
    theme = themes.of("default")
    assert offered(theme, "main", "#10566a") == "#10566a"
    near = offered(theme, "main", "#ffd400")
    assert near is not None
    assert abs(colours.oklch(near)[2] - colours.oklch("#ffd400")[2]) < 0.08


def test_colours_are_read_as_people_write_them() -> None:
    """PL-06."""
    assert [known(text) for text in ("10566A", " #abc ", "#10 56 6a", "rouge", "#12345", "", "#1056 6")] == [
        "#10566a", "#aabbcc", "#10566a", None, None, None, None,
    ]  # fmt: skip


def test_every_token_that_the_pages_use_is_one_of_a_theme_or_of_ours() -> None:
    """PL-06: a sheet names no token that nobody gives; a theme has none that no page uses."""
    sheets = [path.read_text("utf-8") for path in Path("core/static/css").glob("*.css")]
    used = set(re.findall(r"var\(--([a-z0-9-]+)", "\n".join(sheets)))
    ours = set(re.findall(r"--([a-z0-9-]+):", "\n".join(sheets)))
    theirs = tokens.COLOUR_NAMES | set(tokens.OPTIONAL) | set(tokens.SHADOWS) | set(tokens.LENGTHS) | set(tokens.DENSITY)
    theirs |= set(tokens.WEIGHTS) | {"font", "font-head"}
    dressed_elsewhere = {"print-foot", "toast-life"}  # set by scripts
    assert {name for name in used if not name.startswith("tblr-")} - ours - theirs - dressed_elsewhere == set()
    charts = Path("core/web/chart_specs.py").read_text("utf-8")
    elsewhere = "\n".join([*sheets, charts, *(path.read_text("utf-8") for path in Path("core/templates").rglob("*.html"))])
    idle = {name for name in theirs if f"--{name}" not in elsewhere and not name.startswith("chart-")}
    assert idle <= {"accent-soft", "bar-line"}, idle
