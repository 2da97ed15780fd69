"""The steps of a sign-in: password, second factor where there is one, then the session under a new name.

Between the steps the browser's session belongs to nobody: it only remembers, on our side, whose password was right.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from typing import Any

from flask import request
from flask import session as flask_session

from core.auth import devices
from core.auth import limits
from core.auth import second_factor
from core.auth import sessions
from core.cabinets import audit
from core.cabinets import services
from core.cabinets.models import Cabinet
from core.cabinets.models import User
from core.db.clock import now
from core.db.model import new_id
from core.db.session import TenantSession
from core.extensions import db
from core.jobs.queue import enqueue

#: The second step must follow the first within this time.
PATIENCE = timedelta(minutes=10)
_KEY = "half_way"
#: Jobs that these steps leave: the journal of refused tries, what a person is told of.
TRY, TELL = "auth.try", "auth.tell"


@dataclass(frozen=True, slots=True)
class HalfWay:
    """Somebody whose password was right: `step` is «code» or, where the cabinet asks for a factor he lacks, «enrol»."""

    user_id: str
    cabinet_id: int
    step: str
    target: str


def password_step(email: str, password: str, target: str) -> limits.Wait | str | None:
    """Judge e-mail and password: the page to go to, a wait, or None where they are wrong.

    What is done is the same whether anybody has this e-mail or not, in the same time.
    """
    address = services.folded_email(email)
    with db.session(None, write=False) as reader:
        known = devices.is_known_to(services.user_of(reader, address))
    account, place = limits.account_key(address, known), limits.address_key(request.remote_addr)
    wait = limits.take((account, limits.ACCOUNT), (place, limits.ADDRESS))
    if wait is not None:
        if wait.new:
            _journal(address, "blocked")
        return wait
    # Argon2 takes a tenth of a second: outside of the write lock.
    with db.session(None, write=False) as reader:
        user = services.authenticate(reader, address, password)
    if user is None:
        _journal(address, "refused")
        return None
    limits.give_back(place)
    limits.clear(account)
    with db.session(user.cabinet_id, write=False) as reader:
        has = second_factor.is_on(reader, user.id)
        asked = reader.get_one(Cabinet, user.cabinet_id).second_factor_required
    if not has and not asked:
        finish(user.id, user.cabinet_id, amr=["pwd"])
        return target
    sessions.rotate()
    step = "code" if has else "enrol"
    flask_session[_KEY] = {
        "user": user.id, "cabinet": user.cabinet_id, "step": step, "target": target, "at": now().isoformat(),
    }  # fmt: skip
    return f"/connexion/{'code' if has else 'second-facteur'}"


def half_way(step: str) -> HalfWay | None:
    """Who waits for this step in the request's session; None where nobody does, or too long ago."""
    kept: dict[str, Any] | None = flask_session.get(_KEY)
    if kept is None or kept["step"] != step or datetime.fromisoformat(kept["at"]) < now() - PATIENCE:
        return None
    with db.session(None, write=False) as reader:
        user = reader.get(User, kept["user"])
        if user is None or not user.active or user.cabinet_id != kept["cabinet"]:
            return None
    return HalfWay(kept["user"], kept["cabinet"], step, kept["target"])


def leave() -> None:
    """Begin again."""
    flask_session.pop(_KEY, None)


def code_step(who: HalfWay, code: str, *, recovery: bool) -> limits.Wait | bool:
    """Judge the second step's code: True signs in, False is wrong, or a wait."""
    key = limits.code_key(who.user_id)
    wait = limits.take((key, limits.CODE), (limits.address_key(request.remote_addr), limits.ADDRESS))
    if wait is not None:
        if wait.new:
            _journal_of(who, "code_blocked")
        return wait
    with db.session(who.cabinet_id) as session:
        left = second_factor.use_recovery(session, who.user_id, code) if recovery else None
        right = left is not None if recovery else second_factor.verify(session, who.user_id, code)
        if not right:
            audit.record(session, who.user_id, "session.code_refused", f"user:{who.user_id}", {"ip": request.remote_addr})
        elif recovery:
            tell(session, who.user_id, "recovery", left=left)
    if not right:
        return False
    limits.give_back(limits.address_key(request.remote_addr))
    limits.clear(key)
    finish(who.user_id, who.cabinet_id, amr=["pwd", "otp"])
    return True


def finish(user_id: str, cabinet_id: int, *, amr: list[str]) -> None:
    """Sign in: journal, device, and the session under a new name."""
    agent = request.headers.get("User-Agent")
    with db.session(cabinet_id) as session:
        user = session.get_one(User, user_id)
        payload = {"ip": request.remote_addr, "amr": amr}
        audit.record(session, user.id, "session.begun", f"user:{user.id}", payload)
        if devices.welcome(session, user):
            told = {"device": devices.label(agent), "ip": request.remote_addr, "at": now().isoformat()}
            tell(session, user.id, "device", **told)
    sessions.sign_in(user_id, cabinet_id, amr=amr, ip=request.remote_addr, agent=agent)


def tell(session: TenantSession, user_id: str, what: str, **said: Any) -> None:
    """Have the person told, with the change that is told; `id` keeps a job that comes twice from telling twice."""
    enqueue(session, TELL, {"id": new_id(), "user": user_id, "what": what, **said})


def _journal(address: str, outcome: str) -> None:
    """Leave a refused try to the journal by a job: the same work whether anybody has this e-mail or not."""
    with db.session(None) as session:
        said = {"outcome": outcome, "ip": request.remote_addr, "at": now().isoformat()}
        enqueue(session, TRY, {"id": new_id(), "email": address[:254], **said})


def _journal_of(who: HalfWay, outcome: str) -> None:
    with db.session(who.cabinet_id) as session:
        audit.record(session, who.user_id, f"session.{outcome}", f"user:{who.user_id}", {"ip": request.remote_addr})
