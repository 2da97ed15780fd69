"""Acts that are typed here, as the API shows and takes them."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from marshmallow import fields as plain

from core.journeys.states import LABELS
from core.rest import schemas
from core.rest.schemas import Given
from core.rest.schemas import Taken

_OBJECT = {"invalid": _l("Un objet est attendu.")}


class ChoiceOut(Given):
    """One of the values of a field."""

    code = schemas.string()
    label = schemas.string()


class FieldOut(Given):
    """A field of a step."""

    name = schemas.string()
    label = schemas.string()
    kind = schemas.string(_l("text, select, radio, checkbox, checks, textarea…"))
    required = schemas.flag()
    help = schemas.string(null=True)
    value = schemas.string(_l("Ce qui y est saisi, ou proposé"), null=True)
    choices = schemas.many(ChoiceOut)


class SlotOut(Given):
    """A document that a step asks for."""

    slot = schemas.string()
    label = schemas.string()
    required = schemas.flag()
    types = schemas.texts(_l("Types admis, reconnus par le contenu"))
    max_bytes = schemas.whole()
    filename = schemas.string(_l("Le fichier reçu"), null=True)


class FaultOut(Given):
    """What is to be corrected."""

    field = schemas.string(_l("Champ ou document\u202f; vide pour l'ensemble"))
    text = schemas.string()


class StepOut(Given):
    """A step."""

    key = schemas.string()
    title = schemas.string()
    help = schemas.string()
    entries = schemas.many(FieldOut, _l("Les champs"))
    documents = schemas.many(SlotOut)


class LineOut(Given):
    """A line of the recap."""

    label = schemas.string()
    text = schemas.string()


class PartOut(Given):
    """A step in the recap."""

    title = schemas.string()
    lines = schemas.many(LineOut)


class JourneyOut(Given):
    """An act that is typed here. `step`: the one to fill in; `recap` and `seen`: once all is typed."""

    id = schemas.string()
    state = schemas.string(codes=LABELS)
    act = schemas.string()
    act_label = schemas.string()
    partner = schemas.string()
    account_id = schemas.string()
    transaction_id = schemas.string()
    expires_at = schemas.moment(_l("Jusqu'à quand la saisie est gardée"), null=False)
    said = schemas.string(_l("Le mot du partenaire, quand il a rendu l'acte"))
    faults = schemas.many(FaultOut)
    step = schemas.one(StepOut, null=True)
    recap = schemas.many(PartOut)
    notice = schemas.string(_l("Ce que l'on confirme en transmettant"))
    seen = schemas.string(_l("À renvoyer pour confirmer ce récapitulatif"), null=True)
    trouble = schemas.string(_l("Ce qui a empêché le dernier essai de transmission"), null=True)


class JourneyTaken(Taken):
    """Which act."""

    act = schemas.ask_text(_l("Code de l'acte"), 60, missing=_l("Donnez le code de l'acte."))
    reason = schemas.ask_text(_l("Motif, quand un avertissement est à passer"), 500, lines=True)


class DocumentTaken(Taken):
    """A file."""

    slot = schemas.ask_text(_l("Document demandé"), 60, missing=_l("Dites de quel document il s'agit."))
    filename = schemas.ask_text(_l("Nom du fichier"), 200, missing=_l("Donnez le nom du fichier."))
    content = schemas.ask_text(_l("Contenu, en base64"), 1024 * 1024, missing=_l("Donnez le contenu du fichier."))


class StepTaken(Taken):
    """A step, filled in."""

    step = schemas.ask_text(_l("Clé de l'étape"), 60, missing=_l("Donnez la clé de l'étape."))
    values = plain.Dict(
        keys=plain.String(), required=True, metadata={"label": _l("Champ → ce qui est saisi, comme dans le formulaire")},
        error_messages={"required": _l("Donnez les valeurs de l'étape."), **_OBJECT},
    )  # fmt: skip
    documents = plain.List(
        plain.Nested(DocumentTaken), metadata={"label": _l("Ceux qui ne sont pas donnés restent")},
        error_messages={"invalid": _l("Une liste est attendue.")},
    )  # fmt: skip


class ConfirmTaken(Taken):
    """What is confirmed."""

    seen = schemas.ask_text(_l("Le seen du récapitulatif lu"), 64, missing=_l("Donnez le seen du récapitulatif."))
    reason = schemas.ask_text(_l("Motif, quand un avertissement est à passer"), 500, lines=True)
