"""A comparison of supports as the API shows it: ratios as numbers, what is not known as null (OU-06)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from core.performance.comparison import PERIODS
from core.resources.book_schemas import PriceRef
from core.resources.book_schemas import SupportOut
from core.rest import schemas
from core.rest.schemas import Asked
from core.rest.schemas import Given

#: Code of a period → its label.
GAINS = {**{key: one[0] for key, one in PERIODS.items()}, "origine": "Depuis l'origine commune"}


class ComparisonQuery(Asked):
    """Which supports, over which period."""

    ids = schemas.ask_text(
        _l("Ids de supports séparés par des virgules, cinq au plus"), 140, missing=_l("Nommez les supports à comparer.")
    )
    since = schemas.ask_day(_l("Premier jour\u202f; à défaut, depuis l'origine commune"), key="from")
    until = schemas.ask_day(_l("Dernier jour\u202f; à défaut, aujourd'hui"), past=True, key="to")


class GainOut(Given):
    """What a support did over a period, and from which prices; not annualised."""

    period = schemas.string(_l("Code"), source="key", codes=GAINS)
    ratio = schemas.ratio(_l("0.0526\u202f: 5,26 %"))
    begin = schemas.one(PriceRef, null=True)
    finish = schemas.one(PriceRef, null=True)


class CommonLevelOut(Given):
    """A common day."""

    on = schemas.day(null=False)
    index = schemas.ratio(_l("Base 100 au premier jour commun"))


class SideOut(Given):
    """One of the supports."""

    support = schemas.one(SupportOut, source="side.line")
    asset_class = schemas.string(_l("Classe d'actifs, vide si non renseignée"), source="side.asset_class")
    zone = schemas.string(_l("Zone, vide si non renseignée"), source="side.zone")
    clients = schemas.whole(_l("Clients qui le détiennent, parmi les comptes que vous voyez"), source="side.clients")
    prices = schemas.whole(_l("Cours connus"), source="side.known")
    first_price_on = schemas.day(source="side.first")
    last_price_on = schemas.day(source="side.last")
    sources = schemas.texts(_l("D'où viennent ses cours"), source="side.sources")
    performances = schemas.many(GainOut, source="side.gains")
    volatility = schemas.ratio(_l("Annualisée, sur les dates communes"), source="side.volatility")
    max_drawdown = schemas.ratio(_l("Perte maximale sur les dates communes, négative"), source="side.max_drawdown")
    left_out = schemas.string(_l("Pourquoi il n'est pas sur les dates communes, vide s'il y est"), source="side.why")
    series = schemas.many(CommonLevelOut)


class CorrelationOut(Given):
    """Two of the supports."""

    first = schemas.string(_l("Id de support"))
    second = schemas.string(_l("Id de support"))
    value = schemas.ratio(_l("De -1 à 1, null si elle n'est pas calculable"))


class ComparisonOut(Given):
    """All of them, in the order asked."""

    sampling = schemas.string(_l("Pas des rendements\u202f; vide sans dates communes"), source="found.step")
    supports = schemas.many(SideOut)
    correlations = schemas.many(CorrelationOut)
    notes = schemas.texts(_l("Ce qui manque, et ce que cela change"), source="found.notes")
