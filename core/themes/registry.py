"""Which themes are installed, which are refused and why. Loading one never stops the others, nor the application."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from dataclasses import replace
from importlib.metadata import EntryPoint
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

from core.themes import folder
from core.themes import manifest
from core.themes import pieces
from core.themes.manifest import Theme
from core.themes.manifest import ThemeError

GROUP = "encours.themes"
#: The theme of core: what others leave out is its, and it stands where the chosen one is missing.
DEFAULT = "default"
_HOME = Path(__file__).resolve().parents[2] / "themes" / DEFAULT
_OURS = "encours"
_log = logging.getLogger("encours.themes")


@dataclass(frozen=True, slots=True)
class Broken:
    """A theme that is not taken, and why, in French."""

    name: str
    text: str


class Themes:
    """The themes of this installation."""

    def __init__(self) -> None:
        self.installed: dict[str, Theme] = {DEFAULT: load(DEFAULT, _HOME, None)}
        self.broken: list[Broken] = []

    def discover(self) -> None:
        """Load every entry point of the group; of two of one name, ours."""
        for entry in sorted(entry_points(group=GROUP), key=_turn):
            if entry.name == DEFAULT and _distribution(entry) == _OURS:
                continue
            try:
                if entry.name in self.installed:
                    raise ThemeError(f"un autre thème porte déjà ce nom ; désinstallez «{_distribution(entry)}»")
                root = _root(entry)
                if root is not None:
                    self.installed[entry.name] = load(entry.name, root, self.installed[DEFAULT])
            except ThemeError as error:
                self._reject(entry.name, str(error))
            except Exception as error:  # whatever a third party's folder holds, the application is up
                self._reject(entry.name, f"{type(error).__name__} : {error}")

    def of(self, name: str | None) -> Theme:
        """The theme of this name; core's own where there is none."""
        return self.installed.get(name or DEFAULT) or self.installed[DEFAULT]

    def listed(self) -> list[Theme]:
        """All, ours first."""
        return sorted(self.installed.values(), key=lambda one: (one.name != DEFAULT, one.title.casefold(), one.name))

    def _reject(self, name: str, text: str) -> None:
        _log.error("theme %s is refused: %s", name, text, extra={"fields": {"theme": name}})
        self.broken.append(Broken(name, text))


def load(name: str, root: Path, base: Theme | None) -> Theme:
    """A theme from its folder, all of it checked. Raises `ThemeError`."""
    folder.check(root)
    theme = manifest.read(name, root, base)
    return replace(theme, pieces=pieces.check(theme))


def _root(entry: EntryPoint) -> Path | None:
    """The folder that an entry point names, without running anything of it; None for a bundled one that was taken away."""
    try:
        spec = find_spec(entry.module)
    except (ImportError, ValueError) as error:
        raise ThemeError(f"module introuvable : {entry.module}") from error
    places = list(spec.submodule_search_locations or []) if spec is not None else []
    if not places:
        if _distribution(entry) == _OURS:
            return None
        raise ThemeError(f"module introuvable : {entry.module}")
    return Path(places[0])


def _turn(entry: EntryPoint) -> tuple[str, bool, str]:
    return entry.name, _distribution(entry) != _OURS, _distribution(entry)


def _distribution(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist is not None else ""
