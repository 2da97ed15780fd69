"""The cabinet's model portfolios that suit a profile, as the modules that keep some say them (CO-03)."""

from __future__ import annotations

from core.api import Plugin
from core.api.types import ModelOffer
from core.api.web import current_context
from core.api.web import hub
from plugins.conformite.projects.holding import Beside


def offers(found: Beside) -> tuple[list[ModelOffer], list[str]]:
    """The models of the level, and which modules could not say theirs. Nothing without a profile or an account."""
    if found.profile is None or not found.accounts:
        return [], []
    collected = hub().collect(Plugin.model_portfolios, current_context(), found.accounts, found.profile.level)
    return [one.item for one in collected.items], [failure.text for failure in collected.failures]
