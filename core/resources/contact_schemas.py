"""Contacts as the API shows and takes them (domain.md §2.1)."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from core.contacts import channels
from core.contacts import choices
from core.contacts import details
from core.contacts.history import LABELS
from core.contacts.models import FOLLOWINGS
from core.contacts.schemas import KIND_LABELS
from core.contacts.schemas import PROTECTION_LABELS
from core.contacts.schemas import SITUATION_LABELS
from core.contacts.schemas import STAGE_LABELS
from core.resources import contact_file_schemas as more
from core.rest import schemas
from core.rest.schemas import Asked
from core.rest.schemas import Given
from core.rest.schemas import Taken
from core.web import fields

_DAYS = (
    "birth_date", "death_date", "id_issued_on", "id_expires_on", "founded_on", "prospect_since", "client_since", "former_since",
)  # fmt: skip
_FLAGS = ("introducer", "prescriber")
_CODES: dict[str, dict[str, Any]] = {
    "civility": choices.CIVILITIES, "situation": SITUATION_LABELS, "protection": PROTECTION_LABELS,
    "us_person": choices.YES_NO, "matrimonial_regime": choices.MATRIMONIAL_REGIMES, "pacs_regime": choices.PACS_REGIMES,
    "work_status": choices.WORK_STATUSES, "id_kind": choices.ID_KINDS, "tax_regime": choices.TAX_REGIMES,
    "origin": choices.ORIGINS, "csp": choices.CSPS, "prescriber_profession": choices.PRESCRIBERS,
    "birth_country": {}, "nationality": {}, "other_nationality": {}, "tax_country": {},  # any country
}  # fmt: skip
_OWN = (
    "civility", "birth_name", "usage_name", "first_names", "birth_date", "death_date", "company_name", "legal_form", "siren",
    "situation", "protection",
)  # fmt: skip
_LENGTHS = {**details.LENGTHS, "company_name": 200, "legal_form": 40, "display_name": 200, "file_code": 20}


def _given(name: str, source: str) -> Any:
    label = LABELS[name]
    if name in _DAYS:
        return schemas.day(label, source=source)
    if name == "capital":
        return schemas.money(label, source=source)
    if name in _FLAGS:
        return schemas.flag(label, source=source)
    if name == "more_nationalities":
        return schemas.texts(label, source=source)
    return schemas.string(label, source=source, null=name != "protection", codes=_CODES.get(name) or ())


def _taken(name: str) -> Any:
    label = LABELS[name]
    if name in _DAYS:
        return schemas.ask_day(label, null=True)
    if name == "capital":
        return schemas.ask_money(label, null=True)
    if name in _FLAGS:
        return schemas.ask_flag(label)
    if name == "more_nationalities":
        return schemas.ask_texts(label, most=details.MOST_NATIONALITIES, codes=choices.countries())
    if name == "siren":
        return fields.Siren(allow_none=True, metadata={"label": label})
    if name in _CODES:
        return schemas.ask_code(label, _CODES[name] or choices.countries(), null=name != "protection")
    return schemas.ask_text(label, _LENGTHS.get(name, 100), null=True, lines=name == "remarks")


class ContactQuery(Asked):
    """The list's filters: those of the page."""

    q = schemas.ask_text(_l("Nom, prénom, dénomination ou code dossier\u202f: chaque mot en commence un"))
    stage = schemas.ask_code(_l("Type"), STAGE_LABELS)
    kind = schemas.ask_code(_l("Nature"), KIND_LABELS)
    follower = schemas.ask_text(_l("Id du collaborateur qui suit"))
    worth_at_least = schemas.ask_money(_l("Encours d'au moins, en euros (demande accounts:read)"))


class FollowerOut(Given):
    """Somebody of the cabinet who follows a contact."""

    user_id = schemas.string()
    name = schemas.string()
    role = schemas.string(_l("Rôle"), codes=FOLLOWINGS)


class TieOut(Given):
    """A household, or a member of one."""

    id = schemas.string()
    name = schemas.string()
    kind = schemas.string(codes=KIND_LABELS)


class ContactLineOut(Given):
    """A contact in a list."""

    id = schemas.string()
    kind = schemas.string(_l("Nature"), codes=KIND_LABELS)
    stage = schemas.string(_l("Type"), codes=STAGE_LABELS)
    file_code = schemas.string(_l("Code dossier"))
    display_name = schemas.string(_l("Nom dans les listes"), source="name")
    city = schemas.string(null=True)
    phone = schemas.string(_l("Téléphone principal, E.164"), null=True)
    email = schemas.string(_l("E-mail principal"), null=True)
    vital = schemas.string(codes={"VIVANT": _l("Vivant"), "DECEDE": _l("Décédé")})
    followers = schemas.many(FollowerOut)


class _ContactFile(Given):
    """A contact's file without what its kind has."""

    id = schemas.string(source="card.id")
    kind = schemas.string(_l("Nature"), source="card.line.kind", codes=KIND_LABELS)
    stage = schemas.string(_l("Type"), source="card.line.stage", codes=STAGE_LABELS)
    file_code = schemas.string(_l("Code dossier"), source="card.line.file_code")
    display_name = schemas.string(_l("Nom dans les listes"), source="card.line.name")
    city = schemas.string(source="card.line.city", null=True)
    phone = schemas.string(_l("Téléphone principal, E.164"), source="card.line.phone", null=True)
    email = schemas.string(_l("E-mail principal"), source="card.line.email", null=True)
    vital = schemas.string(source="card.line.vital", codes={"VIVANT": _l("Vivant"), "DECEDE": _l("Décédé")})
    followers = schemas.many(FollowerOut, source="card.line.followers")
    households = schemas.many(TieOut, _l("Ses foyers"), source="card.households")
    members = schemas.many(TieOut, _l("Les membres de ce foyer"), source="card.members")
    archived_at = schemas.moment(_l("Archivé le"), source="card.line.archived_at")
    archived_reason = schemas.string(_l("Raison de l'archivage"), source="card.archived_reason", null=True)
    life = schemas.one(more.LifeOut, _l("Ce qui suit d'un décès"), source="card.line.life")
    category_id = schemas.string(_l("Catégorie"), source="card.category_id", null=True)
    category = schemas.string(_l("Nom complet de la catégorie"), null=True)
    labels = schemas.many(more.WornLabelOut, _l("Étiquettes"))
    numbers = schemas.many(more.NumberOut, _l("Numéros client"))
    custom = more.custom(_l("Champs du cabinet, par leur code"), given=True)
    completeness = schemas.one(more.CompletenessOut, _l("Complétude\u202f; null pour un foyer"), null=True)


ContactOut: Any = type(
    "ContactOut", (_ContactFile,),
    {
        "__doc__": "A contact's file.", **{name: _given(name, f"card.{name}") for name in _OWN},
        **{name: _given(name, f"card.details.{name}") for name in details.NAMES},
    },
)  # fmt: skip


class _Followed(Taken):
    """What a new contact takes besides its own fields."""

    kind = schemas.ask_code(_l("Nature"), KIND_LABELS, missing=_l("Choisissez le type de contact."))
    stage = schemas.ask_code(_l("Type"), STAGE_LABELS)
    display_name = schemas.ask_text(_l("Nom dans les listes\u202f: fait des autres s'il manque, obligatoire pour un foyer"), 200)
    file_code = schemas.ask_text(_l("Code dossier\u202f: attribué s'il manque"), 20)
    email = fields.Email(metadata={"label": _l("E-mail")})
    phone = fields.Phone(metadata={"label": _l("Téléphone")})
    street = schemas.ask_text(_l("Adresse"), 200)
    postal_code = schemas.ask_text(_l("Code postal"), 12)
    city = schemas.ask_text(_l("Ville"))
    principal = schemas.ask_text(_l("Id du conseiller principal\u202f: vous s'il manque"))
    category_id = schemas.ask_text(_l("Id de la catégorie\u202f: celle des nouveaux contacts si elle manque"), null=True)
    labels = schemas.ask_texts(_l("Ids des étiquettes"))
    custom = more.custom(_l("Champs du cabinet, par leur code"), given=False)
    anyway = schemas.ask_flag(_l("Créer même si un contact semble être le même"))


ContactNew: Any = type(
    "ContactNew", (_Followed,),
    {"__doc__": "A contact to create.", **{name: _taken(name) for name in (*_OWN, *details.NAMES)}},
)  # fmt: skip


class _Filed(Taken):
    """What every contact's file may change."""

    stage = schemas.ask_code(_l("Type"), STAGE_LABELS)
    display_name = schemas.ask_text(_l("Nom dans les listes"), 200)
    file_code = schemas.ask_text(_l("Code dossier"), 20)
    category_id = schemas.ask_text(_l("Id de la catégorie"), null=True)
    labels = schemas.ask_texts(_l("Ids des étiquettes\u202f: toutes"))
    custom = more.custom(_l("Champs du cabinet, par leur code\u202f: ceux qui changent"), given=False)
    principal = schemas.ask_text(_l("Id du conseiller principal"))
    secondaries = schemas.ask_texts(_l("Ids des conseillers secondaires\u202f: tous"))
    assistants = schemas.ask_texts(_l("Ids des assistants\u202f: tous"))


ContactPatch: Any = type(
    "ContactPatch", (_Filed,),
    {"__doc__": "What changes of a contact.", **{name: _taken(name) for name in (*_OWN, *details.NAMES)}},
)  # fmt: skip

_USAGES = {code: label for kind in channels.KINDS.values() for code, label in kind.usages.items()}
CHANNEL_LABELS = {
    "address": _l("Adresse"), "phone": _l("Téléphone"), "email": _l("E-mail"), "bank": _l("Compte bancaire"),
}  # fmt: skip


class ChannelOut(Given):
    """An address, a number or an account of a contact. What its kind has not is null."""

    id = schemas.string()
    kind = schemas.string(_l("Sorte"), codes=CHANNEL_LABELS)
    usage = schemas.string(_l("Usage"), codes=_USAGES)
    is_primary = schemas.flag(_l("Principal\u202f: repris dans les listes"))
    opt_in = schemas.flag(_l("Le contact accepte d'être sollicité par ce canal"))
    opt_in_on = schemas.day(_l("Depuis quand"))
    opt_in_source = schemas.string(_l("Comment il l'a dit"), null=True, codes=choices.OPT_IN_SOURCES)
    verified_on = schemas.day(_l("Vérifié le"))
    verified_by = schemas.string(_l("Vérifié par"), null=True)
    bank = schemas.string(_l("Banque de l'IBAN, où une table publique la dit"), null=True)
    street = schemas.string(null=True)
    extra = schemas.string(null=True)
    postal_code = schemas.string(null=True)
    city = schemas.string(null=True)
    country = schemas.string(_l("ISO 3166-1"), null=True)
    siret = schemas.string(_l("De l'établissement d'une société"), null=True)
    number = schemas.string(_l("E.164"), null=True)
    email = schemas.string(null=True)
    iban = schemas.string(_l("Masqué à qui ne peut pas modifier le contact"), null=True)
    bic = schemas.string(null=True)
    holder = schemas.string(_l("Titulaire"), null=True)


class ChannelsOut(Given):
    """All of a contact's."""

    items = schemas.many(ChannelOut)


class ChannelPatch(Taken):
    """What changes of a channel; only its kind's own fields count."""

    usage = schemas.ask_code(_l("Usage"), _USAGES)
    is_primary = schemas.ask_flag(_l("En faire le principal"))
    opt_in = schemas.ask_flag(_l("Le contact accepte d'être sollicité"))
    opt_in_on = schemas.ask_day(_l("Depuis quand\u202f: aujourd'hui s'il manque"), null=True, past=True)
    opt_in_source = schemas.ask_code(_l("Comment il l'a dit"), choices.OPT_IN_SOURCES, null=True)
    street = schemas.ask_text(_l("Adresse"), 200, null=True)
    extra = schemas.ask_text(_l("Complément"), 200, null=True)
    postal_code = schemas.ask_text(_l("Code postal"), 12, null=True)
    city = schemas.ask_text(_l("Ville"))
    country = schemas.ask_code(_l("Pays, ISO 3166-1"), choices.countries())
    siret = fields.Siret(allow_none=True, metadata={"label": _l("SIRET de l'établissement")})
    number = fields.Phone(metadata={"label": _l("Numéro")})
    email = fields.Email(metadata={"label": _l("Adresse e-mail")})
    iban = fields.Iban(metadata={"label": _l("IBAN")})
    bic = fields.Bic(allow_none=True, metadata={"label": _l("BIC")})
    holder = schemas.ask_text(_l("Titulaire du compte"), 120, null=True)


class ChannelNew(ChannelPatch):
    """A channel to add."""

    kind = schemas.ask_code(_l("Sorte"), CHANNEL_LABELS, missing=_l("Choisissez une sorte de coordonnée."))
    usage = schemas.ask_code(_l("Usage"), _USAGES, missing=_l("Choisissez un usage."))


class ChannelOrder(Taken):
    """The order of a contact's channels of a kind: the first is the primary one."""

    kind = schemas.ask_code(_l("Sorte"), CHANNEL_LABELS, missing=_l("Choisissez une sorte de coordonnée."))
    ids = schemas.ask_texts(_l("Les ids, dans leur nouvel ordre"), missing=_l("Donnez l'ordre voulu."))


class HandOver(Taken):
    """Contacts that get another principal adviser."""

    ids = schemas.ask_texts(_l("Les ids des contacts"), missing=_l("Nommez au moins un contact."))
    adviser = schemas.ask_text(_l("Id du nouveau conseiller principal"), missing=_l("Choisissez un collaborateur."))
    keep = schemas.ask_flag(_l("Les conseillers actuels suivent encore, en second"))


class Changed(Given):
    """How many were changed."""

    changed = schemas.whole(_l("Combien ont changé"))


class LineOut(Given):
    """A field, before and after."""

    field = schemas.string(source="name")
    label = schemas.string()
    before = schemas.string()
    after = schemas.string()


class ChangeOut(Given):
    """Something that was done to a file."""

    at = schemas.moment(null=False)
    who = schemas.string(_l("Qui"))
    action = schemas.string(_l("Quoi, en français"))
    purged = schemas.flag(_l("Le contenu n'est plus conservé"))
    lines = schemas.many(LineOut)


class FileHistoryOut(Given):
    """What was done to a file, the newest first."""

    items = schemas.many(ChangeOut)
