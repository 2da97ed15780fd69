"""A plugin's blueprint: its place, its templates, its static files behind the same gates as its pages."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint
from flask import Response

from core.web.policy import policy


class Pages(Blueprint):
    """A plugin's blueprint. Its static files are behind the same gates as its pages."""

    @policy("session")
    def send_static_file(self, filename: str) -> Response:
        """One of the plugin's static files."""
        return super().send_static_file(filename)


def blueprint(name: str, import_name: str) -> Blueprint:
    """The plugin's blueprint: under `/p/<name>`, behind the gates, templates in its own prefix.

    A folder `static` beside the module is served under `/p/<name>/static`, for cabinets that have the plugin on.
    """
    made = Pages(f"p_{name}", import_name, template_folder="templates")
    if (Path(made.root_path) / "static").is_dir():
        made.static_folder = "static"
    return made
