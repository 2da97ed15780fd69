"""Which act a movement is of, as programs read it (PF-05)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from core.resources.account_schemas import MovementOut
from core.resources.book_schemas import TransactionOut
from core.rest import schemas
from core.rest.schemas import Given
from core.transactions.models import MATCHES

_STRENGTHS = ("strong", "likely", "weak")


class MatchReasonOut(Given):
    """What was compared."""

    code = schemas.string(codes=("amount", "date", "kind", "support"))
    text = schemas.string()
    points = schemas.whole(_l("Points\u202f; négatifs pour ce qui parle contre"))


class ReplacedOut(Given):
    """A movement that the act wrote and that the received one replaces."""

    id = schemas.string()
    on = schemas.day(null=False)
    kind = schemas.string()
    amount = schemas.money()
    currency = schemas.string(_l("ISO 4217"))


class MatchProposedOut(Given):
    """A proposal: nothing is written before a person's word."""

    transaction = schemas.one(TransactionOut, source="act")
    movement = schemas.one(MovementOut)
    score = schemas.whole(source="proposal.score")
    strength = schemas.string(codes=_STRENGTHS, source="proposal.strength")
    reasons = schemas.many(MatchReasonOut, source="proposal.reasons")
    replaces = schemas.many(
        ReplacedOut, _l("Mouvements que l'acte a écrits lui-même et que celui-ci remplacerait"), source="aside"
    )


class MatchDecidedOut(Given):
    """A person's word."""

    state = schemas.string(codes=[one for one in MATCHES if one != "ECRIT"])
    transaction = schemas.one(TransactionOut, source="act")
    movement = schemas.one(MovementOut)
    score = schemas.whole(_l("Tel qu'il était quand la personne a répondu"))
    reasons = schemas.texts()
    replaced = schemas.many(ReplacedOut, _l("Mouvements de l'acte qui ne comptent plus"), source="aside")
    who = schemas.string()
    at = schemas.moment(null=False)


class MatchesOut(Given):
    """An account's movements and acts, compared."""

    proposed = schemas.many(MatchProposedOut)
    decided = schemas.many(MatchDecidedOut, _l("Les cent derniers"))


class MatchDoneOut(Given):
    """What became of it."""

    changed = schemas.flag(_l("Faux si c'était déjà dit"))
    movements = schemas.many(MovementOut, _l("Les mouvements de l'acte désormais"))
