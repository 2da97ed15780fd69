"""Pages under /p/conformite: each subject has its module, which registers its own routes."""

from __future__ import annotations

from flask import Blueprint

from core.api.web import blueprint
from plugins.conformite import profile_views
from plugins.conformite import situation_views
from plugins.conformite import step_views
from plugins.conformite.papers import template_views
from plugins.conformite.papers import views as paper_views
from plugins.conformite.projects import allocation_views
from plugins.conformite.projects import edit_views
from plugins.conformite.projects import views as project_views
from plugins.conformite.vigilance import client_views
from plugins.conformite.vigilance import list_views
from plugins.conformite.vigilance import map_views
from plugins.conformite.vigilance import operation_views
from plugins.conformite.vigilance import suspicion_views


def pages() -> Blueprint:
    """A new blueprint: one for each application."""
    made = blueprint("conformite", __name__)
    for one in (
        profile_views, step_views, situation_views, paper_views, template_views, project_views, edit_views, allocation_views,
        client_views, operation_views, map_views, list_views, suspicion_views,
    ):  # fmt: skip
        one.register(made)
    return made
