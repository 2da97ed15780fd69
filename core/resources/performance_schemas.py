"""Performance as the API shows it: ratios as numbers, amounts as decimal strings, what is not known as null (PF-08)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from core.rest import schemas
from core.rest.schemas import Asked
from core.rest.schemas import Given


class PerformanceQuery(Asked):
    """The period, and what to compare with."""

    since = schemas.ask_day(_l("Premier jour\u202f; à défaut, depuis l'origine"), key="from")
    until = schemas.ask_day(_l("Dernier jour\u202f; à défaut, aujourd'hui"), key="to")
    indices = schemas.ask_text(_l("Ids de supports de type INDICE, séparés par des virgules, trois au plus"), 100)


class LevelOut(Given):
    """A day of the measure."""

    on = schemas.day(null=False)
    value = schemas.money(_l("Ce qui est détenu, avant le flux du jour"))
    index = schemas.ratio(_l("Base 100 au début de la mesure"))


class FlowOut(Given):
    """Money that came in or went out."""

    account_id = schemas.string()
    on = schemas.day(source="flow.on", null=False)
    amount = schemas.money(_l("Positif s'il entre\u202f; du compte entier"), source="flow.amount")
    kind = schemas.string(_l("Nature\u202f; vide s'il est déduit des versements nets"), source="flow.kind")
    source = schemas.string(_l("Qui l'a dit"), source="flow.source")


class IndexLevelOut(Given):
    """A day of an index."""

    on = schemas.day(null=False)
    index = schemas.ratio(_l("Base 100 au début de la mesure"))


class ComparedOut(Given):
    """An index over the same days."""

    support_id = schemas.string()
    label = schemas.string()
    ratio = schemas.ratio(_l("Son évolution sur la mesure"))
    series = schemas.many(IndexLevelOut)


class PerformanceOut(Given):
    """What was earned. Ratios: 0.1234 is 12,34 %."""

    begin_asked = schemas.day(_l("Premier jour demandé\u202f; null\u202f: l'origine"), source="found.since", key="from")
    end_asked = schemas.day(_l("Dernier jour demandé"), source="found.until", key="to", null=False)
    measured_from = schemas.day(_l("Le jour de la première valeur retenue"), source="found.begin")
    measured_to = schemas.day(_l("Le jour de la dernière valeur retenue"), source="found.finish")
    currency = schemas.string(_l("ISO 4217"), source="found.currency")
    start_value = schemas.money(_l("Valeur au début de la mesure"), source="found.start")
    end_value = schemas.money(_l("Valeur à la fin de la mesure"), source="found.end")
    contributions = schemas.money(_l("Versements nets des sorties"), source="found.contributions")
    gain = schemas.money(_l("Valeur finale moins valeur initiale et versements nets"), source="found.gain")
    twr = schemas.ratio(_l("Pondéré par le temps, non annualisé"), source="found.twr")
    twr_annual = schemas.ratio(_l("Le même par an, dès un an"), source="found.twr_year")
    xirr = schemas.ratio(_l("TRI annuel"), source="found.xirr")
    volatility = schemas.ratio(_l("Annualisée"), source="found.volatility")
    max_drawdown = schemas.ratio(_l("Perte maximale, négative\u202f; 0 s'il n'y en a pas"), source="found.max_drawdown")
    convention = schemas.string(_l("Comment tout cela est calculé"), source="found.convention")
    notes = schemas.texts(_l("Ce qui manque, et ce que cela change"), source="found.notes")
    series = schemas.many(LevelOut, source="found.levels")
    flows = schemas.many(FlowOut, source="found.flows")
    indices = schemas.many(ComparedOut)
