"""The cabinet, its people, profiles, agencies and journal as the API shows and takes them."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from marshmallow import validate

from core.admin import journal_words as words
from core.cabinets.permissions import LABELS
from core.rest import schemas
from core.rest.schemas import Asked
from core.rest.schemas import Given
from core.rest.schemas import Taken
from core.web import fields

_ORIAS = _l("Le numéro ORIAS compte 8 chiffres, par exemple 07\u202f000\u202f123.")


class CabinetOut(Given):
    """The cabinet."""

    slug = schemas.string(_l("Son nom dans les adresses"))
    name = schemas.string()
    siren = schemas.string(null=True)
    orias = schemas.string(null=True)
    address = schemas.string(null=True)
    second_factor_required = schemas.flag(_l("Le second facteur est exigé de tous"))


class CabinetPatch(Taken):
    """What changes."""

    name = schemas.ask_text(_l("Nom du cabinet"), 120)
    siren = fields.Siren(allow_none=True, metadata={"label": _l("SIREN")})
    orias = fields.Text(
        allow_none=True, validate=validate.Regexp(r"^[0-9]{8}\Z", error=_ORIAS), metadata={"label": _l("Numéro ORIAS")}
    )
    address = schemas.ask_text(_l("Adresse"), 300, null=True)
    second_factor_required = schemas.ask_flag(_l("Exiger le second facteur de tous"))


class UserQuery(Asked):
    """The list's filters: those of the page."""

    q = schemas.ask_text(_l("Nom ou e-mail"))
    profile = schemas.ask_text(_l("Code du profil"), 20)
    agency = schemas.ask_text(_l("Id de l'agence\u202f; none\u202f: sans agence"))
    second_factor = schemas.ask_switch(_l("Avec, ou sans, second facteur"))
    active = schemas.ask_switch(_l("Accès ouvert, ou désactivé"))


class UserOut(Given):
    """A person of the cabinet."""

    id = schemas.string(source="user_id")
    name = schemas.string()
    email = schemas.string()
    profile = schemas.string(_l("Code du profil"), source="role")
    profile_label = schemas.string(source="profile")
    agencies = schemas.texts(_l("Ids de ses agences"), source="agency_list")
    second_factor = schemas.flag(_l("A un second facteur"), source="factor")
    active = schemas.flag(_l("Peut se connecter"))
    seen_at = schemas.moment(_l("Dernière activité"))


class UserNew(Taken):
    """Somebody who comes: the password is his own to choose."""

    name = schemas.ask_text(_l("Prénom et nom"), 120, missing=_l("Saisissez le prénom et le nom."))
    email = fields.Email(
        required=True, metadata={"label": _l("Adresse e-mail")}, error_messages={"required": _l("Saisissez l'adresse e-mail.")}
    )
    profile = schemas.ask_text(_l("Code du profil"), 20, missing=_l("Choisissez le profil."))
    agencies = schemas.ask_texts(_l("Ids de ses agences"))


class UserPatch(Taken):
    """What changes."""

    name = schemas.ask_text(_l("Prénom et nom"), 120)
    profile = schemas.ask_text(_l("Code du profil"), 20)
    agencies = schemas.ask_texts(_l("Ids de ses agences"))
    active = schemas.ask_flag(_l("Peut se connecter\u202f; false ferme ses sessions et révoque ses jetons"))


class InvitationOut(Given):
    """What became of an invitation."""

    sent = schemas.flag(_l("Elle part\u202f; faux où cette installation n'envoie pas d'e-mails"))


class DoneOut(Given):
    """Whether something was done."""

    changed = schemas.flag()


class SessionOut(Given):
    """An open session."""

    key = schemas.string()
    user_id = schemas.string()
    name = schemas.string()
    device = schemas.string()
    place = schemas.string(_l("Adresse réseau"))
    begun_at = schemas.moment(null=False)
    seen_at = schemas.moment(null=False)
    second_factor = schemas.flag(source="strong")


class ProfileOut(Given):
    """A profile."""

    id = schemas.string(_l("Vide pour un profil d'Encours, qui ne se modifie pas"))
    code = schemas.string()
    label = schemas.string()
    own = schemas.flag(_l("Fait par le cabinet"))
    rights = schemas.texts(source="sorted_rights")


class ProfileNew(Taken):
    """A profile to make."""

    label = schemas.ask_text(_l("Nom du profil"), 60, missing=_l("Saisissez le nom du profil."))
    rights = schemas.ask_texts(_l("Droits"), missing=_l("Donnez ses droits."), codes=LABELS)


class ProfilePatch(Taken):
    """What changes."""

    label = schemas.ask_text(_l("Nom du profil"), 60)
    rights = schemas.ask_texts(_l("Droits\u202f; ce dont l'un a besoin lui est ajouté"), codes=LABELS)


class AgencyOut(Given):
    """An agency."""

    id = schemas.string()
    name = schemas.string()
    members = schemas.texts(_l("Ids de ses membres"), source="member_list")


class AgencyNew(Taken):
    """An agency to make."""

    name = schemas.ask_text(_l("Nom de l'agence"), 120, missing=_l("Saisissez le nom de l'agence."))
    members = schemas.ask_texts(_l("Ids de ses membres"))


class AgencyPatch(Taken):
    """What changes."""

    name = schemas.ask_text(_l("Nom de l'agence"), 120)
    members = schemas.ask_texts(_l("Ids de ses membres"))


class JournalQuery(Asked):
    """The journal's filters: those of the page."""

    q = schemas.ask_text(_l("Un id, un code, un numéro, un nom"))
    since = schemas.ask_day(_l("Depuis ce jour"))
    until = schemas.ask_day(_l("Jusqu'à ce jour"))
    actor = schemas.ask_text(_l("Id de l'auteur, system, cli, ou «partner:» et un module"), 60)
    action = schemas.ask_code(_l("Action"), list(words.ACTIONS))
    kind = schemas.ask_code(_l("Sorte d'objet"), list(words.KINDS))


class EntryOut(Given):
    """A line of the journal."""

    id = schemas.string()
    seq = schemas.whole(_l("Sa place dans la chaîne"))
    at = schemas.moment(null=False)
    actor = schemas.string(_l("Qui"))
    action = schemas.string(_l("Quoi"))
    subject = schemas.string(_l("Sur quoi\u202f: sorte:id"))
    name = schemas.string(_l("Comment s'appelle l'objet, où il peut être dit"))


class RowOut(Given):
    """Something that changed, or was noted."""

    label = schemas.string()
    before = schemas.string(null=True)
    after = schemas.string()


class EntryFileOut(Given):
    """A line whole."""

    entry = schemas.one(EntryOut, source="line")
    code = schemas.string(_l("Le code de l'action"))
    rows = schemas.many(RowOut)
    shown = schemas.flag(_l("Faux où le contenu est expurgé, ou hors de vos droits"))
    purged_at = schemas.moment(source="purged")
    hash = schemas.string()
    previous = schemas.string()


class CheckOut(Given):
    """Whether the chain holds."""

    ok = schemas.flag()
    entries = schemas.whole()
    purged = schemas.whole()
    fault = schemas.string(null=True)
