"""The forms of a profile: one a step of the questionnaire, made of its version; then what is retained, and why (CO-02)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from typing import ClassVar

from flask_babel import lazy_gettext as _l

from core.api.forms import Form
from core.api.forms import fields
from plugins.conformite import profile_writes
from plugins.conformite import questionnaire
from plugins.conformite import scoring
from plugins.conformite.questionnaire import Question

_MISSING = _l("Choisissez une réponse.")
_SAID = _l("Cette réponse est nécessaire\u202f: saisissez-la.")
_MOST = 500


class StepForm(Form):
    """A step. `company`: the questions as a company is asked them; what a person is not asked is not there."""

    section: ClassVar[str] = ""

    def __init__(self, company: bool = False) -> None:
        super().__init__()
        found = questionnaire.load().section(self.section)
        for one in found.questions if found else ():
            if one.only == "company" and not company:
                for kept in (self.fields, self.load_fields, self.dump_fields):
                    kept.pop(one.key, None)
            elif company:
                bound = self.fields[one.key]
                bound.metadata = {**bound.metadata, **_words(one, company=True)}


def _words(one: Question, *, company: bool) -> dict[str, Any]:
    return {"label": one.said(company), **({"options": one.choices(company)} if one.options else {})}


def _field(one: Question) -> Any:
    meta: dict[str, Any] = {"group": one.group or one.section, "wide": bool(one.group), "stacked": not one.group}
    if one.help:
        meta["help"] = one.help
    if one.when:
        meta["when"] = (one.when[0], (one.when[1],))
    if one.kind == "text":
        return fields.line(one.text, _MOST, missing=_SAID, **meta)
    return fields.choice(one.text, one.choices(False), missing=_MISSING, kind=one.kind, **meta)


def _form(section: questionnaire.Section) -> type[StepForm]:
    instruments = {one.key: one.label for one in section.instruments}
    made: dict[str, Any] = {one.key: _field(one) for one in section.questions}
    doc = f"The step «{section.title}»."
    more = {"__doc__": doc, "__module__": __name__, "section": section.key, "groups": {section.key: section.title, **instruments}}
    return type(f"{section.key.title()}Form", (StepForm,), {**more, **made})


#: Step → its form.
STEPS: Mapping[str, type[StepForm]] = {one.key: _form(one) for one in questionnaire.load().sections}


class EstablishForm(Form):
    """What is retained of the score."""

    level = fields.choice(
        _l("Profil retenu"), {str(step): words for step, words in scoring.LEVELS.items()}, kind="radio", wide=True,
        missing=_l("Choisissez le profil retenu."),
    )  # fmt: skip
    reason = fields.line(
        _l("Raison, si ce n'est pas le profil calculé"), profile_writes.LONGEST, lines=True, wide=True,
        help=_l("Gardée avec le profil\u202f: ce que le client a précisé, ce qui justifie l'écart."),
    )  # fmt: skip
    on = fields.day(
        _l("Recueilli le"), missing=_l("Saisissez la date de l'entretien."), past=True, least=profile_writes.OLDEST,
        help=_l("La date de l'entretien avec le client\u202f: la validité court à partir d'elle."),
    )  # fmt: skip
