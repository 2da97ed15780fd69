"""The second factor: an authenticator's code (TOTP, RFC 6238), and recovery codes for the day it is lost."""

from __future__ import annotations

import hmac
import re
import secrets
from typing import Any
from typing import cast

import pyotp
import segno
from sqlalchemy import CursorResult
from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import update

from core.auth.models import RecoveryCode
from core.auth.models import SecondFactor
from core.cabinets import audit
from core.cabinets import passwords
from core.cabinets import vault
from core.cabinets.models import User
from core.db.clock import epoch
from core.db.clock import now
from core.db.session import TenantSession

PERIOD = 30
#: Steps before and after the present one whose code is taken: clocks differ.
AROUND = (0, -1, 1)
CODES = 10
#: No 0, 1, I, O: read from paper. 16 of 32 signs: 80 bits.
_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_KEPT, _WAITING = "totp", "totp.waiting"


def is_on(session: TenantSession, user_id: str) -> bool:
    """Whether the person has one."""
    return _row(session, user_id) is not None


def begin(session: TenantSession, user_id: str) -> str:
    """A new secret that waits for its first code; one that waited already is shown again (a reloaded page)."""
    waiting = waiting_secret(session, user_id)
    if waiting is None:
        waiting = pyotp.random_base32(32)
        vault.seal(session, f"user:{user_id}", _WAITING, waiting.encode())
    return waiting


def waiting_secret(session: TenantSession, user_id: str) -> str | None:
    """The secret that waits for its first code."""
    found = vault.unseal(session, f"user:{user_id}", _WAITING)
    return found.decode() if found is not None else None


def address(secret: str, email: str, cabinet: str) -> str:
    """What the QR code says to the authenticator."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=f"Encours {cabinet}")


def qr_code(secret: str, email: str, cabinet: str) -> str:
    """The QR code as an image's address: black on white in dark mode too, or no camera reads it."""
    drawn = segno.make(address(secret, email, cabinet), error="m", micro=False)
    return drawn.svg_data_uri(scale=5, border=3, dark="black", light="white", omitsize=False)


def confirm(session: TenantSession, user_id: str, code: str) -> list[str] | None:
    """Turn it on once the person typed a right code; his recovery codes, in clear for this one time, or None."""
    secret = waiting_secret(session, user_id)
    step = _step_of(secret, code, after=-1) if secret is not None else None
    if secret is None or step is None:
        return None
    vault.seal(session, f"user:{user_id}", _KEPT, secret.encode())
    vault.forget(session, f"user:{user_id}", _WAITING)
    row = _row(session, user_id)
    if row is None:
        session.add(SecondFactor(user_id=user_id, last_step=step, confirmed_at=now()))
    else:
        row.last_step, row.confirmed_at = step, now()
    session.flush()
    audit.record(session, user_id, "second_factor.added", f"user:{user_id}", {"kind": "totp"})
    return new_codes(session, user_id, actor=user_id)


def verify(session: TenantSession, user_id: str, code: str) -> bool:
    """Whether the code is right now; it serves once, and no earlier one serves after it."""
    row = _row(session, user_id)
    secret = vault.unseal(session, f"user:{user_id}", _KEPT)
    if row is None or secret is None:
        return False
    step = _step_of(secret.decode(), code, after=row.last_step)
    if step is None:
        return False
    done = session.execute(
        update(SecondFactor)
        .where(SecondFactor.user_id == user_id, SecondFactor.last_step < step)
        .values(last_step=step)
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[Any]", done).rowcount == 1


def use_recovery(session: TenantSession, user_id: str, code: str) -> int | None:
    """Use a recovery code up; how many are left, or None where it is none of them."""
    typed = re.sub(r"[^A-Z0-9]", "", code.upper())
    if len(typed) != 16:
        return None
    rows = session.scalars(
        select(RecoveryCode)
        .where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None)).order_by(RecoveryCode.id)
    ).all()  # fmt: skip
    found = next((row for row in rows if passwords.code_matches(row.code_hash, typed)), None)
    if found is None:
        return None
    found.used_at = now()
    left = len(rows) - 1
    audit.record(session, user_id, "second_factor.recovery_used", f"user:{user_id}", {"left": left})
    return left


def new_codes(session: TenantSession, user_id: str, *, actor: str) -> list[str]:
    """New recovery codes; the former ones open nothing any more."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    codes = ["".join(secrets.choice(_SIGNS) for _ in range(16)) for _ in range(CODES)]
    session.add_all([RecoveryCode(user_id=user_id, code_hash=passwords.code_hashed(code)) for code in codes])
    session.flush()
    audit.record(session, actor, "second_factor.codes", f"user:{user_id}", {"count": CODES})
    return ["-".join(code[at : at + 4] for at in range(0, 16, 4)) for code in codes]


def codes_left(session: TenantSession, user_id: str) -> int:
    """How many recovery codes still serve."""
    return session.scalar(
        select(func.count()).select_from(RecoveryCode)
        .where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    ) or 0  # fmt: skip


def remove(session: TenantSession, user_id: str, *, actor: str) -> bool:
    """Take it away with its codes; whether there was one."""
    row = _row(session, user_id)
    vault.forget(session, f"user:{user_id}")
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    if row is None:
        return False
    session.delete(row)
    session.flush()
    audit.record(session, actor, "second_factor.removed", f"user:{user_id}", {"kind": "totp"})
    return True


def since(session: TenantSession, user: User) -> SecondFactor | None:
    """The person's authenticator, to be shown."""
    return _row(session, user.id)


def _row(session: TenantSession, user_id: str) -> SecondFactor | None:
    return session.scalar(select(SecondFactor).where(SecondFactor.user_id == user_id))


def _step_of(secret: str, code: str, *, after: int) -> int | None:
    typed = re.sub(r"\s", "", code)
    if not re.fullmatch(r"[0-9]{6}", typed):
        return None
    totp, present = pyotp.TOTP(secret), epoch() // PERIOD
    for step in (present + shift for shift in AROUND):
        if step > after and hmac.compare_digest(totp.generate_otp(step), typed):
            return step
    return None
