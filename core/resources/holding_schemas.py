"""Movements and valuations that a program writes down (PF-05, PF-08)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from core.accounts.movements import KINDS
from core.rest import schemas
from core.rest.schemas import Taken


class MovementNew(Taken):
    """A movement to add."""

    on = schemas.ask_day(_l("Jour"), past=True, missing=_l("Indiquez le jour du mouvement."))
    kind = schemas.ask_code(_l("Nature"), KINDS, missing=_l("Choisissez la nature du mouvement."))
    amount = schemas.ask_money(
        _l("Montant\u202f: positif s'il entre. Rachats, frais et prélèvements sont notés en sortie, quel que soit le signe."),
        missing=_l("Indiquez le montant du mouvement."),
    )  # fmt: skip
    label = schemas.ask_text(_l("Libellé\u202f; à défaut, celui de la nature"), 200)
    support_id = schemas.ask_text(_l("Id du support concerné"), null=True)


class ValuationNew(Taken):
    """What an account was worth on a day."""

    on = schemas.ask_day(_l("Jour"), past=True, missing=_l("Indiquez le jour de la valorisation."))
    value = schemas.ask_money(_l("Valeur, dans la devise du compte"), missing=_l("Indiquez la valeur du compte ce jour-là."))
    net_payments = schemas.ask_money(_l("Versements nets des rachats, depuis l'ouverture"), null=True)
