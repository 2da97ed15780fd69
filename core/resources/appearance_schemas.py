"""How the API shows and takes what a cabinet wears."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from core.admin.appearance import RULE
from core.admin.appearance import Colour
from core.rest import schemas
from core.rest.schemas import Given
from core.rest.schemas import Taken

LAYOUTS = ("left", "centre")


class ThemeOut(Given):
    """A theme of the installation."""

    name = schemas.string()
    title = schemas.string()
    version = schemas.string()


class LogoOut(Given):
    """A logo that is worn, as it is drawn for paper."""

    width = schemas.whole(_l("Pixels"))
    height = schemas.whole(_l("Pixels"))


class LogoIn(Taken):
    """A logo that is sent."""

    file = schemas.ask_file(_l("L'image"), RULE, missing=_l("Joignez une image, en SVG, en PNG ou en JPEG."))


class AppearanceOut(Given):
    """What the cabinet wears; a colour or layout that is null is the theme's."""

    theme = schemas.string()
    main = schemas.string(_l("Couleur principale, #rrggbb"), null=True)
    accent = schemas.string(_l("Couleur d'accent, #rrggbb"), null=True)
    logo_light = schemas.one(LogoOut, _l("Le logo sur fond clair, et sur les états"), null=True)
    logo_dark = schemas.one(LogoOut, _l("Le logo sur fond sombre"), null=True)
    layout = schemas.string(_l("Disposition des états"), null=True, codes=LAYOUTS)
    foot = schemas.string(_l("Pied de page des états"))
    legal = schemas.string(_l("Mentions légales des états"))
    themes = schemas.many(ThemeOut, _l("Les thèmes installés"))


class AppearancePatch(Taken):
    """What changes."""

    theme = schemas.ask_text(_l("Nom du thème"), 40)
    main = Colour(allow_none=True, metadata={"label": _l("Couleur principale, #rrggbb\u202f; null\u202f: celle du thème")})
    accent = Colour(allow_none=True, metadata={"label": _l("Couleur d'accent, #rrggbb\u202f; null\u202f: celle du thème")})
    layout = schemas.ask_code(_l("Disposition des états\u202f; null\u202f: celle du thème"), LAYOUTS, null=True)
    foot = schemas.ask_text(_l("Pied de page des états"), 300, lines=True)
    legal = schemas.ask_text(_l("Mentions légales des états"), 900, lines=True)
