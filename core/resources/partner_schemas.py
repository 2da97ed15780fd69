"""Modules and mandates as the API shows and takes them."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from marshmallow import fields as plain

from core.links.enrolments import LABELS as ENROLMENTS
from core.links.mandate_machine import LABELS as STATES
from core.rest import schemas
from core.rest.schemas import Given
from core.rest.schemas import Taken
from core.web import fields

HEALTH = {
    "ok": _l("Bien"), "slow": _l("Lent"), "paused": _l("En pause"), "off": _l("Désactivé"), "broken": _l("Ne se charge pas"),
    "waiting": _l("Attend que ses tables soient mises à jour"),
}  # fmt: skip


class PluginOut(Given):
    """A module."""

    name = schemas.string()
    title = schemas.string()
    version = schemas.string()
    partner = schemas.string(_l("Le partenaire qu'il relie"), null=True)
    enabled = schemas.flag(source="on")
    since = schemas.moment(_l("Activé depuis"))
    health = schemas.string(codes=HEALTH)
    broken = schemas.string(_l("Pourquoi il ne se charge pas"), null=True)
    has_settings = schemas.flag()
    brings = schemas.texts(_l("Ce qu'il apporte"))


class IncidentOut(Given):
    """What went wrong in one hook."""

    hook = schemas.string()
    label = schemas.string()
    failures = schemas.whole()
    at = schemas.moment(null=False)
    text = schemas.string()
    trace = schemas.string(_l("La référence pour l'administrateur"))
    paused_until = schemas.moment()


class CallsOut(Given):
    """How long a hook's calls took since yesterday."""

    label = schemas.string()
    calls = schemas.whole()
    median_ms = schemas.whole()
    slowest_ms = schemas.whole(_l("95 % des appels prennent moins"))


class HealthOut(Given):
    """How a module is doing."""

    health = schemas.string(codes=HEALTH)
    broken = schemas.string(null=True)
    incidents = schemas.many(IncidentOut)
    calls = schemas.many(CallsOut)
    followed = schemas.whole(_l("Transactions que ce partenaire traite"))


class ProbeOut(Given):
    """What a try of the connection found."""

    ok = schemas.flag()
    text = schemas.string()
    ms = schemas.whole()


class SettingsOut(Given):
    """What holds for the cabinet."""

    values = plain.Dict(keys=plain.String(), metadata={"label": _l("Les valeurs, comme dans le formulaire du module")})
    own = schemas.flag(_l("Le cabinet a ses propres valeurs"))
    secrets = schemas.texts(_l("Noms des secrets qu'il a gardés\u202f: leur valeur n'est jamais dite"))
    lost = schemas.texts(_l("Valeurs que cette version ne sait plus lire"))


class SettingsPatch(Taken):
    """What changes."""

    values = plain.Dict(
        keys=plain.String(), required=True, metadata={"label": _l("Nom du réglage → valeur")},
        error_messages={"required": _l("Donnez au moins un réglage."), "invalid": _l("Un objet est attendu.")},
    )  # fmt: skip


class MandateLineOut(Given):
    """Something that happened to a mandate."""

    at = schemas.moment(null=False)
    kind = schemas.string()
    label = schemas.string()
    who = schemas.string()
    note = schemas.string(null=True)
    document_id = schemas.string(null=True)


class MandateOut(Given):
    """A mandate."""

    partner = schemas.string(_l("Module du lien partenaire"))
    reference = schemas.string(source="standing.reference")
    state = schemas.string(source="standing.state", codes=STATES)
    label = schemas.string(source="standing.label")
    sent_on = schemas.day(source="standing.sent_on")
    received_on = schemas.day(source="standing.received_on")
    signed_at = schemas.moment(source="standing.signed_at")
    active_from = schemas.moment(source="standing.active_from")
    ended_at = schemas.moment(source="standing.ended_at")
    suspended_by = schemas.string(_l("platform, partner ou both"), source="standing.suspended_by", null=True)
    inspector_name = schemas.string(source="standing.inspector_name", null=True)
    inspector_email = schemas.string(source="standing.inspector_email", null=True)
    history = schemas.many(MandateLineOut, source="standing.lines")


class SendIn(Taken):
    """To whom, when."""

    inspector_name = schemas.ask_text(_l("À qui il est envoyé\u202f: son nom"), missing=_l("Saisissez le nom du destinataire."))
    inspector_email = fields.Email(
        required=True, metadata={"label": _l("Son adresse e-mail")},
        error_messages={"required": _l("Saisissez l'adresse e-mail du destinataire.")},
    )  # fmt: skip
    sent_on = schemas.ask_day(_l("Envoyé le"), missing=_l("Saisissez une date."), past=True)


class ReasonIn(Taken):
    """Why."""

    reason = schemas.ask_text(_l("Motif"), 200, missing=_l("Saisissez un motif."))


class EnrolmentOut(Given):
    """Somebody at a partner."""

    user_id = schemas.string()
    name = schemas.string()
    state = schemas.string(codes=ENROLMENTS)
    partner_code = schemas.string(_l("Son code chez le partenaire"), null=True)


class EnrolmentIn(Taken):
    """Another state."""

    state = schemas.ask_code(_l("État"), ENROLMENTS, missing=_l("Choisissez un état."))
    partner_code = schemas.ask_text(_l("Son code chez le partenaire"), 64, null=True)


class OwnSettingsOut(Given):
    """What holds for a person."""

    values = plain.Dict(keys=plain.String(), metadata={"label": _l("Les valeurs, comme dans le formulaire du module")})
    own = schemas.texts(_l("Ceux que la personne a réglés elle-même"))


class OwnSettingsPatch(Taken):
    """What changes."""

    values = plain.Dict(
        keys=plain.String(), metadata={"label": _l("Nom du réglage → valeur")},
        error_messages={"invalid": _l("Un objet est attendu.")},
    )  # fmt: skip
    follow = schemas.ask_texts(_l("Réglages qui suivent de nouveau le cabinet"))


class AskedOut(Given):
    """The module that was asked for."""

    title = schemas.string()


class KeyOut(Given):
    """A key of the cabinet."""

    kid = schemas.string()
    state = schemas.string(_l("next\u202f: à venir, used\u202f: en service, old\u202f: encore reconnue, withdrawn, gone"))
    since = schemas.moment(_l("Signe à partir de"))
    until = schemas.moment(_l("Montrée jusqu'à"))


class KeysOut(Given):
    """All of them."""

    items = schemas.many(KeyOut)
