"""What programs send and get of the mandate's papers; what each value must be is asked of the pages' own forms."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from core.activation.schemas import FILLED
from core.activation.schemas import PROOF
from core.rest import schemas
from core.rest.schemas import Asked
from core.rest.schemas import Given
from core.rest.schemas import Taken

_CODE = schemas.ask_text(_l("Code courtier du cabinet"), 64, missing=_l("Saisissez le code courtier du cabinet."))
_NO_DATE = _l("Saisissez une date.")


class PapersOut(Given):
    """Where the mandate stands, and its last form."""

    reference = schemas.string()
    state = schemas.string(_l("L'état du mandat, son code"))
    label = schemas.string(_l("L'état en toutes lettres"))
    document_id = schemas.string(
        _l("Le dernier formulaire\u202f: GET /documents/{document_id}/content"), null=True, source="paper_id"
    )
    code_expires_at = schemas.moment(_l("Jusqu'à quand sert le code qui y est imprimé"))
    signed_at = schemas.moment()
    received_on = schemas.day(_l("L'original chez la compagnie"))
    active_from = schemas.moment()


class FillIn(Taken):
    """What the form says besides what Encours knows."""

    representative = schemas.ask_text(
        _l("Représentant légal"), 120, missing=_l("Saisissez le nom du représentant légal.")
    )
    quality = schemas.ask_text(
        _l("Qualité"), 80, missing=_l("Saisissez la qualité du représentant, par exemple Gérant.")
    )
    broker_code = _CODE
    email = schemas.ask_text(_l("E-mail du cabinet"), 254, missing=_l("Saisissez l'e-mail du cabinet."))
    phone = schemas.ask_text(_l("Téléphone"), 20)
    place = schemas.ask_text(_l("Fait à"), 80, missing=_l("Saisissez le lieu de signature."))
    signed_on = schemas.ask_day(_l("Date de signature"), missing=_NO_DATE, past=True)
    acts = schemas.ask_texts(_l("Codes des actes autorisés"), most=50, missing=_l("Choisissez au moins un acte."))


class DepositIn(Taken):
    """The form, filled and signed."""

    broker_code = _CODE
    signed_on = schemas.ask_day(_l("Date de signature"), missing=_NO_DATE, past=True)
    file = schemas.ask_file(_l("Mandat rempli et signé"), FILLED, missing=_l("Joignez le mandat rempli, en PDF."))


class ProofIn(Taken):
    """A date, and what shows it."""

    on = schemas.ask_day(_l("La date que la preuve atteste"), missing=_NO_DATE, past=True)
    file = schemas.ask_file(_l("Preuve"), PROOF, missing=_l("Joignez la preuve."))


class MessageQuery(Asked):
    """To whom."""

    inspector_name = schemas.ask_text(_l("À qui va le mandat, son nom\u202f; celui de l'envoi noté sinon"), 120)
    inspector_email = schemas.ask_text(_l("Son adresse e-mail\u202f; celle de l'envoi noté sinon"), 254)
