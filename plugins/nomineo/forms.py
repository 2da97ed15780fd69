"""The fields of the activation's forms, as the macros draw them: label, value typed, fault."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

Field = dict[str, Any]


@dataclass(frozen=True, slots=True)
class FormView:
    """A form to draw. `errors` is the summary's list: (name, label, error)."""

    fields: tuple[Field, ...]
    errors: tuple[dict[str, str], ...]


def view(
    fields: tuple[Field, ...], values: Mapping[str, Any], errors: Mapping[str, str],
    apart: Mapping[str, Any] | None = None,
) -> FormView:  # fmt: skip
    """The fields with what was typed and what is wrong; an error on no field («») stands in the summary alone.

    `apart`: the labels of fields that the page draws itself.
    """
    drawn = tuple({**field, "value": _shown(values.get(field["name"])), "error": errors.get(field["name"])} for field in fields)
    labels = {**{field["name"]: field["label"] for field in fields}, **(apart or {})}
    summary = tuple(
        {"name": name if name in labels else "", "label": labels.get(name, ""), "error": text}
        for name, text in errors.items()
    )
    return FormView(drawn, summary)


def _shown(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def field(name: str, label: Any, kind: str = "text", *, required: bool = True, **more: Any) -> Field:
    """One field; its label is said in the language of the request."""
    return {"name": name, "label": label, "type": kind, "required": required, **more}


BROKER = field("broker_code", _l("Code courtier chez Generali Patrimoine"), help=_l("Tel qu'il figure sur vos bordereaux."))

MANDATE = (
    field("representative", _l("Représentant légal"), autocomplete="name"),
    field("quality", _l("Qualité"), help=_l("Par exemple Gérante, Président.")),
    BROKER,
    field("email", _l("E-mail du cabinet"), "email", autocomplete="email"),
    field("phone", _l("Téléphone"), "tel", required=False, autocomplete="tel"),
    field("place", _l("Fait à")),
    field("signed_on", _l("Date de signature"), "date"),
)
#: The acts are drawn by the page: as many boxes as the company has acts.
APART = {"acts": _l("Actes autorisés")}
# Other names than the form filled on screen: both stand on one page, and an id is unique.
DEPOSIT = (
    {**BROKER, "name": "deposit_code"},
    field("deposit_on", _l("Date de signature"), "date"),
    field("file", _l("Mandat rempli et signé, en PDF"), "file", help=_l("25 Mio au plus. Un scan convient.")),
)
DISPATCH = (
    field("inspector_name", _l("Nom de l'inspecteur Generali Patrimoine")),
    field("inspector_email", _l("E-mail de l'inspecteur"), "email"),
    field("sent_on", _l("Date d'envoi"), "date"),
)
_PROOF = _l("PDF, PNG ou JPEG, 25 Mio au plus\u202f: par exemple l'e-mail de la compagnie imprimé en PDF.")
RECEPTION = (
    field("on", _l("Date de réception de l'original par la compagnie"), "date"),
    field("file", _l("Preuve"), "file", help=_PROOF),
)
CONFIRM = (
    field("on", _l("Date d'activation"), "date"),
    field("file", _l("Preuve"), "file", help=_PROOF),
)
SETTINGS = (
    field("delay_days", _l("Délai d'activation, en jours"), "number", inputmode="numeric"),
    field("delay_kind", _l("Jours comptés"), "select"),
    field("reminder_days", _l("Rappel après, en jours"), "number", inputmode="numeric"),
)
