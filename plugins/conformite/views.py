"""Pages under /p/conformite: each subject has its module, which registers its own routes."""

from __future__ import annotations

from flask import Blueprint

from core.api.web import blueprint
from plugins.conformite import profile_views
from plugins.conformite import situation_views
from plugins.conformite import step_views
from plugins.conformite.projects import allocation_views
from plugins.conformite.projects import edit_views
from plugins.conformite.projects import views as project_views


def pages() -> Blueprint:
    """A new blueprint: one for each application."""
    made = blueprint("conformite", __name__)
    profile_views.register(made)
    step_views.register(made)
    situation_views.register(made)
    project_views.register(made)
    edit_views.register(made)
    allocation_views.register(made)
    return made
