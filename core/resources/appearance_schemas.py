"""How the API shows and takes what a cabinet wears."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

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


class AppearanceOut(Given):
    """What the cabinet wears; a colour or layout that is null is the theme's."""

    theme = schemas.string()
    main = schemas.string(_l("Couleur principale, #rrggbb"), null=True)
    accent = schemas.string(_l("Couleur d'accent, #rrggbb"), null=True)
    layout = schemas.string(_l("Disposition des états"), null=True, codes=LAYOUTS)
    foot = schemas.string(_l("Pied de page des états"))
    legal = schemas.string(_l("Mentions légales des états"))
    themes = schemas.many(ThemeOut, _l("Les thèmes installés"))


class AppearancePatch(Taken):
    """What changes."""

    theme = schemas.ask_text(_l("Nom du thème"), 40)
    main = Colour(allow_none=True, metadata={"label": _l("Couleur principale, #rrggbb ; null : celle du thème")})
    accent = Colour(allow_none=True, metadata={"label": _l("Couleur d'accent, #rrggbb ; null : celle du thème")})
    layout = schemas.ask_code(_l("Disposition des états ; null : celle du thème"), LAYOUTS, null=True)
    foot = schemas.ask_text(_l("Pied de page des états"), 300, lines=True)
    legal = schemas.ask_text(_l("Mentions légales des états"), 900, lines=True)
