"""Statements on paper: the cabinet's logo, its foot and legal notice, in its theme's colours and layout (PL-06, PF-02).

What stands inside is whoever asks' own; around it, the theme may bring its own head and foot (`core.themes.pieces`).
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace
from functools import cache
from functools import partial
from pathlib import Path

from jinja2 import Environment
from jinja2 import FileSystemLoader
from jinja2 import StrictUndefined
from markupsafe import Markup

from core import pdf
from core.cabinets import brand
from core.cabinets import services
from core.db.session import TenantSession
from core.themes import Theme
from core.themes import Themes
from core.themes import pieces
from core.themes.brand import Brand
from core.themes.brand import dressed

_TEMPLATES = Path(__file__).resolve().parents[1] / "templates" / "statement"


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What a cabinet's statements look like. `logo`: a `data:` address, or «»."""

    cabinet: str
    details: str
    theme: Theme
    brand: Brand
    layout: str
    foot: str
    legal: str
    logo: str

    def tried(self, *, layout: str | None, foot: str, legal: str) -> Letterhead:
        """The same with what is typed and not kept yet."""
        return replace(self, layout=layout or self.theme.statement, foot=foot, legal=legal)


def of(session: TenantSession, themes: Themes) -> Letterhead:
    """That of the session's cabinet."""
    cabinet = services.cabinet_of(session)
    worn = brand.worn(cabinet.brand)
    theme = themes.of(worn.theme)
    return Letterhead(
        cabinet.name, _details(cabinet.address, cabinet.siren, cabinet.orias), theme, Brand(worn.main, worn.accent),
        worn.layout or theme.statement, worn.foot, worn.legal, logo(session),
    )  # fmt: skip


def page(head: Letterhead, *, title: str, on: str, body: Markup) -> str:
    """The whole HTML of a statement. `on`: the day it is of, as people read it. Its classes: docs/themes.md."""
    embedded = partial(pieces.embedded, head.theme)
    given = {"cabinet": head.cabinet, "layout": head.layout}
    own_head = pieces.shown(head.theme, "statement_head.html", {**given, "title": title, "on": on, "logo": head.logo}, embedded)
    own_foot = pieces.shown(head.theme, "statement_foot.html", {**given, "foot": head.foot, "legal": head.legal}, embedded)
    css = pdf.font_face() + _environment().get_template("statement.css").render(
        colours=colours(head), radius=head.theme.scale["r-3"]
    )
    return _environment().get_template("page.html").render(
        head=head, title=title, on=on, body=body, css=Markup(css), own_head=own_head, own_foot=own_foot  # noqa: S704 - ours
    )  # fmt: skip


def colours(head: Letterhead) -> Mapping[str, str]:
    """The colours of a cabinet's statements by their tokens' names: light ones, with its brand."""
    return dressed(head.theme, "light", head.brand)


def _details(address: str | None, siren: str | None, orias: str | None) -> str:
    said = (address, f"SIREN {siren}" if siren else None, f"ORIAS {orias}" if orias else None)
    return " · ".join(filter(None, said))


def logo(session: TenantSession) -> str:
    """The session's cabinet's logo for white paper, as a `data:` address; «» where it has none."""
    worn = brand.of(session)
    kept = brand.logo(session, worn.light[0]) if worn.light else None
    return f"data:image/png;base64,{base64.b64encode(kept).decode()}" if kept else ""


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined)
