"""What programs send and get of projects. Amounts in euros as decimal texts; weights and costs in percent: 12.50 (CO-04)."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import fields
from marshmallow import validate

from core.api.rest import Asked
from core.api.rest import Given
from core.api.rest import Taken
from core.api.rest import schemas
from plugins.conformite.projects import adequacy
from plugins.conformite.projects import kinds
from plugins.conformite.projects import projection
from plugins.conformite.projects.targets import CLASSES

RULES = ("profil", "contrat", "risque", "connaissance", "pertes", "horizon", "durabilite", "marche_cible")


class LineOut(Given):
    """A line of an allocation."""

    label = schemas.string(_l("Libellé"))
    asset_class = schemas.string(_l("Classe d'actifs\u202f; ?\u202f: non renseignée"))
    support_id = schemas.string(_l("Id du support\u202f; null pour une classe"), null=True)
    weight = schemas.money(_l("Poids, en pourcentage"))


class ProjectOut(Given):
    """A project."""

    id = schemas.string()
    contact_id = schemas.string(_l("Id de la personne ou de la société"))
    title = schemas.string(_l("Titre"))
    kind = schemas.string(_l("Nature"), codes=kinds.KINDS)
    goal = schemas.string(_l("Objectif"), codes=kinds.GOALS)
    amount = schemas.money(_l("Montant visé à l'horizon, ou attendu du rachat"))
    origin = schemas.string(_l("Origine des fonds"), codes=kinds.ORIGINS)
    origin_note = schemas.string(_l("Précision sur l'origine"))
    starts_on = schemas.day(_l("Début"), null=False)
    ends_on = schemas.day(_l("Horizon\u202f; pour un rachat total, le début"), null=False)
    months = schemas.whole(_l("Durée, en mois entiers"))
    initial = schemas.money(_l("Versement initial"))
    monthly = schemas.money(_l("Effort mensuel"))
    entry_cost = schemas.money(_l("Frais d'entrée, en pourcentage"))
    yearly_cost = schemas.money(_l("Frais annuels du contrat, en pourcentage"))
    allocation = schemas.string(_l("Allocation"), codes=kinds.ALLOCATIONS)
    lines = schemas.many(LineOut, _l("Allocation\u202f; vide pour celle du profil"))
    account_id = schemas.string(_l("Contrat recommandé, ou à racheter"), null=True)
    co_contact_id = schemas.string(_l("Id du co-investisseur"), null=True)
    provider = schemas.string(_l("Compagnie envisagée"))
    remarks = schemas.string(_l("Remarques"))
    status = schemas.string(_l("Statut, ce jour"), codes=kinds.STATUSES)
    verdict = schemas.string(_l("Adéquation, ce jour"), codes=adequacy.VERDICTS)
    archived_at = schemas.moment()
    author = schemas.string(_l("Créé par"))
    updated_at = schemas.moment(null=False)


class RuleOut(Given):
    """A rule of adequacy."""

    key = schemas.string(codes=RULES)
    label = schemas.string(_l("Règle"))
    verdict = schemas.string(_l("Résultat"), codes=adequacy.VERDICTS)
    reason = schemas.string(_l("Pourquoi"))
    lines = schemas.texts(_l("Ce qu'elle dit d'une ligne ou d'une autre"))
    source = schemas.string(_l("Texte qui la fonde"))


class ReportOut(Given):
    """All rules of one investor."""

    contact_id = schemas.string()
    name = schemas.string(_l("Nom"))
    verdict = schemas.string(_l("Le plus grave"), codes=adequacy.VERDICTS)
    rules = schemas.many(RuleOut, _l("Règles"))


class AdequacyOut(Given):
    """Whether a project suits who invests."""

    on = schemas.day(_l("Au"), null=False)
    verdict = schemas.string(_l("Le plus grave, de tous les investisseurs"), codes=adequacy.VERDICTS)
    reports = schemas.many(ReportOut, _l("Par investisseur, de ceux que le jeton voit"))


class PointOut(Given):
    """What a scenario is worth on a day."""

    on = schemas.day(null=False)
    value = schemas.money(_l("Valeur"))
    paid = schemas.money(_l("Versé à cette date"))


class ScenarioOut(Given):
    """A scenario."""

    code = schemas.string(codes=projection.SCENARIOS)
    percentile = schemas.ratio(_l("Centile de la loi lognormale à l'horizon"))
    rate = schemas.ratio(_l("Rendement annuel net"))
    worth = schemas.money(_l("Valeur à l'horizon"))
    effort = schemas.money(_l("Effort mensuel qui atteint le montant visé"))
    points = schemas.many(PointOut, _l("Année par année"))


class ProjectionOut(Given):
    """What may become of a project; scenarios empty where nothing can be projected."""

    mean = schemas.ratio(_l("Rendement moyen supposé, par an"))
    volatility = schemas.ratio(_l("Volatilité supposée, par an"))
    supposed = schemas.string(_l("Version des hypothèses"))
    supposed_on = schemas.day(_l("Date des hypothèses"), null=False)
    silent = schemas.texts(_l("Classes sans hypothèse de rendement"))
    scenarios = schemas.many(ScenarioOut)


class ProjectQuery(Asked):
    """Whose projects."""

    contact = schemas.ask_text(_l("Id d'une personne, d'une société, ou d'un foyer pour les projets de ses membres"))


class LineIn(Taken):
    """A line to write: a class or a support."""

    asset_class = schemas.ask_code(_l("Classe d'actifs"), CLASSES)
    support = schemas.ask_text(_l("ISIN, code ou libellé du support"), 200)
    weight = schemas.ask_money(_l("Poids, en pourcentage\u202f: 60.00"), missing=_l("Saisissez le poids de cette ligne."))


def _lines() -> Any:
    label = _l("Toutes les lignes, pour CLASSES ou SUPPORTS\u202f; les poids font 100")
    within = validate.Length(max=len(CLASSES), error=_l("{max} lignes au plus."))
    return fields.List(fields.Nested(LineIn), validate=within, metadata={"label": label})


class ProjectPatch(Taken):
    """What changes of a project."""

    title = schemas.ask_text(_l("Titre"), 120)
    kind = schemas.ask_code(_l("Nature"), kinds.KINDS)
    goal = schemas.ask_code(_l("Objectif"), kinds.GOALS)
    amount = schemas.ask_money(_l("Montant visé"))
    origin = schemas.ask_code(_l("Origine des fonds"), kinds.ORIGINS)
    origin_note = schemas.ask_text(_l("Précision sur l'origine"), 200)
    starts_on = schemas.ask_day(_l("Début"))
    ends_on = schemas.ask_day(_l("Horizon"))
    initial = schemas.ask_money(_l("Versement initial"))
    monthly = schemas.ask_money(_l("Effort mensuel"))
    entry_cost = schemas.ask_money(_l("Frais d'entrée, en pourcentage"))
    yearly_cost = schemas.ask_money(_l("Frais annuels du contrat, en pourcentage"))
    allocation = schemas.ask_code(_l("Allocation"), kinds.ALLOCATIONS)
    lines = _lines()
    account_id = schemas.ask_text(_l("Contrat recommandé, ou à racheter"), null=True)
    co_contact_id = schemas.ask_text(_l("Id du co-investisseur"), null=True)
    provider = schemas.ask_text(_l("Compagnie envisagée"), 120)
    remarks = schemas.ask_text(_l("Remarques"), 1000, lines=True)


class ProjectNew(ProjectPatch):
    """A new project."""

    contact_id = schemas.ask_text(_l("Id de la personne ou de la société"), missing=_l("Donnez l'id du contact."))
    title = schemas.ask_text(_l("Titre"), 120, missing=_l("Donnez un titre à ce projet."))
    kind = schemas.ask_code(_l("Nature"), kinds.KINDS, missing=_l("Choisissez la nature du projet."))
    goal = schemas.ask_code(_l("Objectif"), kinds.GOALS, missing=_l("Choisissez l'objectif."))
    amount = schemas.ask_money(_l("Montant visé"), missing=_l("Saisissez le montant visé."))
    origin = schemas.ask_code(_l("Origine des fonds"), kinds.ORIGINS, missing=_l("Choisissez l'origine des fonds."))
    starts_on = schemas.ask_day(_l("Début"), missing=_l("Saisissez la date de début."))
