"""Pages under /p/conformite: each subject has its module, which registers its own routes."""

from __future__ import annotations

from flask import Blueprint

from core.api.web import blueprint
from plugins.conformite import profile_views
from plugins.conformite import situation_views
from plugins.conformite import step_views
from plugins.conformite.papers import template_views
from plugins.conformite.papers import views as paper_views


def pages() -> Blueprint:
    """A new blueprint: one for each application."""
    made = blueprint("conformite", __name__)
    profile_views.register(made)
    step_views.register(made)
    situation_views.register(made)
    paper_views.register(made)
    template_views.register(made)
    return made
