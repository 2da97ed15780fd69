"""Supports, transactions and documents as the API shows them."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from core.resources.account_schemas import AccountOut
from core.rest import schemas
from core.rest.schemas import Asked
from core.rest.schemas import Given
from core.supports.labels import ASSET_CLASSES
from core.supports.labels import SFDR_LABELS
from core.supports.labels import SRI_LABELS
from core.supports.labels import TYPE_LABELS
from core.supports.labels import ZONES
from core.supports.lists import COSTS
from core.transactions.machine import NATURES
from core.transactions.machine import ORIGINS

#: What documents are about.
OWNER_KINDS = ("contact", "account", "support", "product", "company", "cabinet", "mandate", "transaction")


class SupportQuery(Asked):
    """The list's filters: those of the page."""

    q = schemas.ask_text(_l("Libellé ou code ISIN"))
    type = schemas.ask_code(_l("Type"), TYPE_LABELS)
    sri = schemas.ask_code(_l("Indicateur de risque"), SRI_LABELS)
    sfdr = schemas.ask_code(_l("Classement SFDR"), SFDR_LABELS)
    currency = schemas.ask_text(_l("Devise, ISO 4217"), 3)
    asset_class = schemas.ask_code(_l("Classe d'actifs"), (*ASSET_CLASSES, "na"))
    zone = schemas.ask_code(_l("Zone"), (*ZONES, "na"))
    category = schemas.ask_text(_l("Catégorie"), 80)
    manager = schemas.ask_text(_l("Société de gestion"), 120)
    costs = schemas.ask_code(_l("Frais courants d'un an, par tranche"), COSTS)
    company = schemas.ask_text(_l("Détenus chez la compagnie de cet id"))
    distributor = schemas.ask_text(_l("Détenus par le distributeur de cet id"))
    held = schemas.ask_switch(_l("Détenus, ou non, par les comptes que vous voyez"))


class PriceRef(Given):
    """A price."""

    value = schemas.money()
    as_of = schemas.day(source="on", null=False)
    source = schemas.string()
    origin = schemas.string(_l("À qui"), codes=("cabinet", "catalogue"))


class SupportOut(Given):
    """A support."""

    id = schemas.string()
    isin = schemas.string(null=True)
    code = schemas.string(_l("Code interne"), null=True)
    label = schemas.string()
    type = schemas.string(codes=TYPE_LABELS)
    currency = schemas.string(_l("ISO 4217"))
    sri = schemas.whole(_l("Indicateur de risque, 1 à 7"), null=True)
    sfdr = schemas.string(codes=SFDR_LABELS)
    manager = schemas.string(_l("Société de gestion"), null=True)
    category = schemas.string(_l("Catégorie"), null=True)
    asset_class = schemas.string(_l("Classe d'actifs"), null=True)
    zone = schemas.string(_l("Zone"), null=True)
    srri = schemas.whole(_l("Ancien indicateur de risque, 1 à 7"), null=True)
    ongoing_costs = schemas.money(_l("Frais courants d'un an, en proportion de 1"))
    price = schemas.one(PriceRef, _l("Dernier cours connu"), null=True)


class Period(Asked):
    """From a day to another, both included."""

    since = schemas.ask_day(_l("Depuis ce jour"))
    until = schemas.ask_day(_l("Jusqu'à ce jour"))


class PriceOut(Given):
    """A price of a day."""

    on = schemas.day(source="price.on", null=False)
    value = schemas.money(source="price.value")
    currency = schemas.string(_l("ISO 4217"))
    source = schemas.string(source="price.source")
    origin = schemas.string(_l("À qui"), source="price.origin", codes=("cabinet", "catalogue"))


class HolderLineOut(Given):
    """An account's holding of a support."""

    account = schemas.one(AccountOut)
    as_of = schemas.day(source="on", null=False)
    quantity = schemas.money()
    value = schemas.money()
    currency = schemas.string(_l("ISO 4217"))


class HoldersOut(Given):
    """Who holds a support."""

    value = schemas.money(_l("La somme en euros"))
    currency = schemas.string()
    apart = schemas.whole(_l("Lignes d'une autre devise, hors de la somme"))
    total = schemas.whole(_l("Combien de comptes"))
    items = schemas.many(HolderLineOut)


class TransactionFilterQuery(Period):
    """An account's filters."""

    nature = schemas.ask_code(_l("Nature"), NATURES)
    status = schemas.ask_text(_l("Statut, celui d'un partenaire compris\u202f; none\u202f: sans suivi"), 60)
    matched = schemas.ask_switch(_l("Vrai\u202f: celles qui ont un mouvement\u202f; faux\u202f: les autres"))


class TransactionQuery(TransactionFilterQuery):
    """The same, of one account or of all."""

    account = schemas.ask_text(_l("Id du compte"))


class TransactionOut(Given):
    """A transaction."""

    id = schemas.string()
    reference = schemas.string(_l("Son nom chez le partenaire et pour les personnes"))
    account_id = schemas.string()
    partner = schemas.string(_l("Module du lien partenaire"), source="plugin", null=True)
    origin = schemas.string(codes=ORIGINS)
    act = schemas.string(_l("Code de l'acte"))
    act_label = schemas.string()
    nature = schemas.string()
    status = schemas.string(_l("Statut\u202f; null pour ce que personne ne suit"), null=True)
    status_label = schemas.string(null=True)
    status_at = schemas.moment()
    reason_text = schemas.string(_l("Pourquoi elle est refusée, selon le partenaire"), null=True)
    partner_ref = schemas.string(_l("Le numéro du partenaire"), null=True)
    amount = schemas.money()
    currency = schemas.string(_l("ISO 4217"))
    created_at = schemas.moment(null=False)
    notice = schemas.string(
        _l("Pourquoi elle n'est plus suivie tant que le lien est désactivé, et à qui s'adresser\u202f; null sinon"), null=True
    )


class HistoryLineOut(Given):
    """Something that was said of a transaction."""

    status = schemas.string(_l("Statut"))
    label = schemas.string()
    source = schemas.string(_l("D'où il vient\u202f: launch, token, hook, feed, clock"))
    effective_at = schemas.moment(null=False)
    received_at = schemas.moment(null=False)
    applied = schemas.flag(_l("Faux pour ce qui est venu trop tard"))
    corrected = schemas.flag()
    reason_text = schemas.string(null=True)


class HistoryOut(Given):
    """All of it."""

    items = schemas.many(HistoryLineOut)


class DocumentQuery(Asked):
    """What documents are about."""

    owner_kind = schemas.ask_code(_l("Ce dont il s'agit"), OWNER_KINDS)
    owner = schemas.ask_text(_l("L'id de ce dont il s'agit"))


class DocumentOut(Given):
    """A document, without its content."""

    id = schemas.string()
    owner_kind = schemas.string(_l("Ce dont il s'agit"), codes=OWNER_KINDS)
    owner_id = schemas.string()
    category = schemas.string()
    title = schemas.string()
    filename = schemas.string()
    media_type = schemas.string()
    size = schemas.whole(_l("Octets"))
    sha256 = schemas.string()
    created_at = schemas.moment(null=False)
