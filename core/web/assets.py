"""Static files under content hashes, cached for ever. One hash for a whole tree: relative imports go on working."""

from __future__ import annotations

import hashlib
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

from core.web.policy import policy

STATIC = Path(__file__).parent.parent / "static"
THEMES = Path(__file__).parent.parent.parent / "themes"


@cache
def tree_hash(root: Path) -> str:
    """A short hash of all files below a folder, by name and content."""
    digest = hashlib.sha256()
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        digest.update(str(path.relative_to(root)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def theme_root(name: str) -> Path:
    """A theme's static folder."""
    return THEMES / name / "static"


def install(app: Flask) -> None:
    """The routes of static files and the template functions that name them."""

    @app.get("/static/<version>/<path:path>", endpoint="static_files")
    @policy("public")
    def static_files(version: str, path: str) -> Response:
        return _send(STATIC, version, path)

    @app.get("/theme/<name>/<version>/<path:path>", endpoint="theme_files")
    @policy("public")
    def theme_files(name: str, version: str, path: str) -> Response:
        if not (THEMES / name).is_dir() or THEMES not in (THEMES / name).resolve().parents:
            abort(404)
        return _send(theme_root(name), version, path)

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

    @app.template_global()
    def theme_asset(path: str) -> str:
        return url_for("theme_files", name="default", version=tree_hash(theme_root("default")), path=path)


def _send(root: Path, version: str, path: str) -> Response:
    # An old page may ask for an old hash: it gets today's file, but must not keep it.
    response = send_from_directory(root, path, max_age=31536000 if version == tree_hash(root) else 0)
    response.cache_control.public = True
    if version == tree_hash(root):
        response.cache_control.immutable = True
    return response
