"""Pages under /p/ged: each subject has its module, which registers its own routes."""

from __future__ import annotations

from flask import Blueprint

from core.api.web import blueprint
from plugins.ged import category_views
from plugins.ged import edit_views
from plugins.ged import internal_views
from plugins.ged import list_views
from plugins.ged import search_views
from plugins.ged import shelf_views


def pages() -> Blueprint:
    """A new blueprint: one for each application."""
    made = blueprint("ged", __name__)
    list_views.register(made)
    edit_views.register(made)
    search_views.register(made)
    internal_views.register(made)
    shelf_views.register(made)
    category_views.register(made)
    return made
