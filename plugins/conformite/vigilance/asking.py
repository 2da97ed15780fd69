"""What requests can ask of vigilance: level, date, review, validation (CO-05, RQ-01)."""

from __future__ import annotations

from functools import cache

from core.api.types import QueryField
from plugins.conformite.vigilance import assessments
from plugins.conformite.vigilance import cartography
from plugins.conformite.vigilance import current
from plugins.conformite.vigilance import ruleset

_GROUP = "Vigilance (LCB-FT)"
_VIEW = "contacts.view"


@cache
def fields() -> tuple[QueryField, ...]:
    """All of them."""
    levels = (*ruleset.LEVELS.items(), (current.NEVER, "Jamais évaluée"))
    return (
        QueryField(cartography.LEVEL, "contacts", "choice", "Niveau de vigilance", current.level(), _GROUP, levels, _VIEW),
        QueryField(
            cartography.ASSESSED, "contacts", "date", "Vigilance évaluée le", current.column("assessed_on"), _GROUP,
            permission=_VIEW,
        ),
        QueryField(
            cartography.REVIEW, "contacts", "date", "Vigilance à revoir le", current.column("review_on"), _GROUP,
            permission=_VIEW,
        ),
        QueryField(
            cartography.VALIDATION, "contacts", "choice", "Validation de la vigilance", current.validation(), _GROUP,
            tuple(assessments.VALIDATIONS.items()), _VIEW,
        ),
    )  # fmt: skip
