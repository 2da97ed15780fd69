"""Accounts as the API shows them: each figure with its day, its source and its currency."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from core.accounts.envelopes import ENVELOPES
from core.accounts.envelopes import FED
from core.accounts.envelopes import FRESHNESSES
from core.accounts.envelopes import MANAGEMENT_MODES
from core.accounts.envelopes import ORIGINS
from core.accounts.envelopes import ROLES
from core.accounts.envelopes import SETTLEMENTS
from core.accounts.envelopes import STATES
from core.accounts.envelopes import TAX_OPTIONS
from core.accounts.movements import KINDS
from core.rest import schemas
from core.rest.schemas import Asked
from core.rest.schemas import Given
from core.supports.labels import TYPE_LABELS


class AccountQuery(Asked):
    """The list's filters: those of the page."""

    q = schemas.ask_text(_l("Intitulé, numéro ou titulaire"))
    contact = schemas.ask_text(_l("Id d'un titulaire, ou d'un foyer"))
    company = schemas.ask_text(_l("Id de la compagnie"))
    envelope = schemas.ask_code(_l("Enveloppe"), ENVELOPES)
    state = schemas.ask_code(
        _l("État\u202f; open\u202f: tous ceux qui ne sont pas clos, ended\u202f: les clos"), ["open", "ended", *STATES]
    )
    partner = schemas.ask_text(_l("Module du lien partenaire"), 60)
    archived = schemas.ask_switch(_l("Les comptes archivés, au lieu des autres"))


class Since(Asked):
    """From a day on."""

    since = schemas.ask_day(_l("Depuis ce jour"))


class On(Asked):
    """At a day."""

    on = schemas.ask_day(_l("Jour"))


class HolderOut(Given):
    """Who holds an account."""

    id = schemas.string()
    name = schemas.string()
    kind = schemas.string()
    role = schemas.string(codes=ROLES)


class AccountOut(Given):
    """An account."""

    id = schemas.string()
    number = schemas.string(_l("Numéro, comme la compagnie l'écrit"))
    title = schemas.string(_l("Nom commercial"))
    envelope = schemas.string(_l("Enveloppe"), codes=list(ENVELOPES))
    envelope_label = schemas.string()
    state = schemas.string(_l("État"), codes=STATES)
    company = schemas.string(_l("Compagnie"))
    product = schemas.string(null=True)
    currency = schemas.string(_l("ISO 4217"))
    value = schemas.money(_l("Dernière valeur connue"))
    as_of = schemas.day(_l("Le jour de cette valeur"), source="value_on")
    net_payments = schemas.money(_l("Versements nets des rachats"))
    data_as_of = schemas.day(_l("Le jour des dernières données de la compagnie"))
    freshness = schemas.string(_l("Fraîcheur"), codes=FRESHNESSES)
    opened_on = schemas.day()
    pledged = schemas.flag(_l("Nanti"))
    accepted_beneficiary = schemas.flag(_l("Un bénéficiaire a accepté"))
    advance_running = schemas.flag(_l("Une avance court"))
    blocked = schemas.string(_l("Pourquoi il est bloqué"), null=True)
    partner = schemas.string(_l("Module du lien partenaire"), source="plugin", null=True)
    holders = schemas.many(HolderOut)


class RoleOut(Given):
    """A contact's role on an account."""

    contact_id = schemas.string()
    name = schemas.string()
    role = schemas.string(codes=ROLES)
    rank = schemas.whole()
    share = schemas.money(_l("Part, en proportion de 1"))
    clause = schemas.string(null=True)
    accepted_on = schemas.day()


class OverrideOut(Given):
    """A field that a person corrected, and what its feed or its file says of it."""

    field = schemas.string(codes=FED)
    fed = schemas.string(_l("Valeur reçue"), null=True)
    fed_at = schemas.moment()
    by = schemas.string(_l("Corrigé par"))
    at = schemas.moment()


class AccountFileOut(Given):
    """An account's page."""

    id = schemas.string(source="ref.id")
    account = schemas.one(AccountOut, source="ref")
    depositary = schemas.string(_l("Dépositaire"), source="card.depositary")
    distributor = schemas.string(_l("Distributeur"), source="card.distributor", null=True)
    management_mode = schemas.string(_l("Gestion"), source="card.management_mode", codes=MANAGEMENT_MODES)
    origin = schemas.string(_l("Origine des données"), source="card.origin", codes=ORIGINS)
    effect_on = schemas.day(source="card.effect_on")
    matures_on = schemas.day(source="card.matures_on")
    closed_on = schemas.day(source="card.closed_on")
    delegated = schemas.flag(source="card.delegated")
    roles = schemas.many(RoleOut, source="card.roles")
    fee_entry = schemas.money(_l("Frais d'entrée, en proportion de 1"), source="fees.fee_entry")
    fee_euro = schemas.money(_l("Frais de gestion du fonds en euros"), source="fees.fee_euro")
    fee_units = schemas.money(_l("Frais de gestion des unités de compte"), source="fees.fee_units")
    fee_switch = schemas.money(_l("Frais d'arbitrage"), source="fees.fee_switch")
    fee_exit = schemas.money(_l("Frais de sortie"), source="fees.fee_exit")
    tax_option = schemas.string(_l("Option fiscale"), source="card.tax_option", codes=("", *TAX_OPTIONS))
    settlement = schemas.string(_l("Dénouement"), source="card.settlement", codes=("", *SETTLEMENTS))
    introducer_code = schemas.string(_l("Code apporteur"), source="card.introducer_code")
    archived_at = schemas.moment(_l("Quand il a été archivé"), source="card.archived_at")
    overrides = schemas.many(OverrideOut, _l("Champs corrigés, avec la valeur reçue"))


class PositionOut(Given):
    """What an account holds of a support."""

    support_id = schemas.string()
    label = schemas.string()
    isin = schemas.string(null=True)
    type = schemas.string(codes=TYPE_LABELS)
    sri = schemas.whole(_l("Indicateur de risque, 1 à 7"), null=True)
    pocket = schemas.string(_l("Poche"))
    quantity = schemas.money()
    price = schemas.money(_l("Cours"))
    price_on = schemas.day(_l("Le jour du cours"))
    value = schemas.money()
    cost = schemas.money(_l("Prix de revient"))
    gain = schemas.money(_l("Valeur moins prix de revient"))
    currency = schemas.string(_l("ISO 4217"))


class PositionsOut(Given):
    """All positions of a day."""

    as_of = schemas.day(_l("Le jour des lignes"))
    total = schemas.money(_l("Leur somme\u202f; null si les devises diffèrent"))
    currency = schemas.string(_l("ISO 4217"))
    items = schemas.many(PositionOut)


class MovementQuery(Asked):
    """Filters of movements; both days are included."""

    kind = schemas.ask_code(_l("Nature"), KINDS)
    since = schemas.ask_day(_l("Depuis ce jour"))
    until = schemas.ask_day(_l("Jusqu'à ce jour"))
    matched = schemas.ask_switch(_l("Vrai\u202f: ceux qui sont d'un acte\u202f; faux\u202f: les autres"))


class MovementOut(Given):
    """An accounting fact."""

    id = schemas.string()
    on = schemas.day(null=False)
    kind = schemas.string(_l("Nature\u202f; une autre telle que la source l'écrit"))
    label = schemas.string()
    amount = schemas.money()
    quantity = schemas.money()
    currency = schemas.string(_l("ISO 4217"))
    source = schemas.string(_l("Qui l'a dit"))
    support = schemas.string(null=True)
    transaction_id = schemas.string(_l("L'acte dont il est\u202f; null sinon"), null=True)


class ValuationOut(Given):
    """What an account was worth on a day."""

    on = schemas.day(source="line.on", null=False)
    value = schemas.money(source="line.value")
    net_payments = schemas.money(source="line.net_payments")
    currency = schemas.string(_l("ISO 4217"))
    source = schemas.string(_l("Qui l'a dit"), source="line.source")


class PartOut(Given):
    """A part of a sum."""

    label = schemas.string()
    value = schemas.money()


class WorthOut(Given):
    """A sum at a day."""

    on = schemas.day(null=False)
    value = schemas.money()
    net_payments = schemas.money()


class WealthOut(Given):
    """What a contact holds."""

    value = schemas.money(_l("Somme des comptes ouverts"))
    currency = schemas.string(_l("ISO 4217"))
    as_of = schemas.day(_l("Le jour de la plus récente valorisation"))
    by_support_type = schemas.many(PartOut, _l("Par type de support"))
    evolution = schemas.many(WorthOut, _l("Chaque fin de mois"))


class ActOut(Given):
    """An act. A closed one has a reason."""

    code = schemas.string()
    label = schemas.string()
    enabled = schemas.flag(_l("Ouvert maintenant"))
    reason = schemas.string(_l("Pourquoi il est fermé"), null=True)
    remedy = schemas.string(_l("Qui peut quoi"), null=True)
    warn = schemas.string(_l("Ce qu'il faudra justifier"), null=True)
    mode = schemas.string(_l("launch\u202f: chez le partenaire, form\u202f: saisi ici"), codes=("launch", "form"))


class ActGroupOut(Given):
    """Acts of one plugin."""

    label = schemas.string(null=True)
    items = schemas.many(ActOut)


class ActMessageOut(Given):
    """Why there is no list."""

    title = schemas.string()
    text = schemas.string()
    todo = schemas.string()


class ActsOut(Given):
    """What may be done now."""

    state = schemas.string(codes=("listed", "empty", "inactive", "unavailable"))
    checked_at = schemas.moment(_l("Quand le partenaire a répondu"))
    message = schemas.one(ActMessageOut, null=True)
    groups = schemas.many(ActGroupOut)
