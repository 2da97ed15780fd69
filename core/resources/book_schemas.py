"""Supports, transactions and documents as the API shows them."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from core.resources.account_schemas import AccountOut
from core.rest import schemas
from core.rest.schemas import Asked
from core.rest.schemas import Given
from core.supports.labels import SFDR_LABELS
from core.supports.labels import SRI_LABELS
from core.supports.labels import TYPE_LABELS
from core.transactions.machine import NATURES
from core.transactions.machine import ORIGINS


class SupportQuery(Asked):
    """The list's filters: those of the page."""

    q = schemas.ask_text(_l("Libellé ou code ISIN"))
    type = schemas.ask_code(_l("Type"), TYPE_LABELS)
    sri = schemas.ask_code(_l("Indicateur de risque"), SRI_LABELS)
    sfdr = schemas.ask_code(_l("Classement SFDR"), SFDR_LABELS)
    currency = schemas.ask_text(_l("Devise, ISO 4217"), 3)
    company = schemas.ask_text(_l("Détenus chez la compagnie de cet id"))
    held = schemas.ask_switch(_l("Détenus, ou non, par les comptes que vous voyez"))


class PriceRef(Given):
    """A price."""

    value = schemas.money()
    as_of = schemas.day(source="on", null=False)
    source = schemas.text()
    origin = schemas.text(_l("À qui"), codes=("cabinet", "catalogue"))


class SupportOut(Given):
    """A support."""

    id = schemas.text()
    isin = schemas.text(null=True)
    code = schemas.text(_l("Code interne"), null=True)
    label = schemas.text()
    type = schemas.text(codes=TYPE_LABELS)
    currency = schemas.text(_l("ISO 4217"))
    sri = schemas.whole(_l("Indicateur de risque, 1 à 7"), null=True)
    sfdr = schemas.text(codes=SFDR_LABELS)
    manager = schemas.text(_l("Société de gestion"), null=True)
    price = schemas.one(PriceRef, _l("Dernier cours connu"), null=True)


class Period(Asked):
    """From a day to another, both included."""

    since = schemas.ask_day(_l("Depuis ce jour"))
    until = schemas.ask_day(_l("Jusqu'à ce jour"))


class PriceOut(Given):
    """A price of a day."""

    on = schemas.day(source="price.on", null=False)
    value = schemas.money(source="price.value")
    currency = schemas.text(_l("ISO 4217"))
    source = schemas.text(source="price.source")
    origin = schemas.text(_l("À qui"), source="price.origin", codes=("cabinet", "catalogue"))


class HolderLineOut(Given):
    """An account's holding of a support."""

    account = schemas.one(AccountOut)
    as_of = schemas.day(source="on", null=False)
    quantity = schemas.money()
    value = schemas.money()
    currency = schemas.text(_l("ISO 4217"))


class HoldersOut(Given):
    """Who holds a support."""

    value = schemas.money(_l("La somme en euros"))
    currency = schemas.text()
    apart = schemas.whole(_l("Lignes d'une autre devise, hors de la somme"))
    total = schemas.whole(_l("Combien de comptes"))
    items = schemas.many(HolderLineOut)


class TransactionFilterQuery(Period):
    """An account's filters."""

    nature = schemas.ask_code(_l("Nature"), NATURES)
    status = schemas.ask_text(_l("Statut, celui d'un partenaire compris\u202f; none\u202f: sans suivi"), 60)


class TransactionQuery(TransactionFilterQuery):
    """The same, of one account or of all."""

    account = schemas.ask_text(_l("Id du compte"))


class TransactionOut(Given):
    """A transaction."""

    id = schemas.text()
    reference = schemas.text(_l("Son nom chez le partenaire et pour les personnes"))
    account_id = schemas.text()
    partner = schemas.text(_l("Module du lien partenaire"), source="plugin", null=True)
    origin = schemas.text(codes=ORIGINS)
    act = schemas.text(_l("Code de l'acte"))
    act_label = schemas.text()
    nature = schemas.text()
    status = schemas.text(_l("Statut\u202f; null pour ce que personne ne suit"), null=True)
    status_label = schemas.text(null=True)
    status_at = schemas.moment()
    reason_text = schemas.text(_l("Pourquoi elle est refusée, selon le partenaire"), null=True)
    partner_ref = schemas.text(_l("Le numéro du partenaire"), null=True)
    amount = schemas.money()
    currency = schemas.text(_l("ISO 4217"))
    created_at = schemas.moment(null=False)


class HistoryLineOut(Given):
    """Something that was said of a transaction."""

    status = schemas.text(_l("Statut"))
    label = schemas.text()
    source = schemas.text(_l("D'où il vient\u202f: launch, token, hook, feed, clock"))
    effective_at = schemas.moment(null=False)
    received_at = schemas.moment(null=False)
    applied = schemas.flag(_l("Faux pour ce qui est venu trop tard"))
    corrected = schemas.flag()
    reason_text = schemas.text(null=True)


class HistoryOut(Given):
    """All of it."""

    items = schemas.many(HistoryLineOut)


class DocumentQuery(Asked):
    """What documents are about."""

    owner_kind = schemas.ask_code(_l("Ce dont il s'agit"), ("contact", "account", "cabinet", "mandate"))
    owner = schemas.ask_text(_l("L'id de ce dont il s'agit"))


class DocumentOut(Given):
    """A document, without its content."""

    id = schemas.text()
    owner_kind = schemas.text(_l("Ce dont il s'agit\u202f: contact, account, cabinet, mandate"))
    owner_id = schemas.text()
    category = schemas.text()
    title = schemas.text()
    filename = schemas.text()
    media_type = schemas.text()
    size = schemas.whole(_l("Octets"))
    sha256 = schemas.text()
    created_at = schemas.moment(null=False)


