"""Which colours meet on our pages, and how well each pair is told apart: computed, of every theme, in light and in dark."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.themes.colours import MARK
from core.themes.colours import TEXT
from core.themes.colours import ratio

_GROUNDS = ("canvas", "surface", "surface-2")
_STATES = ("success", "warning", "danger", "info", "neutral")
_MODULES = ("accueil", "pilotage", "fil", "agenda", "contacts", "requetes", "outils", "portefeuille", "conformite", "plugin")

#: (what is seen, what it lies on, the contrast asked): the pairs of the style guide.
PAIRS: tuple[tuple[str, str, float], ...] = (
    *((text, ground, TEXT) for text in ("text", "text-2") for ground in (*_GROUNDS, "surface-3", "select")),
    *(("text-3", ground, TEXT) for ground in _GROUNDS),
    *(("text-off", ground, TEXT) for ground in ("surface", "surface-2")),
    *(("link", ground, TEXT) for ground in (*_GROUNDS, "select")),
    *(("brand-text", ground, TEXT) for ground in (*_GROUNDS, "brand-soft", "brand-soft-2", "select")),
    *(("brand-ink", ground, TEXT) for ground in ("brand", "brand-hover", "brand-press")),
    *((state, ground, TEXT) for state in _STATES for ground in (f"{state}-soft", "surface")),
    *(("danger", ground, TEXT) for ground in ("canvas", "select", "requis")),
    *(("success", ground, TEXT) for ground in ("select",)),
    *(("text", ground, TEXT) for ground in ("requis", *(f"{state}-soft" for state in _STATES))),
    *(("text-2", ground, TEXT) for ground in ("requis", "info-soft", "warning-soft")),
    *((f"module-{one}", ground, TEXT) for one in _MODULES for ground in (f"module-{one}-soft", "surface")),
    *((text, "bar", TEXT) for text in ("bar-text", "bar-strong")),
    ("bar-strong", "bar-hover", TEXT),
    ("bar-on-text", "bar-on", TEXT), ("bar-on-mark", "bar", MARK), ("bar-mark", "bar", MARK),
    ("poster-text", "poster", TEXT), ("poster-text-2", "poster", TEXT),
    ("chart-label", "surface", TEXT), *((f"chart-{place}", "surface", MARK) for place in range(1, 9)),
    *(("focus", ground, MARK) for ground in (*_GROUNDS, "bar")),
    *(("control", ground, MARK) for ground in ("surface", "surface-2")),
    *(("brand", ground, MARK) for ground in _GROUNDS), ("accent", "surface", MARK), ("requis-edge", "surface", MARK),
    *((f"{state}-mark", "surface", MARK) for state in _STATES),
)  # fmt: skip
MODES = {"light": "clair", "dark": "sombre"}


@dataclass(frozen=True, slots=True)
class Failure:
    """A pair that cannot be told apart well enough. `found` and `asked` are contrasts, 1 to 21."""

    mode: str
    seen: str
    ground: str
    found: float
    asked: float

    @property
    def said(self) -> str:
        """«sombre : link sur surface, 3,1 au lieu de 4,5»."""
        return f"{MODES[self.mode]} : {self.seen} sur {self.ground}, {_said(self.found)} au lieu de {_said(self.asked)}"


def judge(mode: str, colours: Mapping[str, str]) -> tuple[Failure, ...]:
    """The pairs that fail among those whose two colours there are, the worst first."""
    failed = [
        Failure(mode, seen, ground, found, asked)
        for seen, ground, asked in PAIRS
        if seen in colours and ground in colours and (found := ratio(colours[seen], colours[ground])) < asked
    ]
    return tuple(sorted(failed, key=lambda one: one.found / one.asked))


def _said(value: float) -> str:
    # downwards: 4,49 must not be said to be 4,5
    return f"{int(value * 100) / 100:.2f}".rstrip("0").rstrip(".").replace(".", ",")
