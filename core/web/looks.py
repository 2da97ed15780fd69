"""How the pages of a request look: theme, brand, logos. Who they are for is the shell's to say (`core.shell.look`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from functools import partial

from flask import Flask
from flask import current_app
from flask import g
from flask import has_app_context
from flask import has_request_context
from flask import url_for
from markupsafe import Markup

from core.themes import Theme
from core.themes import Themes
from core.themes import pieces
from core.themes import sheet
from core.themes.brand import Brand

_KEY = "encours_themes"
PLAIN = Brand()


@dataclass(frozen=True, slots=True)
class Mark:
    """A logo as a page shows it, in pixels of the screen."""

    url: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Look:
    """`on_light`, `on_dark`: the cabinet's logo for such grounds; `name`: whose pages they are, where that is known."""

    theme: Theme
    brand: Brand = PLAIN
    name: str = ""
    on_light: Mark | None = None
    on_dark: Mark | None = None

    def mark(self, *, pale: bool) -> tuple[Mark | None, bool]:
        """The logo for a ground, and whether it needs a plate of its own there: it was made for the other."""
        wanted, other = (self.on_light, self.on_dark) if pale else (self.on_dark, self.on_light)
        return (wanted, False) if wanted is not None else (other, other is not None)

    @property
    def bar(self) -> tuple[tuple[str, Mark, bool], ...]:
        """What the bar shows: mode, logo, whether on a plate; empty without a logo."""
        found = ((mode, *self.mark(pale=self.theme.pale_bar(mode))) for mode in ("light", "dark"))
        return tuple((mode, mark, plate) for mode, mark, plate in found if mark is not None)

    @property
    def form(self) -> tuple[tuple[str, Mark, bool], ...]:
        """The same on a card."""
        found = ((mode, *self.mark(pale=mode == "light")) for mode in ("light", "dark"))
        return tuple((mode, mark, plate) for mode, mark, plate in found if mark is not None)

    @property
    def sheet(self) -> str:
        """The style sheet of the theme's tokens."""
        return address(self.theme, "tokens.css")

    @property
    def brand_sheet(self) -> str | None:
        """That of the cabinet's colours, where it has any."""
        return sheet_of("marque", self.theme, self.brand) if self.brand != PLAIN else None


def install(app: Flask, provider: Callable[[Themes], Look]) -> None:
    """Find the themes; `provider` says which one a request wears, and with what brand."""
    themes = Themes()
    themes.discover()
    app.extensions[_KEY] = themes

    @app.template_global()
    def look() -> Look:
        if "look" not in g:
            try:
                g.look = provider(themes)
            except Exception:  # an error page must show even where what dresses it is what fails
                app.logger.exception("the look could not be told")
                g.look = Look(themes.of(None))
        found: Look = g.look
        return found

    @app.template_global()
    def theme_piece(name: str, **values: str) -> Markup | None:
        theme = look().theme
        return pieces.shown(theme, name, values, partial(address, theme))


def themes() -> Themes:
    """The themes of this installation; read anew, once, where there is no application (a program of its own)."""
    if has_app_context():
        found: Themes = current_app.extensions[_KEY]
        return found
    return _alone()


@cache
def _alone() -> Themes:
    found = Themes()
    found.discover()
    return found


def worn() -> Theme | None:
    """The theme of the request at hand; None outside of one, or where nothing asked for it."""
    found: Look | None = g.get("look") if has_request_context() else None
    return found.theme if found is not None else None


def address(theme: Theme, file: str) -> str:
    """Where a sheet or a picture of a theme is."""
    return url_for("theme_files", name=theme.name, version=sheet.version(theme), path=file)


def sheet_of(kind: str, theme: Theme, brand: Brand) -> str:
    """The address of such a sheet."""
    return address(theme, brand_file(kind, brand))


def brand_file(kind: str, brand: Brand) -> str:
    """The name of a sheet that a brand makes: its colours are in it, so that one address is one content."""
    return f"{kind}-{(brand.main or 'none').lstrip('#')}-{(brand.accent or 'none').lstrip('#')}.css"

