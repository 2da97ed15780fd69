"""What programs ask and get of proposals of arbitrage. Amounts are in euros, as decimal texts."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from core.api.rest import Given
from core.api.rest import Taken
from core.api.rest import schemas
from plugins.outils.portfolios import orders
from plugins.outils.portfolios.run_tables import STATES


class CountOut(Given):
    """How many accounts are in a state."""

    state = schemas.string(codes=STATES)
    count = schemas.whole()


class RunOut(Given):
    """A run."""

    id = schemas.string()
    author = schemas.string(_l("Demandé par"), source="said_by")
    created_at = schemas.moment(null=False)
    minimum = schemas.money(_l("Minimum d'un ordre"), source="rules.minimum")
    keep_euro = schemas.flag(_l("Fonds en euros conservés"), source="rules.keep_euro")
    counts = schemas.many(CountOut, _l("Comptes par état"), source="by_state")


class OrderOut(Given):
    """An order."""

    side = schemas.string(_l("in\u202f: investir, out\u202f: désinvestir"), codes=(orders.OUT, orders.IN))
    support_id = schemas.string()
    label = schemas.string(_l("Libellé"))
    amount = schemas.money(_l("Montant"))


class KeptOut(Given):
    """A line that stays as it is."""

    support_id = schemas.string()
    label = schemas.string(_l("Libellé"))
    why = schemas.string(_l("Raison"))


class ProposalOut(Given):
    """An account of a run."""

    id = schemas.string()
    account_id = schemas.string(source="account.id")
    number = schemas.string(_l("Numéro"), source="account.number")
    model_id = schemas.string()
    version = schemas.whole(_l("Version du modèle"))
    state = schemas.string(_l("État"), codes=STATES)
    why = schemas.string(_l("Raison"))
    orders = schemas.many(OrderOut, _l("Ordres\u202f: ce qui est désinvesti est investi au centime"))
    kept = schemas.many(KeptOut, _l("Lignes conservées"))
    value = schemas.money(_l("Valeur des lignes"))
    on = schemas.day(_l("Jour des lignes"))
    fee = schemas.money(_l("Frais d'arbitrage estimés\u202f; null s'ils ne sont pas connus"))
    transaction_id = schemas.string(_l("Acte préparé"), null=True)


class RunNew(Taken):
    """A run to make."""

    accounts = schemas.ask_texts(_l("Ids de comptes qui suivent un modèle"), most=300, missing=_l("Donnez au moins un compte."))
    minimum = schemas.ask_money(_l("Minimum d'un ordre"), missing=_l("Saisissez le minimum d'un ordre, ou 0."))
    keep_euro = schemas.ask_flag(_l("Ne pas toucher aux fonds en euros"))


class MarkIn(Taken):
    """Where an account stands."""

    state = schemas.ask_code(
        _l("État"), tuple(one for one in STATES if one != "excluded"), missing=_l("Choisissez un état de la liste.")
    )
    why = schemas.ask_text(_l("Raison de passer"), 500)
