"""Pages under /p/patrimoine: each subject has its module, which registers its own routes."""

from __future__ import annotations

from flask import Blueprint

from core.api.web import blueprint
from plugins.patrimoine import asset_edit_views
from plugins.patrimoine import asset_views
from plugins.patrimoine import balance_views
from plugins.patrimoine import budget_edit_views
from plugins.patrimoine import budget_views
from plugins.patrimoine import debt_edit_views
from plugins.patrimoine import debt_views
from plugins.patrimoine import item_views
from plugins.patrimoine import loan_edit_views
from plugins.patrimoine import loan_views
from plugins.patrimoine import pledge_views


def pages() -> Blueprint:
    """A new blueprint: one for each application."""
    made = blueprint("patrimoine", __name__)
    asset_views.register(made)
    asset_edit_views.register(made)
    debt_views.register(made)
    debt_edit_views.register(made)
    item_views.register(made)
    balance_views.register(made)
    loan_views.register(made)
    loan_edit_views.register(made)
    pledge_views.register(made)
    budget_views.register(made)
    budget_edit_views.register(made)
    return made
