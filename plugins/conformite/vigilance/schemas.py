"""What programs send and get of vigilance."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import fields as plain

from core.api.rest import Asked
from core.api.rest import Given
from core.api.rest import Taken
from core.api.rest import schemas
from plugins.conformite.vigilance import assessments
from plugins.conformite.vigilance import cartography
from plugins.conformite.vigilance import current
from plugins.conformite.vigilance import lists
from plugins.conformite.vigilance import ruleset
from plugins.conformite.vigilance import suspicions
from plugins.conformite.vigilance import writes

_CONTACT = _l("Id de la personne ou de la société")


class ChoiceOut(Given):
    """An answer that may be given."""

    code = schemas.string()
    label = schemas.string(_l("Réponse"))


class QuestionOut(Given):
    """A question of a version."""

    key = schemas.string()
    label = schemas.string(_l("Question"))
    kind = schemas.string(_l("radio, text, country (code ISO) ou day (AAAA-MM-JJ)"))
    of_companies = schemas.flag(_l("Posée aux seules sociétés"))
    depends_on = schemas.string(_l("Question dont elle dépend"), null=True)
    depends_answers = schemas.texts(_l("Réponses de celle-ci"))
    options = schemas.many(ChoiceOut, _l("Réponses"))


class FactorOut(Given):
    """What weighs."""

    axis = schemas.string(_l("Axe"), codes=ruleset.AXES)
    code = schemas.string()
    label = schemas.string(_l("Critère"))
    weight = schemas.whole(_l("Points, de 0 à 5"))
    forces = schemas.string(_l("Niveau imposé\u202f; vide\u202f: aucun"))
    known = schemas.string(_l("D'où il est connu"), codes=ruleset.KNOWN)
    source = schemas.string(_l("Texte, ou barème de la maison"))


class ListedOut(Given):
    """A list of countries that factors go by."""

    code = schemas.string()
    label = schemas.string(_l("Liste"))
    source = schemas.string(_l("Qui la publie"))


class RulesOut(Given):
    """A version of the rules."""

    version = schemas.string()
    title = schemas.string(_l("Titre"))
    published_on = schemas.day(_l("Publiée le"), null=False)
    sources = schemas.texts(_l("Textes suivis"))
    simplified_most = schemas.whole(_l("Simplifiée, au plus tant de points"))
    reinforced_least = schemas.whole(_l("Renforcée, dès tant de points"))
    client = schemas.many(QuestionOut, _l("Questions sur un client"))
    operation = schemas.many(QuestionOut, _l("Questions sur une opération"))
    factors = schemas.many(FactorOut, _l("Critères"))
    lists = schemas.many(ListedOut, _l("Listes de pays"))


class RulesQuery(Asked):
    """Which version."""

    version = schemas.ask_text(_l("Version\u202f; celle en vigueur par défaut"), 12)


class ReasonOut(Given):
    """A factor that holds."""

    axis = schemas.string(_l("Axe"), codes=ruleset.AXES)
    code = schemas.string()
    label = schemas.string(_l("Critère"))
    weight = schemas.whole(_l("Points"))
    forces = schemas.string(_l("Niveau imposé\u202f; vide\u202f: aucun"))
    source = schemas.string(_l("Texte, ou barème de la maison"))
    known = schemas.string(_l("D'où il est connu"), codes=ruleset.KNOWN)
    detail = schemas.string(_l("Ce qui le fait tenir"))


class AnswerOut(Given):
    """An answer that was given."""

    key = schemas.string(_l("Question"))
    answer = schemas.string(_l("Réponse"))


class _JudgementOut(Given):
    """What assessments of clients and of operations say alike."""

    id = schemas.string()
    contact_id = schemas.string(_CONTACT)
    version = schemas.string(_l("Version du barème"))
    assessed_on = schemas.day(_l("Évaluée le"), null=False)
    assessed_by = schemas.string(_l("Évaluée par"))
    points = schemas.whole(_l("Points"))
    computed = schemas.string(_l("Niveau calculé"), codes=ruleset.LEVELS)
    level = schemas.string(_l("Niveau retenu"), codes=ruleset.LEVELS)
    reason = schemas.string(_l("Raison d'un niveau plus léger"))
    forced = schemas.string(_l("Niveau imposé par un critère\u202f; vide\u202f: aucun"))
    validation = schemas.string(_l("Validation par une seconde personne"), codes=assessments.VALIDATIONS)
    validated_by = schemas.string(_l("Validée par"), null=True)
    validated_at = schemas.moment(_l("Validée le"))
    reasons = schemas.many(ReasonOut, _l("De quoi le niveau calculé est fait"))
    unverified = schemas.texts(_l("Non vérifié"))
    documents = schemas.texts(_l("Pièces demandées"))
    answers = schemas.many(AnswerOut, _l("Réponses"))


class AssessmentOut(_JudgementOut):
    """The vigilance of a client."""

    review_on = schemas.day(_l("À revoir le"), null=False)


class OperationOut(_JudgementOut):
    """The vigilance of an operation."""

    amount = schemas.money(_l("Montant en euros"))
    about = schemas.string(_l("Objet"))
    account_id = schemas.string(_l("Id du compte"), null=True)
    transaction_id = schemas.string(_l("Id de l'acte"), null=True)


class OfContactQuery(Asked):
    """Whose."""

    contact = schemas.ask_text(_CONTACT)


class AnswerIn(Taken):
    """An answer."""

    key = schemas.ask_text(_l("Question"), missing=_l("Donnez la clé de la question."))
    answer = schemas.ask_text(_l("Code de la réponse, texte, pays ou date"), writes.TEXT, missing=_l("Donnez-la."))


class _JudgementNew(Taken):
    """What both assessments take."""

    contact_id = schemas.ask_text(_CONTACT, missing=_l("Donnez l'id du contact."))
    answers = plain.List(plain.Nested(AnswerIn), required=True, metadata={"label": _l("Réponses")})
    on = schemas.ask_day(_l("Évaluée le\u202f; aujourd'hui par défaut"), past=True)
    level = schemas.ask_code(_l("Niveau retenu\u202f; le calculé par défaut"), ruleset.LEVELS)
    reason = schemas.ask_text(_l("Raison d'un niveau plus léger"), writes.LONGEST, lines=True)


class AssessmentNew(_JudgementNew):
    """A new assessment of a client."""


class OperationNew(_JudgementNew):
    """A new assessment of an operation."""

    amount = schemas.ask_money(_l("Montant en euros"), missing=_l("Donnez le montant de l'opération."))
    account_id = schemas.ask_text(_l("Id du compte"))
    transaction_id = schemas.ask_text(_l("Id de l'acte"))
    about = schemas.ask_text(_l("Objet"), 200)


class CellOut(Given):
    """A cell of the map."""

    level = schemas.string(_l("Niveau"), codes=ruleset.LEVELS)
    age = schemas.string(_l("Âge de la dernière évaluation"), codes=cartography.AGE_LABELS)
    clients = schemas.whole(_l("Clients"))


class ViewOut(Given):
    """What is followed."""

    view = schemas.string(_l("Suivi"), codes=cartography.VIEWS)
    clients = schemas.whole(_l("Clients"))


class MapOut(Given):
    """The map."""

    on = schemas.day(_l("Au"), null=False)
    clients = schemas.whole(_l("Clients suivis"))
    cells = schemas.many(CellOut, _l("Cases"))
    views = schemas.many(ViewOut, _l("Suivis"))


class ClientsQuery(Asked):
    """Which clients: those of a cell (level and age), or of a view; the reinforced ones by default."""

    level = schemas.ask_code(_l("Niveau d'une case"), ruleset.LEVELS)
    age = schemas.ask_code(_l("Âge d'une case"), cartography.AGE_LABELS)
    view = schemas.ask_code(_l("Suivi, à la place d'une case"), cartography.VIEWS)


class ClientOut(Given):
    """A client and his vigilance."""

    contact_id = schemas.string(_CONTACT)
    name = schemas.string(_l("Nom"))
    level = schemas.string(_l("Niveau"), codes={**ruleset.LEVELS, current.NEVER: "Jamais évaluée"})
    assessed_on = schemas.day(_l("Évaluée le"))
    review_on = schemas.day(_l("À revoir le"))


class ListOut(Given):
    """A list of countries as it was imported."""

    id = schemas.string()
    code = schemas.string(_l("Liste"))
    label = schemas.string(_l("Nom de la liste"))
    dated_on = schemas.day(_l("Date de la liste"), null=False)
    source = schemas.string(_l("Source"))
    countries = schemas.texts(_l("Codes ISO à deux lettres"))
    current = schemas.flag(_l("En vigueur"))
    old = schemas.flag(_l("Plus ancienne que ce que le cabinet accepte"))
    imported_by = schemas.string(_l("Importée par"))
    imported_at = schemas.moment(_l("Importée le"), null=False)


class ListNew(Taken):
    """A list to import."""

    code = schemas.ask_code(
        _l("Liste"), {one.code: one.label for one in ruleset.load().lists}, missing=_l("Donnez la liste.")
    )  # fmt: skip
    dated_on = schemas.ask_day(_l("Date de la liste"), past=True, missing=_l("Donnez la date de la liste."))
    source = schemas.ask_text(_l("Source"), lists.LONGEST_SOURCE, missing=_l("Dites d'où vient la liste."))
    text = schemas.ask_text(
        _l("Codes ISO ou noms français, un par ligne ou séparés par des virgules"), lists.LONGEST_TEXT,
        missing=_l("Donnez les pays."), lines=True,
    )  # fmt: skip


class SuspicionMadeOut(Given):
    """That a note of suspicion was kept. What it says is not repeated: answers to a POST are kept a day, in clear."""

    id = schemas.string()
    contact_id = schemas.string(_CONTACT)
    written_by = schemas.string(_l("Écrite par"))
    at = schemas.moment(_l("Écrite le"), null=False)


class SuspicionOut(SuspicionMadeOut):
    """A note of suspicion."""

    text = schemas.string(_l("Note"))


class SuspicionNew(Taken):
    """A note to keep."""

    text = schemas.ask_text(_l("Note"), suspicions.LONGEST, missing=_l("Écrivez ce qui fonde le soupçon."), lines=True)


def judgement_out(found: assessments.Judgement) -> dict[str, Any]:
    """An assessment as programs read it."""
    names = (
        "id", "contact_id", "version", "assessed_on", "assessed_by", "points", "computed", "level", "reason", "validation",
        "validated_by", "validated_at", "documents", "review_on", "amount", "about", "account_id", "transaction_id",
    )  # fmt: skip
    return {
        **{name: getattr(found, name) for name in names}, "forced": found.score.forced, "reasons": found.score.reasons,
        "unverified": found.score.unverified,
        "answers": [{"key": key, "answer": str(answer)} for key, answer in found.facts.get("answers", {}).items()],
    }  # fmt: skip


def rules_out(found: ruleset.Ruleset) -> dict[str, Any]:
    """A version as programs read it."""
    names = ("version", "title", "published_on", "sources", "simplified_most", "reinforced_least", "factors", "lists")
    plainly = {name: getattr(found, name) for name in names}
    return {**plainly, "client": _questions(found.client), "operation": _questions(found.operation)}


def _questions(asked: tuple[ruleset.Question, ...]) -> list[dict[str, Any]]:
    return [
        {
            "key": one.key, "label": one.label, "kind": one.kind, "of_companies": one.only == "company",
            "depends_on": one.when[0] if one.when else None, "depends_answers": one.when[1] if one.when else (),
            "options": [{"code": code, "label": label} for code, label in one.options.items()],
        }
        for one in asked
    ]  # fmt: skip
