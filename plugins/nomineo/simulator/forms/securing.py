"""Option de sécurisation: gains above a threshold go to the euro fund. An act that platforms do not know."""

from __future__ import annotations

from .base import Block
from .base import Context
from .base import Entry
from .base import Field
from .base import FormErrors
from .base import Initial
from .base import Typed
from .fields import checked
from .fields import choice

_THRESHOLDS = tuple((str(n), f"{n} % de plus-value") for n in (5, 10, 15, 20))
_PERIODS = (("monthly", "Chaque mois"), ("quarterly", "Chaque trimestre"))
_EURO = "Fonds euro Generali Vie"


class SecuringForm:
    """A threshold and a periodicity, for all unit-linked supports."""

    def title(self, context: Context) -> str:
        return ""

    def blocks(self, context: Context) -> list[Block]:
        return [
            Field("threshold", "Seuil de déclenchement", "select", "Sur chaque unité de compte du contrat.",
                  _THRESHOLDS),
            Field("periodicity", "Contrôle du seuil", "select", options=_PERIODS),
            Field("accept", f"Les plus-values sécurisées vont vers le support «\u202f{_EURO}\u202f».", "check"),
        ]  # fmt: skip

    def initial(self, context: Context) -> Initial:
        return Initial()

    def parse(self, typed: Typed, context: Context) -> Entry:
        errors: dict[str, str] = {}
        threshold = choice(typed, "threshold", _THRESHOLDS, errors)
        period = choice(typed, "periodicity", _PERIODS, errors)
        checked(typed, "accept", errors, "Confirmez le support de sécurisation.")
        if errors or threshold is None or period is None:
            raise FormErrors(errors)
        return Entry(
            amount=None,
            instructions=None,
            summary=(("Seuil", threshold), ("Contrôle", period), ("Support de sécurisation", _EURO)),
            effects={"fields": {"secured": 1}},
        )
