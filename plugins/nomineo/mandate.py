"""The mandate as Generali Patrimoine prints it (BL-04): its own text and foot, on the common form's fields and look."""

from __future__ import annotations

from pathlib import Path

from core.api.partner import PrintedMandate
from plugins.nomineo import products

FORM = PrintedMandate(
    products.PARTNER, folder=Path(__file__).parent / "templates" / "nomineo", title="Mandat d'accès à l'extranet Nominéo",
    foot="Mandat d’accès à Nominéo · préparé avec Encours",
)  # fmt: skip
