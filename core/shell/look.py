"""Whose look a request has: that of the cabinet of whoever is signed in; before, of the cabinet last used in this browser."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint
from flask import Response
from flask import abort
from flask import g
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from itsdangerous import BadSignature
from itsdangerous import URLSafeSerializer
from sqlalchemy import select

from core import config
from core.cabinets import brand
from core.cabinets.brand import Worn
from core.cabinets.models import Cabinet
from core.extensions import db
from core.themes import Themes
from core.themes.brand import Brand
from core.web.looks import Look
from core.web.looks import Mark
from core.web.policy import policy

blueprint = Blueprint("look", __name__)
#: Names the cabinet last used here, signed: nobody finds out by trying which cabinets there are. It opens nothing.
COOKIE = "encours_look"
KEPT = timedelta(days=365)
#: Height of a logo in the bar and its greatest width, in pixels of the screen.
HEIGHT, WIDTH = 32, 168


def of_request(themes: Themes) -> Look:
    """The look of the request at hand."""
    if current_user.is_authenticated:
        return dressed(themes, current_user.brand, current_user.cabinet_slug, current_user.cabinet_name)
    slug = _remembered()
    if slug is None:
        return Look(themes.of(None))
    with db.session(None, write=False) as reader:
        found = reader.execute(select(Cabinet.name, Cabinet.brand).where(Cabinet.slug == slug)).first()
    return dressed(themes, brand.worn(found.brand), slug, found.name) if found is not None else Look(themes.of(None))


def dressed(themes: Themes, worn: Worn, slug: str, name: str) -> Look:
    """The look of a cabinet."""
    theme = themes.of(worn.theme)
    return Look(theme, Brand(worn.main, worn.accent), name, *(_mark(slug, getattr(worn, shade)) for shade in brand.SHADES))


@blueprint.get("/marque/<mark>")
@policy("public")
def logo(mark: str) -> ResponseReturnValue:
    """A cabinet's logo, for whoever was told its address: the sign-in page shows it too. `mark`: cabinet, a dot, the id."""
    slug, _dot, logo_id = mark.partition(".")
    with db.session(None, write=False) as reader:
        cabinet_id = reader.scalar(select(Cabinet.id).where(Cabinet.slug == slug))
    image = None
    if cabinet_id is not None:
        with db.session(cabinet_id, write=False) as reader:
            image = brand.screen_logo(reader, logo_id)
    if image is None:
        abort(404)
    answer = Response(image, mimetype="image/png" if image.startswith(b"\x89PNG") else "image/webp")
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer


@blueprint.after_app_request
def remember(response: Response) -> Response:
    """Name the cabinet in this browser, once, when a page of it is shown."""
    if response.mimetype != "text/html" or "look" not in g or not current_user.is_authenticated:
        return response
    slug = current_user.cabinet_slug
    if _remembered() != slug:
        settings = config.current()
        response.set_cookie(
            settings.cookie(COOKIE), _signer().dumps(slug), max_age=KEPT, httponly=True, samesite="Lax", secure=settings.secure,
            path="/",
        )  # fmt: skip
    return response


def _remembered() -> str | None:
    value = request.cookies.get(config.current().cookie(COOKIE), "")
    if not 0 < len(value) <= 200:
        return None
    try:
        found = _signer().loads(value)
    except BadSignature:
        return None
    return found if isinstance(found, str) else None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(config.current().secret_key, salt="look")


def _mark(slug: str, kept: tuple[str, int, int] | None) -> Mark | None:
    if kept is None:
        return None
    logo_id, width, height = kept
    scale = min(HEIGHT / height, WIDTH / width)
    return Mark(url_for("look.logo", mark=f"{slug}.{logo_id}"), round(width * scale), round(height * scale))
