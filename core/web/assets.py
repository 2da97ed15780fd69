"""Static files under content hashes, cached for ever. One hash for a whole tree: relative imports go on working."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask
from flask import Response
from flask import abort
from flask import request
from flask import send_from_directory
from flask import url_for

from core.themes import Theme
from core.themes import sheet
from core.themes.brand import Brand
from core.web import looks
from core.web.policy import policy

STATIC = Path(__file__).parent.parent / "static"
#: Sheets that are made of a theme and a brand: kind, main colour, accent (`looks.brand_file`).
_MADE = re.compile(r"(marque|apercu|essai)-([0-9a-f]{6}|none)-([0-9a-f]{6}|none)\.css")


@cache
def tree_hash(root: Path) -> str:
    """A short hash of all files below a folder, by name and content."""
    digest = hashlib.sha256()
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        digest.update(str(path.relative_to(root)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def install(app: Flask) -> None:
    """The routes of static files and the template functions that name them."""

    @app.get("/static/<version>/<path:path>", endpoint="static_files")
    @policy("public")
    def static_files(version: str, path: str) -> Response:
        return _send(STATIC, version, path)

    @app.get("/theme/<name>/<version>/<path:path>", endpoint="theme_files")
    @policy("public")
    def theme_files(name: str, version: str, path: str) -> Response:
        theme = looks.themes().installed.get(name)
        if theme is None:
            abort(404)
        if (made := _sheet(theme, path)) is not None:
            return _kept(Response(made, mimetype="text/css"), fresh=version == sheet.version(theme))
        answer = send_from_directory(theme.root / "static", path)
        return _kept(answer, fresh=version == sheet.version(theme))

    # A page names some eighty of them, most for its icons; where the application stands may differ between requests.
    @lru_cache(maxsize=512)
    def named(_root: str, path: str) -> str:
        return url_for("static_files", version=tree_hash(STATIC), path=path)

    @app.template_global()
    def asset(path: str) -> str:
        return named(request.environ.get("SCRIPT_NAME", ""), path)

    @lru_cache(maxsize=512)
    def bare(_root: str, endpoint: str) -> str:
        return url_for(endpoint)

    @app.template_global("url_for")
    def address(endpoint: str, **values: Any) -> str:
        """Flask's, made once for a page without arguments: the frame names some twenty of them."""
        if values or endpoint.startswith("."):
            return url_for(endpoint, **values)
        return bare(request.environ.get("SCRIPT_NAME", ""), endpoint)

    @lru_cache(maxsize=4096)
    def drawn(_root: str, name: str, size: str, extra: str) -> Any:
        module: Any = app.jinja_env.get_template("macros/icon.html").module
        return module.icon(name, size, extra)

    @app.template_global()
    def drawn_icon(name: str, size: str = "", extra: str = "") -> Any:
        return drawn(request.environ.get("SCRIPT_NAME", ""), name, size, extra)


def _sheet(theme: Theme, path: str) -> str | None:
    """A style sheet that we write; None for another name."""
    if path == "tokens.css":
        return sheet.tokens_sheet(theme)
    found = _MADE.fullmatch(path)
    if found is None:
        return None
    main, accent = (None if one == "none" else f"#{one}" for one in found.group(2, 3))
    brand = Brand(main, accent)
    if found.group(1) == "marque":
        return sheet.brand_sheet(theme, brand)
    place = "[data-brand-preview]" if found.group(1) == "essai" else f'[data-theme-preview="{theme.name}"]'
    return sheet.preview_sheet(theme, brand, place)


def _send(root: Path, version: str, path: str) -> Response:
    # An old page may ask for an old hash: it gets today's file, but must not keep it.
    return _kept(send_from_directory(root, path), fresh=version == tree_hash(root))


def _kept(response: Response, *, fresh: bool) -> Response:
    response.cache_control.no_cache = None
    response.cache_control.public = True
    response.cache_control.max_age = 31536000 if fresh else 0
    if fresh:
        response.cache_control.immutable = True
    return response
