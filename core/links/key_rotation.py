"""The life of the cabinet's signing keys (PLP-018 to PLP-020): a next one is stated a day before it signs, the old one
is shown seven days more, both are told to every partner; or one is taken away at once."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from datetime import timedelta

from sqlalchemy import func
from sqlalchemy import select

from core.cabinets import audit
from core.cabinets import services as cabinets
from core.cabinets.models import Cabinet
from core.db.clock import PARIS
from core.db.clock import now
from core.db.errors import Conflict
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.extensions import db
from core.jobs.queue import periodic
from core.links import keys
from core.links import mandate_document
from core.links import statements
from core.links.client import issuer
from core.links.models import KeyStatement
from core.links.models import Mandate
from core.links.models import SigningKey

#: PLP-020.
NOTICE = timedelta(hours=24)
ROUTINE = timedelta(days=90)
#: Mandates on whose paper no thumbprint stands yet, or which the partner holds no more.
_NO_PAPER = ("none", "refused")


@dataclass(frozen=True, slots=True)
class Standing:
    """One key as people see it. `state`: next (signs from `since` on), used, old (shown until `until`), withdrawn, gone.

    `spare`: another one would go on without it, so that it may be withdrawn.
    """

    kid: str
    state: str
    since: datetime
    until: datetime | None
    spare: bool = False


def listed(session: TenantSession) -> list[Standing]:
    """The cabinet's keys, newest first."""
    at, used = now(), keys.in_use(session)
    rows = session.scalars(select(SigningKey).order_by(SigningKey.created_at.desc(), SigningKey.id.desc()))
    found = [_standing(row, used.kid if used is not None else "", at) for row in rows]
    going_on = sum(one.state in ("next", "used") for one in found)
    return [replace(one, spare=one.state == "old" or (one.state in ("next", "used") and going_on > 1)) for one in found]


def begin(session: TenantSession, *, actor: str) -> datetime:
    """Make the next key and tell every partner; when it will begin to sign. Raises `Conflict` while another one waits."""
    _alone(session)
    waits = _next(session)
    if waits is not None and waits.active_from is not None:
        text = f"Un renouvellement est déjà en cours\u202f: la nouvelle clé servira à partir du {_day(waits.active_from)}."
        raise Conflict(text)
    kid, _key = keys.signing_key(session)
    at = now() + NOTICE
    made, _new = keys.add(session, at, actor=actor)
    _row(session, kid).retired_at = at
    session.flush()
    audit.record(session, actor, "link.keys_rotated", f"link-key:{made}", {"from": at.isoformat(), "instead": kid})
    _tell(session, signer=kid)
    return at


def withdraw(session: TenantSession, kid: str, *, actor: str) -> None:
    """Take a key away at once, because somebody else may have it: no partner that reads this believes it any more.

    What another key signs from then on is that other's: the next one, if the withdrawn one was in use. Raises `NotFound`;
    `Conflict` for the only key, without which nothing more could be stated.
    """
    _alone(session)
    row = _row(session, kid)
    at = now()
    others = [one for one in keys.shown(session) if one.kid != kid]
    if not any(one.retired_at is None or one.retired_at > at for one in others):
        raise Conflict(
            "C'est la seule clé du cabinet\u202f: sans elle, aucun partenaire ne croirait la suivante. Renouvelez d'abord la "
            "clé, puis retirez celle-ci aussitôt."
        )
    row.withdrawn_at = at
    if row.retired_at is None or row.retired_at > at:
        row.retired_at = at
    for one in others:
        if one.active_from is not None and one.active_from > at:
            one.active_from = at
        if one.retired_at is not None and one.retired_at > at:
            one.retired_at = None
    session.flush()
    audit.record(session, actor, "link.key_withdrawn", f"link-key:{kid}", {"kid": kid})
    _tell(session, signer=keys.signing_key(session)[0])


@periodic("links.keys", 3600)
def tick(cabinet_id: int) -> None:
    """Each hour: an old key that is shown no more is stated no more; every ninety days a new one begins (PLP-020)."""
    with db.session(cabinet_id, write=False) as session:
        used = keys.in_use(session)
        if used is None or not _mandates(session):
            return
        due = _next(session) is None and (used.active_from or used.created_at) + ROUTINE <= now()
        over = not due and _last(session) not in (None, set(keys.thumbprints(session)))
    if not due and not over:
        return
    with db.session(cabinet_id) as session:
        if due:
            begin(session, actor="system")
        else:
            _alone(session)
            _tell(session, signer=keys.signing_key(session)[0])


def _tell(session: TenantSession, *, signer: str) -> None:
    """A statement for each mandate that has a paper, and the mandate's next version to its partner (PLP-019)."""
    key, jkt = keys.private(session, signer), keys.thumbprints(session)
    iss = issuer(cabinets.cabinet_of(session).slug)
    last = session.scalar(select(func.max(KeyStatement.iat))) or 0
    iat = max(int(now().timestamp()), last + 1)  # PLP-018: one a second
    for mandate in _mandates(session):
        token = statements.make(key, iss=iss, iat=iat, mandate=mandate.reference, jkt=jkt)
        session.add(KeyStatement(mandate=mandate.reference, iat=iat, jkt=jkt, token=token))
        session.flush()
        mandate_document.touch(session, mandate)


def _mandates(session: TenantSession) -> list[Mandate]:
    found = select(Mandate).where(Mandate.ended_at.is_(None), Mandate.state.not_in(_NO_PAPER))
    return list(session.scalars(found.order_by(Mandate.created_at, Mandate.id)))


def _last(session: TenantSession) -> set[str] | None:
    found = session.scalar(select(KeyStatement.jkt).order_by(KeyStatement.iat.desc()).limit(1))
    return set(map(str, found)) if found is not None else None


def _next(session: TenantSession) -> SigningKey | None:
    at = now()
    return next((row for row in keys.shown(session) if row.active_from is not None and row.active_from > at), None)


def _row(session: TenantSession, kid: str) -> SigningKey:
    row = session.scalar(select(SigningKey).where(SigningKey.kid == kid, SigningKey.withdrawn_at.is_(None)))
    if row is None:
        raise NotFound("Cette clé n'est pas, ou plus, une clé du cabinet.")
    return row


def _alone(session: TenantSession) -> None:
    """One change of keys at a time: the cabinet's row is the lock where the database has row locks."""
    session.scalars(select(Cabinet.id).where(Cabinet.id == session.require_cabinet()).with_for_update()).one()


def _standing(row: SigningKey, used: str, at: datetime) -> Standing:
    since = row.active_from or row.created_at
    if row.withdrawn_at is not None:
        return Standing(row.kid, "withdrawn", since, row.withdrawn_at)
    if row.kid == used:
        return Standing(row.kid, "used", since, row.retired_at)
    if since > at:
        return Standing(row.kid, "next", since, None)
    until = row.retired_at + keys.KEPT if row.retired_at is not None else None
    return Standing(row.kid, "old" if until is not None and until > at else "gone", since, until)


def _day(at: datetime) -> str:
    return f"{at.astimezone(PARIS):%d/%m/%Y à %H:%M}"

