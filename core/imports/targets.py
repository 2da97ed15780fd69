"""What files may be imported as, here and for this person: plugins' declarations, behind the gates."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass

from core.db.errors import Forbidden
from core.db.errors import NotFound
from core.hooks import telling
from core.hooks.importing import ImportChoice
from core.hooks.importing import ImportField
from core.hooks.importing import ImportTarget
from core.hooks.types import Adviser

#: The rules, in the words of contacts: those of a target that says nothing else.
USUAL: dict[str, ImportChoice] = {
    "known": ImportChoice(
        "Si la même fiche existe déjà",
        {"skip": "L'ignorer", "update": "Compléter la fiche existante", "create": "Créer une fiche quand même"},
        "Même code dossier, même SIREN ou dénomination, ou même nom avec même date de naissance, e-mail ou téléphone.",
    ),
    "fill": ImportChoice(
        "Pour compléter", {"empty": "Remplir seulement les champs vides", "all": "Remplacer aussi les valeurs existantes"}
    ),
    "near": ImportChoice(
        "Si seul l'e-mail ou le téléphone est le même, sous un autre nom", {"skip": "L'ignorer", "create": "Créer une fiche"},
        "Un couple partage souvent une adresse. Rien n'est jamais fusionné.",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """A target and the plugin that declares it."""

    plugin: str
    target: ImportTarget

    @property
    def fields(self) -> dict[str, ImportField]:
        """By key."""
        return {one.key: one for one in self.target.fields}

    @property
    def choices(self) -> Mapping[str, ImportChoice]:
        """The rules that are asked, by name."""
        return USUAL if self.target.choices is None else self.target.choices


def every(enabled: Iterable[str]) -> list[Known]:
    """All targets of these plugins."""
    registry = telling.hub().registry
    return [Known(name, one) for name in enabled if name in registry.plugins for one in registry.plugins[name].imports]


def find(key: str, enabled: Iterable[str], adviser: Adviser | None) -> Known:
    """The target of this key. Raises `NotFound`, `Forbidden` where the adviser may not import it."""
    found = next((one for one in every(enabled) if one.target.key == key), None)
    if found is None:
        raise NotFound("Ce type d'import n'existe pas, ou son module n'est pas activé.")
    if adviser is not None and not adviser.can(found.target.permission):
        raise Forbidden("Votre profil ne permet pas cet import. Demandez ce droit à un administrateur du cabinet.")
    return found
