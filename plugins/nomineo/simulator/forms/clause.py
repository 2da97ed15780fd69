"""Clause bénéficiaire: who receives the savings at death."""

from __future__ import annotations

from . import fields
from .base import Block
from .base import Context
from .base import Entry
from .base import Field
from .base import FormErrors
from .base import Initial
from .base import Typed


class ClauseForm:
    """The whole new wording."""

    def title(self, context: Context) -> str:
        return ""

    def blocks(self, context: Context) -> list[Block]:
        return [
            Field("clause", "Nouvelle rédaction de la clause", "textarea",
                  "De 20 à 1 500 caractères. La rédaction en vigueur est proposée\u202f: modifiez-la."),
            Field("signed", "Le souscripteur a signé la demande de changement de clause.", "check"),
        ]  # fmt: skip

    def initial(self, context: Context) -> Initial:
        return Initial({"clause": context.contract.clause})

    def parse(self, typed: Typed, context: Context) -> Entry:
        errors: dict[str, str] = {}
        clause = fields.text(typed, "clause", errors, least=20, most=1500)
        if clause is not None and clause == context.contract.clause:
            errors["clause"] = "Cette rédaction est déjà en vigueur."
        fields.checked(typed, "signed", errors, "Confirmez la signature du souscripteur.")
        if errors or clause is None:
            raise FormErrors(errors)
        return Entry(
            amount=None,
            instructions=None,
            summary=(("Clause en vigueur", context.contract.clause), ("Nouvelle clause", clause)),
            effects={"fields": {"clause": clause}},
        )
