"""Papers that people deposit: filled, another cabinet's, an XFA form, a scan."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

from pypdf import PdfReader
from pypdf import PdfWriter
from pypdf.generic import ArrayObject
from pypdf.generic import DictionaryObject
from pypdf.generic import NameObject

from core.api.mandates import Paper
from plugins.nomineo.mandate import FORM

ACTS = (("arbitrage", "Arbitrage"), ("rachat_partiel", "Rachat partiel"), ("consultation", "Consultation"))
FILLED: dict[str, Any] = {
    "broker_code": "GP-20417", "representative": "Éléonore d'Aïeul", "quality": "Gérante", "email": "cabinet@demo.example",
    "phone": "02 40 00 00 00", "place": "Saint-Étienne", "signed_on": date(2026, 11, 18),
}  # fmt: skip
CODE = "7K2M9QX4TB0D"


def paper(**changes: Any) -> Paper:
    """What a form is pre-filled with."""
    values: dict[str, Any] = {
        "reference": "mdt_" + "A" * 22, "partner": "Nominéo", "cabinet": "Cabinet demo", "siren": "732829320",
        "orias": "07000123", "address": "12 rue de l'Église, 44000 Nantes", "broker_code": "GP-20417",
        "advisers": (("Camille Dupont", "NOM123"), ("Zoé Lefèvre-Núñez", None)), "acts": ACTS,
        "chosen": frozenset({"arbitrage", "consultation"}), "thumbprints": ("T" * 43,), "delay": "5 jours calendaires",
        "form": {}, **changes,
    }  # fmt: skip
    return Paper(**values)


def fields(pdf: bytes) -> dict[str, Any]:
    """The AcroForm's fields by name."""
    return dict(PdfReader(io.BytesIO(pdf)).get_fields() or {})


def typed(pdf: bytes, **values: str) -> bytes:
    """The same form with values typed in a reader."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    for page in writer.pages:
        writer.update_page_form_field_values(page, values, auto_regenerate=False)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def scan() -> bytes:
    """A PDF without a form."""
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def xfa() -> bytes:
    """A form that few readers open."""
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    form = DictionaryObject({NameObject("/Fields"): ArrayObject(), NameObject("/XFA"): ArrayObject()})
    writer._root_object[NameObject("/AcroForm")] = form
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def filled(**changes: Any) -> bytes:
    """The form as it comes out of «Remplir»."""
    return FORM.make(paper(**changes), code=CODE, values=FILLED)
