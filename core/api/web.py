"""Pages of a plugin: its blueprint, who may come in, the request's session and context. Since 1.0."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from flask import Blueprint
from flask import Response

from core.hooks.types import Adviser
from core.shell.addresses import address
from core.shell.addresses import reached
from core.shell.gate import current_context
from core.shell.gate import hub
from core.shell.gate import own_context
from core.shell.reading import also as also_reads
from core.web.attached import attach
from core.web.policy import F
from core.web.policy import policy
from core.web.request import db_session

__all__ = [
    "address", "adviser", "also_reads", "attach", "blueprint", "current_context", "db_session", "hub", "own_context",
    "permission", "reached", "signed_in",
]  # fmt: skip


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


def permission(name: str) -> Callable[[F], F]:
    """The view asks for a signed-in person who holds this permission."""
    return policy("permission", name)


def signed_in(view: F) -> F:
    """The view asks for a signed-in person."""
    return policy("session")(view)


def adviser() -> Adviser:
    """The signed-in person."""
    found = current_context().principal
    assert found is not None, "the gate lets nobody in without a principal"
    return found
