"""The forms of accounts typed by hand: what a person types, and what it stands for (PF-01, domain.md §2.2)."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from typing import Any
from typing import ClassVar

from flask_babel import lazy_gettext as _l

from core.api import accounts
from core.api import supports
from core.api.db import TenantSession
from core.api.db import today
from core.api.formats import number
from core.api.forms import Form
from core.api.forms import fields
from core.api.forms import inputs

HUNDRED = Decimal(100)
#: The choice that stands for a company that is in no list yet.
OTHER = "AUTRE"
_DAY = _l("Exemple\u202f: 05/03/2026")
_WHO = _l("Son nom ou son code dossier.")
_rules = accounts.envelope_rules


def _where(asked: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    among = set(asked)
    return ("envelope", tuple(code for code in accounts.ENVELOPES if code in among))


_SHARED = _where(code for code in accounts.ENVELOPES if _rules.shared(code))
_COSTLY = _where(accounts.INSURED | {"CAPITALISATION", "PEA", "PEA_PME", "PEA_JEUNE", "COMPTE_TITRES", "SCPI"})
_ENDED = ("state", tuple(accounts.ENDED_STATES))
SPLITS: dict[str, Any] = {
    "NP": _l("Le premier en nue-propriété, le second en usufruit"),
    "US": _l("Le premier en usufruit, le second en nue-propriété"),
}  # fmt: skip


class Rate(fields.Percent):
    """A cost, with up to four decimals: 0,60 %."""

    parse = staticmethod(partial(inputs.percent, decimals=4))

    def shown(self, value: Decimal) -> str:
        return number(value, 4).rstrip("0").rstrip(",")


def _fee(name: str) -> Rate:
    told = {"label": accounts.FEES[name], "group": "costs", "inputmode": "decimal", "suffix": "%", "when": _COSTLY}
    return Rate(load_default=None, metadata=told)


class AccountForm(Form):
    """What an account is, where it is kept, since when, what it costs."""

    groups: ClassVar[Mapping[str, Any]] = {
        "what": _l("Compte"), "where": _l("Compagnie et produit"), "who": _l("Personnes"), "dates": _l("Dates et état"),
        "worth": _l("Valeur"), "costs": _l("Frais et options"),
    }  # fmt: skip

    envelope = fields.choice(_l("Enveloppe"), accounts.ENVELOPES, missing=_l("Choisissez l'enveloppe."), group="what")
    title = fields.line(
        _l("Intitulé"), 200, missing=_l("Donnez un intitulé à ce compte."), group="what",
        help=_l("Par exemple «\u202fHimalia\u202f»."),
    )  # fmt: skip
    number = fields.line(
        _l("Numéro"), 60, missing=_l("Saisissez le numéro du compte."), group="what", autocomplete="off",
        help=_l("Tel que la compagnie l'imprime."),
    )  # fmt: skip
    currency = fields.matching(
        _l("Devise"), r"^[A-Z]{3}$", _l("Écrivez le code de la devise en trois lettres\u202f: EUR, USD…"),
        missing=_l("Écrivez le code de la devise, EUR pour l'euro."), group="what",
    )  # fmt: skip
    company = fields.choice(_l("Compagnie"), {}, missing=_l("Choisissez la compagnie."), late=True, group="where")
    new_company = fields.line(
        _l("Nom de la compagnie"), 120, missing=_l("Saisissez le nom de la compagnie."), group="where",
        when=("company", (OTHER,)), help=_l("Elle rejoint les compagnies de votre cabinet."),
    )  # fmt: skip
    product = fields.line(
        _l("Produit"), 120, group="where",
        help=_l("Le nom commercial du contrat\u202f; celui du catalogue s'il y est, sinon il est ajouté pour votre cabinet."),
    )  # fmt: skip
    depositary = fields.choice(
        _l("Dépositaire"), {}, late=True, group="where", help=_l("Qui garde les avoirs\u202f; vide\u202f: la compagnie.")
    )
    distributor = fields.choice(_l("Distributeur"), {}, late=True, group="where", help=_l("La plateforme ou le grossiste."))
    introducer_code = fields.line(_l("Code apporteur"), 40, group="where", autocomplete="off")
    state = fields.choice(_l("État"), accounts.STATES, missing=_l("Choisissez l'état du compte."), group="dates")
    closed_on = fields.day(
        _l("Date de clôture"), missing=_l("Saisissez la date de la fin du compte."), group="dates", help=_DAY, when=_ENDED
    )
    opened_on = fields.day(_l("Date de souscription"), group="dates", help=_l("Vide\u202f: non connue."))
    effect_on = fields.day(_l("Date d'effet"), group="dates", help=_l("Celle qui fait courir les délais fiscaux."))
    matures_on = fields.day(_l("Échéance"), group="dates", help=_l("S'il en a une."))
    management_mode = fields.choice(
        _l("Mode de gestion"), accounts.MANAGEMENT_MODES, missing=_l("Choisissez le mode de gestion."), group="costs"
    )
    fee_entry, fee_euro, fee_units = _fee("fee_entry"), _fee("fee_euro"), _fee("fee_units")
    fee_switch, fee_exit = _fee("fee_switch"), _fee("fee_exit")
    tax_option = fields.choice(_l("Option fiscale"), accounts.TAX_OPTIONS, group="costs", when=_where(_rules.TAXED))
    settlement = fields.choice(
        _l("Dénouement"), accounts.SETTLEMENTS, group="costs", when=_where(_rules.SETTLED),
        help=_l("Pour deux souscripteurs\u202f: au premier ou au second décès."),
    )  # fmt: skip


class EditForm(AccountForm):
    """An account that is there."""

    net_payments = fields.amount(
        _l("Versements nets"), group="worth", help=_l("Versements moins rachats, depuis l'origine. Vide\u202f: non connus.")
    )


class NewForm(EditForm):
    """A new account, with whose it is and what it is worth."""

    holder = fields.line(
        _l("Titulaire"), missing=_l("Saisissez le nom ou le code dossier du titulaire."), autocomplete="off", group="who",
        help=_l("Ou souscripteur. Son nom ou son code dossier."),
    )  # fmt: skip
    second = fields.line(_l("Second titulaire"), autocomplete="off", group="who", help=_WHO, when=_SHARED)
    split = fields.choice(
        _l("Démembrement"), SPLITS, group="who", help=_l("Vide\u202f: en pleine propriété, par moitiés."),
        when=_where(_rules.SPLIT),
    )  # fmt: skip
    insured = fields.line(
        _l("Assuré"), autocomplete="off", group="who", help=_l("Vide\u202f: le souscripteur."), when=_where(accounts.INSURED)
    )
    value = fields.amount(_l("Valorisation"), group="worth", help=_l("Vide\u202f: non connue, jamais comptée comme zéro."))
    value_on = fields.day(_l("Valorisé le"), past=True, group="worth", help=_DAY)


class StateForm(Form):
    """Where an account stands."""

    state = fields.choice(_l("État"), accounts.STATES, missing=_l("Choisissez l'état du compte."))
    on = fields.day(
        _l("Date de clôture"), missing=_l("Saisissez la date de la fin du compte."), past=True, help=_DAY, when=_ENDED
    )


class ValueForm(Form):
    """What it was worth on a day."""

    on = fields.day(_l("Au"), missing=_l("Saisissez la date de cette valorisation."), past=True, help=_DAY)
    value = fields.amount(_l("Valorisation"), missing=_l("Saisissez la valorisation."))
    net_payments = fields.amount(_l("Versements nets"), help=_l("Versements moins rachats à cette date, s'ils sont connus."))


class MovementForm(Form):
    """A movement."""

    on = fields.day(_l("Date"), missing=_l("Saisissez la date du mouvement."), past=True, help=_DAY)
    kind = fields.choice(_l("Nature"), accounts.MOVEMENT_KINDS, missing=_l("Choisissez la nature du mouvement."))
    label = fields.line(_l("Libellé"), 200, missing=_l("Donnez un libellé à ce mouvement."))
    amount = fields.amount(
        _l("Montant"), missing=_l("Saisissez le montant."),
        help=_l("Positif pour une entrée, négatif pour une sortie\u202f: -500,00."),
    )  # fmt: skip


def companies(session: TenantSession, *, other: bool = True) -> dict[str, Any]:
    """Code → name of the companies that an account may be at, the catalogue's too; then the one that is in no list."""
    every = {one.code: one.name for one in supports.naming.companies(session).values()}
    found: dict[str, Any] = dict(sorted(every.items(), key=lambda one: one[1].casefold()))
    return {**found, OTHER: _l("Autre compagnie…")} if other else found


def facts(session: TenantSession, values: Mapping[str, Any], actor: str) -> dict[str, Any]:
    """The fields of an account that the form's values stand for; a company or product that is new is made on the way.

    Raises `DomainError` with the field.
    """
    at = company(session, values, actor)
    given = {name: values.get(name) for name in (
        "envelope", "title", "number", "currency", "state", "closed_on", "opened_on", "effect_on", "matures_on",
        "management_mode", "net_payments",
    )}  # fmt: skip
    given |= {name: values.get(name) or "" for name in ("tax_option", "settlement", "introducer_code")}
    given |= {name: None if values.get(name) is None else values[name] / HUNDRED for name in accounts.FEES}
    given |= {"company_id": at, "depositary_id": at, "distributor_id": None, "product_id": None}
    for field in ("depositary", "distributor"):
        if values.get(field):
            given[f"{field}_id"] = supports.company_for(session, values[field], actor=actor)
    if values.get("product"):
        given["product_id"] = product(session, at, values["product"], values["envelope"], actor)
    return given


def shown(session: TenantSession, card: accounts.AccountCard) -> dict[str, Any]:
    """An account's values as the form has them."""
    ref = card.ref
    codes = {one.id: one.code for one in supports.naming.companies(session).values() if one.id}
    depositary = codes.get(card.depositary_id, "") if card.depositary_id != card.company_id else ""
    return {
        "envelope": ref.envelope, "title": ref.title, "number": ref.number, "currency": ref.currency, "state": ref.state,
        "company": ref.company_code, "product": ref.product or "", "depositary": depositary,
        "distributor": codes.get(card.distributor_id or "", ""), "introducer_code": card.introducer_code,
        "closed_on": card.closed_on, "opened_on": ref.opened_on, "effect_on": card.effect_on, "matures_on": card.matures_on,
        "management_mode": card.management_mode, "net_payments": ref.net_payments, "tax_option": card.tax_option,
        "settlement": card.settlement, **{name: None if fee is None else fee * HUNDRED for name, fee in card.fees},
    }  # fmt: skip


def usual() -> dict[str, Any]:
    """What an empty form begins with."""
    return {"currency": "EUR", "state": "OUVERT", "management_mode": "LIBRE", "value_on": today()}


#: The account's fields → those of the form, where they are named otherwise.
NAMED = {"company_id": "company", "product_id": "product", "depositary_id": "depositary", "roles": "holder"}


def company_id(session: TenantSession, code: str) -> str | None:
    """The id of the cabinet's company of a code, where it has one."""
    return next((one.id for one in supports.naming.companies(session).values() if one.code == code), None)


def company(session: TenantSession, values: Mapping[str, Any], actor: str) -> str:
    """The id of the company that was chosen, or named anew."""
    if values["company"] != OTHER:
        return supports.company_for(session, values["company"], actor=actor)
    name = " ".join(values["new_company"].split())
    known = supports.naming.companies(session).get(supports.naming.folded(name))
    code = known.code if known else supports.naming.folded(name).replace(" ", "-")[:40]
    return supports.company_for(session, code, name=name, actor=actor)


def product(session: TenantSession, company_id: str, name: str, envelope: str, actor: str) -> str:
    """The id of a product of that name, as the catalogue writes it where it is there."""
    codes = {one.id: one.code for one in supports.naming.companies(session).values() if one.id}
    known = supports.naming.products(session).get((codes.get(company_id, ""), supports.naming.folded(name)))
    wanted = known[0] if known else " ".join(name.split())
    return supports.product_for(session, company_id, wanted, envelope=envelope, actor=actor)
