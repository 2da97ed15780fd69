"""What programs ask and get of batches of statements."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from core.api.rest import Given
from core.api.rest import Taken
from core.api.rest import schemas
from plugins.portefeuille.statements.figures import PARTS
from plugins.portefeuille.statements.models import FORMATS
from plugins.portefeuille.statements.models import STATES
from plugins.portefeuille.statements.sending import SUBJECT
from plugins.portefeuille.statements.sending import TEXT


class BatchOut(Given):
    """A batch and how far it is."""

    id = schemas.string()
    on = schemas.day(_l("Date des relevés"), null=False)
    since = schemas.day(_l("Jour à la fin duquel la période commence\u202f; null depuis l'origine"))
    format = schemas.string(_l("Format"), codes=FORMATS)
    parts = schemas.texts(_l("Ce que montrent les pages"))
    count = schemas.whole(_l("Contacts"))
    done = schemas.whole(_l("Relevés faits"))
    refused = schemas.whole(_l("Relevés qui ne peuvent être faits"))
    ended = schemas.flag(_l("Rien n'attend plus"))
    created_at = schemas.moment(_l("Demandé le"), null=False)


#: What became of sending a statement to its client; «»: nothing was asked.
SENDINGS = ("", "waiting", "sent", "failed", "given_up", "left_out")


class BatchLineOut(Given):
    """A contact of a batch."""

    contact_id = schemas.string()
    state = schemas.string(_l("État"), codes=STATES)
    document_id = schemas.string(_l("Relevé enregistré\u202f; null tant qu'il n'y en a pas"), null=True)
    why = schemas.string(_l("Pourquoi il ne peut être fait\u202f; vide sinon"))
    sending = schemas.string(_l("Envoi au client\u202f; vide si rien n'est demandé"), codes=SENDINGS)
    sending_why = schemas.string(_l("Pourquoi rien n'est parti, ou pas encore\u202f; vide sinon"))


class BatchDetailOut(BatchOut):
    """A batch, contact by contact: those that are open to the token's owner."""

    lines = schemas.many(BatchLineOut, _l("Contacts"))


class BatchNew(Taken):
    """The statements to prepare."""

    ids = schemas.ask_texts(_l("Contacts"), most=1000, missing=_l("Nommez au moins un contact."))
    on = schemas.ask_day(_l("Date des relevés"), missing=_l("Indiquez la date des relevés."), past=True)
    since = schemas.ask_day(_l("Jour à la fin duquel la période commence, à défaut depuis l'origine"), past=True)
    format = schemas.ask_code(_l("Format"), FORMATS, missing=_l("Choisissez le format."))
    parts = schemas.ask_texts(_l("Ce que montrent les pages, à défaut tout"), codes=PARTS)


class SendNew(Taken):
    """The words that go with statements; or what failed again."""

    subject = schemas.ask_text(_l("Objet"), SUBJECT)
    text = schemas.ask_text(_l("Message"), TEXT, lines=True)
    again = schemas.ask_flag(_l("Tenter à nouveau ce qui a échoué\u202f; objet et message ne servent alors pas"))


class SendingOut(Given):
    """A statement and what became of its last sending."""

    document_id = schemas.string()
    sending = schemas.string(_l("Envoi au client"), codes=SENDINGS)
    sending_why = schemas.string(_l("Pourquoi rien n'est parti, ou pas encore\u202f; vide sinon"))
    address = schemas.string(_l("Adresse"))
    ended_at = schemas.moment(_l("Envoyé ou refusé le"))
