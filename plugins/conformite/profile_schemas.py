"""What programs send and get of investor profiles."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import fields as plain

from core.api.rest import Asked
from core.api.rest import Given
from core.api.rest import Taken
from core.api.rest import schemas
from plugins.conformite import profile_writes
from plugins.conformite import profiles
from plugins.conformite import questionnaire
from plugins.conformite import scoring

_LEVELS = {str(step): words for step, words in scoring.LEVELS.items()}


class OptionOut(Given):
    """An answer that may be given."""

    code = schemas.string()
    label = schemas.string(_l("Réponse"))
    company = schemas.string(_l("Réponse, pour une société\u202f; vide\u202f: la même"))
    value = schemas.whole(_l("Points, ou niveau permis"))


class QuestionOut(Given):
    """A question of a version."""

    key = schemas.string()
    section = schemas.string(_l("Étape"))
    text = schemas.string(_l("Question"))
    company = schemas.string(_l("Question, pour une société\u202f; vide\u202f: la même"))
    of_companies = schemas.flag(_l("Posée aux seules sociétés"))
    depends_on = schemas.string(_l("Question dont elle dépend"), null=True)
    depends_answer = schemas.string(_l("Réponse de celle-ci"), null=True)
    options = schemas.many(OptionOut, _l("Réponses\u202f; vide\u202f: un texte"))


class QuestionnaireOut(Given):
    """A version of the questionnaire."""

    version = schemas.string()
    title = schemas.string(_l("Titre"))
    published_on = schemas.day(_l("Publiée le"), null=False)
    sources = schemas.texts(_l("Textes suivis"))
    questions = schemas.many(QuestionOut, _l("Questions"))


class AnswerOut(Given):
    """An answer that was given."""

    key = schemas.string(_l("Question"))
    answer = schemas.string(_l("Réponse"))


class PointOut(Given):
    """One thing that the level goes by."""

    key = schemas.string()
    label = schemas.string(_l("Critère"))
    value = schemas.string(_l("Résultat"))
    because = schemas.string(_l("Raison"))
    allows = schemas.whole(_l("Niveau permis, de 1 à 5"))
    decides = schemas.flag(_l("Ce critère fixe le niveau"))


class MasteryOut(Given):
    """How far a kind of placement is known."""

    key = schemas.string()
    label = schemas.string(_l("Placement"))
    level = schemas.string(_l("Connaissance"), codes=scoring.KNOWLEDGE)
    because = schemas.string(_l("Raison"))


class ProfileOut(Given):
    """A profile that was established."""

    id = schemas.string()
    contact_id = schemas.string(_l("Id de la personne ou de la société"))
    version = schemas.string(_l("Version du questionnaire"))
    established_on = schemas.day(_l("Recueilli le"), null=False)
    valid_until = schemas.day(_l("Valable jusqu'au"), null=False)
    state = schemas.string(_l("Validité, ce jour"), codes=profiles.STATES)
    established_by = schemas.string(_l("Établi par"))
    level = schemas.whole(_l("Niveau retenu, de 1 (Sécuritaire) à 5 (Offensif)"))
    level_label = schemas.string(_l("Profil retenu"))
    computed = schemas.whole(_l("Niveau calculé"))
    reason = schemas.string(_l("Raison d'un niveau retenu qui n'est pas le calculé"))
    tolerance = schemas.whole(_l("Attitude face au risque, de 1 à 5"))
    loss = schemas.whole(_l("Capacité à subir des pertes, de 1 à 6"))
    knowledge = schemas.string(_l("Connaissance et expérience"), codes=scoring.KNOWLEDGE)
    horizon = schemas.string(_l("Horizon"), codes=scoring.HORIZONS)
    objective = schemas.string(_l("Objectif"), codes=scoring.OBJECTIVES)
    esg = schemas.string(_l("Préférences de durabilité"), codes=scoring.ESG)
    points = schemas.many(PointOut, _l("De quoi le niveau calculé est fait"))
    instruments = schemas.many(MasteryOut, _l("Connaissance de chaque placement"))
    contradictions = schemas.texts(_l("Réponses qui ne vont pas ensemble"))
    answers = schemas.many(AnswerOut, _l("Réponses"))


class DraftOut(Given):
    """The questionnaire under way of a contact; version null where there is none."""

    version = schemas.string(_l("Version du questionnaire"), null=True)
    updated_at = schemas.moment(_l("Dernière réponse"))
    answers = schemas.many(AnswerOut, _l("Réponses"))
    missing = schemas.texts(_l("Questions sans réponse"))


class QuestionnaireQuery(Asked):
    """Which version."""

    version = schemas.ask_text(_l("Version\u202f; celle en vigueur par défaut"), 12)


class ProfileQuery(Asked):
    """Whose profiles."""

    contact = schemas.ask_text(_l("Id d'une personne ou d'une société, ou d'un foyer pour le profil actuel de ses membres"))


class AnswerIn(Taken):
    """An answer."""

    key = schemas.ask_text(_l("Question"), missing=_l("Donnez la clé de la question."))
    answer = schemas.ask_text(_l("Code de la réponse, ou texte\u202f; vide\u202f: retirée"), 500, missing=_l("Donnez-la."))


def _answers(**more: Any) -> Any:
    return plain.List(plain.Nested(AnswerIn), metadata={"label": _l("Réponses")}, **more)


class DraftPatch(Taken):
    """Answers of the questionnaire under way; those that are not sent stay."""

    answers = _answers(required=True)


class ProfileNew(Taken):
    """A new profile."""

    contact_id = schemas.ask_text(_l("Id de la personne ou de la société"), missing=_l("Donnez l'id du contact."))
    answers = _answers(required=True)
    on = schemas.ask_day(_l("Recueilli le\u202f; aujourd'hui par défaut"), past=True)
    level = schemas.ask_code(_l("Niveau retenu\u202f; le calculé par défaut"), _LEVELS)
    reason = schemas.ask_text(_l("Raison d'un niveau qui n'est pas le calculé"), profile_writes.LONGEST, lines=True)


def questionnaire_out(found: questionnaire.Questionnaire) -> dict[str, Any]:
    """A version as it is answered."""
    return {
        "version": found.version, "title": found.title, "published_on": found.published_on, "sources": found.sources,
        "questions": [
            {
                "key": one.key, "section": one.section, "text": one.text, "company": one.company,
                "of_companies": one.only == "company",
                "depends_on": one.when[0] if one.when else None, "depends_answer": one.when[1] if one.when else None,
                "options": one.options,
            }
            for one in found.questions
        ],
    }  # fmt: skip
