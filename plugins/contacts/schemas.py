"""The forms of contacts: one for adding, one for each kind to edit, one for each kind of channel (domain.md §2.1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from typing import ClassVar

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError
from marshmallow import validates_schema

from core.api import contacts
from core.api.db import today
from core.api.forms import Form
from core.api.forms import fields

PERSON, COMPANY, HOUSEHOLD = "PERSONNE_PHYSIQUE", "PERSONNE_MORALE", "FOYER"
KINDS: dict[str, Any] = {PERSON: _l("Personne physique"), COMPANY: _l("Personne morale"), HOUSEHOLD: _l("Foyer")}
_COUNTRIES = contacts.choices.countries
_LAST = _l("Saisissez le nom du contact.")
_FIRST = _l("Saisissez au moins un prénom.")
_COMPANY = _l("Saisissez la dénomination.")
OWN_FIELDS = _l("Champs du cabinet")
_HOUSEHOLD = _l("Saisissez le nom du foyer, par exemple «\u202fFamille Durand\u202f».")
_DEPARTMENT = _l("Deux ou trois chiffres, par exemple 44, 2A ou 974.")


def _department(**meta: Any) -> fields.Text:
    wrong = _l("Écrivez le numéro du département, par exemple 44, 2A ou 974.")
    return fields.matching(_l("Département de naissance"), r"^(\d{2,3}|2[AaBb])\Z", wrong, help=_DEPARTMENT, **meta)


def _check_life(data: Mapping[str, Any]) -> None:
    """What two dates say together."""
    if data.get("protection") == "MINEUR" and data.get("birth_date") and _years(data["birth_date"]) >= 18:
        raise ValidationError(gettext("Cette personne est majeure\u202f: choisissez une autre protection."), "protection")
    if data.get("birth_date") and data.get("death_date") and data["death_date"] < data["birth_date"]:
        raise ValidationError(gettext("La date de décès précède la naissance\u202f: vérifiez-la."), "death_date")
    if data.get("birth_date"):
        _check_age(data["birth_date"], data.get("death_date") or today())


def _check_age(born: date, end: date) -> None:
    years = _years(born, end)
    if years > contacts.OLDEST:
        text = gettext("Cette date donne un âge de %(years)s ans\u202f: vérifiez l'année de naissance.", years=years)
        raise ValidationError(text, "birth_date")


def _years(born: date, end: date | None = None) -> int:
    day = end or today()
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


class Countries(fields.Parsed):
    """Countries by their names, as many as one likes: «Belgique, Suisse» → («BE», «CH»)."""

    @staticmethod
    def parse(value: str) -> tuple[str, ...]:
        known = {contacts.fold(name): code for code, name in _COUNTRIES().items()}
        found: list[str] = []
        for part in (one.strip() for one in value.replace(";", ",").split(",")):
            code = part if part in _COUNTRIES() else known.get(contacts.fold(part))
            if part and code is None:
                raise ValueError(part)
            if code is not None and code not in found:
                found.append(code)
        return tuple(found)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        text = fields.Text._deserialize(self, value, attr, data, **kwargs)
        try:
            return self.parse(text)
        except ValueError as error:
            said = gettext("«\u202f%(name)s\u202f» n'est pas un pays connu\u202f: vérifiez son nom.", name=str(error)[:40])
            raise ValidationError(said) from error

    def shown(self, value: tuple[str, ...]) -> str:
        return ", ".join(_COUNTRIES().get(code, code) for code in value)


def _when(*kinds: str) -> dict[str, Any]:
    return {"when": ("kind", kinds)}


class NewForm(Form):
    """«Ajouter un contact»: what one knows at the first call; the file has the rest (QM-01)."""

    groups: ClassVar[Mapping[str, Any]] = {
        "identity": _l("Identité"), "channels": _l("Coordonnées"), "care": _l("Suivi"), "custom": OWN_FIELDS,
    }  # fmt: skip

    kind = fields.choice(
        _l("Type de contact"), KINDS, missing=_l("Choisissez le type de contact."), kind="radio", group="identity", wide=True
    )
    civility = fields.choice(_l("Civilité"), contacts.choices.CIVILITIES, group="identity", **_when(PERSON))
    first_names = fields.line(_l("Prénoms"), missing=_FIRST, group="identity", autocomplete="off", **_when(PERSON))
    birth_name = fields.line(_l("Nom de naissance"), missing=_LAST, group="identity", autocomplete="off", **_when(PERSON))
    usage_name = fields.line(
        _l("Nom d'usage"), group="identity", autocomplete="off", help=_l("S'il diffère du nom de naissance."), **_when(PERSON)
    )
    birth_date = fields.day(
        _l("Date de naissance"), past=True, group="identity", help=_l("Exemple\u202f: 14/03/1968"), **_when(PERSON)
    )
    birth_city = fields.line(_l("Commune de naissance"), group="identity", **_when(PERSON))
    nationality = fields.choice(_l("Nationalité"), _COUNTRIES, group="identity", **_when(PERSON))
    situation = fields.choice(_l("Situation familiale"), contacts.SITUATION_LABELS, group="identity", **_when(PERSON))
    company_name = fields.line(_l("Dénomination"), 200, missing=_COMPANY, group="identity", **_when(COMPANY))
    legal_form = fields.line(
        _l("Forme juridique"), 40, group="identity", help=_l("Par exemple SARL, SAS, SCI."), **_when(COMPANY)
    )
    siren = fields.siren(_l("SIREN"), group="identity", help=_l("9 chiffres."), **_when(COMPANY))
    display_name = fields.line(_l("Nom du foyer"), 200, missing=_HOUSEHOLD, group="identity", **_when(HOUSEHOLD))
    tax_country = fields.choice(_l("Résidence fiscale"), _COUNTRIES, group="identity", **_when(PERSON, COMPANY))
    email = fields.email(_l("E-mail"), group="channels", autocomplete="off")
    phone = fields.phone(_l("Téléphone"), group="channels", autocomplete="off", help=_l("Exemple\u202f: 06 12 34 56 78"))
    street = fields.line(_l("Adresse"), 200, group="channels", wide=True, autocomplete="off")
    postal_code = fields.line(_l("Code postal"), 12, group="channels", inputmode="numeric", autocomplete="off")
    city = fields.line(_l("Ville"), group="channels", autocomplete="off")
    principal = fields.choice(
        _l("Conseiller principal"), {}, missing=_l("Choisissez le conseiller qui suit ce contact."), group="care", late=True
    )
    stage = fields.choice(_l("Type"), contacts.STAGE_LABELS, missing=_l("Choisissez un type."), group="care")
    origin = fields.choice(_l("Origine du contact"), contacts.choices.ORIGINS, group="care")
    file_code = fields.line(_l("Code dossier"), 20, group="care", help=_l("Attribué à l'enregistrement si vous le laissez vide."))

    @validates_schema
    def _together(self, data: Mapping[str, Any], **_more: Any) -> None:
        if (data.get("street") or data.get("postal_code")) and not data.get("city"):
            raise ValidationError(gettext("Saisissez la ville de cette adresse."), "city")
        code = data.get("postal_code")
        if code and not (len(code) == 5 and code.isascii() and code.isdigit()):
            raise ValidationError(gettext("Un code postal français compte 5 chiffres."), "postal_code")


class _FileForm(Form):
    """What the files of all kinds have."""

    stage = fields.choice(_l("Type"), contacts.STAGE_LABELS, missing=_l("Choisissez un type."), group="path")
    prospect_since = fields.day(_l("Prospect depuis le"), past=True, group="path")
    client_since = fields.day(
        _l("Client depuis le"), past=True, group="path", help=_l("Vide au changement de type\u202f: la date du jour.")
    )
    former_since = fields.day(_l("Ancien client depuis le"), past=True, group="path")
    file_code = fields.line(_l("Code dossier"), 20, missing=_l("Saisissez le code du dossier."), group="file")
    origin = fields.choice(_l("Origine du contact"), contacts.choices.ORIGINS, group="file")
    origin_note = fields.line(_l("Précision sur l'origine"), 200, group="file")
    remarks = fields.line(_l("Remarques"), 4000, lines=True, group="file", wide=True)


class HouseholdForm(_FileForm):
    """Dossier > Général of a household."""

    groups: ClassVar[Mapping[str, Any]] = {
        "identity": _l("Identité"), "path": _l("Parcours"), "care": _l("Suivi"), "file": _l("Dossier"),
    }  # fmt: skip

    display_name = fields.line(_l("Nom du foyer"), 200, missing=_HOUSEHOLD, group="identity", wide=True)


class _NetworkForm(_FileForm):
    """What persons and companies have: they may bring clients."""

    introducer = fields.flag(_l("Apporteur d'affaires"), group="network", wide=True)
    prescriber_profession = fields.choice(
        _l("Prescripteur"), contacts.choices.PRESCRIBERS, group="network",
        help=_l("Sa profession, s'il vous adresse des clients."),
    )  # fmt: skip


class CompanyForm(_NetworkForm):
    """Dossier > Général of a company."""

    groups: ClassVar[Mapping[str, Any]] = {
        "identity": _l("Société"), "tax": _l("Fiscalité"), "custom": OWN_FIELDS, "path": _l("Parcours"), "care": _l("Suivi"),
        "file": _l("Dossier"), "network": _l("Apporteur, prescripteur"),
    }  # fmt: skip

    company_name = fields.line(_l("Dénomination"), 200, missing=_COMPANY, group="identity", wide=True)
    legal_form = fields.line(_l("Forme juridique"), 40, group="identity", help=_l("Par exemple SARL, SAS, SCI."))
    siren = fields.siren(_l("SIREN"), group="identity", help=_l("9 chiffres."))
    founded_on = fields.day(_l("Date de création"), past=True, group="identity", help=_l("Exemple\u202f: 14/03/1998"))
    capital = fields.amount(_l("Capital social"), group="identity", help=_l("En euros, par exemple 10 000,00."))
    lei = fields.line(_l("LEI"), 20, group="identity", help=_l("20 lettres et chiffres."))
    tax_regime = fields.choice(_l("Régime fiscal"), contacts.choices.TAX_REGIMES, group="tax")
    tax_country = fields.choice(_l("Résidence fiscale"), _COUNTRIES, group="tax")
    tax_id = fields.line(_l("Numéro fiscal (NIF)"), 40, group="tax")


class PersonForm(_NetworkForm):
    """Dossier > Général of a person."""

    groups: ClassVar[Mapping[str, Any]] = {
        "identity": _l("Identité"), "birth": _l("Naissance et nationalité"), "family": _l("Situation"),
        "tax": _l("Fiscalité"), "work": _l("Profession"), "paper": _l("Pièce d'identité"), "custom": OWN_FIELDS,
        "path": _l("Parcours"), "care": _l("Suivi"), "file": _l("Dossier"), "network": _l("Apporteur, prescripteur"),
    }  # fmt: skip

    civility = fields.choice(_l("Civilité"), contacts.choices.CIVILITIES, group="identity")
    first_names = fields.line(_l("Prénoms"), missing=_FIRST, group="identity")
    birth_name = fields.line(_l("Nom de naissance"), group="identity", required=True)
    usage_name = fields.line(_l("Nom d'usage"), group="identity", help=_l("S'il diffère du nom de naissance."))
    birth_date = fields.day(_l("Date de naissance"), past=True, group="birth", help=_l("Exemple\u202f: 14/03/1968"))
    birth_city = fields.line(_l("Commune de naissance"), group="birth")
    birth_department = _department(group="birth")
    birth_country = fields.choice(_l("Pays de naissance"), _COUNTRIES, group="birth")
    nationality = fields.choice(_l("Nationalité"), _COUNTRIES, group="birth")
    other_nationality = fields.choice(_l("Autre nationalité"), _COUNTRIES, group="birth")
    more_nationalities = Countries(
        load_default=(),
        metadata={
            "label": _l("Nationalités supplémentaires"), "group": "birth", "wide": True,
            "help": _l("Au-delà de deux, les pays séparés par des virgules\u202f: Belgique, Suisse."),
        },
    )  # fmt: skip
    situation = fields.choice(_l("Situation familiale"), contacts.SITUATION_LABELS, group="family")
    matrimonial_regime = fields.choice(
        _l("Régime matrimonial"), contacts.choices.MATRIMONIAL_REGIMES, group="family", when=("situation", ("MARIE",))
    )
    pacs_regime = fields.choice(
        _l("Régime du PACS"), contacts.choices.PACS_REGIMES, group="family", when=("situation", ("PACSE",))
    )
    protection = fields.choice(
        _l("Protection juridique"), contacts.PROTECTION_LABELS, group="family",
        missing=_l("Choisissez une protection, ou «\u202fAucune\u202f»."),
    )
    death_date = fields.day(_l("Date de décès"), past=True, group="family", help=_l("À remplir après un décès seulement."))
    tax_country = fields.choice(_l("Résidence fiscale"), _COUNTRIES, group="tax")
    tax_id = fields.line(_l("Numéro fiscal (NIF)"), 40, group="tax")
    us_person = fields.choice(_l("Contribuable américain (US person)"), contacts.choices.YES_NO, group="tax")
    work_status = fields.choice(_l("Statut professionnel"), contacts.choices.WORK_STATUSES, group="work")
    csp = fields.choice(
        _l("Catégorie socioprofessionnelle"), contacts.choices.CSPS, group="work", help=_l("Nomenclature de l'INSEE, niveau 1.")
    )
    profession = fields.line(_l("Profession"), 120, group="work")
    sector = fields.line(_l("Secteur d'activité"), 120, group="work")
    employer = fields.line(_l("Employeur"), 200, group="work")
    id_kind = fields.choice(_l("Nature de la pièce"), contacts.choices.ID_KINDS, group="paper")
    id_number = fields.line(_l("Numéro de la pièce"), 40, group="paper")
    id_issued_on = fields.day(_l("Délivrée le"), past=True, group="paper")
    id_expires_on = fields.day(_l("Expire le"), group="paper")

    @validates_schema(skip_on_field_errors=False)
    def _named(self, data: Mapping[str, Any], **_more: Any) -> None:
        """Said with the other faults, and not once they are mended."""
        if not (data.get("birth_name") or data.get("usage_name")):
            raise ValidationError(gettext("Saisissez le nom du contact."), "birth_name")

    @validates_schema
    def _together(self, data: Mapping[str, Any], **_more: Any) -> None:
        _check_life(data)


OF_KIND: dict[str, type[Form]] = {PERSON: PersonForm, COMPANY: CompanyForm, HOUSEHOLD: HouseholdForm}


_PRIMARY = fields.flag(_l("Principal\u202f: repris dans les listes et les courriers"), wide=True)
_OPT_IN = fields.flag(_l("Le contact accepte d'être sollicité par ce canal"), wide=True)


def _opt_in_on() -> fields.Day:
    return fields.day(_l("Accord donné le"), past=True, help=_l("Aujourd'hui si vous le laissez vide."))


def _opt_in_source() -> fields.Text:
    return fields.choice(_l("Accord recueilli"), contacts.choices.OPT_IN_SOURCES)


class AddressForm(Form):
    """A postal address."""

    usage = fields.choice(_l("Usage"), contacts.channels.KINDS["address"].usages, missing=_l("Choisissez un usage."))
    street = fields.line(_l("Adresse"), 200, wide=True)
    extra = fields.line(_l("Complément"), 200, wide=True, help=_l("Bâtiment, étage, lieu-dit."))
    postal_code = fields.line(_l("Code postal"), 12)
    city = fields.line(_l("Ville"), missing=_l("Saisissez la ville."))
    country = fields.choice(_l("Pays"), _COUNTRIES, missing=_l("Choisissez un pays."))
    is_primary = _PRIMARY
    opt_in = _OPT_IN
    opt_in_on = _opt_in_on()
    opt_in_source = _opt_in_source()


class EstablishmentForm(AddressForm):
    """An address of a company: an establishment has its SIRET."""

    siret = fields.siret(_l("SIRET"), help=_l("Celui de l'établissement\u202f: 14 chiffres."))


class PhoneForm(Form):
    """A telephone number."""

    usage = fields.choice(_l("Usage"), contacts.channels.KINDS["phone"].usages, missing=_l("Choisissez un usage."))
    number = fields.phone(
        _l("Numéro"), missing=_l("Saisissez le numéro."),
        help=_l("Hors de France, commencez par l'indicatif\u202f: +32 470 12 34 56."),
    )  # fmt: skip
    is_primary = _PRIMARY
    opt_in = _OPT_IN
    opt_in_on = _opt_in_on()
    opt_in_source = _opt_in_source()


class EmailForm(Form):
    """An e-mail address."""

    usage = fields.choice(_l("Usage"), contacts.channels.KINDS["email"].usages, missing=_l("Choisissez un usage."))
    email = fields.email(_l("Adresse e-mail"), missing=_l("Saisissez l'adresse."))
    is_primary = _PRIMARY
    opt_in = _OPT_IN
    opt_in_on = _opt_in_on()
    opt_in_source = _opt_in_source()


class BankForm(Form):
    """A bank account."""

    usage = fields.choice(_l("Usage"), contacts.channels.KINDS["bank"].usages, missing=_l("Choisissez un usage."))
    iban = fields.iban(
        _l("IBAN"), missing=_l("Saisissez l'IBAN."), wide=True, help=_l("Tel qu'il figure sur le RIB, avec ou sans espaces.")
    )
    bic = fields.bic(_l("BIC"))
    holder = fields.line(_l("Titulaire du compte"), 120)
    is_primary = _PRIMARY


OF_CHANNEL: dict[str, type[Form]] = {"address": AddressForm, "phone": PhoneForm, "email": EmailForm, "bank": BankForm}
